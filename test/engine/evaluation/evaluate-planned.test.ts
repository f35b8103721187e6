import { describe, expect, it } from "vitest";
import type { Node } from "../../../src/site/deployment/deployment-objects.ts";
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

describe("a rule that sends queries for some hosts only", () => {
  const first = tcp("10.0.0.9");
  const asking = (count: number) =>
    tinyRule("node", (node, { query, fail }) => {
      if (node.clusterHosts.hosts.items.length !== count) return;
      const [answer] = query([first]);
      if (answer?.reason !== "open") fail("bad", { at: [node], data: { what: node.name } });
    });

  it.each([2, 1])("is evaluated after the answer: %i hosts", async (count) => {
    for (const [script, expected] of [
      [{ "tcp 10.0.0.9 443": { status: "answered", reason: "open" } }, "pass"],
      [{}, "inconclusive"],
    ] as const) {
      const { batches, responder } = recorder(script);
      const [result] = await evaluated([asking(count)], await siteOf(DEPLOYMENT, estate(OPEN)), responder);
      expect(batches).toEqual([[first]]);
      expect([result?.outcome?.verdict, result?.questions]).toEqual([expected, ["tcp 10.0.0.9 443"]]);
    }
  });

  it("keeps the queries that left either case open", async () => {
    for (const count of [1, 2]) {
      const rule = tinyRule("node", (node, { query, inconclusive }) => {
        if (node.clusterHosts.hosts.items.length !== count) return;
        query([first]);
        inconclusive("no answer");
      });
      const { responder } = recorder();
      const [result] = await evaluated([rule], await siteOf(DEPLOYMENT, estate(OPEN)), responder);
      expect(result?.outcome).toEqual({
        verdict: "inconclusive",
        missing: [expect.objectContaining({ what: HA })],
        reason: "no answer",
        openBy: ["tcp 10.0.0.9 443"],
      });
    }
  });
});

describe("the severity of a verdict about a node's hosts", () => {
  type Act = (context: TinyContext, at: Node) => void;
  const gap =
    (severity?: "warn" | "info"): Act =>
    (context, node) => {
      context.need(node, "vm_cpu_count", severity === undefined ? {} : { severity });
    };
  const error: Act = ({ fail }, node) => {
    fail("bad", { at: [node], data: { what: node.name } });
  };
  const warning: Act = ({ fail }, node) => {
    fail("plain", { at: [node] });
  };
  const resultOf = async (both: Act, without: Act) => {
    const rule = tinyRule(
      "node",
      (node, context) => {
        (node.clusterHosts.hosts.items.length === 2 ? both : without)(context, node);
      },
      { messageSeverity: { plain: "warn" } },
    );
    const [check] = await checksOf([rule], await siteOf(DEPLOYMENT, estate(OPEN)));
    return [check?.verdict, check?.severity, ...(check?.missing ?? []).map(({ what }) => what)];
  };
  const CPU = "conferencing_nodes.vm_cpu_count is not in the deployment";

  it.each<readonly [string, Act, Act, readonly (string | undefined)[]]>([
    ["a gap that counts the same in both", gap("warn"), gap("warn"), ["inconclusive", "warn", CPU]],
    ["a gap that counts less with the open hosts", gap("warn"), gap(), ["inconclusive", "error", CPU]],
    ["a gap that counts less without them", gap(), gap("warn"), ["inconclusive", "error", CPU]],
    ["gaps that both count less, by a different amount", gap("info"), gap("warn"), ["inconclusive", "error", CPU]],
    ["a gap in one case, which counts less", gap("warn"), () => undefined, ["inconclusive", "error", HA, CPU]],
    ["a more severe failure with the open hosts", error, warning, ["inconclusive", "error", HA]],
    ["a more severe failure without them", warning, error, ["fail", "error"]],
    ["a failure beside a gap", warning, gap("warn"), ["inconclusive", "error", HA, CPU]],
  ])("is certain: %s", async (_, both, without, expected) => {
    expect(await resultOf(both, without)).toEqual(expected);
  });
});

