import type { PreflightError } from "../../values/preflight-error.ts";
import type { Given } from "./command-line.ts";
import type { CommandName } from "./commands.ts";
import { usage } from "./usage-error.ts";

/** Options that cannot mean anything together, or alone. */
export function optionConflicts(
  command: CommandName,
  words: readonly string[],
  given: readonly Given[],
): PreflightError[] {
  const has = (option: string) => given.some(({ name }) => name === option);
  if (has("config") && has("no-config")) {
    return [usage("--config and --no-config cannot be used together.", "leave one of them away")];
  }
  const live = ["server", ...OF_VSPHERE].find(has);
  if (command === "inventory" && words[0] === "import" && live !== undefined) {
    return [usage(`--${live} is of no use for an import, which asks no server.`, "it is for preflight inventory pull")];
  }
  const idle = OF_VSPHERE.find(has);
  if (command === "check" && idle !== undefined && !has("vcenter")) {
    return [usage(`--${idle} is of no use without --vcenter.`, "add --vcenter URL")];
  }
  if (has("insecure") && (has("ca") || has("thumbprint"))) {
    const other = has("ca") ? "--ca" : "--thumbprint";
    return [usage(`--insecure cannot be used together with ${other}.`, `${other} is safer; leave --insecure away`)];
  }
  const waivers = waiverConflicts(has);
  if (waivers.length > 0) return waivers;
  if (!has("evidence")) {
    return has("max-age") ? [usage("--max-age is of no use without --evidence.", "add --evidence FILE")] : [];
  }
  return Object.entries(NOT_WITH_EVIDENCE).flatMap(([option, hint]) =>
    has(option) ? [usage(`--${option} cannot be used together with --evidence.`, hint)] : [],
  );
}

const OF_VSPHERE = ["user", "password-file", "ca", "thumbprint", "insecure", "datacenter"];

/** What a waiver must say, and what is of no use without the option that writes one. */
const WAIVER_TERMS = ["reason", "owner", "expires"] as const;

function waiverConflicts(has: (option: string) => boolean): PreflightError[] {
  const errors: PreflightError[] = [];
  if (has("no-waivers")) {
    for (const other of ["waivers", "write-waivers"].filter(has)) {
      errors.push(usage(`--${other} and --no-waivers cannot be used together.`, "leave one of them away"));
    }
  }
  if (has("write-waivers")) {
    const lacking = WAIVER_TERMS.filter((term) => !has(term)).map((term) => `--${term}`);
    if (lacking.length > 0) {
      const hint = 'write --reason "WHY" --owner NAME --expires YYYY-MM-DD';
      errors.push(usage(`--write-waivers needs ${lacking.join(" and ")}.`, hint));
    }
    return errors;
  }
  const idle = [...WAIVER_TERMS, "ticket"].find(has);
  if (idle !== undefined) errors.push(usage(`--${idle} is of no use without --write-waivers.`, "add --write-waivers"));
  return errors;
}

/** With the cure. Limits such as --timeout may stand beside it: they hold, as nobody is asked. */
const NOT_WITH_EVIDENCE = {
  "no-live": "--evidence asks nobody either; leave --no-live away, or --evidence to skip what needs answers",
  from: "the evidence names the place where it was recorded; give --from to preflight probe",
  "system-resolver": "the evidence holds the DNS servers of its place; give --system-resolver to preflight probe",
} as const;
