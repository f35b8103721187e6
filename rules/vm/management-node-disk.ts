import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { MANAGEMENT_SIZE } from "../../src/facts/node-size.ts";

/** Pexip's server design recommendations: 100 GB of SSD storage for a Management Node. */
export default defineRule({
  id: "vm/management-node-disk",
  title: "Require a disk of at least 100 GB for the Management Node",
  severity: "warn",
  since: "0.1.0",
  source: {
    document: "Pexip Infinity server design recommendations",
    section: "Management Node",
    wording: "beyond",
  },
  subject: "management-node",
  messages: {
    small: "Disk capacity of Management Node {{node}} is {{actual}} GB; {{least}} GB or more is required.",
  },
  remediation:
    "Give the Management Node at least 100 GB of disk (SSD). Before you extend its disk, take a backup, and ask Pexip support how to use the new space.",
  mutations: [{ edit: (node) => set(given(node, "virtualMachine")?.entry("disks", 0), "capacity_mb", 51_200) }],
  check(node, { need, needEntries, known, fail, notApplicable, inconclusive }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    const disks = needEntries(machine, "disks");
    const [first] = disks;
    if (first === undefined) return inconclusive("the node's VM has no disk in the inventory");
    const sizes = disks.map((disk) => known(disk, "capacity_mb") ?? 0);
    const actual = gigabytes(sizes.reduce((sum, size) => sum + size, 0));
    if (actual >= MANAGEMENT_SIZE.disk) return;
    // A disk of unknown size may make up for it.
    for (const disk of disks) need(disk, "capacity_mb");
    fail("small", {
      at: [first, "capacity_mb"],
      data: { node: node.name, actual: Math.floor(actual * 10) / 10, least: MANAGEMENT_SIZE.disk },
    });
  },
});

/** vSphere counts in units of 1024 × 1024 bytes, Pexip's recommendation in GB of 10⁹. */
function gigabytes(mebibytes: number): number {
  return (mebibytes * 1024 * 1024) / 1e9;
}
