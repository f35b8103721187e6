import { isCollection, isPair, isScalar, parseDocument, visit } from "yaml";
import type { Path } from "../../values/location.ts";

/** A value or key of a text, and where it is. */
export interface ValueAt {
  readonly path: Path;
  readonly start: number;
  readonly end: number;
}

/** The innermost value or key at an offset, also in a text that is not (yet) valid; null between values. */
export function valueAt(text: string, offset: number): ValueAt | null {
  let found: ValueAt | null = null;
  visit(parseDocument(text, { logLevel: "silent", strict: false, uniqueKeys: false }), {
    Scalar(_, node, ancestors) {
      const [start, end] = node.range ?? [0, -1];
      if (offset < start || offset > end) return;
      const path = ancestors.flatMap((ancestor, depth) => stepInto(ancestor, ancestors[depth + 1] ?? node));
      found = { path, start, end };
    },
  });
  return found;
}

function stepInto(ancestor: unknown, child: unknown): Path {
  if (isPair(ancestor)) return isScalar(ancestor.key) ? [String(ancestor.key.value)] : [];
  if (!isCollection(ancestor) || isPair(child)) return [];
  const index = (ancestor.items as readonly unknown[]).indexOf(child);
  return index < 0 ? [] : [index];
}

/**
 * The key whose value is being typed, and the first letters of the value. Works line by line, as the text may be
 * invalid.
 */
export function typedAt(text: string, offset: number): { readonly key: string; readonly typed: string } | null {
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const line = text.slice(start, offset);
  const directive = /#\s*preflight-[\w-]+\s+(?:[\w/-]+,\s*)*([\w/-]*)$/.exec(line);
  if (directive !== null) return { key: "#", typed: directive[1] ?? "" };
  const inLine = /([\w-]+)["']?\s*:\s*(?:\[[^\]]*?[[,]?\s*)?["']?([^,:{}[\]"'#]*)$/.exec(line);
  if (inLine !== null) return { key: inLine[1] ?? "", typed: (inLine[2] ?? "").trimStart() };
  const item = /^(\s*)-\s+["']?([^,:{}[\]"'#]*)$/.exec(line);
  if (item === null) return null;
  const key = keyAbove(text.slice(0, start), (item[1] ?? "").length);
  return key === null ? null : { key, typed: item[2] ?? "" };
}

/** The key of the list to which an item with this indentation belongs. */
function keyAbove(text: string, indentation: number): string | null {
  for (const line of text.split(/\r?\n/).reverse()) {
    const [, indent = "", key] = /^(\s*(?:- )?)["']?([\w-]+)["']?\s*:\s*(?:#.*)?$/.exec(line) ?? [];
    if (key !== undefined && indent.length <= indentation) return key;
    if (/^\S/.test(line) && !line.startsWith("#") && !line.startsWith("-")) return null;
  }
  return null;
}
