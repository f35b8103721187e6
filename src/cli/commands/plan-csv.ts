import { csvRow } from "../../report/text/csv-row.ts";
import type { Connection } from "../../run/live/connections.ts";

const HEADER = ["from", "to", "protocol", "port", "why", "rule"];

/** The connections of a plan as a firewall request: RFC 4180, one row a connection. */
export function* planCsv(connections: readonly Connection[], from: string): Generator<string> {
  yield csvRow(HEADER);
  for (const { to, protocol, port, why, rules } of connections) {
    yield csvRow([from, to, protocol, String(port), why, rules.join(" ")]);
  }
}
