import { parseRfc3339 } from "../../values/rfc3339.ts";
import type { ClockOffset, ManagedObjects } from "../mapping/managed-objects.ts";
import { decodeName } from "../../values/network/host-name.ts";
import { InventoryPaths } from "../mapping/inventory-paths.ts";
import { at, str } from "../mapping/tree.ts";
import { jsonDocuments } from "./json-documents.ts";

/** The recorded time of one host. */
export interface HostDate {
  /** Its inventory path as printed by `govc find`: names with `%2f` for a `/`. */
  readonly host: string;
  readonly clock: ClockOffset;
}

/** Maximum distance of the offset from the middle of its possible range, in ms. */
const LEAST_PRECISE_MS = 1000;

const HOST = /^host:[ \t]*(\S.*?)[ \t]*$/;

/**
 * The offsets in a recording of `govc host.date.info`; null for the output of that command alone. It contains neither
 * its host nor the time of the call, so the shell writes `host:`, `asked:` and `answered:` around it
 * (docs/inventory/govc.md).
 */
export function hostDates(text: string): readonly HostDate[] | null {
  const lines = text.split(/\r?\n/);
  const starts = lines.flatMap((line, index) => (HOST.test(line) ? [index] : []));
  if (starts.length === 0 || lines.slice(0, starts[0]).some((line) => line.trim() !== "")) return null;
  return starts.map((start, index) => {
    const [first = "", ...section] = lines.slice(start, starts[index + 1]);
    return { host: HOST.exec(first)?.[1] ?? "", clock: clockOf(section) };
  });
}

function clockOf(section: readonly string[]): ClockOffset {
  const asked = stamp(section, "asked");
  const answered = stamp(section, "answered");
  const body = section.filter((line) => !/^(?:asked|answered):/.test(line)).join("\n");
  const told = hostTime(body);
  if (told === null) return { unknown: "govc host.date.info did not print a valid time" };
  if (asked === null || answered === null) {
    return { unknown: "the recording of govc host.date.info does not contain the time of the command" };
  }
  const least = told.time - (answered.time + answered.precision);
  const most = told.time + told.precision - asked.time;
  const inexactness = (most - least) / 2;
  if (inexactness < 0) return { unknown: "the answer of govc host.date.info is older than the command" };
  if (inexactness > LEAST_PRECISE_MS) {
    return { unknown: `govc host.date.info is accurate only to ${Math.round(inexactness)} ms` };
  }
  return { offset_ms: Math.round((least + most) / 2) };
}

/** A time, and its resolution. */
interface Instant {
  readonly time: number;
  readonly precision: number;
}

function stamp(section: readonly string[], label: "asked" | "answered"): Instant | null {
  const line = section.find((each) => each.startsWith(`${label}:`));
  // If `date` does not support `%3N`, it prints letters.
  const [, seconds, milliseconds] = /^\w+:\s*([\dT:-]+)(?:\.(\d{3})\d*|\.\w*)?Z\s*$/.exec(line ?? "") ?? [];
  if (seconds === undefined) return null;
  const isExact = milliseconds !== undefined;
  const time = parseRfc3339(isExact ? `${seconds}.${milliseconds}Z` : `${seconds}Z`);
  return time === null ? null : { time, precision: isExact ? 0 : 1000 };
}

/** The host's time in the output of the command, as JSON or as text. */
function hostTime(body: string): Instant | null {
  const json = /^\s*\{/.test(body) ? jsonTime(body) : undefined;
  if (json !== undefined) {
    const time = parseRfc3339(json);
    return time === null ? null : { time, precision: 0 };
  }
  // Go's time.UnixDate: `Sun Nov 22 08:00:00 UTC 2026`.
  const found = /^Current date and time:\s+\w{3} (\w{3}) +(\d{1,2}) (\d{2}:\d{2}:\d{2}) (UTC|GMT) (\d{4})\s*$/m.exec(
    body,
  );
  if (found === null) return null;
  const [, month = "", day = "", clock = "", , year = ""] = found;
  const time = Date.parse(`${day} ${month} ${year} ${clock} UTC`);
  return Number.isNaN(time) ? null : { time, precision: 1000 };
}

function jsonTime(body: string): string | undefined {
  const [document] = jsonDocuments(body);
  return str(at(document, "current"));
}

/** The name of a host from its path. */
export function hostName({ host }: HostDate): string {
  return decodeName(host.split("/").at(-1) ?? host);
}

/**
 * The offsets by host id, found by the hosts' paths, or by name if no path is known and exactly one host has the name.
 */
export function clocksById(dates: readonly HostDate[], objects: ManagedObjects): ReadonlyMap<string, ClockOffset> {
  const inventoryPaths = new InventoryPaths(objects);
  const hosts = objects.of("HostSystem");
  const byPath = new Map(hosts.map((host) => [inventoryPaths.pathOf(host), host.id]));
  const byName = new Map<string | undefined, readonly string[]>();
  for (const host of hosts) {
    const name = inventoryPaths.nameOf(host.id);
    byName.set(name, [...(byName.get(name) ?? []), host.id]);
  }
  const clocks = new Map<string, ClockOffset>();
  for (const date of dates) {
    const named = byName.get(hostName(date)) ?? [];
    const id = byPath.get(date.host) ?? (named.length === 1 ? named[0] : undefined);
    if (id !== undefined) clocks.set(id, date.clock);
  }
  return clocks;
}
