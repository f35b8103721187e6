/** A step into a document: a mapping key or a sequence index. */
export type PathSegment = string | number;

/** The path of a value in a document, from the root: `["conferencing_nodes", 0, "vm", "host"]`. */
export type Path = readonly PathSegment[];

/** A range in a text file. Lines and columns are 1-based, columns count UTF-16 units, the end is exclusive. */
export interface TextLocation {
  readonly path: string;
  readonly line: number;
  readonly column: number;
  readonly end_line: number;
  readonly end_column: number;
}

/** A cell of a workbook, for inventories that are spreadsheets. */
interface CellLocation {
  readonly path: string;
  readonly sheet: string;
  readonly cell: string;
}

export type Location = TextLocation | CellLocation;

/** True for a location that has a line and a column. */
export function isTextLocation(location: Location | null): location is TextLocation {
  return location !== null && "line" in location;
}

/** A location as editors write it: `deployment.yaml:41:23`, or `estate.xlsx:vHost!B4` in a workbook; unescaped. */
export function positionText(location: Location): string {
  const inside = "line" in location ? `${location.line}:${location.column}` : `${location.sheet}!${location.cell}`;
  return `${location.path}:${inside}`;
}

/** A path as in messages: `conferencing_nodes[0].vm.host`. */
export function pathText(path: Path): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${step}`))
    .join("")
    .replace(/^\./, "");
}
