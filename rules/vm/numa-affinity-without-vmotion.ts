import { all, given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";

const FULLY = "fullyAutomated";

/**
 * Pexip's page on NUMA affinity requires that "vMotion is NOT used": on its new host a VM keeps to the socket of the same
 * number, which another node may hold already.
 */
export default defineRule({
  id: "vm/numa-affinity-without-vmotion",
  title: "Disallow NUMA affinity on VMs that DRS may move",
  severity: "warn",
  since: "0.1.0",
  source: {
    document: "Pexip Infinity Server Design Guide",
    section: "VMware NUMA affinity and hyperthreading",
    wording: "beyond",
  },
  subject: "node",
  messages: {
    movable:
      "VM {{vm}} of node {{node}} is bound to NUMA node {{affinity}}, but DRS of cluster {{cluster}} may move it; remove the affinity or disable DRS for the VM.",
  },
  remediation:
    "Give the VM a DRS override (manual or disabled) and do not migrate it, or remove the NUMA affinity (numa.nodeAffinity).",
  mutations: [
    {
      edit: (node) => {
        const machine = given(node, "virtualMachine");
        const cluster = given(machine, "inCluster");
        if (given(cluster, "drs_enabled") !== true || (cluster?.hosts.items.length ?? 0) < 2) return null;
        return all(set(machine, "numa_node_affinity", "0"), set(machine, "drs_behavior", FULLY));
      },
      alsoFails: { "cluster/drs-not-fully-automated": "DRS moves the node, bound or not" },
    },
  ],
  check(node, { need, needAll, fail, notApplicable }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    const affinity = need(machine, "numa_node_affinity");
    if (affinity === null || String(affinity).trim() === "") {
      return notApplicable("the node's VM is not bound to a NUMA node");
    }
    const cluster = need(machine, "inCluster");
    if (cluster === null || !need(cluster, "drs_enabled")) return;
    if (cluster.hosts.items.length < 2 && needAll(cluster.hosts).length < 2) return;
    const own = need(machine, "drs_behavior");
    const mover = own === null ? ([cluster, "drs_behavior"] as const) : ([machine, "drs_behavior"] as const);
    if ((own ?? need(cluster, "drs_behavior")) !== FULLY) return;
    fail("movable", {
      at: [machine, "numa_node_affinity"],
      data: { vm: machine.name, node: node.name, affinity, cluster: cluster.name },
      related: [{ message: `DRS is fully automated for VM ${machine.name}`, at: mover }],
    });
  },
});
