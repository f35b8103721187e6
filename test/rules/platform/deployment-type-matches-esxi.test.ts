import rule from "../../../rules/platform/deployment-type-matches-esxi.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = (type: string, version: string) => `
platform: { version: "${version}" }
conferencing_nodes:
  - name: a
    hostname: a
    deployment_type: ${type}
    vm: { cluster: one }
`;

const estate = (...versions: readonly string[]) => `
clusters: [{ name: one }]
hosts: [${versions.map((version, index) => `{ name: esxi${index + 1}, cluster: one, ${version} }`).join(", ")}]
virtual_machines: []
`;

const evaluated = (
  name: string,
  type: string,
  versions: readonly string[],
  expected: RuleCase["expect"][string],
  version = "25",
): RuleCase => ({
  name,
  deployment: deployment(type, version),
  inventory: estate(...versions.map((esxi) => (esxi === "" ? "edition: standard" : `version: ${esxi}`))),
  expect: { "node:a": expected },
});

const other = (words: string) =>
  ({ verdict: "fail", findings: [["other", words]] }) satisfies RuleCase["expect"][string];

ruleTester.run(rule, [
  {
    ...evaluated(
      "fixes the type of a VM that does not exist",
      "«MANUAL-ESXI-6.0» # type",
      ["7.0.0", "6.7.0"],
      other("6.7"),
    ),
    fixed: deployment("MANUAL-ESXI-6.7 # type", "25"),
  },
  {
    ...evaluated(
      "does not fix it while a host is not known",
      "«MANUAL-ESXI-6.7» # type",
      ["", "6.5.0"],
      other("esxi2"),
    ),
    fixed: deployment("MANUAL-ESXI-6.7 # type", "25"),
  },
  evaluated("passes 5.5 with the type for 5.x", "MANUAL-ESXI-5.X", ["5.5.0"], { verdict: "pass" }),
  evaluated("passes 6.0 and 6.5 with the type for both", "MANUAL-ESXI-6.0", ["6.5.0", "6.0.0"], { verdict: "pass" }),
  evaluated("passes 6.7 and above with the type for them", "MANUAL-ESXI-6.7", ["6.7.0", "7.0.0"], { verdict: "pass" }),
  evaluated(
    "fails a type for newer ESXi",
    "«MANUAL-ESXI-6.7»",
    ["6.5.0"],
    other("esxi1 runs ESXi 6.5; use MANUAL-ESXI-6.0"),
  ),
  evaluated("fails a type for older ESXi", "«MANUAL-ESXI-6.0»", ["6.7.0"], other("use MANUAL-ESXI-6.7")),
  evaluated(
    "goes by the lowest of a mixed cluster",
    "«MANUAL-ESXI-6.7»",
    ["6.7.0", "6.0.0", "6.5.0"],
    other("esxi2 runs ESXi 6.0"),
  ),
  evaluated("passes the lowest of a mixed cluster", "MANUAL-ESXI-6.0", ["6.7.0", "6.5.0"], { verdict: "pass" }),
  evaluated(
    "fails a host that is too old although another is not known",
    "«MANUAL-ESXI-6.7»",
    ["", "6.5.0"],
    other("esxi2"),
  ),
  evaluated("does not fail a type for older ESXi while a host is not known", "MANUAL-ESXI-6.0", ["", "6.7.0"], {
    verdict: "inconclusive",
    missing: ["hosts.version is not in the inventory"],
  }),
  evaluated("does not pass while a host is not known", "MANUAL-ESXI-6.7", ["", "6.7.0"], {
    verdict: "inconclusive",
    missing: ["hosts.version is not in the inventory"],
  }),
  evaluated("fails on ESXi that has no type", "«MANUAL-ESXI-5.X»", ["4.1.0"], {
    verdict: "fail",
    findings: [["none"]],
  }),
  evaluated("does not apply to types for any ESXi", "MANUAL-PROVISION-ONLY", ["6.7.0"], { verdict: "not-applicable" }),
  evaluated("does not apply to automatic deployment", "AUTOMATIC", ["6.7.0"], { verdict: "not-applicable" }),
  evaluated(
    "does not apply to version 34",
    "MANUAL-ESXI-5.X",
    ["7.0.0"],
    { verdict: "not-applicable", reason: "v34 does not distinguish" },
    "34",
  ),
  evaluated("passes between profiles a type that fits", "MANUAL-ESXI-6.7", ["7.0.0"], { verdict: "pass" }, "30"),
  evaluated(
    "does not know between profiles whether a type must fit",
    "MANUAL-ESXI-5.X",
    ["7.0.0"],
    {
      verdict: "inconclusive",
      severity: "warn",
      reason: "whether Pexip Infinity 30 still distinguishes ESXi versions is unknown (v25 does)",
    },
    "30",
  ),
  {
    name: "takes a missing type for the product's default",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: one } }]",
    inventory: estate("version: 6.7.0"),
    expect: { "node:a": { verdict: "not-applicable", reason: "MANUAL-PROVISION-ONLY" } },
  },
  {
    name: "does not decide without a placement",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, deployment_type: MANUAL-ESXI-6.7 }]",
    inventory: estate("version: 6.7.0"),
    expect: { "node:a": { verdict: "inconclusive", missing: [": no VM in the inventory, no vm.host"] } },
  },
]);
