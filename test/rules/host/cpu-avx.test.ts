import rule from "../../../rules/host/cpu-avx.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, cpu: string, expected: RuleCase["expect"][string], evc = "null"): RuleCase => ({
  name,
  deployment: "management_node: { name: m, hostname: m, vm: { host: esxi01 } }\nconferencing_nodes: []",
  inventory: `
clusters:
  - { name: one, evc_mode: ${evc}, ha_enabled: false, drs_enabled: false }
hosts:
  - name: esxi01
    cluster: one
    cpu:
      ${cpu}
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

const none = (words: string) =>
  ({ verdict: "fail", findings: [["none", words]], severity: "error" }) satisfies RuleCase["expect"][string];

ruleTester.run(
  rule,
  [
    evaluated("passes AVX by the flags", "features: { avx: true }", { verdict: "pass" }),
    evaluated("fails no AVX by the flags", "features: { avx: «false» }", none("(CPU features in the inventory)")),
    evaluated(
      "fails by the EVC mode in force, whatever the flags are",
      "features: { avx: true }",
      { verdict: "fail", findings: [["none"]] },
      "«intel-westmere»",
    ),
    evaluated(
      "passes AVX that EVC lets through",
      "max_evc_mode: intel-skylake",
      { verdict: "pass" },
      "intel-sandybridge",
    ),
    evaluated(
      "fails AVX that EVC hides",
      "max_evc_mode: intel-skylake",
      { verdict: "fail", findings: [["none"]] },
      "«intel-westmere»",
    ),
    evaluated(
      "fails likewise by the CPU flags",
      "features: { avx: «false» }",
      { verdict: "fail", findings: [["none"]] },
      "intel-westmere",
    ),
    evaluated(
      "fails a host whose CPU lacks it anyway",
      "features_unmasked: { avx: false }",
      none("(EVC mode intel-westmere)"),
      "«intel-westmere»",
    ),
    evaluated(
      "fails what a mode with AVX does not hide",
      "features: { avx: «false» }",
      none("(CPU features in the inventory)"),
      "intel-haswell",
    ),
    evaluated("passes by the highest mode while EVC is off", "max_evc_mode: amd-bulldozer", { verdict: "pass" }),
    evaluated("fails by the highest mode", "max_evc_mode: «amd-greyhound»", none("(EVC mode amd-greyhound)")),
    evaluated("passes by the CPU model", "model: Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz", { verdict: "pass" }),
    evaluated(
      "fails by the CPU model",
      "model: «Intel(R) Xeon(R) CPU X5675 @ 3.07GHz»",
      none("(CPU model Intel(R) Xeon(R) CPU X5675 @ 3.07GHz)"),
    ),
    evaluated("does not know other models", "model: Mystery 9000", {
      verdict: "inconclusive",
      missing: ["hosts.cpu.max_evc_mode is not in the inventory"],
    }),
    evaluated(
      "does not know what an unknown EVC mode hides",
      "max_evc_mode: intel-skylake",
      { verdict: "inconclusive", missing: ["hosts.cpu.features.avx"] },
      "intel-mystery",
    ),
    evaluated("does not decide without any of these", "sockets: 2", {
      verdict: "inconclusive",
      missing: ["hosts.cpu.model is not in the inventory"],
    }),
    {
      name: "does not apply without nodes",
      deployment: "conferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable" } },
    },
  ],
  { optional: ["drs_enabled", "ha_enabled"] },
);
