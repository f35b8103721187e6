import type { Severity } from "../engine/run-report.ts";
import { wrap } from "./flow.ts";
import type { Paint, Style } from "./paint.ts";

/** What every part of the stylish report is laid out on. */
export interface Page {
  readonly paint: Paint;
  readonly width: number;
}

/** How a severity is called, and its colour. */
export const SEVERITIES: Readonly<Record<Severity, { readonly word: string; readonly style: Style }>> = {
  error: { word: "error", style: "red" },
  warn: { word: "warning", style: "yellow" },
  info: { word: "info", style: "cyan" },
};

/** A text of lesser weight on lines of its own, so far from the left. */
export function aside(text: string, indent: number, { paint, width }: Page): string[] {
  return wrap(text, width - indent).map((line) => " ".repeat(indent) + paint(line, "dim"));
}
