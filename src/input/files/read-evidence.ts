import type { Readable } from "node:stream";
import type { EvidenceFile } from "../../schema/evidence.generated.ts";
import { questionKey } from "../../engine/api/question.ts";
import { contradictionIn } from "../../engine/evaluation/contradiction.ts";
import { evidenceDigest } from "../../engine/evaluation/evidence-digest.ts";
import type { Path } from "../../values/location.ts";
import { parseRfc3339 } from "../../values/rfc3339.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { firstErrors } from "../validation/first-errors.ts";
import { pathOf } from "../source/plain-data.ts";
import { parseSource } from "../syntax/parse-source.ts";
import type { ParsedSource } from "../source/parsed-source.ts";
import { displayPath, readSource } from "../source/read-source.ts";
import type { SchemaError } from "../validation/validator.ts";
import { isEvidence } from "../validation/validators.generated.ts";
import { SIZE_HINTS } from "../source/size-hints.ts";
import { fileInputs, type Read } from "../source/run-inputs.ts";

/**
 * Reads a file written by `preflight probe`. Such files are not typed by hand, so only the first error is reported,
 * with its location, and the fix is to record again.
 */
export async function readEvidence(
  given: string,
  context: { readonly cwd: string; readonly stdin?: Readable | undefined },
): Promise<Read<EvidenceFile | null>> {
  const path = displayPath(given, context.cwd);
  const read = await readSource(given, { ...context, displayName: path, hint: SIZE_HINTS.evidence });
  const file = { kind: "evidence", path, given, cwd: context.cwd, sha256: read.sha256, text: "" } as const;
  if (read.text === null) return { value: null, inputs: fileInputs({ ...file, errors: read.errors }) };
  const { source, text, errors } = await parseSource(read.text, path, { hint: SIZE_HINTS.evidence });
  const failed = (...wrong: readonly PreflightError[]) => ({
    value: null,
    inputs: fileInputs({ ...file, text, errors: wrong }),
  });
  if (source === null || errors.length > 0) return failed(...firstErrors(path, errors));
  if (!isEvidence(source.value)) {
    return failed(fault(source, clearestPath(isEvidence.errors ?? [], source.value)));
  }
  const evidence = source.value as EvidenceFile;
  if (parseRfc3339(evidence.recorded_at) === null) return failed(fault(source, ["recorded_at"]));
  const mixed = evidence.answers.findIndex(({ question, answer }) => question.kind !== answer.kind);
  if (mixed >= 0) return failed(fault(source, ["answers", mixed, "answer", "kind"]));
  const wrong = contradiction(source, evidence) ?? changed(source, evidence);
  if (wrong !== null) return failed(wrong);
  return { value: evidence, inputs: fileInputs({ ...file, text, errors: [] }) };
}

const RECORD_ANEW = "Record it again: preflight probe DEPLOYMENT -o FILE.";

/** The first answer that the program cannot have recorded. */
function contradiction(source: ParsedSource, { from, answers }: EvidenceFile): PreflightError | null {
  const seen = new Set<string>();
  for (const [index, { question, answer }] of answers.entries()) {
    const key = questionKey(question);
    const found = seen.has(key)
      ? { path: ["question"], what: "the query already has an answer" }
      : contradictionIn(question, answer, from);
    seen.add(key);
    if (found === null) continue;
    const message = `Answer ${index + 1} contradicts itself: ${found.what}.`;
    const location = source.locate(["answers", index, ...found.path]);
    return new PreflightError("contradictory-evidence", message, location, RECORD_ANEW);
  }
  return null;
}

/** Whether the file differs from the one that was written. */
function changed(source: ParsedSource, evidence: EvidenceFile): PreflightError | null {
  if (evidence.digest === undefined || evidence.digest === evidenceDigest(evidence)) return null;
  const message =
    "The file was damaged or edited after preflight probe wrote it: its digest does not match its answers.";
  return new PreflightError("changed-evidence", message, source.locate(["digest"]), RECORD_ANEW);
}

/**
 * The most specific path. A query or an answer is validated as every kind, so most of the errors only mean that it is
 * not of another kind.
 */
function clearestPath(faults: readonly SchemaError[], root: unknown): Path {
  const paths = faults.map(({ instancePath }) => pathOf(instancePath, root));
  const specific = paths.filter((path) => path.at(-1) !== "kind");
  const [first = [], ...others] = specific.length > 0 ? specific : paths;
  return others.reduce((deepest, path) => (path.length > deepest.length ? path : deepest), first);
}

function fault(source: ParsedSource, path: Path): PreflightError {
  const place = path.length === 0 ? "the file itself" : path.join(".");
  return new PreflightError(
    "not-evidence",
    `This is not an evidence file written by preflight probe: ${place} is invalid.`,
    source.locate(path),
    RECORD_ANEW,
  );
}
