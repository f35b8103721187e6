import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { DnsAnswer, DnsReason, DnsRecordType } from "../../src/engine/api/question.ts";
import { queryDns } from "../../src/probe/dns/dns.ts";
import { reverseName } from "../../src/values/network/ip-address.ts";
import { describeReal, freePort, start, workFolder } from "./real-server.ts";

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));

const ZONE = `$TTL 300
@ IN SOA ns.vc.example. admin.vc.example. 1 3600 600 86400 60
@ IN NS ns
ns IN A 127.0.0.1
mgmt01 IN A 10.44.10.5
mgmt01 IN AAAA 2001:db8::5
two IN A 10.44.10.7
two IN A 10.44.10.6
alias1 IN CNAME alias2
alias2 IN CNAME mgmt01
to-nothing IN CNAME gone
to-empty IN CNAME _sip._tcp
outside IN CNAME www.elsewhere.example.
loop1 IN CNAME loop2
loop2 IN CNAME loop1
self IN CNAME self
a.b.deep IN A 10.44.10.8
*.wild IN A 10.44.10.9
old IN DNAME new.vc.example.
host.new IN A 10.44.10.10
_sips._tcp IN SRV 10 20 5061 mgmt01
_sips._tcp IN SRV 10 20 5061 two
_sip._tcp IN SRV 0 0 0 .
_h323cs._tcp IN SRV 0 0 1720 alias1
_h323ls._udp IN SRV 0 0 1719 10.44.10.5.
child IN NS ns.child
ns.child IN A 192.0.2.99
${times(90, (index) => `many IN A 192.0.2.${index + 1}`).join("\n")}
${times(60, (index) => `_many._tcp IN SRV 0 0 5061 node${index}`).join("\n")}
${times(25, (index) => `hop${index} IN CNAME ${index === 24 ? "mgmt01" : `hop${index + 1}`}`).join("\n")}
`;

/** A block smaller than 256 addresses, delegated by aliases (RFC 2317 section 4). */
const REVERSE = `$TTL 300
@ IN SOA ns.vc.example. admin.vc.example. 1 3600 600 86400 60
@ IN NS ns.vc.example.
5 IN CNAME 5.0/26
6 IN PTR two.vc.example.
7 IN CNAME 7.0/26
0/26 IN NS ns.vc.example.
`;
const BLOCK = `$TTL 300
@ IN SOA ns.vc.example. admin.vc.example. 1 3600 600 86400 60
@ IN NS ns.vc.example.
5 IN PTR mgmt01.vc.example.
`;

type Row = readonly [name: string, type: DnsRecordType, reason: DnsReason];

const AUTHORITATIVE: readonly Row[] = [
  ["mgmt01.vc.example", "A", "ok"],
  ["mgmt01.vc.example", "AAAA", "ok"],
  ["two.vc.example", "A", "ok"],
  ["two.vc.example", "AAAA", "nodata"],
  ["vc.example", "SOA", "ok"],
  ["vc.example", "NS", "ok"],
  ["vc.example", "A", "nodata"],
  ["alias1.vc.example", "A", "ok"],
  ["alias1.vc.example", "AAAA", "ok"],
  ["alias1.vc.example", "SRV", "nodata"],
  ["alias1.vc.example", "CNAME", "ok"],
  ["to-nothing.vc.example", "A", "nxdomain"],
  ["to-empty.vc.example", "A", "nodata"],
  ["nothing.vc.example", "A", "nxdomain"],
  ["nothing.vc.example", "SRV", "nxdomain"],
  ["b.deep.vc.example", "A", "nodata"],
  ["deep.vc.example", "A", "nodata"],
  ["x.b.deep.vc.example", "A", "nxdomain"],
  ["any.wild.vc.example", "A", "ok"],
  ["two.labels.wild.vc.example", "A", "ok"],
  ["any.wild.vc.example", "AAAA", "nodata"],
  ["wild.vc.example", "A", "nodata"],
  ["host.old.vc.example", "A", "ok"],
  ["_sips._tcp.vc.example", "SRV", "ok"],
  ["_sip._tcp.vc.example", "SRV", "ok"],
  ["_h323cs._tcp.vc.example", "SRV", "ok"],
  ["_h323ls._udp.vc.example", "SRV", "ok"],
  ["_many._tcp.vc.example", "SRV", "ok"],
  ["many.vc.example", "A", "ok"],
  ["www.child.vc.example", "A", "referral"],
  ["child.vc.example", "A", "referral"],
  ["loop1.vc.example", "A", "cname-loop"],
  ["self.vc.example", "A", "cname-loop"],
  ["www.example.org", "A", "refused"],
  ["www.broken.example", "A", "servfail"],
  [reverseName("10.44.10.5"), "PTR", "ok"],
  [reverseName("10.44.10.6"), "PTR", "ok"],
  [reverseName("10.44.10.7"), "PTR", "nxdomain"],
  [reverseName("10.44.10.8"), "PTR", "nxdomain"],
];

