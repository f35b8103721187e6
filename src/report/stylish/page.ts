import type { Severity } from "../../schema/report.generated.ts";
import type { Location, TextLocation } from "../../values/location.ts";
import { flow, words } from "../text/flow.ts";
import type { Paint, Style } from "../text/paint.ts";
import { textWidth } from "../text/text-width.ts";
import { locationText } from "../text/wording.ts";

/** What every part of the stylish report is laid out on. */
export interface Page {
  readonly paint: Paint;
  readonly width: number;
  /** Whether every finding, reason and waiver is listed, however many say the same. */
  readonly all: boolean;
  /** The code frame of a place, so wide; empty when none is wanted, or nothing is known of its lines. */
  readonly frame: (location: TextLocation, width: number) => readonly string[];
  /** The text as a link to a place or file, where the terminal has links. */
  readonly link: (text: string, target: Location | string) => string;
}

/** How a severity is called, and its color. */
export const SEVERITIES: Readonly<Record<Severity, { readonly word: string; readonly style: Style }>> = {
  error: { word: "error", style: "red" },
  warn: { word: "warning", style: "yellow" },
  info: { word: "info", style: "cyan" },
};

/** A text of lesser weight on lines of its own, so far from the left; a place in it is linked, and not broken. */
export function aside(text: readonly (string | Location)[] | string, indent: number, page: Page): string[] {
  const room = page.width - indent;
  const parts = [text]
    .flat()
    .flatMap((part) => (typeof part === "string" ? words(part, room) : placeParts(part, room, page)));
  return flow(parts, room).map((line) => " ".repeat(indent) + page.paint(line, "dim"));
}

function placeParts(location: Location, room: number, page: Page): string[] {
  const text = locationText(location);
  return textWidth(text) > room ? words(text, room) : [page.link(text, location)];
}
