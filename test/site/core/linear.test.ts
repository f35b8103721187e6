import { afterEach, describe, expect, it, vi } from "vitest";
import { reportChecks } from "../../../src/engine/evaluation/report-checks.ts";
import { evaluate, type EvaluatedPlan } from "../../../src/engine/evaluation/evaluate.ts";
import { Evidence } from "../../../src/engine/evaluation/evidence.ts";
import { defaultOptions, plan } from "../../../src/engine/evaluation/plan.ts";
import type { Deployment } from "../../../src/schema/deployment.generated.ts";
import type { Document, DocumentKind } from "../../../src/site/core/document.ts";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { Site } from "../../../src/site/site.ts";
import { SiteObject } from "../../../src/site/core/site-object.ts";
import { evaluatedChecks } from "../../support/evaluated-checks.ts";
import { rules } from "../../../rules/index.generated.ts";

/**
 * A site with that many nodes, VMs, hosts and port groups, one distributed switch over all hosts, and gaps. The size of
 * its clusters does not grow with the site: vSphere has a limit (96 hosts), and every host of a cluster is evaluated.
 */
function siteOfSize(size: number, clusterSize: number): Site {
  const indices = Array.from({ length: size }, (_, index) => index);
  const clusters = indices.slice(0, Math.ceil(size / clusterSize));
  const clusterOf = (index: number) => `cluster${Math.floor(index / clusterSize)}`;
  const deployment: Deployment = {
    platform: { version: "25" },
    dns_servers: ["10.0.0.1"],
    ntp_servers: ["ntp1.example", "ntp2.example", "ntp3.example"],
    system_locations: clusters.map((index) => ({ name: `Location ${index}`, dns_servers: [`10.9.${index % 200}.1`] })),
    management_node: { name: "manager", hostname: "manager" },
    conferencing_nodes: indices.map((index) => ({
      name: `node${index}`,
      hostname: `conf${index}`,
      domain: "vc.example",
      address: `10.${Math.floor(index / 62_500)}.${Math.floor(index / 250) % 250}.${index % 250}`,
      system_location: `location ${index % clusters.length}`,
      vm_cpu_count: 4,
      vm_system_memory: index % 7 === 0 ? 4098 : 4096,
      vm: { name: `vm${index}`, cluster: clusterOf(index), network: `net${index}`, hardware_version: 14 },
    })),
  };
  const inventory: Inventory = {
    coverage: Object.fromEntries(indices.map((index) => [`hosts[host${index}].build`, `reason ${index}`])),
    clusters: clusters.map((index) => ({
      name: `Cluster${index}`,
      evc_mode: index % 3 === 0 ? "intel-westmere" : "intel-skylake",
      ha_enabled: true,
      ha_host_monitoring: true,
    })),
    hosts: indices.map((index) => ({
      name: `host${index}`,
      // The cluster of every hundredth host is missing, so that no cluster's list of hosts is complete.
      ...(index % 100 === 99 ? {} : { cluster: clusterOf(index) }),
      version: "6.7.0",
      ...(index % 5 === 0 ? {} : { cpu: { cores: 16, features: { avx: true, avx2: true, avx512f: true } } }),
      virtual_switches: [
        { name: "vSwitch0", teaming_policy: "loadbalance_ip" as const, uplinks: ["vmnic0", "vmnic1"] },
      ],
      port_groups: [{ name: `Net${index}`, virtual_switch: "vswitch0", teaming_policy: null }],
    })),
    distributed_switches: [
      { name: "dvs", hosts: indices.map((index) => ({ name: `host${index}`, uplinks: ["a", "b"] })) },
    ],
    distributed_port_groups: indices.map((index) => ({
      name: `net${index}`,
      distributed_switch: "DVS",
      teaming_policy: "loadbalance_ip" as const,
    })),
    virtual_machines: indices.map((index) => ({
      name: index % 2 === 0 ? `vm${index}` : `VM${index}`,
      host: `host${index}`,
      cluster: clusterOf(index),
      memory_mb: 4096,
      hardware_version: 10,
      nics: [{ network: `net${index}`, mac_address: "00:50:56:00:00:00" }],
    })),
  };
  return new Site({ deployment: inMemory("deployment", deployment), inventories: [inMemory("inventory", inventory)] });
}

function inMemory<T>(kind: DocumentKind, value: T): Document<T> {
  const nowhere = { path: kind, line: 1, column: 1, end_line: 1, end_column: 1 };
  return {
    kind,
    path: kind,
    sha256: "",
    value,
    secrets: [],
    directives: [],
    locate: () => nowhere,
    locateKey: () => nowhere,
  };
}

async function judge(site: Site): Promise<EvaluatedPlan> {
  const enabled = rules
    .filter(({ live }) => live !== true)
    .map((rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null }));
  const responder = () => Promise.reject(new Error("nothing is asked"));
  return evaluate(plan(enabled, site), { site, now: 0, responder, evidence: new Evidence() });
}

/** The cost of linking and evaluating a site, in operations that every comparison and every access to a value uses. */
async function work(size: number) {
  const reads = vi.spyOn(SiteObject.prototype, "read");
  const optionalReads = vi.spyOn(SiteObject.prototype, "valueOrUndefined");
  const comparisons = vi.spyOn(String.prototype, "toLowerCase");
  const { checks } = reportChecks(await judge(siteOfSize(size, 10)), new Evidence());
  const counts = {
    reads: reads.mock.calls.length + optionalReads.mock.calls.length,
    comparisons: comparisons.mock.calls.length,
  };
  vi.restoreAllMocks();
  const gaps = checks.map(({ missing }) => missing.length).reduce((sum, count) => sum + count, 0);
  return { ...counts, checks: checks.length, gaps };
}

afterEach(() => {
  vi.restoreAllMocks();
});

describe("a site that is twice as large", () => {
  it("takes about twice the work: no list is searched for every item of another", async () => {
    const [small, large] = [await work(250), await work(500)];
    expect(small.checks).toBeGreaterThan(250);
    for (const kind of ["reads", "comparisons", "checks", "gaps"] as const) {
      expect(small[kind], kind).toBeGreaterThan(0);
      expect(large[kind] / small[kind], kind).toBeLessThan(2.2);
    }
  });
});

describe("a site of 5,000 nodes on 5,000 hosts", () => {
  it("is evaluated by every rule", async () => {
    const checks = evaluatedChecks(await judge(siteOfSize(5000, 2)));
    expect(checks.filter(({ outcome }) => outcome?.verdict === "crashed")).toEqual([]);
    const memory = checks.filter(({ planned }) => planned.enabled.rule.id === "vm/memory-multiple-of-4");
    expect(memory.filter(({ outcome }) => outcome?.verdict === "fail")).toHaveLength(Math.ceil(5000 / 7));
  });
});
