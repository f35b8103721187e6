import rule from "../../../rules/time/host-ntp-startup-policy.ts";
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
    evaluated("passes what the guide selects", '{ protocol: ntp, startup_policy: "on" }', { verdict: "pass" }),
    evaluated("fails a service that starts with port usage", "{ protocol: ntp, startup_policy: «automatic» }", {
      verdict: "fail",
      findings: [["otherPolicy", 'startup policy "Start and stop with port usage"']],
      severity: "warn",
    }),
    evaluated(
      "fails a service that somebody must start, though it runs",
      '{ protocol: ntp, startup_policy: «"off"», running: true }',
      {
        verdict: "fail",
        findings: [["otherPolicy", 'to "Start and stop with host"']],
      },
    ),
    evaluated(
      "passes a PTP service that starts with the host",
      '{ protocol: ptp, startup_policy: "off" }\n    ptp: { startup_policy: "on" }',
      { verdict: "pass" },
    ),
    evaluated(
      "fails a PTP service that does not",
      '{ protocol: ptp, startup_policy: "on" }\n    ptp: { startup_policy: «"off"» }',
      { verdict: "fail", findings: [["otherPolicy", "The PTP service of host esxi01"]] },
    ),
    evaluated("does not take a service that runs for one that starts", "{ protocol: ntp, running: true }", {
      verdict: "inconclusive",
      missing: ["hosts.ntp.startup_policy is not in the inventory"],
    }),
    evaluated("does not guess the protocol", '{ startup_policy: "on" }', {
      verdict: "inconclusive",
      missing: ["hosts.ntp.protocol is not in the inventory"],
    }),
  ],
  { without: ["not-applicable"] },
);
