import { describe, expect, it } from "vitest";
import { vsphereEndpoint } from "../../support/https-script.ts";
import { rules } from "../../../rules/index.generated.ts";
import { withRootCauses } from "../../../src/engine/evaluation/root-causes.ts";
import type { Check } from "../../../src/schema/report.generated.ts";
import { siteOf } from "../../support/documents.ts";
import { dnsRecords, ntpReply, type Script, servedCertificate } from "../../support/scripted-answers.ts";
import { checksOf, recorder } from "../tiny-rules.ts";

/** Evaluates some of the real rules together. */
async function judge(
  ids: readonly string[],
  deployment: string,
  answers: Script,
  ...inventories: readonly string[]
): Promise<readonly Check[]> {
  const chosen = ids.map((id) => {
    const rule = rules.find((candidate) => candidate.id === id);
    if (rule === undefined) throw new Error(`there is no rule ${id}`);
    return rule;
  });
  return checksOf(chosen, await siteOf(deployment, ...inventories), recorder(answers).responder);
}

/** By check (`rule subject`): its verdict, and the checks that it names as the cause or its root causes. */
function causes(checks: readonly Check[]): Readonly<Record<string, readonly string[]>> {
  const name = ({ rule, subject }: Pick<Check, "rule" | "subject">) => `${rule} ${subject.name}`;
  return Object.fromEntries(
    withRootCauses(checks).map((check) => [
      name(check),
      [check.verdict, ...check.because.map(name), ...check.root_causes.map(name)],
    ]),
  );
}

const TIME_RULES = ["time/ntp-reachable", "time/ntp-synchronised", "time/ntp-agreement", "time/local-clock-offset"];
const NTP1 = "ntp1.example.com";
const OK = { status: "answered", reason: "ok", reply: ntpReply() } as const;

const ntpSite = (servers: string, dns = "10.0.0.1") => `
dns_servers: [${dns}]
ntp_servers: [${servers}]
management_node: { name: m, hostname: mgmt01, domain: example.com, address: 192.0.2.5 }
conferencing_nodes: []
`;

describe("the cause of what stays inconclusive about time", () => {
  it("is a name that does not resolve", async () => {
    const checks = await judge(["dns/ntp-server-resolves", ...TIME_RULES], ntpSite(`${NTP1}, 10.0.0.6, 10.0.0.7`), {
      "ntp 10.0.0.6 123": OK,
      "ntp 10.0.0.7 123": OK,
    });
    const cause = `dns/ntp-server-resolves ${NTP1}`;
    expect(causes(checks)).toMatchObject({
      [cause]: ["fail"],
      [`time/ntp-reachable ${NTP1}`]: ["inconclusive", cause],
      "time/ntp-reachable 10.0.0.6": ["pass"],
      [`time/ntp-synchronised ${NTP1}`]: ["inconclusive", cause],
      "time/ntp-agreement deployment/ntp": ["inconclusive", cause],
      "time/local-clock-offset deployment": ["inconclusive", cause],
    });
  });

  it("is a server that does not answer", async () => {
    const checks = await judge(TIME_RULES, ntpSite("10.0.0.5, 10.0.0.6, 10.0.0.7"), {
      "ntp 10.0.0.6 123": OK,
      "ntp 10.0.0.7 123": OK,
    });
    const cause = "time/ntp-reachable 10.0.0.5";
    expect(causes(checks)).toMatchObject({
      [cause]: ["fail"],
      "time/ntp-synchronised 10.0.0.5": ["inconclusive", cause],
      "time/ntp-synchronised 10.0.0.6": ["pass"],
      "time/ntp-agreement deployment/ntp": ["inconclusive", cause],
      "time/local-clock-offset deployment": ["inconclusive", cause],
    });
  });

  it("is a server that is not synchronised", async () => {
    const checks = await judge(TIME_RULES, ntpSite("10.0.0.5, 10.0.0.6"), {
      "ntp 10.0.0.5 123": { status: "answered", reason: "unsynchronised", reply: ntpReply({ leap: 3, stratum: 16 }) },
      "ntp 10.0.0.6 123": OK,
    });
    const cause = "time/ntp-synchronised 10.0.0.5";
    expect(causes(checks)).toMatchObject({
      "time/ntp-reachable 10.0.0.5": ["pass"],
      [cause]: ["fail"],
      "time/ntp-agreement deployment/ntp": ["inconclusive", cause],
    });
  });

  it("is an entry that names no server", async () => {
    const checks = await judge(["time/ntp-server-address", ...TIME_RULES], ntpSite('"http://ntp1.example.com/"'), {});
    const cause = "time/ntp-server-address http://ntp1.example.com/";
    expect(causes(checks)).toMatchObject({
      [cause]: ["fail"],
      "time/ntp-reachable http://ntp1.example.com/": ["inconclusive", cause],
      "time/ntp-synchronised http://ntp1.example.com/": ["inconclusive", cause],
    });
  });

  it("is not a disagreement of others, if one server does not answer", async () => {
    const checks = await judge(
      ["time/ntp-agreement", "time/ntp-synchronised"],
      ntpSite("10.0.0.6, 10.0.0.7, 10.0.0.5"),
      {
        "ntp 10.0.0.6 123": OK,
        "ntp 10.0.0.7 123": { ...OK, reply: ntpReply({ offset_ms: 90_000 }) },
      },
    );
    expect(causes(checks)).toMatchObject({ "time/ntp-agreement deployment/ntp": ["fail"] });
    const silent = checks.find(({ subject }) => subject.name === "10.0.0.5");
    expect(silent).toMatchObject({ verdict: "inconclusive", because: [] });
  });

  it("is none if the time limit was reached", async () => {
    const checks = await judge(TIME_RULES, ntpSite("10.0.0.5"), {
      "ntp 10.0.0.5 123": { status: "not-asked", reason: "deadline" },
    });
    expect(causes(checks)).toMatchObject({
      "time/ntp-reachable 10.0.0.5": ["inconclusive"],
      "time/ntp-synchronised 10.0.0.5": ["inconclusive"],
    });
  });
});

