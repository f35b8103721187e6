import type { Location as SarifLocation, PhysicalLocation, Region } from "sarif";
import type { RunReport, SubjectId } from "../engine/run-report.ts";
import { isTextLocation, type Location, type TextLocation } from "../values/location.ts";
import type { FormatOptions } from "./format.ts";
import { lineHashes } from "./line-hash.ts";
import { sourceLines } from "./source-lines.ts";
import { subjectName } from "./wording.ts";

const LONGEST_SNIPPET = 1000;

/** Turns places of the report into places of a SARIF file. */
export interface SarifPlaces {
  /** Where a result is shown: the first of the wanted places that is a line of a text, else the deployment's line 1. */
  home(wanted: readonly (Location | null)[]): TextLocation | null;
  location(where: TextLocation, subjects: readonly SubjectId[]): SarifLocation;
  physical(where: TextLocation): PhysicalLocation;
  /** The fingerprint by which GitHub follows a result when lines move; null when the text is not at hand. */
  lineHash(where: TextLocation): string | null;
}

export function sarifPlaces({ inputs }: RunReport, { sources, uri }: FormatOptions): SarifPlaces {
  const linesAt = sourceLines(sources);
  const hashes = new Map<string, readonly string[]>();
  const deployment = inputs.find(({ kind }) => kind === "deployment") ?? inputs[0];

  const physical = (where: TextLocation): PhysicalLocation => ({
    artifactLocation: { uri: uri(where.path) },
    region: region(where, linesAt(where.path)),
  });
  return {
    home(wanted) {
      const place = wanted.find((location) => isTextLocation(location));
      if (place !== undefined || deployment === undefined) return place ?? null;
      const firstLine = linesAt(deployment.path)?.[0] ?? "";
      return { path: deployment.path, line: 1, column: 1, end_line: 1, end_column: firstLine.length + 1 };
    },
    location: (where, subjects) => ({
      physicalLocation: physical(where),
      logicalLocations: [...new Set(subjects.map(subjectName))].map((fullyQualifiedName) => ({
        fullyQualifiedName,
        kind: "object",
      })),
    }),
    physical,
    lineHash(where) {
      const text = sources.get(where.path);
      if (text === undefined) return null;
      const known = hashes.get(where.path) ?? lineHashes(text);
      hashes.set(where.path, known);
      return known[where.line - 1] ?? null;
    },
  };
}

function region(where: TextLocation, lines: readonly string[] | null): Region {
  const snippet = lines === null ? "" : snippetOf(where, lines);
  return {
    startLine: where.line,
    startColumn: where.column,
    endLine: where.end_line,
    endColumn: where.end_column,
    ...(snippet === "" ? {} : { snippet: { text: snippet } }),
  };
}

/** The text of a region; empty when the source is shorter than the region says, or the text too long to be of help. */
function snippetOf(where: TextLocation, lines: readonly string[]): string {
  const covered = lines.slice(where.line - 1, where.end_line);
  const last = covered.length - 1;
  const text = covered
    .map((line, index) =>
      line.slice(index === 0 ? where.column - 1 : 0, index === last ? where.end_column - 1 : line.length),
    )
    .join("\n");
  return text.length > LONGEST_SNIPPET ? "" : text;
}
