import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { DnsRecordType } from "../../src/engine/api/question.ts";
import { queryDns } from "../../src/probe/dns/dns.ts";
import { describeReal, freePort, start, workFolder } from "./real-server.ts";

const OPTIONS = { from: "local", timeout_ms: 2000, tries: 2, signal: new AbortController().signal };

const many = Array.from({ length: 90 }, (_, index) => `many IN A 192.0.2.${index + 1}`);
const hops = Array.from(
  { length: 25 },
  (_, index) => `hop${index} IN CNAME ${index === 24 ? "mgmt01" : `hop${index + 1}`}`,
);

const ZONE = `$TTL 300
@ IN SOA ns.vc.example. admin.vc.example. 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
mgmt01 IN A 10.44.10.5
mgmt01 IN AAAA 2001:db8::5
conf01 IN CNAME mgmt01
loop1 IN CNAME loop2
loop2 IN CNAME loop1
outside IN CNAME elsewhere.example.
_sips._tcp IN SRV 10 20 5061 mgmt01
_sip._tcp IN SRV 0 0 0 .
child IN NS ns.child
ns.child IN A 192.0.2.99
5.10.44.10.in-addr IN PTR mgmt01
${many.join("\n")}
${hops.join("\n")}
`;

describeReal("BIND", ["named", "dig"], ([named = "", dig = ""]) => {
  const folder = workFolder();
  let port = 0;

  beforeAll(async () => {
    port = await freePort();
    mkdirSync(join(folder, "keys"));
    writeFileSync(join(folder, "zone"), ZONE);
    writeFileSync(
      join(folder, "named.conf"),
      `options { directory "${folder}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
        pid-file "${folder}/pid"; session-keyfile "${folder}/keys/session"; managed-keys-directory "${folder}/keys";
        recursion no; minimal-responses yes; max-udp-size 1232; dnssec-validation no; };
      controls { };
      zone "vc.example" { type primary; file "${folder}/zone"; };\n`,
    );
    await start(named, ["-g", "-n", "1", "-c", join(folder, "named.conf")], / running$/m);
  });

  const query = (name: string, type: DnsRecordType) =>
    queryDns({ kind: "dns", server: "127.0.0.1", port, name, type }, OPTIONS);

  /** The output of dig, one record per line, sorted. */
  const digSays = (name: string, type: DnsRecordType): readonly string[] =>
    execFileSync(dig, ["@127.0.0.1", "-p", String(port), "+short", "+time=2", "+tries=2", name, type], {
      encoding: "utf8",
    })
      .split("\n")
      .filter((line) => line !== "")
      .sort();

  it.each([
    ["mgmt01.vc.example", "A", ["10.44.10.5"]],
    ["mgmt01.vc.example", "AAAA", ["2001:db8::5"]],
  ] as const)("answers %s %s as dig reads it", async (name, type, addresses) => {
    const answer = await query(name, type);
    expect(answer).toMatchObject({ status: "answered", reason: "ok", authoritative: true, bogus: 0, chain: [name] });
    expect(answer.records.map((record) => ("address" in record ? record.address : ""))).toEqual(addresses);
    expect(digSays(name, type)).toEqual(addresses);
  });

  it("answers SRV with its numbers, and the root as a target", async () => {
    expect((await query("_sips._tcp.vc.example", "SRV")).records).toEqual([
      {
        type: "SRV",
        name: "_sips._tcp.vc.example",
        ttl: 300,
        priority: 10,
        weight: 20,
        port: 5061,
        target: "mgmt01.vc.example",
      },
    ]);
    expect(digSays("_sips._tcp.vc.example", "SRV")).toEqual(["10 20 5061 mgmt01.vc.example."]);
    expect((await query("_sip._tcp.vc.example", "SRV")).records).toMatchObject([{ target: "." }]);
  });

  it("shows an alias chain", async () => {
    const answer = await query("conf01.vc.example", "A");
    expect(answer).toMatchObject({ reason: "ok", chain: ["conf01.vc.example", "mgmt01.vc.example"] });
  });

  it("gives all of a truncated answer, over TCP", async () => {
    const answer = await query("many.vc.example", "A");
    expect(answer.reason).toBe("ok");
    expect(answer.attempts.map(({ transport }) => transport)).toEqual(["udp", "tcp"]);
    const addresses = answer.records.map((record) => ("address" in record ? record.address : "")).sort();
    expect(addresses).toHaveLength(90);
    expect(addresses).toEqual(digSays("many.vc.example", "A"));
  });

  it.each([
    ["nothing.vc.example", "A", "nxdomain"],
    ["mgmt01.vc.example", "SRV", "nodata"],
    ["www.example.org", "A", "refused"],
    ["loop1.vc.example", "A", "cname-loop"],
    ["www.child.vc.example", "A", "referral"],
  ] as const)("%s %s is %s", async (name, type, reason) => {
    expect(await query(name, type)).toMatchObject({ status: "answered", reason, records: [] });
  });

  it("does not call a chain that leaves its zone an address", async () => {
    const answer = await query("outside.vc.example", "A");
    expect(answer.records).toEqual([]);
    expect(answer.reason).not.toBe("ok");
    expect(answer.chain).toEqual(["outside.vc.example", "elsewhere.example"]);
  });

  it("does not follow a chain without end", async () => {
    expect((await query("hop0.vc.example", "A")).records).toEqual([]);
  });
});
