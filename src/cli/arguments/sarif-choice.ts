import { SARIF_INCLUSIONS, type SarifInclusion, type SarifOptions } from "../../report/sarif/options.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import type { FormatArguments } from "./invocation.ts";

/** Longest category: it is shown as a name. */
const LONGEST_CATEGORY = 200;

/** What the command line says of SARIF files. Throws PreflightErrors for verdicts that it does not know. */
export function sarifChoice(options: Pick<FormatArguments, "sarif-include" | "sarif-category">): SarifOptions {
  const include = new Set<SarifInclusion>();
  const errors: PreflightError[] = [];
  for (const name of options["sarif-include"].flatMap((list) => list.split(",")).map((item) => item.trim())) {
    const known = SARIF_INCLUSIONS.find((candidate) => candidate === name);
    if (known === undefined) errors.push(unknown(name));
    else include.add(known);
  }
  const category = options["sarif-category"] ?? null;
  if (
    category !== null &&
    (!/[^/\s]/.test(category) || /[\p{Cc}\p{Cs}]/u.test(category) || category.length > LONGEST_CATEGORY)
  ) {
    const hint = "write a short name, such as oslo or preflight/oslo";
    errors.push(new PreflightError("usage", `--sarif-category cannot be ${quoted(category)}.`, null, hint));
  }
  if (errors.length > 0) throw new PreflightErrors(errors);
  return { include, category };
}

function unknown(name: string): PreflightError {
  const near = suggest(name, SARIF_INCLUSIONS);
  const all = `it takes ${SARIF_INCLUSIONS.join(", ")}; failures and undecided errors are always there`;
  const hint = near === null ? all : `did you mean ${near}?`;
  return new PreflightError("usage", `--sarif-include cannot be ${quoted(name)}.`, null, hint);
}
