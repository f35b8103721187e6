import { encode } from "dns-packet";
import type { Answer } from "dns-packet";
import { describe, expect, it } from "vitest";

import type { DnsRecordType } from "../../../src/engine/api/question.ts";
import { readReply } from "../../../src/probe/dns/dns-message.ts";
import { checkReply } from "../../../src/probe/dns/dns-verdict.ts";
import type { Verdict } from "../../../src/probe/dns/dns-verdict.ts";
import { a, cname, ns, soa } from "../servers/dns-responder.ts";

const NAME = "www.vc.example.com";
const AA = 0x0400;
const RA = 0x0080;

describe("an empty reply", () => {
  it.each<[string, number, Answer[], string]>([
    ["SOA of the zone", RA, [soa("vc.example.com")], "nodata"],
    [
      "SOA and NS of the zone (RFC 2308 type 1)",
      0,
      [ns("vc.example.com", "ns.example.com"), soa("vc.example.com")],
      "nodata",
    ],
    ["authoritative, nothing else (type 3)", AA, [], "nodata"],
    ["authoritative with NS of its own", AA, [ns("vc.example.com", "ns.example.com")], "nodata"],
    ["a resolver that sends no SOA", RA, [], "nodata"],
    ["NS of a zone on the way", 0, [ns("vc.example.com", "ns.example.com")], "referral"],
    [
      "NS of a zone on the way beside NS of another zone",
      0,
      [ns("example.net", "ns.example.net"), ns("vc.example.com", "ns.example.com")],
      "referral",
    ],
    ["NS of the name itself", 0, [ns(NAME, "ns.example.com")], "referral"],
    ["the same from a resolver", RA, [ns("vc.example.com", "ns.example.com")], "referral"],
    ["NS of the root", 0, [ns(".", "a.root-servers.net")], "lame"],
    ["NS of the root from a resolver", RA, [ns(".", "a.root-servers.net")], "lame"],
    ["NS of the top-level domain", 0, [ns("com", "a.gtld-servers.net")], "lame"],
    ["NS of another zone", 0, [ns("example.net", "ns.example.net")], "lame"],
    ["NS of a zone below the name", 0, [ns(`sub.${NAME}`, "ns.example.net")], "lame"],
    ["nothing at all, not authoritative, no recursion", 0, [], "lame"],
    ["SOA of another zone", 0, [soa("example.net")], "lame"],
  ])("%s", (_what, flags, authorities, reason) => {
    expect(judge({ flags, authorities })).toEqual({ kind: "final", reason, records: [], chain: [NAME] });
  });
});

describe("a response code", () => {
  it.each([
    [1, "formerr"],
    [2, "servfail"],
    [3, "nxdomain"],
    [4, "notimp"],
    [5, "refused"],
    [6, "other-rcode"],
    [9, "other-rcode"],
    [15, "other-rcode"],
  ])("%i is %s, whatever records come with it", (rcode, reason) => {
    expect(judge({ flags: AA | rcode, answers: [a(NAME, "192.0.2.1")] })).toMatchObject({ reason, records: [] });
  });

  it("of an alias belongs to the end of the chain (RFC 2308 section 2.1)", () => {
    expect(judge({ flags: 3, answers: [cname(NAME, "gone.example.com")] })).toEqual({
      kind: "final",
      reason: "nxdomain",
      records: [],
      chain: [NAME, "gone.example.com"],
    });
  });
});

