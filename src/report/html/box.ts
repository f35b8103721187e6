import type { Group, Item } from "./deployment-groups.ts";
import { markup, type Markup } from "./markup.ts";
import { isNotable, type Mark, rank, SIGNS } from "./marks.ts";
import { fitStart, textWidth } from "../text/text-width.ts";
import { counted, listed, escapeForTerminal } from "../text/wording.ts";

/** A location or cluster in the picture: a frame, its name, its nodes or hosts as rows or as tiles. */
export interface Box {
  readonly group: Group;
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
  readonly drawn: Markup;
  /** Vertical middle of the row of each item; null if items are tiles. */
  readonly rowOf: ReadonlyMap<string, number> | null;
}

export interface Space {
  readonly x: number;
  readonly y: number;
  readonly width: number;
}

const PAD = 12;
const HEAD = 34;
const ROW = 26;
const ICON = 16;
const TILE = 22;
const LINE = 18;
/** Widths of a character in the picture's fonts, rounded up. */
const TEXT = 8;
const SMALL = 6.8;
/** Number of tiles drawn per group; if there are more, the worst ones. */
const TILES = 132;
/** Number of lines of names below the tiles. */
const NAMES = 3;

/** A row for each item, with its name and its notable verdicts. */
export function rowsBox(group: Group, { x, y, width }: Space, noun: string): Box {
  const rowOf = new Map<string, number>();
  const rows = group.items.map((item, index) => {
    const middle = y + HEAD + index * ROW + ROW / 2;
    rowOf.set(item.name, middle);
    const room = width - 2 * PAD - ICON - 8;
    const note = fitted(
      item.notable,
      Math.max(room * 0.45, room - textWidth(escapeForTerminal(item.name)) * TEXT - 10),
      SMALL,
    );
    const name = fitted(item.name, room - textWidth(note) * SMALL - 10, TEXT);
    return markup`<g>${titled(item)}${mark(item, x + PAD, middle - ICON / 2)}${label(x + PAD + ICON + 8, middle, name)}${note === "" ? null : markup`<text class="soft" x="${x + width - PAD}" y="${middle + 4}" text-anchor="end" font-family="sans-serif" font-size="11.5" fill="#57606a">${note}</text>`}</g>
`;
  });
  const empty = group.items.length === 0 ? [softLine(x + PAD, y + HEAD + ROW / 2 + 4, `no ${noun}`)] : [];
  const height = HEAD + Math.max(1, group.items.length) * ROW + PAD - 4;
  return {
    group,
    x,
    y,
    width,
    height,
    rowOf,
    drawn: framed(group, { x, y, width }, height, [...rows, ...empty], noun),
  };
}

/** A sign for each item, and the names of the notable ones; `lines` describe the group. */
export function tilesBox(group: Group, { x, y, width }: Space, noun: string, lines: readonly string[] = []): Box {
  const perRow = Math.floor((width - 2 * PAD + 6) / TILE);
  const isCut = group.items.length > TILES;
  const items = isCut ? group.items.toSorted((a, b) => rank(a.mark) - rank(b.mark)).slice(0, TILES) : group.items;
  const tiles = items.map((item, index) => {
    const [column, row] = [index % perRow, Math.floor(index / perRow)];
    return markup`<g>${titled(item)}${mark(item, x + PAD + column * TILE, y + HEAD + row * TILE)}</g> `;
  });
  const texts = [
    ...(isCut ? [`and ${counted(group.items.length - TILES, noun)} more, none with a worse verdict`] : []),
    ...worstNames(group.items),
    ...lines,
  ];
  const top = y + HEAD + Math.ceil(items.length / perRow) * TILE;
  const written = texts.map((text, index) =>
    softLine(x + PAD, top + 12 + index * LINE, fitted(text, width - 2 * PAD, SMALL)),
  );
  const height = top - y + texts.length * LINE + PAD;
  return {
    group,
    x,
    y,
    width,
    height,
    rowOf: null,
    drawn: framed(group, { x, y, width }, height, [...tiles, ...written], noun),
  };
}

/** `failed: node-0, node-100 and 3 more`, the worst first. */
function worstNames(items: readonly Item[]): readonly string[] {
  const names = new Map<Mark, string[]>();
  for (const { mark: own, name } of items.filter((item) => isNotable(item.mark))) {
    const others = names.get(own);
    if (others === undefined) names.set(own, [name]);
    else others.push(name);
  }
  const isAll = (some: readonly string[]) => some.length === items.length && some.length > 1;
  return [...names]
    .sort(([a], [b]) => rank(a) - rank(b))
    .slice(0, NAMES)
    .map(([own, some]) => `${SIGNS[own].word}: ${isAll(some) ? "all" : listed(some.map(escapeForTerminal), 2)}`);
}

function framed(
  group: Group,
  { x, y, width }: Space,
  height: number,
  content: readonly Markup[],
  noun: string,
): Markup {
  const { title, items, isObject } = group;
  // The sign of a box is the worst of everything in it: a green one must not be above a failed node.
  const inside = title.mark === group.mark ? title.notable : `${SIGNS[group.mark].word} inside`;
  const whole: Item = { ...title, mark: group.mark, notable: inside };
  const count = counted(items.length, noun);
  const indent = isObject ? ICON + 8 : 0;
  const room = width - 2 * PAD - indent - textWidth(count) * SMALL - 8;
  const color = isNotable(group.mark) ? SIGNS[group.mark].color : "#c4ccd4";
  const edge = isNotable(group.mark) ? `s-${group.mark}` : "edge";
  return markup`<g>
<rect class="box ${edge}" x="${x + 0.5}" y="${y + 0.5}" width="${width - 1}" height="${height - 1}" rx="6" fill="#ffffff" stroke="${color}"/>
<g>${isObject ? markup`${titled(whole)}${mark(whole, x + PAD, y + 9)}` : null}<text class="ink" x="${x + PAD + indent}" y="${y + 22}" font-family="sans-serif" font-size="13.5" font-weight="600" fill="#1b1f24">${fitted(title.name, room, TEXT + 0.3)}</text></g>
<text class="soft" x="${x + width - PAD}" y="${y + 21}" text-anchor="end" font-family="sans-serif" font-size="11.5" fill="#57606a">${count}</text>
${content}</g>
`;
}

function titled({ name, mark: own, notable }: Item): Markup {
  return markup`<title>${name}: ${notable === "" ? SIGNS[own].word : notable}</title>`;
}

function mark(item: Item, x: number, y: number): Markup {
  return markup`<use href="#m-${item.mark}" x="${x}" y="${y}" width="${ICON}" height="${ICON}" />`;
}

function label(x: number, middle: number, text: string): Markup {
  return markup`<text class="ink" x="${x}" y="${middle + 4.5}" font-family="sans-serif" font-size="13" fill="#1b1f24">${text}</text>`;
}

function softLine(x: number, y: number, text: string): Markup {
  return markup`<text class="soft" x="${x}" y="${y}" font-family="sans-serif" font-size="11.5" fill="#57606a">${text}</text> `;
}

/** The first phrasing that fits below the tiles, or else the last. */
export function fittingLine(phrasings: readonly string[], width: number): string {
  const room = width - 2 * PAD;
  return phrasings.find((text) => textWidth(text) * SMALL <= room) ?? phrasings.at(-1) ?? "";
}

/** A text cut to a width in pixels. */
function fitted(text: string, pixels: number, character: number): string {
  const whole = escapeForTerminal(text);
  const columns = Math.max(1, Math.floor(pixels / character));
  return textWidth(whole) <= columns ? whole : `${fitStart(whole, columns - 1)}…`;
}
