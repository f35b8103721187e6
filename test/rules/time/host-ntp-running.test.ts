import rule from "../../../rules/time/host-ntp-running.ts";
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
    evaluated("passes", "{ protocol: ntp, running: true }", { verdict: "pass" }),
    evaluated("fails", "{ protocol: ntp, running: «false» }", {
      verdict: "fail",
      findings: [["stopped", "is not running"]],
      severity: "error",
    }),
    evaluated("looks at this setting alone", "{ protocol: ntp, running: true, servers: [] }", { verdict: "pass" }),
    evaluated(
      "evaluates the PTP service of a host that keeps time by PTP",
      "{ protocol: ptp, running: false }\n    ptp: { running: true }",
      { verdict: "pass" },
    ),
    evaluated(
      "fails a PTP service that does not run",
      "{ protocol: ptp, running: true }\n    ptp: { running: «false» }",
      { verdict: "fail", findings: [["stopped", "The PTP service (ptpd) of host esxi01 is not running"]] },
    ),
    evaluated("does not guess whether PTP runs", "{ protocol: ptp, running: true }", {
      verdict: "inconclusive",
      missing: ["hosts.ptp.running is not in the inventory"],
    }),
    evaluated("does not guess a missing value", "{ protocol: ntp, servers: [ntp1.example.com] }", {
      verdict: "inconclusive",
      missing: ["hosts.ntp.running is not in the inventory"],
    }),
    evaluated("does not guess the protocol", "{ running: true }", {
      verdict: "inconclusive",
      missing: ["hosts.ntp.protocol is not in the inventory"],
    }),
    evaluated("does not fail a host whose protocol is not known", "{ running: false }", {
      verdict: "inconclusive",
      missing: ["hosts.ntp.protocol is not in the inventory"],
    }),
  ],
  { without: ["not-applicable"] },
);
