import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { pathsTo } from "../../src/site/relations/hosts-in-use.ts";
import type { Use } from "../../src/site/relations/spread.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/**
 * Follows from the guide's "Conferencing Nodes (and the Management Node) can be moved across host servers using vMotion"
 * (L247) and from HA, which will "automatically start the VM on another host in the cluster" (L272): neither can, where
 * the other host lacks the network or the datastore.
 */
export default defineRule({
  id: "vm/network-on-every-host",
  title: "Require node networks and datastores on every candidate host",
  severity: "warn",
  since: "0.1.0",
  source: guide("vSphere High Availability", "derived"),
  subject: "node",
  messages: {
    nowhere: "No candidate host of node {{node}} has {{kind}} {{name}}.",
    lacking: "Candidate host {{host}} does not have {{kind}} {{name}}, so it cannot run node {{node}}.",
  },
  remediation:
    "Add the network (on a standard switch, a port group of exactly that name) and the datastore to every host of the cluster, or bind the node to the hosts that have them.",
  mutations: [
    {
      edit: (node, { site }) => {
        const other = node.clusterHosts.hosts.items.findLast((host) => host !== node.hostPlacement.host);
        const used = given(given(node, "virtualMachine"), "disks")?.[0]?.datastore ?? given(node.plan, "datastore");
        const datastore = site.estate.datastores.all.items.find((it) => ownName(it) === used);
        return other === undefined
          ? null
          : set(datastore, "hosts", (hosts) => hosts.filter((host) => host !== ownName(other)));
      },
    },
  ],
  check(node, { site, needAll, each, fail, notApplicable }) {
    const { hosts } = node.clusterHosts;
    if (hosts.items.length === 1 && hosts.missing.length === 0)
      return notApplicable("the node has only one candidate host");
    if (hosts.items.length === 0) needAll(hosts);
    const { networks, datastores } = site.relations.spreadOf(node);
    const uses = [...networks.items, ...datastores.items];
    const isEverywhere = ({ reach }: Use) => reach.on.length === hosts.items.length;
    if (uses.every(isEverywhere)) {
      for (const list of [hosts, networks, datastores]) needAll<unknown>(list);
      return;
    }
    const looks = [
      ...uses.map(({ kind, name, namedAt, reach: { on, off, missing } }) => () => {
        if (on.length === 0) {
          needAll({ items: [], missing });
          fail("nowhere", { at: namedAt, dependsOn: [namedAt], data: { node: node.name, kind, name } });
          return;
        }
        for (const { host, at } of off) {
          const data = { node: node.name, kind, name, host: host.name };
          const related = [{ message: `node ${node.name} uses it`, at: namedAt }, ...pathsTo(host, node)];
          // A node whose own host does not have it is not placed right to begin with.
          const dependsOn =
            host === node.hostPlacement.host
              ? [namedAt, [node.plan, "host"] as const, [node.plan, "cluster"] as const]
              : [];
          fail("lacking", { at: at ?? namedAt, dependsOn, data, related, key: host.name });
        }
        needAll({ items: [], missing });
      }),
      // What may yet turn out to be a host, a network or a datastore of the node.
      () => {
        needAll(hosts);
        needAll(networks);
        needAll(datastores);
      },
    ];
    each(looks, (look) => look());
  },
});
