import type { Readable } from "node:stream";
import type { WaiverEntry } from "../../engine/waivers/waiver-entry.ts";
import { unknownRule } from "../../engine/api/rule-catalogue.ts";
import type { Waiver, Waivers } from "../../schema/waivers.generated.ts";
import type { Document } from "../../site/core/document.ts";
import { endOfDay } from "../../values/rfc3339.ts";
import { isTextLocation, type Path } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { readDocument } from "../files/read-document.ts";
import { merge, onlyErrors, type Read } from "../source/run-inputs.ts";
import type { UntrustedPath } from "../source/untrusted-path.ts";

/** Reads the entries of a waivers file; none if it contains errors, which are returned. */
export async function readWaivers(
  given: string | UntrustedPath,
  rules: readonly { readonly id: string }[],
  context: { readonly cwd: string; readonly stdin?: Readable | undefined },
): Promise<Read<readonly WaiverEntry[]>> {
  const { value: document, inputs } = await readDocument<Waivers>("waivers", given, context);
  if (document === null) return { value: [], inputs };
  const known = new Set(rules.map(({ id }) => id));
  const entries: WaiverEntry[] = [];
  const errors: PreflightError[] = [];
  for (const [index, waiver] of document.value.waivers.entries()) {
    const wrong = [
      ...(known.has(waiver.rule) ? [] : [unknownRule(waiver.rule, rules, at(document, index, "rule"))]),
      ...errorsIn(waiver, (field) => at(document, index, field)),
    ];
    errors.push(...wrong);
    const { fingerprints = null, verdict = null, ticket = null, ...rest } = waiver;
    const location = document.locate(["waivers", index]);
    // An entry of a list begins where its first key does; the whole of it would fill the screen.
    const start = isTextLocation(location)
      ? { ...location, end_line: location.line, end_column: location.column + 1 }
      : location;
    entries.push({ ...rest, kind: "file", fingerprints, verdict, ticket, line: null, location: start });
  }
  return { value: errors.length === 0 ? entries : [], inputs: merge(inputs, onlyErrors(errors)) };
}

function errorsIn(
  { subject, expires, fingerprints, verdict }: Waiver,
  locationOf: (field: string) => PreflightError["location"],
): readonly PreflightError[] {
  const errors: PreflightError[] = [];
  if (!/^[a-z][a-z-]*:./.test(subject)) {
    const hint = "write kind:name as in reports, such as node:oslo-conf01";
    errors.push(
      new PreflightError("invalid-waiver", `${quoted(subject)} is not a subject.`, locationOf("subject"), hint),
    );
  }
  if (endOfDay(expires) === null) {
    const hint = "write its last day, such as 2027-01-31";
    errors.push(new PreflightError("invalid-waiver", `${quoted(expires)} is not a date.`, locationOf("expires"), hint));
  }
  if (verdict === "inconclusive" && fingerprints !== undefined) {
    const message = "Fingerprints identify findings, which an inconclusive check does not have.";
    const hint = "omit fingerprints, or write verdict: fail";
    errors.push(new PreflightError("invalid-waiver", message, locationOf("fingerprints"), hint));
  }
  return errors;
}

function at(document: Document, index: number, field: string): PreflightError["location"] {
  const path: Path = ["waivers", index, field];
  return document.locate(path);
}