const DNS_RULES = [
  "dns/node-address-record",
  "dns/node-reverse-record",
  "dns/srv-record",
  "dns/ntp-server-resolves",
  "dns/servers-agree",
];

const dnsSite = (servers: string) => `${ntpSite(NTP1, servers)}domains: [{ name: example.com, services: [sips] }]\n`;

describe("the cause of what stays inconclusive about names", () => {
  const SILENT = { status: "no-answer", reason: "timeout" } as const;
  const allSilent = (server: string): Script =>
    Object.fromEntries(
      [
        ...["mgmt01.example.com", NTP1].flatMap((name) => [`${name} A`, `${name} AAAA`, `${name} A tcp`]),
        "5.2.0.192.in-addr.arpa PTR",
        "_sips._tcp.example.com SRV",
      ].map((question) => [`dns ${server} 53 ${question}`, SILENT]),
    );

  it("is a DNS server that does not answer", async () => {
    const checks = await judge(["dns/server-reachable", ...DNS_RULES], dnsSite("10.0.0.1"), allSilent("10.0.0.1"));
    const cause = "dns/server-reachable 10.0.0.1";
    expect(causes(checks)).toEqual({
      [cause]: ["fail"],
      "dns/node-address-record m": ["inconclusive", cause],
      "dns/node-reverse-record m": ["inconclusive", cause],
      "dns/srv-record example.com/_sips._tcp": ["inconclusive", cause],
      [`dns/ntp-server-resolves ${NTP1}`]: ["inconclusive", cause],
      "dns/servers-agree deployment/dns": ["not-applicable"],
    });
  });

  it("is a DNS server to which no more queries were sent because it did not answer", async () => {
    const script = Object.fromEntries(
      Object.keys(allSilent("10.0.0.1")).map((key, index) => [
        key,
        index < 3 ? SILENT : ({ status: "not-asked", reason: "server-silent" } as const),
      ]),
    );
    const checks = await judge(["dns/server-reachable", ...DNS_RULES], dnsSite("10.0.0.1"), script);
    const cause = "dns/server-reachable 10.0.0.1";
    expect(causes(checks)).toMatchObject({
      [cause]: ["fail"],
      "dns/node-address-record m": ["inconclusive", cause],
      "dns/srv-record example.com/_sips._tcp": ["inconclusive", cause],
      [`dns/ntp-server-resolves ${NTP1}`]: ["inconclusive", cause],
    });
  });

  it("is the unresponsive one of two, for what needs both", async () => {
    const checks = await judge(["dns/server-reachable", "dns/servers-agree"], dnsSite("10.0.0.1, 10.0.0.2"), {
      "dns 10.0.0.1 53 mgmt01.example.com A": dnsRecords("mgmt01.example.com", ["A", "192.0.2.5"]),
      ...allSilent("10.0.0.2"),
    });
    expect(causes(checks)).toEqual({
      "dns/server-reachable 10.0.0.1": ["pass"],
      "dns/server-reachable 10.0.0.2": ["fail"],
      "dns/servers-agree deployment/dns": ["inconclusive", "dns/server-reachable 10.0.0.2"],
    });
  });

  it("is not a check with another finding in the same round of queries", async () => {
    const owner = "_sips._tcp.example.com";
    const checks = await judge(
      ["dns/server-reachable", "dns/srv-record", "dns/servers-agree"],
      dnsSite("10.0.0.1, 10.0.0.2"),
      {
        [`dns 10.0.0.1 53 ${owner} SRV`]: { status: "answered", reason: "nxdomain" },
        ...allSilent("10.0.0.2"),
      },
    );
    expect(causes(checks)).toEqual({
      "dns/server-reachable 10.0.0.1": ["pass"],
      "dns/server-reachable 10.0.0.2": ["fail"],
      "dns/srv-record example.com/_sips._tcp": ["fail"],
      "dns/servers-agree deployment/dns": ["inconclusive", "dns/server-reachable 10.0.0.2"],
    });
  });

  it("is not an unresponsive server whose answer a check read in passing: its gap is a value of the file", async () => {
    const site = dnsSite("10.0.0.1, 10.0.0.2").replace(", address: 192.0.2.5", "");
    const checks = await judge(["dns/server-reachable", "dns/node-address-record"], site, {
      "dns 10.0.0.1 53 mgmt01.example.com A": dnsRecords("mgmt01.example.com", ["A", "192.0.2.5"]),
      ...allSilent("10.0.0.2"),
    });
    expect(causes(checks)).toMatchObject({
      "dns/server-reachable 10.0.0.2": ["fail"],
      "dns/node-address-record m": ["inconclusive"],
    });
    expect(checks.find(({ rule }) => rule === "dns/node-address-record")?.because).toEqual([]);
  });

  it("is a DNS server that is no address", async () => {
    const checks = await judge(
      ["dns/server-address", "dns/server-reachable", ...DNS_RULES],
      dnsSite("ns1.example.com"),
      {},
    );
    const cause = "dns/server-address ns1.example.com";
    expect(causes(checks)).toMatchObject({
      [cause]: ["fail"],
      "dns/server-reachable ns1.example.com": ["inconclusive", cause],
      "dns/node-address-record m": ["inconclusive", cause],
      "dns/srv-record example.com/_sips._tcp": ["inconclusive", cause],
      [`dns/ntp-server-resolves ${NTP1}`]: ["inconclusive", cause],
    });
  });
});

