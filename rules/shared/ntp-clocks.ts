import type { Server } from "../../src/site/deployment/deployment-objects.ts";
import type { PartialList } from "../../src/site/core/partial-list.ts";
import type { NtpAnswer } from "../../src/engine/api/question.ts";
import { resolve } from "./dns-answers.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";

type Context = Pick<
  RuleContext<Record<string, string>>,
  "need" | "known" | "needAll" | "query" | "inconclusive" | "each"
>;

/** How far two clocks may differ beyond their error bounds and still have the same time, in ms. */
export const TOLERANCE_MS = 500;

/** The answer of one address of an NTP server. */
export interface AddressAnswer {
  readonly address: string;
  readonly answer: NtpAnswer;
}

/** A clock compared with that of the measuring machine. */
export interface Reading {
  /** Server minus measuring machine, ms. */
  readonly offset_ms: number;
  /** The offset is exact to this on either side: half the round trip (RFC 5905 section 8). */
  readonly error_ms: number;
}

/** The clock of one address. */
interface AddressClock extends Reading {
  readonly address: string;
}

/** The clock of a server: the time that all its addresses share. */
export interface Clock extends Reading {
  /** The servers that have it: more than one if several names lead to the same addresses. */
  readonly servers: readonly Server[];
  readonly addresses: readonly AddressClock[];
}

/** A server whose addresses do not have the same time. */
export interface DividedServer {
  readonly server: Server;
  readonly addresses: readonly AddressClock[];
}

export interface Clocks {
  /** One for each server whose addresses have the same time. */
  readonly clocks: readonly Clock[];
  /** Servers that have no vote. */
  readonly divided: readonly DividedServer[];
  /** How many votes there would be if every server had one: silent and divided servers included. */
  readonly votes: number;
}

/** The addresses of an NTP server with their answers. All are queried: a client may use any of them. */
export function queryAddresses(server: Server, context: Context): readonly AddressAnswer[] {
  const endpoint = context.need(server, "endpoint");
  const addresses = resolve(endpoint, server.resolvers, context);
  const answers = context.query(addresses.map((address) => ({ kind: "ntp" as const, address, port: endpoint.port })));
  return answers.map((answer, index) => ({ address: addresses[index] ?? "", answer }));
}

/** `10.0.0.5: no-reply, 2001:db8::5: ok`, for messages. */
export function describeAddresses(addresses: readonly AddressAnswer[]): string {
  return addresses.map(({ address, answer }) => `${address}: ${answer.reason}`).join(", ");
}

/** Whether this machine could not send to the address at all, as to IPv6 addresses without IPv6. */
export function hasNoRoute({ answer }: AddressAnswer): boolean {
  return answer.reason === "own-network-error";
}

/** `IPv4` or `IPv6`. Part of fingerprints: the addresses behind a name change, the name and the family do not. */
export function familyOf(address: string): "IPv4" | "IPv6" {
  return address.includes(":") ? "IPv6" : "IPv4";
}

/**
 * The clocks of the servers of a list. A server without a usable answer leaves the check inconclusive unless it fails,
 * and so does an address that was not queried. Unresponsive addresses beside others that answer are ignored here:
 * `time/ntp-reachable` reports them, and addresses without a route.
 */
export function clocksOf(servers: PartialList<Server>, tolerance_ms: number, context: Context): Clocks {
  const clocks: Clock[] = [];
  const divided: DividedServer[] = [];
  let withoutTime = servers.items.length;
  context.each(servers, (server) => {
    const { port } = context.need(server, "endpoint");
    const answers = queryAddresses(server, context);
    const addresses = answers.flatMap(addressClock);
    if (addresses.length === 0) {
      return context.inconclusive(`${server.name} returned no time (${describeAddresses(answers)})`);
    }
    withoutTime--;
    const shared = intersection(addresses, tolerance_ms);
    if (shared === null) {
      divided.push({ server, addresses });
      return context.inconclusive(`the addresses of ${server.name} do not have the same time`);
    }
    const same = clocks.findIndex((other) => isSameMachine(other, addresses, port, context));
    const twin = clocks[same];
    if (twin === undefined) clocks.push({ ...shared, servers: [server], addresses });
    else clocks[same] = { ...twin, servers: [...twin.servers, server] };
    const unasked = answers.filter((one) => one.answer.status === "not-asked" && !hasNoRoute(one));
    if (unasked.length > 0) {
      return context.inconclusive(`not every address of ${server.name} was queried (${describeAddresses(unasked)})`);
    }
  });
  return { clocks, divided, votes: clocks.length + divided.length + withoutTime };
}

