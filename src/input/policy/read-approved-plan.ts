import type { ApprovedCheck, ApprovedPlan } from "../../engine/gate/baseline.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { isFields } from "../source/plain-data.ts";
import { parseSource } from "../syntax/parse-source.ts";
import { displayPath, readSource } from "../source/read-source.ts";
import type { UntrustedPath } from "../source/untrusted-path.ts";
import { fileInputs, type Read } from "../source/run-inputs.ts";

/**
 * Reads an approved plan: the checks in it that were to take place. One that has none is an error, for every run would
 * hold against it.
 */
export async function readApprovedPlan(
  named: string | UntrustedPath,
  { cwd }: { readonly cwd: string },
): Promise<Read<ApprovedPlan | null>> {
  const given = typeof named === "string" ? named : named.absolute;
  const path = displayPath(given, cwd);
  const read = await readSource(named, { cwd, displayName: path });
  const inputsWith = (errors: readonly PreflightError[]) =>
    fileInputs({ kind: "plan", path, given, cwd, sha256: read.sha256, text: "", errors });
  if (read.text === null) return { value: null, inputs: inputsWith(read.errors) };
  const { source, errors } = await parseSource(read.text, path);
  if (source === null || errors.length > 0) return { value: null, inputs: inputsWith(errors) };
  const checks = approvedChecks(source.value);
  const wrong = (code: string, message: string, hint: string) => ({
    value: null,
    inputs: inputsWith([new PreflightError(code, message, source.locate([]), hint)]),
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
  return { value: { path, checks }, inputs: inputsWith([]) };
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
    if (outlook !== "skip") checks.push({ rule, subject: { kind, name }, isWithoutSubject: outlook !== "judge" });
  }
  return checks;
}
