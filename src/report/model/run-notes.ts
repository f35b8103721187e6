import type {
  DataSource,
  IgnoredSetting,
  PolicyRecord,
  PolicySource,
  RelaxedSetting,
  RunReport,
} from "../../schema/report.generated.ts";
import { type Location, positionText } from "../../values/location.ts";
import { counted, listed, phrase, thousands } from "../text/wording.ts";
import { ageText, comparisonHeadline } from "./comparison-sections.ts";
import { turnedOff, turnedOffPhrase } from "./turned-off.ts";

/** A note on a run as a whole, one sentence, unescaped. */
export interface RunNote {
  /**
   * `basis`: the inputs of the result. `policy`: the policy itself. `relaxed`: everything that relaxes rules from what
   * they declare. `off`: rules that are off without being relaxed. `vantage`: live verdicts from another network.
   * `ignored`: settings in the checked files that the policy overrides. `comparison`: differences from an earlier run.
   */
  readonly kind: "basis" | "comparison" | "ignored" | "off" | "policy" | "relaxed" | "vantage";
  readonly text: string;
  /** Location of its first item; null if that is in no file. */
  readonly location: Location | null;
}

/** More items than these are counted, not named. */
const NAMED = 6;

/** The basis of the result: the sources of inventories and evidence, and their age. Empty without any check. */
export function basisNotes({ sources, as_of, checks }: RunReport): readonly RunNote[] {
  if (checks.length === 0) return [];
  const items = sources.map(sourceText);
  const rest = items.length === 0 ? "the deployment alone, as no inventory is given" : semicolons(items);
  const time = as_of === null ? "" : `; evaluated as of ${as_of} (--now)`;
  return [{ kind: "basis", text: `Based on ${rest}${time}.`, location: null }];
}

/**
 * The same on one line of a terminal: `Based on inventory.json, 2 days old (rvtools, vcenter01.example.com).` Unknown
 * values are omitted, except the age.
 */
export function shortBasis({ sources, as_of, checks }: RunReport): string | null {
  if (checks.length === 0) return null;
  const items = sources.map(({ path, source, server, age_s, is_found = false }) => {
    const details = [...(is_found ? ["found beside the deployment"] : []), source, server].filter(
      (detail) => detail !== null,
    );
    const age = age_s === null ? "age unknown" : `${ageText(age_s)} old`;
    return `${path}, ${age}${details.length === 0 ? "" : ` (${details.join(", ")})`}`;
  });
  const rest = items.length === 0 ? "the deployment alone, as no inventory is given" : semicolons(items);
  return `Based on ${rest}${as_of === null ? "" : `; as of ${as_of.replace(".000Z", "Z")} (--now)`}.`;
}

/** `inventory.json (rvtools, vcenter01.example.com, collected 2026-11-20T06:15:00Z, 2 days old)` */
function sourceText({ path, source, server, collected_at, age_s, is_found = false }: DataSource): string {
  const time = collected_at === null ? "collection time unknown" : `collected ${collected_at}`;
  const age = age_s === null ? "age unknown" : `${ageText(age_s)} old`;
  const found = is_found ? ["found beside the deployment"] : [];
  return `${path} (${[...found, source ?? "source unknown", server ?? "server unknown", time, age].join(", ")})`;
}

/** What every format shows beside the gate; empty if there are no notes. */
export function runNotes({ policy, vantage = [], comparison }: RunReport): readonly RunNote[] {
  const compared = comparison === undefined ? [] : [`${comparisonHeadline(comparison)}.`, ...comparison.notes];
  const changes = compared.map((text): RunNote => ({ kind: "comparison", text, location: null }));
  const elsewhere = vantage.map((text): RunNote => ({ kind: "vantage", text, location: null }));
  return [...changes, ...relaxedNote(policy), ...offNote(policy), ...elsewhere, ...ignoredNote(policy)];
}

