import rule from "../../../rules/platform/distributed-switch-edition.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01, network: video } }]";

const estate = (first: string, second: string, members = "[{ name: esxi01 }, { name: ESXI02 }]") => `
hosts:
  - { name: esxi01, cluster: null, port_groups: [], ${first} }
  - { name: esxi02, cluster: null, port_groups: [], ${second} }
distributed_switches: [{ name: dvs, hosts: ${members} }]
distributed_port_groups: [{ name: video, distributed_switch: dvs }]
virtual_machines: []
`;

const evaluated = (name: string, inventory: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory,
  expect: { "distributed-switch:dvs": expected },
});

const PLUS = "edition: enterprise_plus";

ruleTester.run(rule, [
  evaluated("passes Enterprise Plus on all its hosts", estate(PLUS, PLUS), { verdict: "pass" }),
  ...["vsphere_foundation", "cloud_foundation"].map((edition) =>
    evaluated(`passes ${edition}`, estate(PLUS, `edition: ${edition}`), { verdict: "pass" }),
  ),
  ...["free", "essentials", "essentials_plus", "standard"].map((edition) =>
    evaluated(`fails ${edition}`, estate(PLUS, `edition: «${edition}»`), {
      verdict: "fail",
      findings: [["without", `its edition (${edition}) does not include distributed switches`]],
    }),
  ),
  evaluated("fails although the edition of another host is missing", estate("version: 6.7.0", "edition: «standard»"), {
    verdict: "fail",
    findings: [["without"]],
  }),
  evaluated("does not decide when an edition is missing", estate(PLUS, "version: 6.7.0"), {
    verdict: "inconclusive",
    missing: ["hosts.edition is not in the inventory"],
  }),
  evaluated("does not know other editions", estate(PLUS, "edition: other"), {
    verdict: "inconclusive",
    reason: "esxi02",
  }),
  evaluated(
    "does not decide a member that is not described",
    estate(PLUS, PLUS, "[{ name: esxi01 }, { name: esxi09 }]"),
    {
      verdict: "inconclusive",
      missing: ["host esxi09 is not in the inventory"],
    },
  ),
  evaluated("does not decide a member without a name", estate(PLUS, PLUS, "[{ name: esxi01 }, { uplinks: [] }]"), {
    verdict: "inconclusive",
    missing: ["distributed_switches.hosts.name is not in the inventory"],
  }),
  evaluated(
    "does not decide a switch that lists no hosts",
    estate(PLUS, PLUS).replace("hosts: [{ name: esxi01 }, { name: ESXI02 }]", "mtu: 1500"),
    { verdict: "inconclusive", missing: ["distributed_switches.hosts is not in the inventory"] },
  ),
  evaluated("does not apply to hosts in evaluation mode", estate("edition: evaluation", "edition: evaluation"), {
    verdict: "not-applicable",
    reason: "evaluation mode",
  }),
  {
    name: "does not apply without a distributed switch",
    deployment: "conferencing_nodes: []",
    inventory: estate(PLUS, "edition: free"),
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node uses a distributed switch" } },
  },
]);
