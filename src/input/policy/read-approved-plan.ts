import type { ApprovedCheck, ApprovedPlan } from "../../engine/gate/baseline.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { isFields } from "../source/plain-data.ts";
import { parseSource } from "../syntax/parse-source.ts";
import { displayPath, readSource } from "../source/read-source.ts";

/** A plan as `preflight plan --format json` wrote it, or what is wrong with it. */
export interface ReadPlan {
  readonly path: string;
  readonly sha256: string | null;
  readonly text: string;
  readonly plan: ApprovedPlan | null;
  readonly errors: readonly PreflightError[];
}

/**
 * Reads an approved plan: the checks in it that were to take place. One that has none is a mistake, for every run would
 * hold against it.
 */
export async function readApprovedPlan(given: string, context: { readonly cwd: string }): Promise<ReadPlan> {
  const path = displayPath(given, context.cwd);
  const read = await readSource(given, { ...context, shown: path });
  const base = { path, sha256: read.sha256, text: "" };
  if (read.text === null) return { ...base, plan: null, errors: read.errors };
  const { source, errors } = await parseSource(read.text, path);
  if (source === null || errors.length > 0) return { ...base, plan: null, errors };
  const checks = approvedChecks(source.value);
  const wrong = (code: string, message: string, hint: string): ReadPlan => ({
    ...base,
    plan: null,
    errors: [new PreflightError(code, message, source.locate([]), hint)],
  });
  if (checks === null) {
    const hint = "Write it with: preflight plan DEPLOYMENT --format json=FILE.";
    return wrong("not-a-plan", "This is not a plan as preflight plan writes it.", hint);
  }
  if (checks.length === 0) {
    const message = "This file plans no check, so there is nothing to hold this run against.";
    const hint = "Record one without --only: preflight plan DEPLOYMENT --inventory FILE --format json=FILE.";
    return wrong("empty-plan", message, hint);
  }
  return { ...base, plan: { path, checks }, errors: [] };
}

const OUTLOOKS = ["judge", "skip", "not-applicable", "inconclusive"];

/** Null when this is no plan. Checks that were skipped were not agreed on. */
function approvedChecks(value: unknown): readonly ApprovedCheck[] | null {
  if (!isFields(value) || value["schema_version"] !== 1 || !Array.isArray(value["checks"])) return null;
  const checks: ApprovedCheck[] = [];
  for (const entry of value["checks"] as readonly unknown[]) {
    if (!isFields(entry) || !isFields(entry["subject"])) return null;
    const { rule, outlook } = entry;
    const { kind, name } = entry["subject"];
    if (typeof rule !== "string" || typeof outlook !== "string" || !OUTLOOKS.includes(outlook)) return null;
    if (typeof kind !== "string" || typeof name !== "string") return null;
    if (outlook !== "skip") checks.push({ rule, subject: { kind, name }, isStandIn: outlook !== "judge" });
  }
  return checks;
}