describe("the values that would determine the hosts", () => {
  const twoOpen = estate(OPEN).replace("name: K, ha_enabled: true, ha_host_monitoring: true", `name: K, ${OPEN}`);
  const HA_K = HA.replace(/H$/, "K");

  it("are those of the node, or of the nodes that may run on the host", async () => {
    const bad = twoOpen.replaceAll(/(name: .2, .*)maintenance_mode: false/g, "$1maintenance_mode: true");
    expect(await verdicts(every, bad)).toEqual({ a: [HA], b: [HA_K] });
    expect(await verdicts(ofHost, bad)).toEqual({ h1: "pass", h2: [HA], k1: "pass", k2: [HA_K] });
    expect(await verdicts(ofNetwork, bad)).toMatchObject({ "h2/media": [HA], "k2/media": [HA_K] });
  });

  it("are those of all nodes for any other subject, and for a node whose own hosts are certain", async () => {
    const bad = twoOpen.replaceAll(/(name: .2, .*)maintenance_mode: false/g, "$1maintenance_mode: true");
    expect(await verdicts(ofLocation, bad)).toEqual({ Oslo: [HA, HA_K] });
    const ofOthers = tinyRule("node", (_, context) => {
      for (const other of context.site.nodes) {
        for (const host of other.clusterHosts.hosts.items) if (isBad(host, context)) fails(context, host);
      }
    });
    expect(await verdicts(ofOthers, estate(OPEN, ["h2"]))).toEqual({ a: [HA], b: [HA] });
  });
});

describe("a verdict on contradictory values", () => {
  type Act = (context: TinyContext, host: Host) => void;
  const pass: Act = () => undefined;
  const gap: Act = ({ need }, host) => void need(host, "in_maintenance_mode");
  const lesserGap: Act = ({ need }, host) => void need(host, "in_maintenance_mode", { severity: "warn" });
  const notApplicable: Act = ({ notApplicable: end }) => end("no");
  const crash: Act = () => {
    throw new Error("broken");
  };
  const error: Act = ({ fail }, host) => {
    fail("bad", { at: [host], data: { what: host.name } });
  };
  const warning: Act = ({ fail }, host) => {
    fail("plain", { at: [host] });
  };
  const INVENTORY = 'hosts: [{ name: h1, version: "7.0.0", api_version: "6.7.3" }]\nvirtual_machines: []';
  const NODE = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: h1 } }]";

  /** A rule that acts by which of the two values it is given: neither, or one of them. */
  const byValue = (neither: Act, version: Act, api: Act) =>
    tinyRule(
      "host",
      (host, context) => {
        const given = [context.known(host, "version"), context.known(host, "api_version")];
        expect(given.filter((value) => value !== undefined).length).toBeLessThan(2);
        (given[0] !== undefined ? version : given[1] !== undefined ? api : neither)(context, host);
      },
      { messageSeverity: { plain: "warn" } },
    );

  it.each<readonly [string, readonly [neither: Act, version: Act, api: Act], string, string]>([
    ["passes with neither and with either", [pass, pass, pass], "pass", "error"],
    ["is inconclusive without them and passes with either", [gap, pass, pass], "inconclusive", "error"],
    ["fails with the first", [gap, error, pass], "fail", "error"],
    ["fails with the second", [gap, pass, error], "fail", "error"],
    ["passes without them and fails with one", [pass, pass, error], "fail", "error"],
    ["does not apply without them and fails with one", [notApplicable, error, pass], "fail", "error"],
    ["fails with both, the second more severe", [gap, warning, error], "fail", "error"],
    ["fails with both, the first more severe", [gap, error, warning], "fail", "error"],
    ["passes without them, and fails with both, the first more severe", [pass, error, warning], "fail", "error"],
    ["may fail with something more severe than is proven", [gap, warning, pass], "inconclusive", "error"],
    ["passes without them and fails with one, less severe", [pass, warning, pass], "fail", "warn"],
    ["may fail with nothing more severe than is proven", [lesserGap, warning, pass], "fail", "warn"],
    ["fails without them", [warning, crash, error], "fail", "warn"],
    ["crashes without them", [crash, error, pass], "crashed", "error"],
    ["crashes with one", [gap, pass, crash], "crashed", "error"],
  ])("%s", async (_, acts, verdict, severity) => {
    const [check] = await checksOf([byValue(...acts)], await siteOf(NODE, INVENTORY));
    expect([check?.verdict, check?.severity]).toEqual([verdict, severity]);
  });

  it.each([
    ["open", "pass"],
    ["refused", "fail"],
  ])("uses the answer to a query that only one of them causes: %s", async (reason, verdict) => {
    const asking: Act = ({ query, fail }, host) => {
      const [answer] = query([tcp("10.0.0.9")]);
      if (answer?.reason !== "open") fail("bad", { at: [host], data: { what: host.name } });
    };
    for (const acts of [
      [pass, asking, pass],
      [pass, pass, asking],
      [asking, pass, pass],
    ] as const) {
      const { batches, responder } = recorder({
        "tcp 10.0.0.9 443": { status: reason === "open" ? "answered" : "no-answer", reason },
      } as Parameters<typeof recorder>[0]);
      const [check] = await checksOf([byValue(...acts)], await siteOf(NODE, INVENTORY), responder);
      expect([batches, check?.verdict]).toEqual([[[tcp("10.0.0.9")]], verdict]);
    }
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
