import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { Cluster } from "../../src/site/estate/estate-objects.ts";
import { ownName } from "../../src/site/core/site-object.ts";

const FULLY = "fullyAutomated";

const messages = {
  cluster:
    "DRS of cluster {{cluster}} is fully automated, and VM {{vm}} of node {{node}} has no override; DRS may move the node while conferences run on it.",
  planned:
    "DRS of cluster {{cluster}} is fully automated; without an override for the VM of planned node {{node}}, DRS may move the node while conferences run on it.",
  override:
    "VM {{vm}} of node {{node}} has a DRS override that is fully automated; DRS may move the node while conferences run on it.",
} as const;

/**
 * Follows from the guide: "You must put the Conferencing Node into maintenance mode and wait until all conferences on
 * that node have finished before migrating it to another host server" (L249). Fully automated DRS does not wait.
 */
export default defineRule({
  id: "cluster/drs-not-fully-automated",
  title: "Disallow fully automated DRS for Conferencing Nodes",
  severity: "warn",
  since: "0.1.0",
  source: guide("vMotion", "derived"),
  subject: "conferencing-node",
  messages,
  remediation:
    "Give the VM a DRS override: partially automated, manual or disabled. Migrate the node only in Pexip maintenance mode.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    if (machine == null) return [];
    const cluster = known(machine, "inCluster");
    if (cluster == null) return [];
    return [command("vm/drs-partially-automated", { cluster: ownName(cluster), vm: ownName(machine) })];
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
  check(node, context) {
    const { need, fail } = context;
    const machine = need(node, "virtualMachine");
    if (machine === null) {
      checkPlan(node, context);
      return;
    }
    const cluster = need(machine, "inCluster");
    requireDrs(cluster, "the VM", context);
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

type Context = RuleContext<typeof messages>;

/** Ends the check where DRS moves nothing. */
function requireDrs(
  cluster: Cluster | null,
  what: string,
  { need, needAll, notApplicable }: Context,
): asserts cluster is Cluster {
  if (cluster === null) return notApplicable(`${what} is not in a cluster`);
  if (!need(cluster, "drs_enabled")) return notApplicable(`DRS is disabled in the cluster of ${what}`);
  if (cluster.hosts.items.length < 2) {
    needAll(cluster.hosts);
    notApplicable(`the cluster of ${what} has only one host`);
  }
}

/** The level of the planned cluster decides already: a new VM has no override. */
function checkPlan(node: Node, context: Context): void {
  const { need, needAll, fail } = context;
  const { cluster, host } = node.hostPlacement;
  if (cluster === null) needAll(node.clusterHosts.hosts);
  const planned = cluster ?? (host === null ? null : need(host, "inCluster"));
  requireDrs(planned, "the planned VM", context);
  if (need(planned, "drs_behavior") !== FULLY) return;
  fail("planned", { at: [planned, "drs_behavior"], data: { node: node.name, cluster: planned.name } });
}
