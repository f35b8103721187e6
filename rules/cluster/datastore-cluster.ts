import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { machineOrPlan } from "../shared/virtual-hardware.ts";
import type { Datastore } from "../../src/site/estate/datastores.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import { ownName, type SiteObject } from "../../src/site/core/site-object.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";

const messages = {
  none: "Datastore {{datastore}} of node {{node}} is not in a datastore cluster, but the node's host is in a cluster.",
} as const;

/**
 * The guide: "We recommend that you use a datastore cluster when automatically deploying a Conferencing Node to a VMware
 * host that is part of a cluster" (L521).
 */
export default defineRule({
  id: "cluster/datastore-cluster",
  title: "Require a datastore cluster for automatic deployment on clustered hosts",
  severity: "info",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "recommended"),
  subject: "conferencing-node",
  messages,
  remediation:
    "Deploy the node to a datastore cluster, or add its datastore to one (Storage DRS requires Enterprise Plus).",
  mutations: [
    {
      edit: (node, { site }) =>
        given(node, "deployment_type") === "AUTOMATIC"
          ? set(
              site.estate.datastores.all.items.find(
                (datastore) => ownName(datastore) === given(node.plan, "datastore"),
              ),
              "datastore_cluster",
              null,
            )
          : null,
    },
  ],
  check(node, context) {
    const { need, known, needEntries, each, notApplicable } = context;
    if (known(node, "deployment_type") !== "AUTOMATIC") {
      return notApplicable("the node is not deployed automatically");
    }
    // One host in a cluster is enough, regardless of values missing for others.
    if (!need(node.clusterHosts, "inAnyCluster")) return notApplicable("none of the node's hosts is in a cluster");
    const machine = machineOrPlan(node, context);
    const seen = new Set<string>();
    each(machine === null ? [node.plan] : needEntries(machine, "disks"), (owner) => {
      const name = need(owner, "datastore");
      if (!seen.has(name)) evaluateDatastore(name, owner, node, context);
      seen.add(name);
    });
  },
});

/** Evaluates the datastore of a planned VM or a disk. */
function evaluateDatastore(
  name: string,
  owner: SiteObject<{ readonly datastore?: string }>,
  node: Node,
  context: RuleContext<typeof messages>,
): void {
  const { site, need, needAll, fail, inconclusive } = context;
  const { datastores } = site.estate;
  // Where Pexip offers datastores, a datastore cluster can be chosen too.
  if (datastores.hasCluster(name)) return;
  const found = needAll(datastores.called(name)).filter((datastore) => mayServe(datastore, node, context));
  const [first] = found;
  if (first === undefined) return inconclusive(`the inventory has no datastore ${name} on the node's hosts`);
  const clusters = found.map((datastore) => need(datastore, "datastore_cluster"));
  if (!clusters.includes(null)) return;
  if (clusters.some((cluster) => cluster !== null)) {
    return inconclusive(`several datastores are named ${name}, and not all of them are in a datastore cluster`);
  }
  fail("none", {
    at: [first, "datastore_cluster"],
    data: { datastore: first.name, node: node.name },
    related: [{ message: `node ${node.name} uses it`, at: [owner, "datastore"] }],
    key: first.name,
  });
}

/** Whether a candidate host of the node reaches the datastore, as far as is known. */
function mayServe(datastore: Datastore, node: Node, { known }: RuleContext<typeof messages>): boolean {
  const reachedFrom = known(datastore, "hosts")?.map(canonicalName);
  return (
    reachedFrom === undefined ||
    node.clusterHosts.hosts.items.some((host) => reachedFrom.includes(canonicalName(ownName(host))))
  );
}
