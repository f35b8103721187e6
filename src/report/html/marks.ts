import type { Check } from "../../schema/report.generated.ts";
import { markup, type Markup } from "./markup.ts";

/** The result of a check as a page marks it: with a word, a letter, a shape and a color. */
export type Mark =
  "crashed" | "failed" | "warning" | "info" | "inconclusive" | "waived" | "passed" | "skipped" | "not-applicable";

interface Sign {
  readonly word: string;
  /** The word after a number. */
  readonly one: string;
  readonly many: string;
  /** One character, for a cell. */
  readonly glyph: string;
  /** Fill and outline on white without a style sheet; the style sheet has a second set for dark screens. */
  readonly color: string;
  /** Outline in a box of 16 × 16. */
  readonly shape: string;
  /** The symbol inside: strokes, or a letter. */
  readonly inside: { readonly strokes: string } | { readonly letter: string };
}

const CIRCLE = "M8 1a7 7 0 1 1 0 14a7 7 0 1 1 0-14z";

/** The worst first; `rank` depends on this order. */
export const SIGNS: Readonly<Record<Mark, Sign>> = {
  crashed: {
    word: "crashed",
    one: "crashed",
    many: "crashed",
    glyph: "#",
    color: "#8b1a5c",
    shape: "M1 1h14v14h-14z",
    inside: { letter: "#" },
  },
  failed: {
    word: "failed",
    one: "error",
    many: "errors",
    glyph: "✗",
    color: "#b3261e",
    shape: "M5 1h6l4 4v6l-4 4h-6l-4-4v-6z",
    inside: { strokes: "M5.2 5.2l5.6 5.6M10.8 5.2l-5.6 5.6" },
  },
  warning: {
    word: "failed (warning)",
    one: "warning",
    many: "warnings",
    glyph: "!",
    color: "#8f4a00",
    shape: "M8 1l7.4 14h-14.8z",
    inside: { strokes: "M8 6.2v4.2M8 12v1.2" },
  },
  info: {
    word: "failed (info)",
    one: "info",
    many: "infos",
    glyph: "i",
    color: "#2f5d8a",
    shape:
      "M2.5 1h11a1.5 1.5 0 0 1 1.5 1.5v11a1.5 1.5 0 0 1-1.5 1.5h-11a1.5 1.5 0 0 1-1.5-1.5v-11a1.5 1.5 0 0 1 1.5-1.5z",
    inside: { strokes: "M8 3.6v1.4M8 7v5.4" },
  },
  inconclusive: {
    word: "inconclusive",
    one: "inconclusive",
    many: "inconclusive",
    glyph: "?",
    color: "#5b3fb0",
    // Not a diamond: with a question mark in it, that is the sign for a character that cannot be displayed.
    shape: "M8 .6l7.4 5.5l-2.8 8.9h-9.2l-2.8-8.9z",
    inside: { strokes: "M5.9 6.4a2.1 2.1 0 1 1 3.2 1.8q-1.1 .7-1.1 1.7M8 12.3v.5" },
  },
  waived: {
    word: "waived",
    one: "waived",
    many: "waived",
    glyph: "~",
    color: "#0b6470",
    shape: "M4.4 1.4h7.2l4 6.6l-4 6.6h-7.2l-4-6.6z",
    inside: { strokes: "M4.6 9q1.7-3 3.4-1t3.4-1" },
  },
  passed: {
    word: "passed",
    one: "passed",
    many: "passed",
    glyph: "✓",
    color: "#1a7338",
    shape: CIRCLE,
    inside: { strokes: "M4.6 8.3l2.4 2.5l4.4-5.2" },
  },
  skipped: {
    word: "skipped",
    one: "skipped",
    many: "skipped",
    glyph: "·",
    color: "#5c6670",
    shape: CIRCLE,
    inside: { strokes: "M5.4 4.8l2.6 3.2l-2.6 3.2M8.6 4.8l2.6 3.2l-2.6 3.2" },
  },
  "not-applicable": {
    word: "not applicable",
    one: "not applicable",
    many: "not applicable",
    glyph: "–",
    color: "#5c6670",
    shape: CIRCLE,
    inside: { strokes: "M4.8 8h6.4" },
  },
};

export const MARKS = Object.keys(SIGNS) as readonly Mark[];

const RANKS = new Map(MARKS.map((mark, index) => [mark, index]));

/** Smaller is worse. */
export function rank(mark: Mark): number {
  return RANKS.get(mark) ?? MARKS.length;
}

const FAILED = { error: "failed", warn: "warning", info: "info" } as const;

export function markOf({ verdict, severity }: Pick<Check, "verdict" | "severity">): Mark {
  switch (verdict) {
    case "fail":
      return FAILED[severity];
    case "inconclusive":
      return "inconclusive";
    case "pass":
      return "passed";
    default:
      return verdict;
  }
}

/** Whether a mark needs the reader's attention. */
export function isNotable(mark: Mark): boolean {
  return rank(mark) <= rank("waived");
}

/** The drawings of all marks, once per page; `icon` and the picture of the deployment refer to them. */
export function markSymbols(): Markup {
  const symbols = MARKS.map((mark) => {
    const { color, shape, inside } = SIGNS[mark];
    const drawn =
      "strokes" in inside
        ? markup`<path class="on" d="${inside.strokes}" fill="none" stroke="#ffffff" stroke-width="1.7" stroke-linecap="round"/>`
        : markup`<text class="ont" x="8" y="11.6" text-anchor="middle" font-family="sans-serif" font-size="10.5" font-weight="700" fill="#ffffff">${inside.letter}</text>`;
    return markup`<symbol id="m-${mark}" viewBox="0 0 16 16"><path class="k-${mark}" d="${shape}" fill="${color}"/>${drawn}</symbol>`;
  });
  return markup`<svg width="0" height="0" aria-hidden="true"><title>Marks</title>${symbols}</svg>
`;
}

/** A mark beside a text with the same meaning. */
export function icon(mark: Mark): Markup {
  return markup`<svg class="icon" width="16" height="16" aria-hidden="true"><title>${SIGNS[mark].word}</title><use href="#m-${mark}"/></svg>`;
}
