import type { IgnoredSetting, PolicySource, RunReport } from "../../schema/report.generated.ts";
import { type Location, positionText } from "../../values/location.ts";
import { phrase, listed } from "../text/wording.ts";

/** What a reader must know of a run besides its checks, as one sentence, unescaped. */
export interface RunNote {
  /** `policy`: the policy itself. `ignored`: settings in the checked files that the policy overrules. */
  readonly kind: "ignored" | "policy";
  readonly text: string;
  /** Where the first of what it lists is; null when it is in no file. */
  readonly location: Location | null;
}

/** More items than these are counted, not named. */
const NAMED = 6;

/** What every format shows beside the gate; empty when there is nothing to say. */
export function runNotes({ policy }: RunReport): readonly RunNote[] {
  const { ignored } = policy;
  if (ignored.length === 0) return [];
  const text = `Ignored, because the policy decides: ${listed(ignored.map(ignoredText), NAMED)}.`;
  return [{ kind: "ignored", text, location: ignored.find(({ location }) => location !== null)?.location ?? null }];
}

/** The same for formats without a line for the gate: first of all the policy, where the run was given one. */
export function notesWithPolicy(report: RunReport): readonly RunNote[] {
  const { source } = report.policy;
  const named: readonly RunNote[] =
    source === null ? [] : [{ kind: "policy", text: `Decided by ${policyName(source)}.`, location: null }];
  return [...named, ...runNotes(report)];
}

const SETTINGS = { directive: "directive", environment: "platform.environment: test" } as const;

function ignoredText({ what, path, location }: IgnoredSetting): string {
  if (what === "config" || what === "waivers") return path;
  return `${SETTINGS[what]} at ${location === null ? path : positionText(location)}`;
}

/** Why the gate is as it is, a phrase, with the policy that it was decided under; unescaped. */
export function gateReason({ summary, policy }: Pick<RunReport, "summary" | "policy">): string {
  const reason = phrase(summary.gate_reason);
  return policy.source === null ? reason : `${reason}; ${policyName(policy.source)}`;
}

/** `policy ci/policy.yaml (sha256 3f…)`, unescaped. */
function policyName({ path, sha256 }: PolicySource): string {
  return path === null ? "policy none (built-in defaults)" : `policy ${path} (sha256 ${sha256 ?? "unknown"})`;
}
