import type { Server } from "../../src/site/deployment/deployment-objects.ts";
import type { PartialList } from "../../src/site/core/partial-list.ts";
import type { Endpoint } from "../../src/values/network/endpoint.ts";
import { resolve } from "./dns-answers.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";
import { withFixes } from "./unreachable-fixes.ts";

type Context = Pick<RuleContext<Record<string, string>>, "need" | "known" | "needAll" | "query" | "inconclusive">;

/** An address that does not accept connections, and why, in words for a message. */
export interface ClosedAddress {
  readonly address: string;
  readonly reason: string;
}

/**
 * The addresses of an endpoint that do not accept a TCP connection: every address is tried, so that a working family
 * never hides a dead one. An address that this machine has no route to (IPv6 without IPv6) is passed over when another
 * one accepts; when none could be decided, the check is inconclusive.
 */
export function closedAddresses(
  endpoint: Endpoint,
  resolvers: PartialList<Server>,
  context: Context,
): readonly ClosedAddress[] {
  const addresses = resolve(endpoint, resolvers, context);
  const answers = context.query(addresses.map((address) => ({ kind: "tcp" as const, address, port: endpoint.port })));
  const tried = answers.map((answer, index) => ({ ...answer, address: addresses[index] ?? "" }));
  const closed = tried
    .filter(({ status }) => status === "no-answer")
    .map(({ address, reason }) => ({ address, reason: withFixes(reason, [reason]) }));
  const unasked = tried.filter(({ status, reason }) => status === "not-asked" && reason !== "own-network-error");
  const open = tried.some(({ status }) => status === "answered");
  if (closed.length === 0 && (!open || unasked.length > 0)) {
    context.inconclusive(
      `not every address could be tried (${tried.map(({ address, reason }) => `${address}: ${reason}`).join(", ")})`,
    );
  }
  return closed;
}
