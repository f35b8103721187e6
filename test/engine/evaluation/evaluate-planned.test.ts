import { describe, expect, it } from "vitest";
import type { Host } from "../../../src/site/estate/estate-objects.ts";
import { siteOf } from "../../support/documents.ts";
import { checksOf, evaluated, recorder, tcp, type TinyContext, tinyRule } from "../tiny-rules.ts";

const DEPLOYMENT = `
system_locations: [{ name: Oslo }]
conferencing_nodes:
  - { name: a, hostname: a, system_location: Oslo, vm: { host: h1, network: media } }
  - { name: b, hostname: b, system_location: Oslo, vm: { host: k1, network: media } }
`;

/**
 * Node `a` is on h1, which shares a cluster with h2; node `b` on k1, with k2. The hosts in maintenance mode are bad.
 */
const estate = (cluster: string, bad: readonly string[] = []) => `
clusters: [{ name: H, ${cluster} }, { name: K, ha_enabled: true, ha_host_monitoring: true }]
hosts:
${["h1", "h2", "k1", "k2"].map((name) => `  - { name: ${name}, cluster: ${name.slice(0, 1)}, in_maintenance_mode: ${bad.includes(name)} }`).join("\n")}
virtual_machines: []
`;
const OPEN = "drs_enabled: false";
const MOVES = "ha_enabled: true, ha_host_monitoring: true";
const STAYS = "ha_enabled: false, drs_enabled: false";
const HA =
  "clusters.ha_enabled is not in the inventory; it determines whether nodes may run on the other hosts of cluster H";

const isBad = (host: Host, { need }: TinyContext) => need(host, "in_maintenance_mode");
const fails = ({ fail }: TinyContext, at: Host) => {
  fail("bad", { at: [at], data: { what: `Host ${at.name}` } });
};

/** Every host must be good. */
const every = tinyRule("node", (node, context) => {
  context.each(node.clusterHosts.hosts, (host) => {
    if (isBad(host, context)) fails(context, host);
  });
});
/** One bad host is enough not to apply. */
const some = tinyRule("node", (node, context) => {
  if (node.clusterHosts.hosts.items.some((host) => isBad(host, context))) context.notApplicable("one is bad");
});
/** One good host is enough. */
const one = tinyRule("node", (node, context) => {
  const [first, ...rest] = node.clusterHosts.hosts.items;
  if (first !== undefined && [first, ...rest].every((host) => isBad(host, context))) fails(context, first);
});
const ofHost = tinyRule("host", (host, context) => {
  if (isBad(host, context)) fails(context, host);
});
const ofNetwork = tinyRule("port-group", ({ host }, context) => {
  if (isBad(host, context)) fails(context, host);
});
const ofLocation = tinyRule("location", (location, context) => {
  for (const node of context.needAll(context.site.relations.nodesIn(location))) {
    for (const host of context.needAll(node.clusterHosts.hosts)) if (isBad(host, context)) fails(context, host);
  }
});

/** The verdict on each subject, with what is missing. */
async function verdicts(rule: ReturnType<typeof tinyRule>, inventory: string) {
  const checks = await checksOf([rule], await siteOf(DEPLOYMENT, inventory));
  return Object.fromEntries(
    checks.map(({ subject, verdict, missing, findings }) => [
      subject.name,
      verdict === "inconclusive"
        ? missing.map(({ what }) => what)
        : [verdict, ...findings.map(({ message }) => message)].join(" "),
    ]),
  );
}

