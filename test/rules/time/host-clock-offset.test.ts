import rule from "../../../rules/time/host-clock-offset.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = `
conferencing_nodes:
  - { name: a, hostname: a, vm: { host: esxi01 } }
  - { name: b, hostname: b, vm: { host: esxi02 } }
`;

const hosts = (first: string, second: string) => `
hosts:
  - { name: esxi01, cluster: null${first} }
  - { name: esxi02, cluster: null${second} }
virtual_machines: []
`;

const rvtools = `
source: { kind: rvtools }
coverage: { hosts.clock_offset_ms: RVTools does not export it }
${hosts("", "")}`;

const evaluated = (
  name: string,
  offset: number,
  expected: RuleCase["expect"][string],
  options: RuleCase["options"] = {},
): RuleCase => ({
  name,
  deployment,
  inventory: hosts(`, clock_offset_ms: «${offset}»`, ", clock_offset_ms: 0"),
  options,
  expect: { "host:esxi01": expected, "host:esxi02": { verdict: "pass" } },
});

ruleTester.run(rule, [
  evaluated("passes a clock that is right", 3, { verdict: "pass" }),
  evaluated("passes the limit", 1000, { verdict: "pass" }),
  evaluated("passes the limit below zero", -1000, { verdict: "pass" }),
  evaluated("fails above the limit", 1001, {
    verdict: "fail",
    findings: [["wrong", "1001 ms ahead"]],
    severity: "error",
  }),
  evaluated("fails a clock that is behind", -86_400_000, {
    verdict: "fail",
    findings: [["wrong", "86400000 ms behind when the inventory was collected; at most 1000 ms"]],
  }),
  evaluated("takes a stricter limit", 51, { verdict: "fail" }, { max_offset_ms: 50 }),
  evaluated("takes a looser limit", 5000, { verdict: "pass" }, { max_offset_ms: 5000 }),
  {
    name: "does not pass an inventory without clock offsets, and names the command that supplies them",
    deployment,
    inventory: hosts("", ""),
    expect: {
      "host:esxi01": {
        verdict: "inconclusive",
        severity: "error",
        missing: ["clock_offset_ms is not in the inventory; preflight inventory pull reads the host's time"],
      },
      "host:esxi02": { verdict: "inconclusive", severity: "error" },
    },
  },
  {
    name: "weighs less where RVTools cannot export the offset",
    deployment,
    inventory: rvtools,
    expect: {
      "host:esxi01": {
        verdict: "inconclusive",
        severity: "warn",
        missing: ["(RVTools does not export it; preflight inventory pull supplies it)"],
      },
      "host:esxi02": { verdict: "inconclusive", severity: "warn" },
    },
  },
  {
    name: "weighs as much as ever where another source could tell it",
    deployment,
    inventory: [rvtools, "hosts: [{ name: esxi01, cluster: null }]"],
    expect: {
      "host:esxi01": { verdict: "inconclusive", severity: "error" },
      "host:esxi02": { verdict: "inconclusive", severity: "warn" },
    },
  },
  {
    name: "takes the offset from a recording beside an export of RVTools",
    deployment,
    inventory: [rvtools, "source: { kind: govc }\nhosts: [{ name: esxi01, clock_offset_ms: 5 }]"],
    expect: {
      "host:esxi01": { verdict: "pass" },
      "host:esxi02": { verdict: "inconclusive", severity: "warn" },
    },
  },
  {
    name: "names the command of govc",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
    inventory: `
source: { kind: govc }
coverage: { hosts.clock_offset_ms: "hosts have no time property; govc host.date.info prints the time" }
hosts: [{ name: esxi01, cluster: null }]
virtual_machines: []
`,
    expect: {
      "host:esxi01": {
        verdict: "inconclusive",
        severity: "error",
        missing: [
          "hosts.clock_offset_ms is not in the inventory (hosts have no time property; govc host.date.info prints the time; preflight inventory import --help shows the govc command)",
        ],
      },
    },
  },
  {
    name: "does not pass a host that alone lacks its offset",
    deployment,
    inventory: hosts(", clock_offset_ms: 0", ""),
    expect: {
      "host:esxi01": { verdict: "pass" },
      "host:esxi02": { verdict: "inconclusive", missing: ["hosts.clock_offset_ms is not in the inventory"] },
    },
  },
  {
    name: "asks each inventory apart",
    deployment,
    inventory: [
      "hosts: [{ name: esxi01, cluster: null, clock_offset_ms: 1 }]\nvirtual_machines: []",
      "hosts: [{ name: esxi02, cluster: null }]\nvirtual_machines: []",
    ],
    expect: { "host:esxi01": { verdict: "pass" }, "host:esxi02": { verdict: "inconclusive" } },
  },
  {
    name: "does not take a host that is described nowhere for one without clocks",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
    inventory: "hosts: []\nvirtual_machines: []",
    expect: {
      "host:esxi01": { verdict: "inconclusive", missing: ["host esxi01 is not in the inventory"] },
      "deployment:deployment": { verdict: "inconclusive" },
    },
  },
  {
    name: "does not apply where no node is placed on a host",
    deployment: "conferencing_nodes: []",
    inventory: hosts(", clock_offset_ms: 0", ""),
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node is placed on a host" } },
  },
]);
