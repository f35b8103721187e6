import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { machineOrPlan } from "../shared/virtual-hardware.ts";
import type { Datastore } from "../../src/site/estate/datastores.ts";
import { datastoresOf } from "../../src/site/relations/node-datastores.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/** The guide: "we strongly recommend SSDs for both the Management Node and Conferencing Nodes" (L216). */
export default defineRule({
  id: "vm/ssd-datastore",
  title: "Require solid-state storage for nodes",
  severity: "warn",
  since: "0.1.0",
  source: guide("Storage", "strongly-recommended"),
  subject: "node",
  messages: {
    disk: "Datastore {{datastore}} of node {{node}} is not on SSDs; use a datastore on SSDs.",
  },
  remediation: "Move the VM to a datastore on SSDs (Migrate, Change storage only), or plan the node on one.",
  mutations: [
    {
      edit: (node, { site }) => {
        const used = given(given(node, "virtualMachine"), "disks")?.[0]?.datastore ?? given(node.plan, "datastore");
        const datastore = site.estate.datastores.all.items.find((it) => ownName(it) === used);
        return given(datastore, "local") === true ? set(datastore, "ssd", false) : null;
      },
    },
  ],
  check(node, context) {
    const { site, need, needEntries, each, fail, inconclusive } = context;
    const machine = machineOrPlan(node, context);
    const users = machine === null ? [node.plan] : needEntries(machine, "disks");
    if (users.length === 0) return inconclusive("the node's VM has no disk in the inventory");
    const seen = new Set<Datastore>();
    each(users, (user) => {
      const found = datastoresOf(node, user, need(user, "datastore"), site.estate);
      each(found, (datastore) => {
        if (seen.has(datastore)) return;
        seen.add(datastore);
        if (need(datastore, "ssd")) return;
        // Arrays often say so of SSDs too; of a local disk the host itself knows.
        if (!need(datastore, "local"))
          inconclusive(`${datastore.name} is not local, and arrays do not report whether they use SSDs`);
        fail("disk", {
          at: [datastore, "ssd"],
          data: { datastore: datastore.name, node: node.name },
          related: [{ message: `node ${node.name} uses it`, at: [user, "datastore"] }],
        });
      });
    });
  },
});
