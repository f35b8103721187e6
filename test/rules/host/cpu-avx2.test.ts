import rule from "../../../rules/host/cpu-avx2.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]";

const evaluated = (name: string, cpu: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: `
hosts:
  - name: esxi01
    cluster: null
    cpu: { ${cpu} }
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes AVX2", "features: { avx: true, avx2: true }", { verdict: "pass" }),
    evaluated("fails AVX alone", "features: { avx: true, avx2: «false» }", {
      verdict: "fail",
      findings: [["none", "cannot use AVX2 (CPU features in the inventory)"]],
      severity: "info",
    }),
    evaluated("fails by the highest EVC mode", "max_evc_mode: «intel-ivybridge»", {
      verdict: "fail",
      findings: [["none", "(EVC mode intel-ivybridge)"]],
    }),
    {
      name: "fails AVX2 that EVC hides",
      deployment,
      inventory: `
clusters: [{ name: one, evc_mode: «intel-ivybridge», ha_enabled: false, drs_enabled: false }]
hosts: [{ name: esxi01, cluster: one, cpu: { max_evc_mode: intel-skylake } }]
virtual_machines: []
`,
      expect: {
        "host:esxi01": { verdict: "fail", findings: [["none"]] },
      },
    },
    evaluated("passes by the CPU model", "model: AMD EPYC 7551P 32-Core Processor", { verdict: "pass" }),
    evaluated("fails a host without AVX whose AVX2 is not in the inventory", "features: { avx: «false» }", {
      verdict: "fail",
      findings: [["none"]],
    }),
    evaluated("fails a host without AVX2 whose AVX is not in the inventory", "features: { avx2: «false» }", {
      verdict: "fail",
      findings: [["none"]],
    }),
    evaluated("fails a host without AVX", "features: { avx: false, avx2: «false» }", {
      verdict: "fail",
      findings: [["none"]],
    }),
    evaluated("does not decide without the flag", "features: { avx: true }", {
      verdict: "inconclusive",
      missing: ["hosts.cpu.model is not in the inventory"],
    }),
    {
      name: "does not ask it of the Management Node's host",
      deployment: "management_node: { name: m, hostname: m, vm: { host: esxi01 } }\nconferencing_nodes: []",
      inventory: "hosts: [{ name: esxi01, cluster: null, cpu: { features: { avx2: false } } }]\nvirtual_machines: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no Conferencing Node" } },
    },
  ],
  { optional: ["avx"] },
);
