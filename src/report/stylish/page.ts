import type { Severity } from "../../schema/report.generated.ts";
import type { Location, TextLocation } from "../../values/location.ts";
import { flow, words } from "../text/flow.ts";
import type { Paint, Style } from "../text/paint.ts";
import { textWidth } from "../text/text-width.ts";
import { locationText } from "../text/wording.ts";

/** The layout shared by all parts of the stylish report. */
export interface Page {
  readonly paint: Paint;
  readonly width: number;
  /** Whether to list every finding, reason and waiver instead of grouping similar ones. */
  readonly all: boolean;
  /** The code frame of a location, limited to a width; empty if not requested, or if its lines are unknown. */
  readonly frame: (location: TextLocation, width: number) => readonly string[];
  /** The text as a link to a location or file, if the terminal supports links. */
  readonly link: (text: string, target: Location | string) => string;
}

/** The word for a severity, and its color. */
export const SEVERITIES: Readonly<Record<Severity, { readonly word: string; readonly style: Style }>> = {
  error: { word: "error", style: "red" },
  warn: { word: "warning", style: "yellow" },
  info: { word: "info", style: "cyan" },
};

/** A secondary text on lines of its own, indented; a location in it is linked and not broken. */
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
