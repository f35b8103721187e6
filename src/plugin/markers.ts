/** A position in the text of a document, as messages show it. */
export interface Marker {
  /** Null for `«value»`. */
  readonly label: string | null;
  /** `deployment.yaml:4:5` */
  readonly at: string;
}

/** `«`, with the label in `«label|value»`, or `»`. */
const MARK = /«(?:([\w-]+)\|)?|»/g;

/** The text of a document without the marks around the values at which findings are expected. */
export function withoutMarkers(text: string): string {
  return text.replaceAll(MARK, "");
}

/** The marked positions of a document, counted without the marks. */
export function markersOf(text: string, path: string): readonly Marker[] {
  return [...text.matchAll(MARK)].flatMap(({ 0: mark, 1: label, index }) => {
    if (mark === "»") return [];
    const lines = withoutMarkers(text.slice(0, index)).split("\n");
    return [{ label: label ?? null, at: `${path}:${lines.length}:${(lines.at(-1) ?? "").length + 1}` }];
  });
}
