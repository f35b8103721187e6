import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/** Hosts round the speed of their cores; percent. */
const TOLERANCE = 1;

/**
 * The guide: "we highly recommend that any hardware resources allocated to a Conferencing Node are reserved
 * specifically for its own use" (L200).
 */
export default defineRule({
  id: "vm/cpu-reserved",
  title: "Require CPU reservations for Conferencing Nodes",
  severity: "warn",
  since: "0.1.0",
  source: guide("General recommendations", "strongly-recommended"),
  subject: "conferencing-node",
  messages: {
    short:
      "VM {{vm}} of node {{node}} has {{actual}} MHz of CPU reserved; {{cpus}} vCPUs on {{host}} need {{wanted}} MHz.",
  },
  remediation: "Reserve the full speed of one core for each vCPU of the VM.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    const cpu = machine == null ? undefined : known(machine, "onHost")?.cpu;
    if (machine == null || cpu === undefined) return [];
    const [cpus, cores, mhz] = [known(machine, "cpus"), known(cpu, "cores"), known(cpu, "mhz")];
    if (cpus === undefined || cores === undefined || mhz === undefined) return [];
    return [command("vm/reserve-cpu", { vm: ownName(machine), mhz: fullSpeed(cpus, cores, mhz) })];
  },
  mutations: [{ edit: (node) => set(given(node, "virtualMachine"), "cpu_reservation_mhz", 0) }],
  check(node, { need, fail, notApplicable }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    const actual = need(machine, "cpu_reservation_mhz");
    const host = need(machine, "onHost");
    const cpus = need(machine, "cpus");
    const wanted = fullSpeed(cpus, need(host.cpu, "cores"), need(host.cpu, "mhz"));
    if (actual * 100 >= wanted * (100 - TOLERANCE)) return;
    fail("short", {
      at: [machine, "cpu_reservation_mhz"],
      data: { vm: machine.name, node: node.name, actual, cpus, host: host.name, wanted },
    });
  },
});

/** In MHz. A VM cannot use more cores at a time than its host has. */
function fullSpeed(cpus: number, cores: number, mhz: number): number {
  return Math.min(cpus, cores) * mhz;
}