const SERVICE = "example.com/_sips._tcp";
const callSite = `
dns_servers: [10.0.0.1]
system_locations: [{ name: Oslo }]
domains: [{ name: example.com, services: [sips] }]
conferencing_nodes: [{ name: a, hostname: conf01, domain: example.com, address: 192.0.2.21, system_location: Oslo }]
`;

describe("the cause of what stays inconclusive about SRV records", () => {
  const SRV_RULES = ["dns/srv-record", "dns/srv-target-resolves", "dns/srv-covers-nodes"];

  it("is that there is none", async () => {
    const checks = await judge(SRV_RULES, callSite, {});
    expect(causes(checks)).toEqual({
      [`dns/srv-record ${SERVICE}`]: ["fail"],
      [`dns/srv-target-resolves ${SERVICE}`]: ["inconclusive", `dns/srv-record ${SERVICE}`],
      [`dns/srv-covers-nodes ${SERVICE}`]: ["inconclusive", `dns/srv-record ${SERVICE}`],
    });
  });

  it("is a target that has no address", async () => {
    const checks = await judge(SRV_RULES, callSite, {
      "dns 10.0.0.1 53 _sips._tcp.example.com SRV": dnsRecords("_sips._tcp.example.com", [
        "SRV",
        "10 10 5061 conf01.example.co",
      ]),
    });
    expect(causes(checks)).toEqual({
      [`dns/srv-record ${SERVICE}`]: ["pass"],
      [`dns/srv-target-resolves ${SERVICE}`]: ["fail"],
      [`dns/srv-covers-nodes ${SERVICE}`]: ["inconclusive", `dns/srv-target-resolves ${SERVICE}`],
    });
  });
});

