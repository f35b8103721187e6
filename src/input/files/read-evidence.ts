import type { Readable } from "node:stream";
import type { EvidenceFile } from "../../schema/evidence.generated.ts";
import type { Path } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { firstErrors } from "../validation/first-errors.ts";
import { pathOf } from "../source/plain-data.ts";
import { parseSource } from "../syntax/parse-source.ts";
import type { ParsedSource } from "../source/parsed-source.ts";
import { displayPath, readSource } from "../source/read-source.ts";
import type { SchemaError } from "../validation/validator.ts";
import { isEvidence } from "../validation/validators.generated.ts";

/** An evidence file that was read, or what is wrong with it. */
export interface ReadEvidence {
  readonly path: string;
  readonly sha256: string | null;
  readonly text: string;
  readonly evidence: EvidenceFile | null;
  readonly errors: readonly PreflightError[];
}

/**
 * Reads what `preflight probe` wrote. Such files are not typed by hand, so the first fault is told with its place, and
 * the cure is to record anew.
 */
export async function readEvidence(
  given: string,
  context: { readonly cwd: string; readonly stdin?: Readable },
): Promise<ReadEvidence> {
  const path = displayPath(given, context.cwd);
  const read = await readSource(given, { ...context, shown: path });
  if (read.text === null) return { path, sha256: read.sha256, text: "", evidence: null, errors: read.errors };
  const { source, text, errors } = await parseSource(read.text, path);
  const base = { path, sha256: read.sha256, text };
  if (source === null || errors.length > 0) return { ...base, evidence: null, errors: firstErrors(path, errors) };
  if (!isEvidence(source.value)) {
    return { ...base, evidence: null, errors: [fault(source, clearest(isEvidence.errors ?? [], source.value))] };
  }
  const evidence = source.value as EvidenceFile;
  const mixed = evidence.answers.findIndex(({ question, answer }) => question.kind !== answer.kind);
  if (mixed >= 0) return { ...base, evidence: null, errors: [fault(source, ["answers", mixed, "answer", "kind"])] };
  return { ...base, evidence, errors: [] };
}

/**
 * The path that says most about what is wrong. A question or an answer is held against every kind, so that most of the
 * faults only say that it is not of another kind.
 */
function clearest(faults: readonly SchemaError[], root: unknown): Path {
  const paths = faults.map(({ instancePath }) => pathOf(instancePath, root));
  const telling = paths.filter((path) => path.at(-1) !== "kind");
  const [first = [], ...others] = telling.length > 0 ? telling : paths;
  return others.reduce((deepest, path) => (path.length > deepest.length ? path : deepest), first);
}

function fault(source: ParsedSource, path: Path): PreflightError {
  const place = path.length === 0 ? "the file itself" : path.join(".");
  return new PreflightError(
    "not-evidence",
    `This is not an evidence file as preflight probe writes it: ${place} is not as it should be.`,
    source.locate(path),
    "Record it anew: preflight probe DEPLOYMENT -o FILE.",
  );
}
