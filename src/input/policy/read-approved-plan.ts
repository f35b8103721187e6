import type { ApprovedCheck, ApprovedPlan } from "../../engine/policy/approved-plan.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { isFields } from "../source/plain-data.ts";
import { parseSource } from "../syntax/parse-source.ts";
import { displayPath, readSource } from "../source/read-source.ts";
import type { UntrustedPath } from "../source/untrusted-path.ts";
import { SIZE_HINTS } from "../source/size-hints.ts";
import { fileInputs, type Read } from "../source/run-inputs.ts";

/**
 * Reads an approved plan: the checks in it that were to take place. A plan without any is an error, because every run
 * would satisfy it.
 */
export async function readApprovedPlan(
  named: string | UntrustedPath,
  { cwd }: { readonly cwd: string },
): Promise<Read<ApprovedPlan | null>> {
  const given = typeof named === "string" ? named : named.absolute;
  const path = displayPath(given, cwd);
  const read = await readSource(named, { cwd, displayName: path, hint: SIZE_HINTS.plan });
  const inputsWith = (errors: readonly PreflightError[]) =>
    fileInputs({ kind: "plan", path, given, cwd, sha256: read.sha256, text: "", errors });
  if (read.text === null) return { value: null, inputs: inputsWith(read.errors) };
  const { source, errors } = await parseSource(read.text, path, { hint: SIZE_HINTS.plan });
  if (source === null || errors.length > 0) return { value: null, inputs: inputsWith(errors) };
  const plan = approvedPlan(source.value);
  const wrong = (code: string, message: string, hint: string) => ({
    value: null,
    inputs: inputsWith([new PreflightError(code, message, source.locate([]), hint)]),
  });
  if (plan === null) {
    const hint = "Write it with this version: preflight plan DEPLOYMENT --format json=FILE.";
    return wrong("not-a-plan", "This is not a plan written by preflight plan.", hint);
  }
  if (plan.checks.length === 0) {
    const message = "This plan contains no checks, so there is nothing to compare this run with.";
    const hint = "Record one without --only: preflight plan DEPLOYMENT --inventory FILE --format json=FILE.";
    return wrong("empty-plan", message, hint);
  }
  return { value: { path, ...plan }, inputs: inputsWith([]) };
}

const OUTLOOKS: readonly unknown[] = ["evaluate", "skip", "not-applicable", "inconclusive"];
const SEVERITIES: readonly unknown[] = ["error", "warn", "info"];
const EFFECTS: readonly unknown[] = ["fail", "warn", "ignore"];

/** Null if this is not a plan. */
function approvedPlan(value: unknown): Omit<ApprovedPlan, "path"> | null {
  if (!isFields(value) || value["schema_version"] !== 1 || !Array.isArray(value["checks"])) return null;
  const { inconclusive, max_warnings: maxWarnings } = value;
  if (!EFFECTS.includes(inconclusive) || (maxWarnings !== null && typeof maxWarnings !== "number")) return null;
  const checks: ApprovedCheck[] = [];
  for (const entry of value["checks"] as readonly unknown[]) {
    const check = approvedCheck(entry);
    if (check === null) return null;
    if (check !== "skipped") checks.push(check);
  }
  return { checks, inconclusive: inconclusive as ApprovedPlan["inconclusive"], maxWarnings };
}

/** Null if this is not a check of a plan. A check that was skipped was not approved. */
function approvedCheck(entry: unknown): ApprovedCheck | "skipped" | null {
  if (!isFields(entry) || !isFields(entry["subject"])) return null;
  const { rule, outlook, severity, options, messages } = entry;
  const { kind, name } = entry["subject"];
  if (typeof rule !== "string" || !OUTLOOKS.includes(outlook) || !SEVERITIES.includes(severity)) return null;
  if (typeof kind !== "string" || typeof name !== "string" || !isFields(options) || !isFields(messages)) return null;
  if (!Object.values(messages).every((one) => SEVERITIES.includes(one))) return null;
  if (outlook === "skip") return "skipped";
  return {
    ...{ rule, subject: { kind, name }, options, isWithoutSubject: outlook !== "evaluate" },
    severity: severity as ApprovedCheck["severity"],
    messages: messages as ApprovedCheck["messages"],
  };
}
