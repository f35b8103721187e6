import { createSocket } from "node:dgram";
import dns from "node:dns";

import type { Answer } from "dns-packet";
import { describe, expect, it, vi } from "vitest";

import { queryDns } from "../../../src/probe/dns/dns.ts";
import { reverseName } from "../../../src/values/network/ip-address.ts";
import { answering, query, GOOD, NAME, options, question, serve, SHORT, tcpAnswering } from "../servers/dns-lab.ts";
import { a, cname, ns, reply, type ReplyParts, soa, type UdpScript } from "../servers/dns-responder.ts";

describe("a resolver that answers", () => {
  it("gives the records in canonical form", async () => {
    const server = await serve({ udp: answering({ answers: [a("WWW.example.COM", "192.0.2.1")] }) });
    expect(await query(server)).toEqual({
      kind: "dns",
      status: "answered",
      reason: "ok",
      records: [{ type: "A", name: NAME, ttl: 60, address: "192.0.2.1" }],
      chain: [NAME],
      authoritative: false,
      attempts: [
        { transport: "udp", duration_ms: expect.any(Number) as number, result: "noerror for www.example.com" },
      ],
      bogus: 0,
      started_at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/) as string,
      duration_ms: expect.any(Number) as number,
      from: "test",
    });
  });

  it("reports an authoritative server", async () => {
    const server = await serve({ udp: answering({ ...GOOD, authoritative: true }) });
    expect(await query(server)).toMatchObject({ reason: "ok", authoritative: true });
  });

  it("is queried with EDNS, recursion desired, a random id and a random port", async () => {
    const server = await serve({ udp: answering(GOOD) });
    for (let i = 0; i < 8; i++) await query(server);
    expect(server.udpQueries.every(({ edns, packet }) => edns && packet.flag_rd && !packet.flag_qr)).toBe(true);
    expect(new Set(server.udpQueries.map(({ id }) => id)).size).toBeGreaterThan(4);
    expect(new Set(server.udpQueries.map(({ clientPort }) => clientPort)).size).toBeGreaterThan(4);
  });

  it("may repeat the question in other case (0x20)", async () => {
    const server = await serve({ udp: answering({ ...GOOD, questions: [{ name: "wWw.eXaMpLe.CoM", type: "A" }] }) });
    expect(await query(server)).toMatchObject({ reason: "ok", chain: [NAME], bogus: 0 });
  });

  it("accepts a question in other case and with a final dot", async () => {
    const server = await serve({ udp: answering(GOOD) });
    expect(await query(server, { name: "WwW.eXaMpLe.CoM." })).toMatchObject({ reason: "ok", chain: [NAME] });
  });

  it("can have an IPv6 address", async ({ skip }) => {
    if (!(await hasIpv6())) skip("this machine has no IPv6 loopback address");
    const server = await serve({ address: "::1", udp: answering({ truncated: true }), tcp: tcpAnswering(GOOD) });
    expect(await query(server)).toMatchObject({ status: "answered", reason: "ok" });
    expect(server.tcpQueries).toHaveLength(1);
  });

  it("is never looked up by the system", async () => {
    const server = await serve({ udp: answering({ truncated: true }), tcp: tcpAnswering(GOOD) });
    const lookup = vi.spyOn(dns, "lookup");
    expect(await query(server)).toMatchObject({ reason: "ok" });
    expect(lookup).not.toHaveBeenCalled();
    lookup.mockRestore();
  });
});

