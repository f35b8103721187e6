import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { shellQuote } from "../../src/values/text/shell-quote.ts";

const FULLY = "fullyAutomated";

/**
 * Follows from the guide: "You must put the Conferencing Node into maintenance mode and wait until all conferences on
 * that node have finished before migrating it to another host server" (L249). Fully automated DRS does not wait.
 */
export default defineRule({
  id: "cluster/drs-not-fully-automated",
  title: "Disallow fully automated DRS for conferencing nodes",
  severity: "warn",
  since: "0.1.0",
  source: guide("vMotion", "derived"),
  subject: "conferencing-node",
  messages: {
    cluster:
      "DRS of cluster {{cluster}} is fully automated, and VM {{vm}} of node {{node}} has no override; DRS may move the node while conferences run on it.",
    override:
      "VM {{vm}} of node {{node}} is fully automated in DRS by an override of its own; DRS may move the node while conferences run on it.",
  },
  remediation:
    "Give the VM an override that lets DRS only recommend a migration (partially automated or manual), or disables DRS for it; then migrate the node in maintenance mode.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    const cluster = machine == null ? null : known(machine, "inCluster");
    if (machine == null || cluster == null) return [];
    const [inCluster, vm] = [cluster, machine].map((object) => shellQuote(ownName(object)));
    return [`govc cluster.override.change -cluster ${inCluster} -vm ${vm} -drs-enabled -drs-mode partiallyAutomated`];
  },
  mutations: [
    {
      edit: (node) => {
        const machine = given(node, "virtualMachine");
        const cluster = given(machine, "inCluster");
        return given(machine, "drs_behavior") === null ? set(cluster, "drs_behavior", FULLY) : null;
      },
    },
    { edit: (node) => set(given(node, "virtualMachine"), "drs_behavior", FULLY) },
  ],
  check(node, { need, needAll, fail, notApplicable }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("the node has no VM yet");
    const cluster = need(machine, "inCluster");
    if (cluster === null) return notApplicable("the VM is in no cluster");
    if (!need(cluster, "drs_enabled")) return notApplicable("DRS is off in the VM's cluster");
    if (cluster.hosts.items.length < 2 && needAll(cluster.hosts).length < 2) {
      return notApplicable("the VM's cluster has one host only");
    }
    const data = { vm: machine.name, node: node.name, cluster: cluster.name };
    const own = need(machine, "drs_behavior");
    if (own === FULLY) fail("override", { at: [machine, "drs_behavior"], data });
    if (own !== null || need(cluster, "drs_behavior") !== FULLY) return;
    fail("cluster", {
      at: [cluster, "drs_behavior"],
      data,
      related: [{ message: `VM ${machine.name} has no override`, at: [machine, "drs_behavior"] }],
    });
  },
});
