import { checksWith } from "../engine/evaluation/check-table.ts";
import { decodeText } from "../input/source/decode-text.ts";
import { displayPath, readBytes } from "../input/source/read-source.ts";
import type { Check, SubjectId } from "../schema/report.generated.ts";
import type { Location } from "../values/location.ts";
import { PreflightError } from "../values/preflight-error.ts";
import type { Sequence } from "../values/sequence.ts";
import { overlaps, type TextEdit, withEdits } from "../values/text-edit.ts";
import { check } from "./check.ts";
import type { CheckOptions } from "./options.ts";

/** A fix of a finding. */
export interface FindingFix {
  readonly rule: string;
  readonly subject: SubjectId;
  /** Location of the finding when it was fixed; earlier fixes may have moved it. */
  readonly location: Location | null;
  /** An imperative phrase: `Set mtu to 1500`. */
  readonly description: string;
}

/** The result of fixing a deployment. */
export interface FixedDeployment {
  /** The text of the file, including a byte order mark. */
  readonly before: string;
  readonly after: string;
  readonly applied: readonly FindingFix[];
  /** Fixes that were not made, and the reason: a phrase. */
  readonly refused: readonly (FindingFix & { readonly reason: string })[];
}

/**
 * A fix that enables another one is followed by a further pass; more passes than this mean that rules contradict each
 * other.
 */
const MOST_PASSES = 10;

/**
 * Applies the certain fixes of all failing static checks, repeatedly until nothing changes. Writes no file and contacts
 * no servers. A fix is refused if the result would be invalid, or would make another check fail or inconclusive. Null
 * if an input is invalid: `check` reports that.
 */
export async function fixDeployment(options: CheckOptions): Promise<FixedDeployment | null> {
  const before = await readText(options);
  let state = before === null ? null : await evaluate(options, before);
  if (before === null || state === null || state.error !== null) return null;
  const deployment = displayPath(options.deployment, options.cwd);
  const applied: FindingFix[] = [];
  const harmful = new Map<string, string>();
  const seen = new Set([before]);
  for (let pass = 0; pass < MOST_PASSES; pass++) {
    const wanted = fixesOf(state.checks, deployment).filter(({ edit, key }) => edit !== null && !harmful.has(key));
    const result = await accept(options, state, compatible(wanted));
    for (const { key, reason } of result.refused) harmful.set(key, reason);
    applied.push(
      ...result.applied.map(({ rule, subject, location, description }) => ({ rule, subject, location, description })),
    );
    state = result.state;
    // Two rules that undo each other's fixes would loop forever.
    if ((result.applied.length === 0 && result.refused.length === 0) || seen.has(state.text)) break;
    seen.add(state.text);
  }
  const refused = fixesOf(state.checks, deployment).map(({ rule, subject, location, description, key, refusal }) => ({
    ...{ rule, subject, location, description },
    reason: refusal ?? harmful.get(key) ?? "other fixes undo it",
  }));
  return { before, after: state.text, applied, refused };
}

/** A text of the deployment, and the results of its static checks. */
interface State {
  readonly text: string;
  readonly checks: Sequence<Check>;
  /** Why there are no results. */
  readonly error: string | null;
}

interface WantedFix extends FindingFix {
  /** Equal for a fix that is found again in the next pass. */
  readonly key: string;
  readonly edit: TextEdit | null;
  readonly refusal: string | null;
}

async function readText({ deployment, deploymentBytes, cwd, stdin }: CheckOptions): Promise<string | null> {
  const displayName = displayPath(deployment, cwd);
  const bytes = deploymentBytes ?? (await readBytes(deployment, { cwd, stdin, displayName }));
  if (bytes instanceof PreflightError) return null;
  try {
    return decodeText(bytes, displayName);
  } catch (error) {
    if (error instanceof PreflightError) return null;
    throw error;
  }
}

async function evaluate(options: CheckOptions, text: string): Promise<State> {
  const { report } = await check({
    ...options,
    ...{ deploymentBytes: Buffer.from(text), live: false, evidence: [], excerpts: false },
    ...{ baselinePlan: undefined, newWaivers: undefined, timer: undefined, onFiles: undefined },
  });
  return { text, checks: report.checks, error: report.errors[0]?.message ?? null };
}

/** The fixes of all failed checks, in their order. */
function fixesOf(checks: Sequence<Check>, deployment: string): readonly WantedFix[] {
  return checksWith(checks, "fail").flatMap(({ rule, subject, findings }) =>
    findings.flatMap(({ location, fix }) => {
      if (fix === undefined || (fix.edit !== null && fix.edit.location.path !== deployment)) return [];
      const { description, edit, refusal } = fix;
      const key = JSON.stringify([rule, subject.kind, subject.name, description]);
      return [{ rule, subject, location, description, key, edit, refusal }];
    }),
  );
}

/** Of overlapping or equal edits, the first; the next pass finds those that are still needed. */
function compatible(wanted: readonly WantedFix[]): readonly WantedFix[] {
  const chosen: WantedFix[] = [];
  const isTaken = ({ edit }: WantedFix, other: WantedFix) =>
    edit !== null && other.edit !== null && overlaps(other.edit, edit);
  for (const fix of wanted) if (!chosen.some((other) => isTaken(fix, other))) chosen.push(fix);
  return chosen;
}

/** All fixes that make no other check worse; those that do are found by bisection. */
async function accept(
  options: CheckOptions,
  base: State,
  wanted: readonly WantedFix[],
): Promise<{
  readonly state: State;
  readonly applied: readonly WantedFix[];
  readonly refused: readonly { readonly key: string; readonly reason: string }[];
}> {
  let state = base;
  const applied: WantedFix[] = [];
  const refused: { key: string; reason: string }[] = [];
  const attempt = async (group: readonly WantedFix[]): Promise<void> => {
    if (group.length === 0) return;
    const edits = [...applied, ...group].flatMap(({ edit }) => edit ?? []);
    const next = await evaluate(options, withEdits(base.text, edits));
    const reason = worsened(base, next);
    if (reason === null) {
      applied.push(...group);
      state = next;
      return;
    }
    const [only, ...others] = group;
    if (only !== undefined && others.length === 0) {
      refused.push({ key: only.key, reason });
      return;
    }
    const half = group.length >> 1;
    await attempt(group.slice(0, half));
    await attempt(group.slice(half));
  };
  await attempt(wanted);
  return { state, applied, refused };
}

const NOT_FINE = ["fail", "crashed", "inconclusive"] as const;

/** What became worse, a phrase; null if nothing. */
function worsened(base: State, next: State): string | null {
  if (next.error !== null) return `the file would be invalid: ${next.error}`;
  const before = new Set(NOT_FINE.flatMap((verdict) => checksWith(base.checks, verdict)).map(idOf));
  let subjects: ReadonlySet<string> | null = null;
  for (const verdict of NOT_FINE) {
    for (const check of checksWith(next.checks, verdict)) {
      if (before.has(idOf(check))) continue;
      // Splitting an entry creates new subjects, which may lack the same data as the old one.
      subjects ??= new Set([...base.checks].map(({ subject }) => subjectId(subject)));
      if (verdict === "inconclusive" && !subjects.has(subjectId(check.subject))) continue;
      return `${check.rule} would ${verdict === "fail" ? "fail" : `be ${verdict}`} for ${check.subject.kind} ${check.subject.name}`;
    }
  }
  return null;
}

function idOf({ rule, subject }: Check): string {
  return `${rule} ${subjectId(subject)}`;
}

function subjectId({ kind, name }: SubjectId): string {
  return JSON.stringify([kind, name]);
}
