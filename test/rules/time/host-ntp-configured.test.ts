import rule from "../../../rules/time/host-ntp-configured.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]";

const evaluated = (name: string, ntp: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: `
hosts:
  - name: esxi01
    cluster: null
    ntp: ${ntp}
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

ruleTester.run(rule, [
  evaluated("passes a host with a server", "{ protocol: ntp, servers: [ntp1.example.com] }", { verdict: "pass" }),
  evaluated("fails an empty list", "{ protocol: ntp, servers: «[]» }", {
    verdict: "fail",
    findings: [["none", "Host esxi01 has no NTP server"]],
    severity: "error",
  }),
  evaluated("does not count blank entries", '{ protocol: ntp, servers: «["", "  "]» }', {
    verdict: "fail",
    findings: [["none"]],
  }),
  evaluated(
    "does not apply to PTP without NTP as its fallback",
    "{ protocol: ptp, servers: [] }\n    ptp: { fallback_to_ntp: false }",
    { verdict: "not-applicable", reason: "host is synchronized by PTP, without NTP fallback" },
  ),
  evaluated(
    "fails PTP whose fallback NTP has no server",
    "{ protocol: ptp, servers: «[]» }\n    ptp: { fallback_to_ntp: true }",
    { verdict: "fail", findings: [["none"]] },
  ),
  evaluated("does not guess the fallback of PTP", "{ protocol: ptp, servers: [] }", {
    verdict: "inconclusive",
    missing: ["hosts.ptp.fallback_to_ntp is not in the inventory"],
  }),
  evaluated("does not take a missing list for an empty one", "{ protocol: ntp, running: true }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.servers is not in the inventory"],
  }),
  evaluated("does not guess the protocol", "{ servers: [] }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.protocol is not in the inventory"],
  }),
  evaluated("does not guess the protocol of a host with servers either", "{ servers: [ntp1.example.com] }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.protocol is not in the inventory"],
  }),
  {
    name: "knows that there was no PTP before ESXi 7.0",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: core } }]",
    inventory: `
clusters: [{ name: core, ha_enabled: true, ha_host_monitoring: true, drs_enabled: false }]
hosts:
  - { name: esxi01, cluster: core, version: 6.7 U3, ntp: { servers: [a.example.com] } }
  - { name: esxi02, cluster: core, api_version: 6.5.0, ntp: { servers: «[]» } }
virtual_machines: []
`,
    expect: {
      "host:esxi01": { verdict: "pass" },
      "host:esxi02": { verdict: "fail", findings: [["none"]] },
    },
  },
  {
    name: "does not believe in PTP before ESXi 7.0",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
    inventory:
      "hosts: [{ name: esxi01, cluster: null, version: 6.7.0, ntp: { servers: [a.example.com], protocol: ptp } }]\nvirtual_machines: []",
    expect: {
      "host:esxi01": {
        verdict: "inconclusive",
        missing: ['host esxi01 has contradictory values: ntp.protocol "ptp"'],
      },
    },
  },
  ...["7.0.3", "six"].map((version) =>
    evaluated(`guesses no protocol for version ${version}`, `{ servers: [a.example.com] }\n    version: ${version}`, {
      verdict: "inconclusive",
      missing: ["hosts.ntp.protocol is not in the inventory"],
    }),
  ),
  {
    name: "says where the settings of a host without any would stand, and why they are missing",
    deployment,
    inventory: `
coverage: { hosts.ntp: the export has no time settings }
hosts: [{ name: esxi01, cluster: null }]
virtual_machines: []
`,
    expect: {
      "host:esxi01": {
        verdict: "inconclusive",
        missing: ["hosts.ntp.servers is not in the inventory (the export has no time settings)"],
      },
    },
  },
  {
    name: "judges every host that a node may come to run on, and no other",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { cluster: core } }]",
    inventory: `
clusters: [{ name: core, ha_enabled: true, ha_host_monitoring: true, drs_enabled: false }]
hosts:
  - { name: esxi01, cluster: core, ntp: { protocol: ntp, servers: [a.example.com] } }
  - { name: esxi02, cluster: core, ntp: { protocol: ntp, servers: [] } }
  - { name: esxi03, cluster: null, ntp: { protocol: ntp, servers: [] } }
virtual_machines: []
`,
    expect: { "host:esxi01": { verdict: "pass" }, "host:esxi02": { verdict: "fail" } },
  },
  {
    name: "judges a host that is named and described nowhere",
    deployment,
    inventory: "hosts: []\nvirtual_machines: []",
    expect: {
      "host:esxi01": { verdict: "inconclusive", missing: ["host esxi01 is not in the inventory"] },
      "deployment:deployment": { verdict: "inconclusive" },
    },
  },
]);
