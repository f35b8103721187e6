import rule from "../../../rules/platform/esxi-supported-version.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = (version: string) => `
platform: { ${version} }
conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]
`;

const host = (fields: string) => `
hosts:
  - { name: esxi01, cluster: null, ${fields} }
virtual_machines: []
`;

const evaluated = (name: string, version: string, fields: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deployment(version),
  inventory: host(fields),
  expect: { "host:esxi01": expected },
});

const esxi = (version: string) => `version: ${version}`;
const V25 = 'version: "25.4"';
const V34 = 'version: "34"';
const V30 = 'version: "30"';

ruleTester.run(
  rule,
  [
    evaluated("passes ESXi 5.0 under version 25", V25, esxi("5.0.0"), { verdict: "pass" }),
    evaluated("passes ESXi 6.7 under version 25", V25, esxi("6.7.0"), { verdict: "pass" }),
    evaluated("fails ESXi 4.1 under version 25, in spite of the menu that names it", V25, esxi("«4.1.0»"), {
      verdict: "fail",
      findings: [["unsupported", "ESXi 4.1; Pexip Infinity 25.4 supports 5.x, 6.x"]],
    }),
    evaluated("fails ESXi 7.0 under version 25", V25, esxi("«7.0.3»"), {
      verdict: "fail",
      findings: [["unsupported"]],
    }),
    evaluated("passes ESXi 7.0 under version 34", V34, esxi("7.0.3"), { verdict: "pass" }),
    evaluated("fails ESXi 6.5 under version 34", V34, esxi("«6.5.0»"), {
      verdict: "fail",
      findings: [["unsupported", "ESXi 6.5; Pexip Infinity 34 supports 6.7, 7.0, 8.0"]],
    }),
    evaluated("fails ESXi 9.0 under version 34", V34, esxi("9.0.0"), { verdict: "fail" }),
    evaluated("passes what both neighbors of a version support", V30, esxi("6.7.0"), { verdict: "pass" }),
    evaluated("does not know what one of them alone supports", V30, esxi("7.0.0"), {
      verdict: "inconclusive",
      reason: "under facts.esxi_releases",
      severity: "warn",
    }),
    evaluated("does not know what the other of them alone supports", V30, esxi("5.5.0"), {
      verdict: "inconclusive",
      reason: "the adjacent profiles differ about ESXi 5.5 (v25: 5.x, 6.x; v34: 6.7, 7.0, 8.0)",
      severity: "warn",
    }),
    evaluated(
      "does not know an ESXi that came after the last profile, for a later version",
      'version: "38"',
      esxi("9.0.0"),
      {
        verdict: "inconclusive",
        severity: "warn",
      },
    ),
    ...(
      [
        ["goes by the list of the config", esxi("5.5.0"), { verdict: "pass" }],
        [
          "fails what the list of the config does not have",
          esxi("«6.0.0»"),
          {
            verdict: "fail",
            findings: [["notListed", "Host esxi01 runs ESXi 6.0; the config lists 5.5, 6.7 for Pexip Infinity 30."]],
            severity: "error",
          },
        ],
      ] as const
    ).map(([name, fields, expected]) => ({
      ...evaluated(name, V30, fields, expected),
      config: 'facts: { esxi_releases: { "30.1": ["5.5", "6.7"], "34": ["5.5"] } }',
    })),
    {
      ...evaluated("does not go by a list for a version that has a profile", V34, esxi("«5.5.0»"), {
        verdict: "fail",
        findings: [["unsupported"]],
      }),
      config: 'facts: { esxi_releases: { "34": ["5.5"] } }',
    },
    {
      ...evaluated("does not go by a list for another version", V30, esxi("5.5.0"), { verdict: "inconclusive" }),
      config: 'facts: { esxi_releases: { "31": ["5.5"] } }',
    },
    evaluated("fails what neither neighbor supports", V30, esxi("«9.0.0»"), {
      verdict: "fail",
      findings: [["unlisted", "(v25: 5.x, 6.x; v34: 6.7, 7.0, 8.0)"]],
    }),
    evaluated("holds a version after the last profile against that", 'version: "36"', esxi("«6.5.0»"), {
      verdict: "fail",
      findings: [["unlisted", "(v35: 6.7, 7.0, 8.0)"]],
    }),
    evaluated("passes without a version what every version supports", "environment: production", esxi("6.7.0"), {
      verdict: "pass",
    }),
    evaluated("fails without a version what no version supports", "environment: production", esxi("«4.1.0»"), {
      verdict: "fail",
      findings: [["unlisted"]],
    }),
    evaluated(
      "does not decide without a version what some versions support",
      "environment: production",
      esxi("7.0.0"),
      {
        verdict: "inconclusive",
        missing: ["platform.version is not in the deployment"],
      },
    ),
    evaluated("does not decide under a version that cannot be read", "version: latest", esxi("7.0.0"), {
      verdict: "inconclusive",
      reason: 'platform.version "latest" is not a valid version, and not all versions support ESXi 7.0',
    }),
    evaluated("reads the version from the API version alone", V25, "api_version: 6.7.3", { verdict: "pass" }),
    evaluated("does not decide without an ESXi version", V25, "edition: standard", {
      verdict: "inconclusive",
      missing: ["hosts.version is not in the inventory"],
    }),
    evaluated("does not decide a version that is none", V25, "version: six", {
      verdict: "inconclusive",
      missing: ['hosts.version "six" is not an'],
    }),
    {
      name: "does not decide without inventory",
      deployment: deployment(V25),
      expect: {
        "host:esxi01": { verdict: "inconclusive", missing: ["no inventory given"] },
        "deployment:deployment": { verdict: "inconclusive", missing: ["no inventory given"] },
      },
    },
    {
      name: "does not apply without nodes",
      deployment: "conferencing_nodes: []",
      inventory: host(esxi("4.1.0")),
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node is placed on a host" } },
    },
  ],
  { optional: ["version"] },
);
