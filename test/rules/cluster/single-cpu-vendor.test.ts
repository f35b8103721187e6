import rule from "../../../rules/cluster/single-cpu-vendor.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: vc-core } }]";

const evaluated = (name: string, cpus: readonly string[], expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: `
clusters: [{ name: vc-core }]
hosts:
${cpus.map((cpu, index) => `  - { name: esxi0${index + 1}, cluster: vc-core, cpu: { ${cpu} } }`).join("\n")}
virtual_machines: []
`,
  expect: { "cluster:vc-core": expected },
});

const [intel, amd] = ["vendor: «vendor-1|intel»", "vendor: «vendor-2|amd»"];

ruleTester.run(rule, [
  evaluated("passes Intel alone", [intel, intel], { verdict: "pass" }),
  evaluated("passes AMD alone", [amd, amd], { verdict: "pass" }),
  evaluated("fails the one AMD host among Intel hosts", [intel, amd, intel], {
    verdict: "fail",
    findings: [["mixed", "«vendor-2»", "esxi02 has AMD, esxi01 has Intel"]],
    severity: "info",
  }),
  evaluated("fails the one Intel host among AMD hosts", [intel, amd, amd], {
    verdict: "fail",
    findings: [["mixed", "«vendor-1»", "esxi01 has Intel, esxi02 has AMD"]],
  }),
  evaluated("points at the later one of two halves", [amd, intel], {
    verdict: "fail",
    findings: [["mixed", "«vendor-1»", "esxi02 has Intel, esxi01 has AMD"]],
  }),
  evaluated("fails a proven mix though another host is unknown", [intel, "cores: 8", amd], { verdict: "fail" }),
  evaluated("does not pass while a vendor is missing", [intel, "cores: 8"], {
    verdict: "inconclusive",
    missing: ["hosts.cpu.vendor is not in the inventory"],
  }),
  {
    name: "does not pass while only a VM names one of the cluster's hosts",
    deployment,
    inventory: `
clusters: [{ name: vc-core }]
hosts: [{ name: esxi01, cluster: vc-core, cpu: { vendor: intel } }]
virtual_machines: [{ name: dc01, host: esxi09, cluster: vc-core }]
`,
    expect: { "cluster:vc-core": { verdict: "inconclusive", missing: ["host esxi09 is not in the inventory"] } },
  },
  {
    name: "does not pass a cluster whose hosts are not in the inventory",
    deployment,
    inventory: "clusters: [{ name: vc-core }]\nhosts: []\nvirtual_machines: []",
    expect: {
      "cluster:vc-core": { verdict: "inconclusive", missing: ["no host of cluster vc-core is in the inventory"] },
      "deployment:deployment": { verdict: "inconclusive" },
    },
  },
  {
    name: "does not compare hosts of different clusters",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { cluster: one } }
  - { name: b, hostname: b, vm: { cluster: two } }
`,
    inventory: `
clusters: [{ name: one }, { name: two }]
hosts:
  - { name: esxi01, cluster: one, cpu: { vendor: intel } }
  - { name: esxi02, cluster: two, cpu: { vendor: amd } }
virtual_machines: []
`,
    expect: { "cluster:one": { verdict: "pass" }, "cluster:two": { verdict: "pass" } },
  },
  {
    name: "does not apply where no node is on a cluster",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
    inventory: "hosts: [{ name: esxi01, cluster: null, cpu: { vendor: amd } }]\nvirtual_machines: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
]);