const RECURSIVE: readonly Row[] = [
  ["mgmt01.vc.example", "A", "ok"],
  ["alias1.vc.example", "AAAA", "ok"],
  ["to-nothing.vc.example", "A", "nxdomain"],
  ["to-empty.vc.example", "A", "nodata"],
  ["two.vc.example", "AAAA", "nodata"],
  ["many.vc.example", "A", "ok"],
  ["_sip._tcp.vc.example", "SRV", "ok"],
  ["any.wild.vc.example", "A", "ok"],
  [reverseName("10.44.10.5"), "PTR", "ok"],
  ["www.dead.example", "A", "servfail"],
  ["www.example.org", "A", "servfail"],
];

describeReal("BIND and dig agree with us", ["named", "dig"], ([named = "", dig = ""]) => {
  const folder = workFolder();
  const ports = { authoritative: 0, recursive: 0, closed: 0 };

  beforeAll(async () => {
    ports.authoritative = await freePort();
    await startNamed("authoritative", ports.authoritative, "recursion no;", [
      ["vc.example", ZONE],
      ["10.44.10.in-addr.arpa", REVERSE],
      ["0/26.10.44.10.in-addr.arpa", BLOCK],
    ]);
    ports.closed = await freePort();
    ports.recursive = await freePort();
    // Only the server above is queried: packets from 127.0.0.1 could not leave this machine anyway.
    await startNamed("recursive", ports.recursive, forwarding(ports.authoritative), [], forwardZone(ports.closed));
  }, 60_000);

  async function startNamed(
    name: string,
    port: number,
    options: string,
    zones: readonly (readonly [string, string])[],
    more = "",
  ): Promise<void> {
    const own = join(folder, name);
    mkdirSync(join(own, "keys"), { recursive: true });
    const files = zones.map(([zone, text], index) => {
      writeFileSync(join(own, `zone${index}`), text);
      return `zone "${zone}" { type primary; file "${own}/zone${index}"; };`;
    });
    // A zone that its primary never delivered: SERVFAIL.
    const broken = `zone "broken.example" { type secondary; primaries port 1 { 127.0.0.1; }; file "${own}/broken"; };`;
    writeFileSync(
      join(own, "named.conf"),
      `options { directory "${own}"; listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
        pid-file "${own}/pid"; session-keyfile "${own}/keys/session"; managed-keys-directory "${own}/keys";
        empty-zones-enable no; max-udp-size 1232; dnssec-validation no; query-source address 127.0.0.1; ${options} };
      controls { };
      ${name === "authoritative" ? broken : ""}
      ${files.join("\n")}
      ${more}\n`,
    );
    await start(named, ["-g", "-4", "-n", "1", "-c", join(own, "named.conf")], / running$/m);
  }

  const query = (server: keyof typeof ports, name: string, type: DnsRecordType): Promise<DnsAnswer> =>
    queryDns(
      { kind: "dns", server: "127.0.0.1", port: ports[server], name, type },
      { from: "local", timeout_ms: 10_000, tries: 2, signal: new AbortController().signal },
    );

  it.each(AUTHORITATIVE)("an authoritative server: %s %s is %s", async (name, type, reason) => {
    agree(await query("authoritative", name, type), digsOn(dig, ports.authoritative, name, type), type, reason);
  });

  it.each(RECURSIVE)("a resolver: %s %s is %s", async (name, type, reason) => {
    agree(await query("recursive", name, type), digs(dig, ports.recursive, name, type), type, reason);
  });

  it("an alias out of the server's zones does not resolve there: dig shows only the alias", async () => {
    const answer = await query("authoritative", "outside.vc.example", "A");
    expect(answer).toMatchObject({ records: [], chain: ["outside.vc.example", "www.elsewhere.example"] });
    expect(answer.reason).toBe("refused");
    expect(digs(dig, ports.authoritative, "outside.vc.example", "A").answers).toEqual(["CNAME www.elsewhere.example"]);
    expect(digs(dig, ports.authoritative, "www.elsewhere.example", "A").status).toBe("REFUSED");
  });

  it("a chain of 25 aliases is endless for every client", async () => {
    expect((await query("authoritative", "hop0.vc.example", "A")).records).toEqual([]);
    expect(digs(dig, ports.authoritative, "hop0.vc.example", "A").answers.join()).not.toContain("A 10.44.10.5");
  });

  it("a closed port is one to both", async () => {
    expect(await query("closed", "mgmt01.vc.example", "A")).toMatchObject({ reason: "port-unreachable" });
    expect(() => digs(dig, ports.closed, "mgmt01.vc.example", "A")).toThrow(/connection refused/);
  });
});