describe("the cause of what stays inconclusive about the VM manager's certificate", () => {
  const RULES = ["network/port-443-vm-manager", "tls/vm-manager-certificate"];
  const site = "vm_manager: { address: 10.0.0.9 }";

  it("is a closed port", async () => {
    const checks = await judge(RULES, site, { "tcp 10.0.0.9 443": { status: "no-answer", reason: "refused" } });
    expect(causes(checks)).toEqual({
      "network/port-443-vm-manager 10.0.0.9": ["fail"],
      "tls/vm-manager-certificate 10.0.0.9": ["inconclusive", "network/port-443-vm-manager 10.0.0.9"],
    });
  });

  it("is none if the certificate itself fails", async () => {
    const checks = await judge(RULES, site, {
      ...vsphereEndpoint("10.0.0.9", undefined, { tls: servedCertificate(["expired"]) }),
    });
    expect(causes(checks)).toEqual({
      "network/port-443-vm-manager 10.0.0.9": ["pass"],
      "tls/vm-manager-certificate 10.0.0.9": ["fail"],
    });
  });
});

describe("one wrong address is one root cause", () => {
  const RULES = [
    "network/ipv4-address",
    "network/gateway-in-subnet",
    "network/static-route",
    "network/unique-address",
    "time/ntp-not-self",
  ];
  const MASK = "netmask: 255.255.255.0, gateway: 10.44.10.1";
  const siteWithAddress = (address: string) => `
dns_servers: [10.44.0.10]
ntp_servers: [10.44.0.20]
management_node: { name: m, hostname: m, address: 10.44.10.5, ${MASK} }
system_locations: [{ name: Oslo }]
conferencing_nodes:
  - { name: a, hostname: a, system_location: Oslo, address: 10.44.10.21, ${MASK} }
  - { name: b, hostname: b, system_location: Oslo, address: ${address}, ${MASK}, static_routes: [{ name: r, address: 10.0.0.0, prefix: 8, gateway: 10.44.10.2 }] }
`;
  const unique = "network/unique-address deployment";
  const ipv4 = "network/ipv4-address b";

  it.each([
    ["that of another node", "10.44.10.21", unique],
    ["that of the gateway", "10.44.10.1", unique],
    ["that of a DNS server", "10.44.0.10", unique],
    ["that of an NTP server", "10.44.0.20", unique],
    ["multicast", "224.0.0.9", ipv4],
    ["the broadcast address of another network", "10.44.11.255", ipv4],
    ["no address", "10.44.10", ipv4],
  ])("%s", async (_, address, cause) => {
    const checks = await judge(RULES, siteWithAddress(address), {});
    const failed = withRootCauses(checks).filter(
      ({ verdict, root_causes }) => verdict === "fail" && root_causes.length === 0,
    );
    expect(failed.map(({ rule, subject }) => `${rule} ${subject.name}`)).toEqual([cause]);
    expect(failed[0]?.findings).toHaveLength(1);
    const inconclusive = checks.filter(({ verdict }) => verdict === "inconclusive");
    for (const { rule, subject, because } of inconclusive.filter(({ rule }) => rule !== "network/unique-address")) {
      expect({ rule, subject, because: because.map((it) => `${it.rule} ${it.subject.name}`) }).toEqual({
        rule,
        subject,
        because: [cause],
      });
    }
  });
});

it("names the EVC mode that hides AVX as the cause of levels below it", async () => {
  const inventory = `
clusters: [{ name: one, evc_mode: intel-westmere }]
hosts: [{ name: esxi01, cluster: one, version: "7.0.3" }]
virtual_machines:
  - { name: a, host: esxi01, cluster: one, power_state: poweredOn, hardware_version: 19, min_required_evc_mode: intel-nehalem }
`;
  const ids = ["cluster/evc-min-sandy-bridge", "vm/evc-level-current"];
  const checks = await judge(ids, "conferencing_nodes: [{ name: a, hostname: a }]", {}, inventory);
  expect(causes(checks)).toEqual({
    "cluster/evc-min-sandy-bridge one": ["fail"],
    "vm/evc-level-current a": ["fail", "cluster/evc-min-sandy-bridge one"],
  });
});
