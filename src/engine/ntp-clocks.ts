import type { Server } from "../site/deployment-objects.ts";
import { resolve } from "./dns-answers.ts";
import type { RuleContext } from "./rule.ts";

type Context = Pick<RuleContext<Record<string, string>>, "need" | "known" | "needAll" | "ask" | "inconclusive">;

/** What a server's clock says against ours. */
export interface Clock {
  readonly server: Server;
  /** Server minus us, ms; true to `error_ms` on either side (RFC 5905 section 8). */
  readonly offset_ms: number;
  readonly error_ms: number;
}

/** The clock of a synchronised server: of its first address that tells the time. Inconclusive when none does. */
export function clockOf(server: Server, context: Context): Clock {
  const endpoint = context.need(server, "endpoint");
  const addresses = resolve(endpoint, server.resolvers, context);
  const answers = context.ask(addresses.map((address) => ({ kind: "ntp" as const, address, port: endpoint.port })));
  for (const { reason, reply } of answers) {
    if (reason !== "ok" || reply === null || reply.offset_ms === null || reply.delay_ms === null) continue;
    return { server, offset_ms: reply.offset_ms, error_ms: Math.max(0, reply.delay_ms / 2) };
  }
  return context.inconclusive(`${server.name} does not tell the time`);
}

/**
 * The largest group of clocks that could all be right if each were `tolerance_ms` worse than its error bound says: the
 * point that most of their intervals share (Marzullo's algorithm, as in RFC 5905 section 11.2.1). In the given order.
 */
export function agreeing(clocks: readonly Clock[], tolerance_ms: number): readonly Clock[] {
  const low = ({ offset_ms, error_ms }: Clock) => offset_ms - error_ms - tolerance_ms / 2;
  const high = ({ offset_ms, error_ms }: Clock) => offset_ms + error_ms + tolerance_ms / 2;
  let best: readonly Clock[] = [];
  for (const point of clocks.map(low)) {
    const group = clocks.filter((clock) => low(clock) <= point && point <= high(clock));
    if (group.length > best.length) best = group;
  }
  return best;
}
