import type { Connection } from "../run/connections.ts";

const HEADER = ["from", "to", "protocol", "port", "why", "rule"];

/** The connections of a plan as a firewall request: RFC 4180, one row a connection. */
export function* planCsv(connections: readonly Connection[], from: string): Generator<string> {
  yield row(HEADER);
  for (const { to, protocol, port, why, rules } of connections) {
    yield row([from, to, protocol, String(port), why, rules.join(" ")]);
  }
}

function row(cells: readonly string[]): string {
  return `${cells.map(cell).join(",")}\r\n`;
}

/** In quotes where it must be. A spreadsheet would take some beginnings for a formula; an apostrophe makes them text. */
function cell(text: string): string {
  const plain = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain;
}