describe("an alias", () => {
  it("is followed inside the reply, in any order of the records", () => {
    const answers = [
      a("c.example.com", "192.0.2.1"),
      cname("b.example.com", "c.example.com"),
      cname(NAME, "b.example.com"),
    ];
    expect(judge({ answers })).toMatchObject({
      reason: "ok",
      records: [{ type: "A", name: "c.example.com", address: "192.0.2.1" }],
      chain: [NAME, "b.example.com", "c.example.com"],
    });
  });

  it("of a name that has two leads to the target of the first", () => {
    const answers = [
      cname(NAME, "b.example.com"),
      cname(NAME, "c.example.com"),
      a("c.example.com", "192.0.2.2"),
      a("b.example.com", "192.0.2.1"),
    ];
    expect(judge({ answers })).toMatchObject({
      reason: "ok",
      records: [{ address: "192.0.2.1" }],
      chain: [NAME, "b.example.com"],
    });
  });

  it("beside an address of the same name hides it", () => {
    const answers = [cname(NAME, "host.example.net"), a(NAME, "192.0.2.1")];
    expect(judge({ answers })).toEqual({ kind: "follow", chain: [NAME, "host.example.net"] });
  });

  it("that leaves the reply requires another query", () => {
    const chain = [NAME, "host.example.net"];
    expect(judge({ flags: AA, answers: [cname(NAME, "host.example.net")] })).toEqual({ kind: "follow", chain });
    const authorities = [soa("vc.example.com")];
    expect(judge({ flags: AA, answers: [cname(NAME, "host.example.net")], authorities })).toEqual({
      kind: "follow",
      chain,
    });
  });

  it("whose target has an SOA but no records is nodata", () => {
    const reply = { answers: [cname(NAME, "host.example.net")], authorities: [soa("example.net")] };
    expect(judge(reply)).toMatchObject({ reason: "nodata", chain: [NAME, "host.example.net"] });
  });

  it("is the answer to a query for aliases", () => {
    expect(judge({ answers: [cname(NAME, "host.example.net")] }, [NAME], "CNAME")).toMatchObject({
      reason: "ok",
      records: [{ type: "CNAME", target: "host.example.net" }],
      chain: [NAME],
    });
  });

  it("to itself is a loop", () => {
    expect(judge({ answers: [cname(NAME, NAME)] })).toMatchObject({ reason: "cname-loop", chain: [NAME, NAME] });
  });

  it("back to a name of an earlier reply is a loop", () => {
    const verdict = judge({ answers: [cname("b.example.com", NAME)] }, [NAME, "b.example.com"]);
    expect(verdict).toMatchObject({ reason: "cname-loop", chain: [NAME, "b.example.com", NAME] });
  });

  it("loop is named even when the server calls it SERVFAIL", () => {
    const answers = [cname(NAME, "b.example.com"), cname("b.example.com", NAME)];
    expect(judge({ flags: 2, answers })).toMatchObject({ reason: "cname-loop" });
  });

  it("beside DNAME: the CNAME that the server made of it counts", () => {
    const answers: Answer[] = [
      { type: "DNAME", name: "vc.example.com", ttl: 1, data: "new.example.com" },
      cname(NAME, "www.new.example.com"),
      a("www.new.example.com", "192.0.2.7"),
    ];
    expect(judge({ answers })).toMatchObject({ reason: "ok", chain: [NAME, "www.new.example.com"] });
  });

  it.each([
    [16, "ok"],
    [17, "cname-loop"],
    [25, "cname-loop"],
  ])("chain of %i is %s", (hops, reason) => {
    const names = [NAME, ...Array.from({ length: hops }, (_, index) => `hop${index + 1}.example.com`)];
    const links = names.slice(1).map((target, index) => cname(names[index] ?? "", target));
    const verdict = judge({ answers: [...links, a(names.at(-1) ?? "", "192.0.2.1")] });
    expect(verdict).toMatchObject({ kind: "final", reason });
    expect(verdict.chain.length).toBeLessThanOrEqual(18);
  });
});

describe("records", () => {
  it("of other names and types do not count", () => {
    const answers: Answer[] = [a("other.example.com", "192.0.2.1"), { type: "AAAA", name: NAME, data: "2001:db8::1" }];
    expect(judge({ flags: RA, answers })).toMatchObject({ reason: "nodata", records: [] });
  });

  it("that occur twice count once", () => {
    const verdict = judge({ answers: [a(NAME, "192.0.2.1"), a(NAME, "192.0.2.2"), a(NAME, "192.0.2.1")] });
    expect(verdict).toMatchObject({ records: [{ address: "192.0.2.1" }, { address: "192.0.2.2" }] });
  });

  it("that differ only in TTL count once", () => {
    const answers: Answer[] = [
      { type: "A", name: NAME, ttl: 60, data: "192.0.2.1" },
      { type: "A", name: NAME, ttl: 300, data: "192.0.2.1" },
    ];
    expect(judge({ answers })).toMatchObject({ reason: "ok", records: [{ address: "192.0.2.1" }] });
  });
});

function judge(
  parts: { flags?: number; answers?: Answer[]; authorities?: Answer[] },
  chain: readonly string[] = [NAME],
  type: DnsRecordType = "A",
): Verdict {
  const bytes = encode({ type: "response", id: 1, questions: [{ name: NAME, type: "A" }], ...parts });
  const reply = readReply(bytes);
  if (reply === null) throw new Error("the reply of the test is malformed");
  return checkReply(reply, chain, type);
}