function forwarding(port: number): string {
  return `recursion yes; forward only; forwarders port ${port} { 127.0.0.1; }; minimal-responses yes;`;
}

function forwardZone(closedPort: number): string {
  return `zone "dead.example" { type forward; forward only; forwarders port ${closedPort} { 127.0.0.1; }; };`;
}

interface Dug {
  readonly status: string;
  readonly flags: readonly string[];
  /** `A 10.44.10.5`, names without the final dot. */
  readonly answers: readonly string[];
  readonly authority: readonly string[];
}

function digs(dig: string, port: number, name: string, type: string): Dug {
  const args = ["@127.0.0.1", "-p", String(port), "+time=10", "+tries=2", "-q", name, "-t", type];
  let text = "";
  try {
    text = execFileSync(dig, args, { encoding: "utf8" });
  } catch (error) {
    throw new Error((error as { stdout?: string }).stdout ?? "dig failed", { cause: error });
  }
  const section = (title: string): string[] =>
    (new RegExp(`;; ${title} SECTION:\\n((?:[^;\\n].*\\n)*)`).exec(text)?.[1] ?? "")
      .split("\n")
      .filter((line) => line !== "")
      // Of an SOA record only the first server, which is what an answer of ours has.
      .map((line) =>
        line
          .split(/\s+/)
          .slice(3)
          .join(" ")
          .replace(/^(SOA \S+) .*/, "$1")
          .replace(/(\S)\.$/, "$1"),
      );
  return {
    status: /status: (\w+)/.exec(text)?.[1] ?? "",
    flags: (/flags: ([\w ]*);/.exec(text)?.[1] ?? "").split(" "),
    answers: section("ANSWER"),
    authority: section("AUTHORITY"),
  };
}

/** BIND stops at an alias into another zone, including its own; a client that needs the end queries the target. */
function digsOn(dig: string, port: number, name: string, type: DnsRecordType): Dug {
  const dug = digs(dig, port, name, type);
  const [only, ...others] = dug.answers;
  const isAliasAlone = others.length === 0 && only?.startsWith("CNAME ") === true && dug.authority.length === 0;
  if (type === "CNAME" || dug.status !== "NOERROR" || !isAliasAlone) return dug;
  const target = digs(dig, port, only.slice(6), type);
  return { ...target, answers: [...dug.answers, ...target.answers] };
}

/** What dig's answer comes to, by RFC 2308 section 2 and RFC 1034 section 4.3.2. */
function truth({ status, answers, authority }: Dug, type: DnsRecordType): string {
  const targets = answers.filter((line) => line.startsWith("CNAME ")).map((line) => line.slice(6));
  if (type !== "CNAME" && (new Set(targets).size < targets.length || isLoop(targets, status))) return "cname-loop";
  if (status !== "NOERROR") return status.toLowerCase();
  if (answers.some((line) => line.startsWith(`${type} `))) return "ok";
  return authority.some((line) => line.startsWith("NS ")) && !authority.some((line) => line.startsWith("SOA "))
    ? "referral"
    : "nodata";
}

/** BIND answers an alias to itself with SERVFAIL and what it found on the way. */
function isLoop(targets: readonly string[], status: string): boolean {
  return status === "SERVFAIL" && targets.length > 0;
}

function agree(answer: DnsAnswer, dug: Dug, type: DnsRecordType, reason: DnsReason): void {
  expect(answer).toMatchObject({ status: "answered", reason, bogus: 0 });
  expect(truth(dug, type)).toBe(reason);
  if (reason !== "ok") {
    expect(answer.records).toEqual([]);
    return;
  }
  expect(answer.authoritative).toBe(dug.flags.includes("aa"));
  expect(answer.records.map(asDigWrites).sort()).toEqual(
    dug.answers.filter((line) => line.startsWith(`${type} `)).sort(),
  );
}

function asDigWrites(record: DnsAnswer["records"][number]): string {
  switch (record.type) {
    case "A":
    case "AAAA":
      return `${record.type} ${record.address}`;
    case "SRV":
      return `SRV ${record.priority} ${record.weight} ${record.port} ${record.target}`;
    case "SOA":
      return `SOA ${record.mname}`;
    default:
      return `${record.type} ${record.target}`;
  }
}
