import { fitStart, textWidth } from "./text-width.ts";

/** Lines no wider than `width`, broken at the blanks of a text, and within words that are wider than a line. */
export function wrap(text: string, width: number): string[] {
  return flow(words(text, width), width);
}

/** Lines of parts that are never broken, such as `3 failed` or a rule id; parts may be painted. */
export function flow(parts: readonly string[], width: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const part of parts) {
    const longer = line === "" ? part.trimStart() : `${line} ${part}`;
    if (line !== "" && textWidth(longer) > width) {
      lines.push(line.trimEnd());
      line = part.trimStart();
    } else {
      line = longer;
    }
  }
  return line === "" ? lines : [...lines, line.trimEnd()];
}

/** The words of a text; those wider than a line are cut into pieces that fill it. */
export function words(text: string, width: number): string[] {
  const all = text.split(" ");
  if (all.every((word) => textWidth(word) <= width)) return all;
  return all.flatMap((word) => {
    const pieces: string[] = [];
    let rest = word;
    while (rest !== "" && textWidth(rest) > width) {
      const piece = fitStart(rest, width) || rest;
      pieces.push(piece);
      rest = rest.slice(piece.length);
    }
    return [...pieces, rest];
  });
}