function addressClock({ address, answer: { reason, reply } }: AddressAnswer): readonly AddressClock[] {
  if (reason !== "ok" || reply?.offset_ms == null || reply.delay_ms === null) return [];
  return [{ address, offset_ms: reply.offset_ms, error_ms: Math.max(0, reply.delay_ms / 2) }];
}

/** What the intervals of all addresses share, or null when two of them differ by more than the tolerance. */
function intersection(addresses: readonly Reading[], tolerance_ms: number): Reading | null {
  const low = Math.max(...addresses.map(({ offset_ms, error_ms }) => offset_ms - error_ms));
  const high = Math.min(...addresses.map(({ offset_ms, error_ms }) => offset_ms + error_ms));
  if (low - high > tolerance_ms) return null;
  return { offset_ms: (low + high) / 2, error_ms: Math.max(0, (high - low) / 2) };
}

/** Whether all addresses of one of the two servers are addresses of the other: one machine must not vote twice. */
function isSameMachine(
  { servers: [server], addresses }: Clock,
  others: readonly AddressClock[],
  port: number,
  { need }: Context,
): boolean {
  if (server === undefined || need(server, "endpoint").port !== port) return false;
  const [fewer, more] = addresses.length < others.length ? [addresses, others] : [others, addresses];
  return fewer.every(({ address }) => more.some((other) => other.address === address));
}

/** The time that more than half of the votes agree on. */
export interface Consensus {
  /** The middle one of the clocks that agree with one another. */
  readonly reference: Clock;
  /** The clocks that have this time. */
  readonly agreeing: readonly Clock[];
}

/**
 * Finds the time of the majority by intersection (RFC 5905 section 11.2.1, with half the round trip as error bound and the
 * tolerance beside it): the clocks that every largest group of overlapping intervals has in common, when they are more than
 * half of the votes. Groups that share their majority do not exclude each other: of 0, 0, 0, +450 and −450 ms the first
 * three decide, and the others differ from them by less than the tolerance. Null when there is no majority.
 */
export function consensusOf(clocks: readonly Clock[], votes: number, tolerance_ms: number): Consensus | null {
  const low = ({ offset_ms, error_ms }: Clock) => offset_ms - error_ms - tolerance_ms / 2;
  const high = ({ offset_ms, error_ms }: Clock) => offset_ms + error_ms + tolerance_ms / 2;
  // The intervals that share a point also share the latest of their beginnings.
  const groups = [...new Set(clocks.map(low))].map((point) =>
    clocks.filter((clock) => low(clock) <= point && point <= high(clock)),
  );
  const largest = Math.max(0, ...groups.map(({ length }) => length));
  const rivals = groups.filter(({ length }) => length === largest);
  const core = clocks.filter((clock) => rivals.every((group) => group.includes(clock)));
  const reference = median(core);
  if (reference === undefined || core.length * 2 <= votes) return null;
  return { reference, agreeing: clocks.filter((clock) => isWithin(clock, reference, tolerance_ms)) };
}

/** Whether two clocks differ by no more than the tolerance beyond the error bounds of both. */
export function isWithin(one: Reading, other: Reading, tolerance_ms: number): boolean {
  return Math.abs(one.offset_ms - other.offset_ms) <= one.error_ms + other.error_ms + tolerance_ms;
}

/** The middle one by offset; of an even number the earlier. */
function median(clocks: readonly Clock[]): Clock | undefined {
  return clocks.toSorted((a, b) => a.offset_ms - b.offset_ms)[(clocks.length - 1) >> 1];
}

/** `ntp1.example.com`; `ntp1.example.com = 10.0.0.5` if both are one clock. */
export function clockName({ servers }: Clock): string {
  return servers.map(({ name }) => name).join(" = ");
}
