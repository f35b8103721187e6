import rule from "../../../rules/time/host-ntp-firewall.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, ntp: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
  inventory: `
hosts:
  - name: esxi01
    cluster: null
    ntp: ${ntp}
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes", "{ protocol: ntp, firewall_open: true }", { verdict: "pass" }),
    evaluated("fails", "{ protocol: ntp, firewall_open: «false» }", {
      verdict: "fail",
      findings: [["closed", "The firewall of host esxi01 blocks its NTP client; enable rule set ntpClient."]],
      severity: "warn",
    }),
    evaluated("looks at this setting alone", "{ protocol: ntp, firewall_open: true, servers: [] }", {
      verdict: "pass",
    }),
    evaluated(
      "passes PTP whose rule sets are enabled",
      "{ protocol: ptp, firewall_open: false }\n    ptp: { firewall_open: true }",
      { verdict: "pass" },
    ),
    evaluated(
      "fails PTP with a rule set that is disabled",
      "{ protocol: ptp, firewall_open: true }\n    ptp: { firewall_open: «false» }",
      { verdict: "fail", findings: [["ptpClosed", "The firewall of host esxi01 blocks PTP"]] },
    ),
    evaluated("does not guess the rule sets of PTP", "{ protocol: ptp, firewall_open: true }", {
      verdict: "inconclusive",
      missing: ["hosts.ptp.firewall_open is not in the inventory"],
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
  ],
  { without: ["not-applicable"] },
);