describe("a verdict about a node's hosts", () => {
  it("is the same if the undecided host changes nothing", async () => {
    expect(await verdicts(every, estate(OPEN))).toEqual({ a: "pass", b: "pass" });
    expect(await verdicts(some, estate(OPEN, ["h1"]))).toMatchObject({ a: "not-applicable" });
  });

  it("is inconclusive if that host decides, and reports what would resolve it", async () => {
    expect(await verdicts(every, estate(OPEN, ["h2"]))).toEqual({ a: [HA], b: "pass" });
    expect(await verdicts(some, estate(OPEN, ["h2"]))).toEqual({ a: [HA], b: "pass" });
    expect(await verdicts(one, estate(OPEN, ["h1"]))).toEqual({ a: [HA], b: "pass" });
  });

  it("is settled by HA or DRS, either way", async () => {
    expect(await verdicts(every, estate(MOVES, ["h2"]))).toMatchObject({ a: "fail Host h2 is bad." });
    expect(await verdicts(every, estate(STAYS, ["h2"]))).toMatchObject({ a: "pass" });
  });

  it("is a failure if a certain host fails, and reports only that one", async () => {
    expect(await verdicts(every, estate(OPEN, ["h1", "h2", "k2"]))).toEqual({
      a: "fail Host h1 is bad.",
      b: "fail Host k2 is bad.",
    });
  });

  it("keeps the gaps that there are without it", async () => {
    const inventory = estate(OPEN, ["h2"]).replace(
      "name: h1, cluster: h, in_maintenance_mode: false",
      "name: h1, cluster: h",
    );
    const gap = "hosts.in_maintenance_mode is not in the inventory";
    expect(await verdicts(some, inventory)).toMatchObject({ a: [gap] });
    expect(await verdicts(every, inventory)).toMatchObject({ a: [HA, gap] });
  });
});

describe("a verdict about a host that a node may or may not come to run on", () => {
  it("is kept unless it is a failure", async () => {
    expect(await verdicts(ofHost, estate(OPEN))).toEqual({ h1: "pass", h2: "pass", k1: "pass", k2: "pass" });
    expect(await verdicts(ofHost, estate(OPEN, ["h2", "k2"]))).toMatchObject({ h2: [HA], k2: "fail Host k2 is bad." });
    expect(await verdicts(ofHost, estate(OPEN, ["h1"]))).toMatchObject({ h1: "fail Host h1 is bad.", h2: "pass" });
    expect(await verdicts(ofHost, estate(STAYS, ["h2"]))).toEqual({ h1: "pass", k1: "pass", k2: "pass" });
  });

  it("is likewise one about its port groups", async () => {
    expect(await verdicts(ofNetwork, estate(OPEN, ["h2"]))).toMatchObject({ "h1/media": "pass", "h2/media": [HA] });
  });

  it("is likewise one about the location of the node", async () => {
    expect(await verdicts(ofLocation, estate(OPEN, ["h2"]))).toEqual({ Oslo: [HA] });
    expect(await verdicts(ofLocation, estate(OPEN))).toEqual({ Oslo: "pass" });
  });
});

describe("a rule that sends queries", () => {
  const address = (host: Host) => `10.0.0.${["h1", "h2", "k1", "k2"].indexOf(host.name)}`;
  const asking = tinyRule("node", (node, { query, each, fail }) => {
    each(node.clusterHosts.hosts, (host) => {
      const [answer] = query([tcp(address(host))]);
      if (answer?.reason !== "open") fail("bad", { at: [host], data: { what: host.name } });
    });
  });

  it("queries all hosts, each once, and evaluates both cases when the answers are available", async () => {
    const { batches, responder } = recorder(
      Object.fromEntries([0, 2, 3].map((last) => [`tcp 10.0.0.${last} 443`, { status: "answered", reason: "open" }])),
    );
    const results = await evaluated([asking], await siteOf(DEPLOYMENT, estate(OPEN)), responder);
    expect(batches.map((batch) => batch.length)).toEqual([4]);
    expect(results.map(({ outcome }) => outcome?.verdict)).toEqual(["inconclusive", "pass"]);
    expect(results[0]?.questions).toEqual(["tcp 10.0.0.0 443", "tcp 10.0.0.1 443"]);
  });
});

describe("a rule that breaks", () => {
  it("has crashed, with or without the hosts that are open", async () => {
    const broken = (count: number) =>
      tinyRule("node", (node) => {
        if (node.clusterHosts.hosts.items.length === count) throw new Error("broken");
      });
    expect(await verdicts(broken(1), estate(OPEN))).toEqual({ a: "crashed", b: "pass" });
    expect(await verdicts(broken(2), estate(OPEN))).toEqual({ a: "crashed", b: "crashed" });
  });
});
