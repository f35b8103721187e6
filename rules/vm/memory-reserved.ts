import { all, given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/**
 * The guide: "we highly recommend that any hardware resources allocated to a Conferencing Node are reserved
 * specifically for its own use" (L200), memory "should not be shared with other processes" (L212), and a test
 * environment may share a host only as long as "Pexip Infinity can be given reserved memory" (L192).
 */
export default defineRule({
  id: "vm/memory-reserved",
  title: "Require full memory reservation for nodes",
  severity: "warn",
  severityWhen: [{ environment: "test", severity: "error" }],
  since: "0.1.0",
  source: guide("General recommendations", "strongly-recommended"),
  subject: "node",
  messages: {
    short: "VM {{vm}} of node {{node}} has {{actual}} MB of its {{memory}} MB of memory reserved; reserve all of it.",
    shared:
      "VM {{vm}} of node {{node}} has {{actual}} MB of its {{memory}} MB of memory reserved, and {{host}} also runs other VMs; reserve all of it.",
    perhapsShared:
      "VM {{vm}} of node {{node}} has {{actual}} MB of its {{memory}} MB of memory reserved, and its host may also run other VMs; reserve all of it.",
  },
  messageSeverity: { short: "warn" },
  remediation:
    "Reserve all memory of the VM (Edit Settings, Memory, Reserve all guest memory), so that the reservation follows the size.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    const memory = machine == null ? undefined : known(machine, "memory_mb");
    if (machine == null || memory === undefined) return [];
    return [command("vm/reserve-memory", { vm: ownName(machine), memory_mb: memory })];
  },
  mutations: [
    {
      edit: (node) =>
        all(
          set(given(node, "virtualMachine"), "memory_reservation_mb", 1024),
          set(given(node, "virtualMachine"), "memory_reservation_locked", false),
        ),
    },
  ],
  check(node, { site, need, known, fail, notApplicable }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    // Locked to the size, the reservation is full whatever else is recorded; a full one needs no lock.
    if (known(machine, "memory_reservation_locked") === true) return;
    const memory = need(machine, "memory_mb");
    const actual = need(machine, "memory_reservation_mb");
    if (actual >= memory) return;
    need(machine, "memory_reservation_locked");

    const at = [machine, "memory_reservation_mb"] as const;
    const data = { vm: machine.name, node: node.name, actual, memory };
    const host = known(machine, "onHost");
    const others = host && site.relations.occupancy.foreign(host);
    const [other] = others?.items ?? [];
    if (site.environment === "production" || (other === undefined && others?.missing.length === 0)) {
      fail("short", { at, data });
    } else if (host !== undefined && other !== undefined) {
      const related = [{ message: `${other.name} also runs on ${host.name}`, at: [other] as const }];
      fail("shared", { at, data: { ...data, host: host.name }, related });
    } else {
      fail("perhapsShared", { at, data });
    }
  },
});
