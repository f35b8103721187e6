import rule from "../../../rules/host/in-maintenance-mode.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, fields: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
  inventory: `
hosts:
  - { name: esxi01, cluster: null, ${fields} }
virtual_machines: []
`,
  expect: { "host:esxi01": expected },
});

const IN = "in_maintenance_mode: «true»";
const OUT = "in_maintenance_mode: false";

ruleTester.run(rule, [
  evaluated("passes a connected host at work", `${OUT}, connection_state: connected`, { verdict: "pass" }),
  evaluated("does not mind the case", `${OUT}, connection_state: Connected`, { verdict: "pass" }),
  evaluated("fails maintenance mode", `${IN}, connection_state: connected`, {
    verdict: "fail",
    findings: [["maintenance", "esxi01 is in ESXi maintenance mode"]],
    severity: "warn",
  }),
  evaluated("fails a host that is disconnected", `${OUT}, connection_state: «disconnected»`, {
    verdict: "fail",
    findings: [["away", "(disconnected)"]],
  }),
  evaluated("fails a host that does not respond, whatever else is missing", "connection_state: «notResponding»", {
    verdict: "fail",
    findings: [["away", "(notResponding)"]],
  }),
  evaluated("fails maintenance mode, whatever else is missing", IN, { verdict: "fail" }),
  evaluated("fails both", `${IN}, connection_state: «disconnected»`, {
    verdict: "fail",
    findings: [["maintenance"], ["away"]],
  }),
  evaluated("does not decide without the connection", OUT, {
    verdict: "inconclusive",
    missing: ["hosts.connection_state is not in the inventory"],
  }),
  evaluated("does not decide without the mode", "connection_state: connected", {
    verdict: "inconclusive",
    missing: ["hosts.in_maintenance_mode is not in the inventory"],
  }),
  evaluated("does not know other states", `${OUT}, connection_state: sleepy`, {
    verdict: "inconclusive",
    reason: '"sleepy"',
  }),
  {
    name: "does not apply without nodes",
    deployment: "conferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable" } },
  },
]);