describe("the server's response", () => {
  it.each<[ReplyParts, string]>([
    [{ rcode: 1 }, "formerr"],
    [{ rcode: 2 }, "servfail"],
    [{ rcode: 3, authorities: [soa("example.com")] }, "nxdomain"],
    [{ rcode: 4 }, "notimp"],
    [{ rcode: 5 }, "refused"],
    [{ rcode: 9 }, "other-rcode"],
    [{ authorities: [soa("example.com")] }, "nodata"],
    [{ recursionAvailable: false, authorities: [ns(".", "a.root-servers.net")] }, "lame"],
    [{ recursionAvailable: false }, "lame"],
    [{ recursionAvailable: false, authorities: [ns("example.com", "ns.example.com")] }, "referral"],
    [{ rcode: 2, questions: [] }, "servfail"],
    [{ rcode: 5, questions: [] }, "refused"],
    [{ answers: [cname(NAME, "b.example.com"), cname("b.example.com", NAME)] }, "cname-loop"],
    [{ rcode: 2, answers: chainOf(12) }, "servfail"],
    [{ answers: chainOf(25) }, "cname-loop"],
  ])("%j is %s", async (parts, reason) => {
    const server = await serve({ udp: answering(parts) });
    expect(await query(server)).toMatchObject({ status: "answered", reason, records: [] });
  });

  it("is not queried again, and not over TCP", async () => {
    const server = await serve({ udp: answering({ rcode: 5 }), tcp: tcpAnswering(GOOD) });
    expect((await query(server, {}, { tries: 3 })).attempts).toHaveLength(1);
    expect(server.tcpQueries).toHaveLength(0);
  });
});

describe("an alias", () => {
  /** A server with these records that returns only those of the queried name itself. */
  function zone(records: readonly Answer[], otherwise: ReplyParts = { rcode: 5 }): UdpScript {
    return (query, send) => {
      const own = records.filter(({ name, type }) => {
        return name === query.question.name && (type === query.question.type || type === "CNAME");
      });
      send(reply(query, own.length > 0 ? { answers: own, authoritative: true } : otherwise));
    };
  }

  it("that leaves the reply is queried at the same server", async () => {
    const server = await serve({ udp: zone([cname(NAME, "b.example.net"), a("b.example.net", "192.0.2.9")]) });
    const answer = await query(server);
    expect(answer).toMatchObject({ reason: "ok", chain: [NAME, "b.example.net"], records: [{ address: "192.0.2.9" }] });
    expect(answer.attempts.map(({ result }) => result)).toEqual([
      "noerror for www.example.com",
      "noerror for b.example.net",
    ]);
  });

  it.each<[ReplyParts, string]>([
    [{ rcode: 5 }, "refused"],
    [{ rcode: 3 }, "nxdomain"],
    [{ recursionAvailable: false }, "lame"],
    [{ recursionAvailable: false, authorities: [ns(".", "a.root-servers.net")] }, "lame"],
    [{ recursionAvailable: false, authorities: [ns("example.net", "ns.example.net")] }, "referral"],
  ])("to the outside, of which the server says %j, is %s with the chain", async (outside, reason) => {
    const server = await serve({ udp: zone([cname(NAME, "b.example.net")], outside) });
    expect(await query(server)).toMatchObject({
      status: "answered",
      reason,
      records: [],
      chain: [NAME, "b.example.net"],
    });
  });

  it("whose target gets no answer is no answer, with the chain", async () => {
    const server = await serve({
      udp: (query, send) => {
        if (query.question.name === NAME) send(reply(query, { answers: [cname(NAME, "b.example.net")] }));
      },
    });
    const answer = await query(server, {}, SHORT);
    expect(answer).toMatchObject({ status: "no-answer", reason: "timeout", chain: [NAME, "b.example.net"] });
    expect(answer.authoritative).toBe(false);
  });

  it("loop over several replies is found", async () => {
    const server = await serve({ udp: zone([cname(NAME, "b.example.com"), cname("b.example.com", NAME)]) });
    expect(await query(server)).toMatchObject({ reason: "cname-loop", chain: [NAME, "b.example.com", NAME] });
  });

  it.each([
    [16, "ok"],
    [25, "cname-loop"],
  ])("chain of %i hops, one a reply, is %s", async (hops, reason) => {
    const server = await serve({ udp: zone([...chainOf(hops), a(`hop${hops}.example.com`, "192.0.2.1")]) });
    expect(await query(server)).toMatchObject({ status: "answered", reason });
    expect(server.udpQueries.length).toBeLessThanOrEqual(17);
  });

  it("to a name that cannot be queried is malformed, and shown without its control characters", async () => {
    const target = Buffer.from([5, 0x1b, 0x5b, 0x32, 0x4a, 0xff, 0]);
    const server = await serve({
      udp: (query, send) => {
        const head = reply(query, {});
        head.writeUInt16BE(1, 6);
        send(Buffer.concat([head, Buffer.from([0xc0, 12, 0, 5, 0, 1, 0, 0, 0, 9, 0, target.length]), target]));
      },
    });
    expect(await query(server, {}, SHORT)).toMatchObject({
      status: "no-answer",
      reason: "malformed",
      chain: [NAME, "\\027[2j\\255"],
    });
  });

  it("of a reverse zone that was split (RFC 2317)", async () => {
    const name = reverseName("192.0.2.17");
    const answers: Answer[] = [
      cname(name, "17.16/28.2.0.192.in-addr.arpa"),
      { type: "PTR", name: "17.16/28.2.0.192.in-addr.arpa", data: "Node.Example.com" },
    ];
    const server = await serve({ udp: answering({ answers }) });
    expect(await query(server, { name, type: "PTR" })).toMatchObject({
      reason: "ok",
      chain: [name, "17.16/28.2.0.192.in-addr.arpa"],
      records: [{ type: "PTR", target: "node.example.com" }],
    });
  });

  it("of a service shows in the chain", async () => {
    const answers: Answer[] = [
      cname("_sip._tcp.example.com", "_sip._tcp.example.net"),
      { type: "SRV", name: "_sip._tcp.example.net", data: { port: 5060, target: "node.example.net" } },
    ];
    const server = await serve({ udp: answering({ answers }) });
    const answer = await query(server, { name: "_sip._tcp.example.com", type: "SRV" });
    expect(answer.chain).toEqual(["_sip._tcp.example.com", "_sip._tcp.example.net"]);
  });
});

