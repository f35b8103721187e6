import rule from "../../../rules/vm/evc-mode-avx.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, machine: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
  inventory: `virtual_machines: [{ name: a, ${machine} }]`,
  expect: { "node:a": expected },
});

const on = (level: string) => `power_state: poweredOn, min_required_evc_mode: ${level}`;

ruleTester.run(rule, [
  evaluated("passes the lowest Intel level with AVX", on("intel-sandybridge"), { verdict: "pass" }),
  evaluated("passes the lowest AMD level with AVX", on("amd-bulldozer"), { verdict: "pass" }),
  evaluated("passes a later level in any case", on("intel-cascadeLake"), { verdict: "pass" }),
  evaluated("fails the Intel level below", on("«intel-westmere»"), {
    verdict: "fail",
    findings: [
      [
        "tooLow",
        "VM a of node a runs with EVC mode intel-westmere, which does not expose AVX; use intel-sandybridge or higher.",
      ],
    ],
    severity: "error",
  }),
  {
    name: "fails a level that the VM has from its cluster",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: `
clusters: [{ name: one, evc_mode: intel-westmere }]
virtual_machines: [{ name: a, cluster: one, ${on("«intel-westmere»")} }]
`,
    expect: { "node:a": { verdict: "fail", findings: [["tooLow"]] } },
  },
  ...["future-lake", "intel-skylake", "null"].map((mode): RuleCase => ({
    name: `fails a level of its own, which the cluster's mode ${mode} does not cause`,
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: `
clusters: [{ name: one, evc_mode: ${mode} }]
virtual_machines: [{ name: a, cluster: one, ${on("«intel-westmere»")} }]
`,
    expect: { "node:a": { verdict: "fail", findings: [["tooLow"]] } },
  })),
  evaluated("fails the AMD level below", on("«amd-greyhound»"), {
    verdict: "fail",
    findings: [["tooLow", "amd-bulldozer or higher."]],
  }),
  evaluated("does not apply where EVC plays no part", on("null"), {
    verdict: "not-applicable",
    reason: "EVC does not apply",
  }),
  evaluated("does not apply to a VM that is off", "power_state: poweredOff, min_required_evc_mode: intel-westmere", {
    verdict: "not-applicable",
    reason: "the node's VM is powered off",
  }),
  evaluated("fails a VM that is suspended", "power_state: suspended, min_required_evc_mode: «intel-westmere»", {
    verdict: "fail",
    findings: [["tooLow"]],
  }),
  evaluated("does not know a level that is not in the table", on("intel-mystery"), {
    verdict: "inconclusive",
    reason: '"intel-mystery"',
  }),
  ...(
    [
      ["passes one that is the highest of its host, which has AVX", "features_unmasked: { avx: true }", "pass"],
      [
        "does not know one that is the highest of a host without AVX",
        "features_unmasked: { avx: false }",
        "inconclusive",
      ],
      ["does not know one that is the highest of a host that may lack AVX", "cores: 8", "inconclusive"],
    ] as const
  ).map(([name, cpu, verdict]) => ({
    name: `with a level that is not in the table, ${name}`,
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: `
hosts: [{ name: esxi01, cpu: { max_evc_mode: Intel-Mystery, ${cpu} } }]
virtual_machines: [{ name: a, host: esxi01, ${on("intel-mystery")} }]
`,
    expect: { "node:a": { verdict } },
  })),
  evaluated("does not take a missing level for none", "power_state: poweredOn", {
    verdict: "inconclusive",
    missing: ["virtual_machines.min_required_evc_mode is not in the inventory"],
  }),
  evaluated("needs the power state", "min_required_evc_mode: intel-haswell", {
    verdict: "inconclusive",
    missing: ["virtual_machines.power_state is not in the inventory"],
  }),
  {
    name: "does not apply before there is a VM",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: "virtual_machines: []",
    expect: { "node:a": { verdict: "not-applicable", reason: "applies after deployment" } },
  },
]);
