import type { Cell, Tab } from "./rvtools-tabs.ts";

/** A tab as RVTools exports it to CSV: every cell that needs it in quotes, lines ended as on Windows. */
export function csv({ rows }: Tab, delimiter = ",", mark = "\uFEFF"): string {
  const cell = (value: Cell) => {
    const text = value === null ? "" : String(value);
    return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return mark + rows.map((cells) => `${cells.map(cell).join(delimiter)}\r\n`).join("");
}
