import type { ApprovedPlan } from "../engine/baseline.ts";
import type { CheckReference } from "../engine/run-report.ts";
import { PreflightError } from "../values/preflight-error.ts";
import { isFields } from "./fields.ts";
import { parseSource } from "./parse-source.ts";
import { readSource } from "./read-source.ts";
import { shownPath } from "./shown-path.ts";

/** A plan as `preflight plan --format json` wrote it, or what is wrong with it. */
export interface ReadPlan {
  readonly path: string;
  readonly sha256: string | null;
  readonly text: string;
  readonly plan: ApprovedPlan | null;
  readonly errors: readonly PreflightError[];
}

/** Reads an approved plan: the checks in it that were to be judged. */
export async function readApprovedPlan(given: string, context: { readonly cwd: string }): Promise<ReadPlan> {
  const path = shownPath(given, context.cwd);
  const read = await readSource(given, { ...context, shown: path });
  const base = { path, sha256: read.sha256, text: "" };
  if (read.text === null) return { ...base, plan: null, errors: read.errors };
  const { source, errors } = await parseSource(read.text, path);
  if (source === null || errors.length > 0) return { ...base, plan: null, errors };
  const checks = judgedChecks(source.value);
  if (checks !== null) return { ...base, plan: { path, checks }, errors: [] };
  const message = "This is not a plan as preflight plan writes it.";
  const hint = "Write it with: preflight plan DEPLOYMENT --format json=FILE.";
  return { ...base, plan: null, errors: [new PreflightError("not-a-plan", message, source.locate([]), hint)] };
}

/** Null when this is no plan. Checks that were skipped, or had nothing to judge, were not agreed on. */
function judgedChecks(value: unknown): readonly CheckReference[] | null {
  if (!isFields(value) || value["schema_version"] !== 1 || !Array.isArray(value["checks"])) return null;
  const checks: CheckReference[] = [];
  for (const entry of value["checks"] as readonly unknown[]) {
    if (!isFields(entry) || !isFields(entry["subject"])) return null;
    const { rule, outlook } = entry;
    const { kind, name } = entry["subject"];
    if (typeof rule !== "string" || typeof outlook !== "string") return null;
    if (typeof kind !== "string" || typeof name !== "string") return null;
    if (outlook === "judge") checks.push({ rule, subject: { kind, name } });
  }
  return checks;
}
