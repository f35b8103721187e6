import rule from "../../../rules/time/host-ntp-firewall.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, ntp: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
  inventory: `
hosts:
  - name: esxi01
    cluster: null
    ntp:
      ${ntp}
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

ruleTester.run(rule, [
  evaluated("passes", "{ protocol: ntp, firewall_open: true }", { verdict: "pass" }),
  evaluated("fails", "{ protocol: ntp, firewall_open: «false» }", {
    verdict: "fail",
    findings: [["closed", "ntpClient is disabled"]],
    severity: "warn",
  }),
  evaluated("looks at this setting alone", "{ protocol: ntp, firewall_open: true, servers: [] }", { verdict: "pass" }),
  evaluated("does not apply to a host that keeps time by PTP", "{ protocol: ptp, firewall_open: false }", {
    verdict: "not-applicable",
    reason: "PTP",
  }),
  evaluated("does not need the value on a host that keeps time by PTP", "{ protocol: ptp }", {
    verdict: "not-applicable",
  }),
  evaluated("does not guess a missing value", "{ protocol: ntp, servers: [ntp1.example.com] }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.firewall_open is not in the inventory"],
  }),
  evaluated("does not guess the protocol", "{ firewall_open: true }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.protocol is not in the inventory"],
  }),
  evaluated("does not fail a host whose protocol is not known", "{ firewall_open: false }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.protocol is not in the inventory"],
  }),
]);
