import type { Location } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";

/**
 * The mistake of naming a rule or group that there is not; `location` where a file names it.
 *
 * @param otherwise the hint where no rule has a like name
 */
export function unknownRule(
  name: string,
  rules: readonly { readonly id: string }[],
  location: Location | null = null,
  otherwise = "preflight rules list shows every rule",
): PreflightError {
  const groups = [...new Set(rules.map(({ id }) => `${id.split("/")[0] ?? ""}/*`))];
  // A config sets single rules: a group is of no use there.
  const near = suggest(name, [...rules.map(({ id }) => id), ...(location === null ? groups : [])]);
  const hint = near === null ? otherwise : `did you mean ${near}?`;
  return new PreflightError("unknown-rule", `There is no rule ${quoted(name)}.`, location, hint);
}
