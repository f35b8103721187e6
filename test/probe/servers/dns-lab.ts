import { onTestFinished } from "vitest";

import type { DnsAnswer, DnsQuestion } from "../../../src/engine/api/question.ts";
import { queryDns } from "../../../src/probe/dns/dns.ts";
import type { DnsOptions } from "../../../src/probe/dns/dns.ts";
import { a, reply, startDnsResponder, tcpFrame } from "./dns-responder.ts";
import type { DnsResponder, ReplyParts, TcpScript, UdpScript } from "./dns-responder.ts";

/** The default name for queries. */
export const NAME = "www.example.com";
export const GOOD: ReplyParts = { answers: [a(NAME, "192.0.2.1")] };
export const FORGED: ReplyParts = { answers: [a(NAME, "203.0.113.66")] };

/** For cases in which silence is the point; an answer on the loopback interface needs a small part of it. */
export const SHORT = { timeout_ms: 500, tries: 1 };

/** Starts a responder that lives as long as the test; TCP is closed unless it has a script. */
export async function serve(script: {
  address?: "127.0.0.1" | "::1";
  udp: UdpScript;
  tcp?: TcpScript;
}): Promise<DnsResponder> {
  const responder = await startDnsResponder({ tcp: "closed", ...script });
  onTestFinished(() => responder.close());
  return responder;
}

export function question(parts: Partial<DnsQuestion>): DnsQuestion {
  return { kind: "dns", server: "127.0.0.1", port: 53, name: NAME, type: "A", ...parts };
}

/** Time enough for the slowest machine, unless a test wants silence. */
export function options(parts: Partial<DnsOptions> = {}): DnsOptions {
  return { from: "test", timeout_ms: 10_000, tries: 2, signal: new AbortController().signal, ...parts };
}

export function query(
  server: DnsResponder,
  parts: Partial<DnsQuestion> = {},
  limits: Partial<DnsOptions> = {},
): Promise<DnsAnswer> {
  return queryDns(question({ server: server.address, port: server.port, ...parts }), options(limits));
}

/** Answers every query over UDP in the same way. */
export function answering(parts: ReplyParts): UdpScript {
  return (query, send) => send(reply(query, parts));
}

/** Answers every query over TCP in the same way. */
export function tcpAnswering(parts: ReplyParts): TcpScript {
  return (query, socket) => socket.write(tcpFrame(reply(query, parts)));
}
