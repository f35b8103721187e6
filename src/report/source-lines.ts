/** Lines of a text without their ends, as the readers count them: LF, CR LF and CR end a line (YAML 1.2 section 5.4). */
export function linesOf(text: string): readonly string[] {
  return text.split(/\r\n|\n|\r/);
}

/** Looks up the lines of a source by its path, null when there is no such text; each text is split once. */
export function sourceLines(sources: ReadonlyMap<string, string>): (path: string) => readonly string[] | null {
  const split = new Map<string, readonly string[]>();
  return (path) => {
    const text = sources.get(path);
    if (text === undefined) return null;
    const lines = split.get(path) ?? linesOf(text);
    split.set(path, lines);
    return lines;
  };
}