/** `2 rules relaxed by policy: vm/thick-disk from error to info by preflight.config.yaml:3:19.` */
function relaxedNote(policy: PolicyRecord): readonly RunNote[] {
  const { changed } = policy;
  if (changed.length === 0) return [];
  const rules = new Set(changed.flatMap(({ rule }) => rule ?? []));
  const settings = new Set(changed.flatMap(({ rule, setting }) => (rule === null ? setting : [])));
  const counts = [
    ...(rules.size > 0 ? [counted(rules.size, "rule")] : []),
    ...(settings.size > 0 ? [counted(settings.size, "setting")] : []),
  ];
  const groups = grouped(changed, ({ rule, setting, from, to, by, location }) =>
    JSON.stringify(
      to === "off" ? [to, location?.path ?? by] : [rule === null, setting, from, to, location?.path ?? by],
    ),
  );
  const items = groups.map((group) => relaxedText(group, policy));
  const text = `${listed(counts)} relaxed by policy: ${semicolons(items)}.`;
  return [{ kind: "relaxed", text, location: locationOf(changed) }];
}

function relaxedText(group: readonly [RelaxedSetting, ...RelaxedSetting[]], { off }: PolicyRecord): string {
  const [{ setting, from, to, by, location, subjects }] = group;
  const ids = [...new Set(group.flatMap(({ rule }) => rule ?? []))];
  const what = ids.length > NAMED ? counted(ids.length, "rule") : listed(ids);
  if (to === "off") {
    const source = location?.path ?? by;
    const checks = off.reduce((sum, one) => sum + (one.by === source && ids.includes(one.rule) ? one.checks : 0), 0);
    return `${what} off (${counted(checks, "check")}) by ${group.length === 1 ? by : source}`;
  }
  const whom =
    subjects === null ? "" : ` for ${group.length === 1 ? counted(subjects.length, "subject") : "some subjects"}`;
  const name = setting === "severity" ? what : ids.length === 0 ? setting : `${setting} of ${what}`;
  return `${name}${whom} from ${from} to ${to} by ${by}`;
}

/** Rules that are off by default; those that a policy turned off are relaxed. */
function offNote(policy: PolicyRecord): readonly RunNote[] {
  const relaxed = new Set(policy.changed.flatMap(({ rule, to }) => (to === "off" && rule !== null ? rule : [])));
  const rest = policy.off.filter(({ rule }) => !relaxed.has(rule));
  if (rest.length === 0) return [];
  const text = `Disabled rules: ${semicolons(turnedOff({ ...policy, off: rest }).map(turnedOffPhrase))}.`;
  return [{ kind: "off", text, location: locationOf(rest) }];
}

function ignoredNote({ ignored }: PolicyRecord): readonly RunNote[] {
  if (ignored.length === 0) return [];
  const text = `Ignored, because the policy decides: ${listed(ignored.map(ignoredText), NAMED)}.`;
  return [{ kind: "ignored", text, location: locationOf(ignored) }];
}

function locationOf(items: readonly { readonly location: Location | null }[]): Location | null {
  return items.find(({ location }) => location !== null)?.location ?? null;
}

function semicolons(items: readonly string[]): string {
  const rest = items.length - NAMED;
  return (rest > 0 ? [...items.slice(0, NAMED), `${thousands(rest)} more`] : items).join("; ");
}

function grouped<T>(items: readonly T[], keyOf: (item: T) => string): readonly (readonly [T, ...T[]])[] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group === undefined) groups.set(keyOf(item), [item]);
    else group.push(item);
  }
  return [...groups.values()];
}

/** The same for formats without a line for the gate, after the basis of the result and the policy. */
export function notesWithPolicy(report: RunReport): readonly RunNote[] {
  const { source } = report.policy;
  const named: readonly RunNote[] =
    source === null ? [] : [{ kind: "policy", text: `Decided by ${policyName(source)}.`, location: null }];
  return [...basisNotes(report), ...named, ...runNotes(report)];
}

const SETTINGS = { directive: "directive", environment: "platform.environment: test" } as const;

function ignoredText({ what, path, location }: IgnoredSetting): string {
  if (what === "config" || what === "waivers") return path;
  return `${SETTINGS[what]} at ${location === null ? path : positionText(location)}`;
}

/** The reason for the gate's result as a phrase, with the policy in force; unescaped. */
export function gateReason({ summary, policy }: Pick<RunReport, "summary" | "policy">): string {
  const reason = phrase(summary.gate_reason);
  return policy.source === null ? reason : `${reason}; ${policyName(policy.source)}`;
}

/** `policy ci/policy.yaml (sha256 3f…)`, unescaped. */
function policyName({ path, sha256 }: PolicySource): string {
  return path === null ? "policy none (built-in defaults)" : `policy ${path} (sha256 ${sha256 ?? "unknown"})`;
}
