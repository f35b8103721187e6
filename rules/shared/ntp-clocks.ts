import type { Server } from "../../src/site/deployment/deployment-objects.ts";
import type { PartialList } from "../../src/site/core/partial-list.ts";
import { resolve } from "./dns-answers.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";

type Context = Pick<
  RuleContext<Record<string, string>>,
  "need" | "known" | "needAll" | "query" | "inconclusive" | "each"
>;

/** How far two clocks may differ beyond their error bounds and still tell the same time, in ms. */
export const TOLERANCE_MS = 500;

/** What a server's clock says against that of the machine that asked. */
export interface Clock {
  /** Whose clock it is: more than one where several names lead to one address. */
  readonly servers: readonly Server[];
  /** Server minus asking machine, ms; true to `error_ms` on either side (RFC 5905 section 8). */
  readonly offset_ms: number;
  readonly error_ms: number;
}

/** What the servers of a list tell. */
export interface Clocks {
  /** Each clock once, however many names lead to it. */
  readonly clocks: readonly Clock[];
  /** How many servers tell no time; each of them leaves the check undecided unless it fails. */
  readonly silent: number;
}

/** The clocks of the servers: of each the first address that tells the time. */
export function clocksOf(servers: PartialList<Server>, context: Context): Clocks {
  const byAddress = new Map<string, Clock>();
  let telling = 0;
  context.each(servers, (server) => {
    const { port } = context.need(server, "endpoint");
    const { address, clock } = query(server, context);
    const key = `${address} ${port}`;
    byAddress.set(key, { ...clock, servers: [...(byAddress.get(key)?.servers ?? []), server] });
    telling++;
  });
  return { clocks: [...byAddress.values()], silent: servers.items.length - telling };
}

function query(server: Server, context: Context): { readonly address: string; readonly clock: Omit<Clock, "servers"> } {
  const endpoint = context.need(server, "endpoint");
  const addresses = resolve(endpoint, server.resolvers, context);
  const answers = context.query(addresses.map((address) => ({ kind: "ntp" as const, address, port: endpoint.port })));
  for (const [index, { reason, reply }] of answers.entries()) {
    if (reason !== "ok" || reply?.offset_ms == null || reply.delay_ms === null) continue;
    const clock = { offset_ms: reply.offset_ms, error_ms: Math.max(0, reply.delay_ms / 2) };
    return { address: addresses[index] ?? "", clock };
  }
  const tried = addresses.map((address, index) => `${address}: ${answers[index]?.reason ?? "not asked"}`).join(", ");
  return context.inconclusive(`${server.name} does not tell the time (${tried})`);
}

/**
 * The clocks that could all be right if each were `tolerance_ms / 2` worse than its error bound says: those around the
 * point that most of their intervals share (Marzullo's algorithm, as in RFC 5905 section 11.2.1). In the given order.
 * Empty when another group of clocks is as large: nobody can tell then which one to believe.
 */
export function agreeing(clocks: readonly Clock[], tolerance_ms: number): readonly Clock[] {
  const low = ({ offset_ms, error_ms }: Clock) => offset_ms - error_ms - tolerance_ms / 2;
  const high = ({ offset_ms, error_ms }: Clock) => offset_ms + error_ms + tolerance_ms / 2;
  // The intervals that share a point also share the latest of their beginnings.
  const groups = [...new Set(clocks.map(low))].map((point) =>
    clocks.filter((clock) => low(clock) <= point && point <= high(clock)),
  );
  const largest = Math.max(0, ...groups.map(({ length }) => length));
  const [group = [], rival] = groups.filter(({ length }) => length === largest);
  return rival === undefined ? group : [];
}

/** The middle one by offset; of an even number the earlier. */
export function median(clocks: readonly Clock[]): Clock | undefined {
  return clocks.toSorted((a, b) => a.offset_ms - b.offset_ms)[(clocks.length - 1) >> 1];
}

/** `ntp1.example.com`; `ntp1.example.com = 10.0.0.5` where both lead to one clock. */
export function clockName({ servers }: Clock): string {
  return servers.map(({ name }) => name).join(" = ");
}
