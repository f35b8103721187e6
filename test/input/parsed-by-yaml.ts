import { isMap, isNode, isPair, isScalar, LineCounter, type Node, parseDocument } from "yaml";
import type { ParsedSource } from "../../src/input/parsed-source.ts";
import type { Path, TextLocation } from "../../src/values/location.ts";

/**
 * A parsed file with the positions of the `yaml` package, so that what is tested about validation does not rest on the
 * program's own reader.
 */
export function parsedByYaml(text: string, options: Partial<ParsedSource> = {}): ParsedSource {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines });
  const place = (node: Node): TextLocation => {
    const [start = 0, end = 0] = node.range ?? [];
    const from = lines.linePos(start);
    const to = lines.linePos(end);
    return { path: "file.yaml", line: from.line, column: from.col, end_line: to.line, end_column: to.col };
  };
  const keyNode = (path: Path): Node | null => {
    const parent = document.getIn(path.slice(0, -1), true);
    const key = path.at(-1);
    const pair = isMap(parent)
      ? parent.items.find((item) => isScalar(item.key) && String(item.key.value) === key)
      : null;
    return isPair(pair) && isNode(pair.key) ? pair.key : null;
  };
  const locate = (path: Path): TextLocation => {
    const node = document.getIn(path, true);
    if (isNode(node)) return place(node);
    const parent = path.slice(0, -1);
    const key = keyNode(parent);
    if (key !== null) return place(key);
    const item = document.getIn(parent, true);
    const first = isMap(item) ? item.items[0]?.key : item;
    return isNode(first) ? place(first) : { path: "file.yaml", line: 1, column: 1, end_line: 1, end_column: 1 };
  };
  return {
    path: "file.yaml",
    format: "yaml",
    text,
    value: document.toJS() as unknown,
    secrets: [],
    locate,
    locateKey: (path) => {
      const key = keyNode(path);
      return key === null ? locate(path) : place(key);
    },
    ...options,
  };
}