describe("a service", () => {
  it.each([
    [".", "."],
    ["127.0.44.1.", "127.0.44.1"],
    ["Node.Example.com", "node.example.com"],
  ])("with target %s is given as %s", async (data, target) => {
    const name = "_sips._tcp.example.com";
    const record: Answer = { type: "SRV", name, ttl: 9, data: { priority: 1, weight: 2, port: 5061, target: data } };
    const server = await serve({ udp: answering({ answers: [record] }) });
    expect((await query(server, { name, type: "SRV" })).records).toEqual([
      { type: "SRV", name, ttl: 9, priority: 1, weight: 2, port: 5061, target },
    ]);
  });
});

describe("a query that cannot be sent", () => {
  it.each(["", "a..b", ".example.com", `${"a".repeat(64)}.com`, Array(128).fill("a").join(".")])(
    "the name %j",
    async (name) => {
      const server = await serve({ udp: answering(GOOD) });
      const answer = await query(server, { name });
      expect(answer).toMatchObject({ status: "no-answer", reason: "malformed", records: [] });
      expect(answer.attempts).toMatchObject([{ result: "not sent: the name is not valid in a DNS message" }]);
      expect(server.udpQueries).toHaveLength(0);
    },
  );

  it("shows a hostile name without its control characters", async () => {
    const server = await serve({ udp: answering(GOOD) });
    expect((await query(server, { name: "\u001b[2J..x" })).chain).toEqual(["\\027[2j..x"]);
  });

  it("a server that is a name", async () => {
    const answer = await queryDns(question({ server: "localhost" }), options());
    expect(answer).toMatchObject({ status: "not-asked", reason: "name-not-resolved", attempts: [] });
  });

  it.each([0, 70000, -1, 5.5, Number.NaN])("the port %s", async (port) => {
    const answer = await queryDns(question({ port }), options());
    expect(answer).toMatchObject({ status: "not-asked", reason: "own-network-error" });
  });

  it("an address that this machine may not send to", async () => {
    // The kernel rejects broadcasts from an ordinary socket; no packet leaves the machine.
    const answer = await queryDns(question({ server: "255.255.255.255", port: 53 }), options());
    expect(answer).toMatchObject({ status: "not-asked", reason: "own-network-error", records: [] });
    expect(answer.attempts).toHaveLength(1);
  });
});

/** Aliases www → hop1 → hop2 … */
function chainOf(hops: number): Answer[] {
  return Array.from({ length: hops }, (_, index) => {
    return cname(index === 0 ? NAME : `hop${index}.example.com`, `hop${index + 1}.example.com`);
  });
}

function hasIpv6(): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createSocket("udp6");
    socket.on("error", () => resolve(false));
    socket.bind(0, "::1", () => socket.close(() => resolve(true)));
  });
}
