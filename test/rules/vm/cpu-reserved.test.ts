import rule from "../../../rules/vm/cpu-reserved.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const evaluated = (name: string, machine: string, cpu: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { cpu_reservation_mhz: 20000 } }]",
  inventory: `
hosts: [{ name: esxi01, cluster: null, cpu: { ${cpu} } }]
virtual_machines: [{ name: a, host: esxi01, ${machine} }]
`,
  expect: { "node:a": expected },
});

const CPU = "cores: 16, mhz: 2500";

ruleTester.run(rule, [
  evaluated("passes the full speed of a core for each vCPU", "cpus: 8, cpu_reservation_mhz: 20000", CPU, {
    verdict: "pass",
  }),
  evaluated("passes 1 % less", "cpus: 8, cpu_reservation_mhz: 19800", CPU, { verdict: "pass" }),
  evaluated("fails more than 1 % less", "cpus: 8, cpu_reservation_mhz: «19799»", CPU, {
    verdict: "fail",
    findings: [["short", "VM a of node a has 19799 MHz of CPU reserved; 8 vCPUs on esxi01 need 20000 MHz."]],
    severity: "warn",
  }),
  evaluated("fails a VM without any reservation", "cpus: 8, cpu_reservation_mhz: 0", CPU, { verdict: "fail" }),
  evaluated("asks for no more cores than the host has", "cpus: 32, cpu_reservation_mhz: 40000", CPU, {
    verdict: "pass",
  }),
  evaluated("needs the reservation, whatever is planned", "cpus: 8", CPU, {
    verdict: "inconclusive",
    missing: ["virtual_machines.cpu_reservation_mhz is not in the inventory"],
  }),
  evaluated("needs the number of vCPUs", "cpu_reservation_mhz: 20000", CPU, {
    verdict: "inconclusive",
    missing: ["virtual_machines.cpus is not in the inventory"],
  }),
  evaluated("needs the cores of the host", "cpus: 8, cpu_reservation_mhz: 20000", "mhz: 2500", {
    verdict: "inconclusive",
    missing: ["hosts.cpu.cores is not in the inventory"],
  }),
  evaluated("needs their speed", "cpus: 8, cpu_reservation_mhz: 20000", "cores: 16", {
    verdict: "inconclusive",
    missing: ["hosts.cpu.mhz is not in the inventory"],
  }),
  {
    name: "needs the host of the VM",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: "virtual_machines: [{ name: a, cpus: 8, cpu_reservation_mhz: 20000 }]",
    expect: { "node:a": { verdict: "inconclusive", missing: ["virtual_machines.host is not in the inventory"] } },
  },
  {
    name: "does not apply before there is a VM, nor to the Management Node",
    deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: [{ name: a, hostname: a }]",
    inventory: "virtual_machines: [{ name: m, cpu_reservation_mhz: 0 }]",
    expect: { "node:a": { verdict: "not-applicable", reason: "applies after deployment" } },
  },
]);
