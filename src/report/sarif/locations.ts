import type { Location as SarifLocation, PhysicalLocation, Region } from "sarif";
import type { RunReport, SubjectId } from "../../schema/report.generated.ts";
import { isTextLocation, type Location, type TextLocation } from "../../values/location.ts";
import { excerptLines, type LineLookup } from "../model/excerpt-lines.ts";
import { fallbackLocation } from "../model/fallback-location.ts";
import { reportUris } from "../model/report-uris.ts";
import { subjectName } from "../text/wording.ts";

const LONGEST_SNIPPET = 1000;

/** Converts locations of the report into locations of a SARIF file. */
export interface SarifLocations {
  /**
   * The location of a result: the first of the wanted locations that is a line of a text, else the deployment's line 1.
   */
  home(wanted: readonly (Location | null)[]): TextLocation | null;
  location(where: TextLocation, subjects: readonly SubjectId[]): SarifLocation;
  physical(where: TextLocation): PhysicalLocation;
  /** The fingerprint with which GitHub tracks a result when lines move; null if the text is not available. */
  lineHash(where: TextLocation): string | null;
}

export function sarifLocations(report: RunReport): SarifLocations {
  const lineAt = excerptLines(report.excerpts);
  const uri = reportUris(report);
  const physical = (where: TextLocation): PhysicalLocation => ({
    artifactLocation: { uri: uri(where.path) },
    region: region(where, lineAt),
  });
  return {
    home(wanted) {
      const place = fallbackLocation(report, wanted);
      if (place === null || wanted.some((location) => isTextLocation(location))) return place;
      return { ...place, end_column: (lineAt(place.path, place.line)?.length ?? 0) + 1 };
    },
    location: (where, subjects) => ({
      physicalLocation: physical(where),
      logicalLocations: [...new Set(subjects.map(subjectName))].map((fullyQualifiedName) => ({
        fullyQualifiedName,
        kind: "object",
      })),
    }),
    physical,
    lineHash: ({ path, line }) => lineAt(path, line)?.hash ?? null,
  };
}

function region(where: TextLocation, lineAt: LineLookup): Region {
  const snippet = snippetOf(where, lineAt);
  return {
    startLine: where.line,
    startColumn: where.column,
    endLine: where.end_line,
    endColumn: where.end_column,
    ...(snippet === "" ? {} : { snippet: { text: snippet } }),
  };
}

/** The text of a region; empty if the report does not have all of it, or it is too long to be useful. */
function snippetOf({ path, line, column, end_line, end_column }: TextLocation, lineAt: LineLookup): string {
  const parts: string[] = [];
  for (let number = line; number <= end_line; number++) {
    const from = number === line ? column : 1;
    const piece = lineAt(path, number, from);
    const end = number === end_line ? end_column : (piece?.length ?? 0) + 1;
    if (piece === null || from < piece.column || end > piece.column + piece.text.length) return "";
    parts.push(piece.text.slice(from - piece.column, end - piece.column));
  }
  const text = parts.join("\n");
  return text.length > LONGEST_SNIPPET ? "" : text;
}
