import rule from "../../../rules/time/node-ntp-server-count.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, servers: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `
management_node: { name: m, hostname: m }
ntp_servers: «[»${servers}]
`,
  expect: { "server-list:deployment/ntp": expected },
});

ruleTester.run(
  rule,
  [
    evaluated("passes three", "ntp1.example.com, ntp2.example.com, 10.0.0.5", { verdict: "pass" }),
    evaluated("fails two", "ntp1.example.com, ntp2.example.com", {
      verdict: "fail",
      findings: [
        ["tooFew", "(2: ntp1.example.com, ntp2.example.com) are declared for the Management Node; declare at least 3"],
      ],
      severity: "warn",
    }),
    evaluated("explains the wizard's two", "0.pexip.pool.ntp.org, 2.pexip.pool.ntp.org", {
      verdict: "fail",
      findings: [["wizardDefault", "so add 1.pexip.pool.ntp.org."]],
    }),
    evaluated("knows the wizard's pools in any case", "1.PEXIP.pool.ntp.org.", {
      verdict: "fail",
      findings: [["wizardDefault", "so add 0.pexip.pool.ntp.org and 2.pexip.pool.ntp.org."]],
    }),
    evaluated("does not blame the wizard for other servers", "0.pexip.pool.ntp.org, ntp1.example.com", {
      verdict: "fail",
      findings: [["tooFew"]],
    }),
    evaluated("does not blame the wizard for pools that it has not", "4.pexip.pool.ntp.org, 5.pexip.pool.ntp.org", {
      verdict: "fail",
      findings: [["tooFew"]],
    }),
    evaluated(
      "passes three of the wizard's pools",
      "0.pexip.pool.ntp.org, 1.pexip.pool.ntp.org, 2.pexip.pool.ntp.org",
      {
        verdict: "pass",
      },
    ),
    evaluated("counts pools by their names", "0.pool.ntp.org, 1.pool.ntp.org, 2.pool.ntp.org", { verdict: "pass" }),
    evaluated("folds case, a trailing dot and options", "a, A., a iburst", {
      verdict: "fail",
      findings: [
        ["tooFew", "Too few distinct NTP servers (1: a) are declared for the Management Node; declare at least 3."],
      ],
    }),
    evaluated("cannot tell how many servers a text of several is", '"ntp1, ntp2, ntp3"', {
      verdict: "inconclusive",
      missing: ["number of servers is unknown"],
    }),
    evaluated("points to the entry that is no server", "ntp1.example.com, «entry|' not a server '»", {
      verdict: "inconclusive",
      missing: ['entry "not a server" is not a valid server'],
    }),
    evaluated("fails an empty list", "", { verdict: "fail", findings: [["none"]] }),
    {
      name: "judges each list that is used",
      deployment: `
ntp_servers: [a, b, c]
management_node: { name: m, hostname: m, ntp_servers: «[a]» }
system_locations:
  - name: Oslo
    ntp_servers: «[a, b]»
  - name: Bergen
  - name: Bodø
    ntp_servers: [a]
conferencing_nodes:
  - { name: a, hostname: a, system_location: Oslo }
  - { name: b, hostname: b, system_location: Bergen }
`,
      expect: {
        "server-list:management_node/ntp": { verdict: "fail", findings: [["tooFew"]] },
        "server-list:location/Oslo/ntp": {
          verdict: "fail",
          findings: [["tooFew", "for location Oslo"]],
        },
        "server-list:deployment/ntp": { verdict: "pass" },
      },
    },
  ],
  { without: ["not-applicable"] },
);
