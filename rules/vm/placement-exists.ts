import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { Host } from "../../src/site/estate/estate-objects.ts";
import { type PlacedName, placedNames } from "../../src/site/relations/placed-names.ts";
import type { PartialList } from "../../src/site/core/partial-list.ts";
import { type Field, ownName, type SiteObject } from "../../src/site/core/site-object.ts";
import type { Use } from "../../src/site/relations/spread.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { quoted } from "../../src/values/text/quoted.ts";

const messages = {
  unlisted: "Node {{node}} is placed on {{kind}} {{name}}, which is not in the inventory.",
  similar:
    "Node {{node}} is placed on {{kind}} {{name}}, which is not in the inventory; the most similar name is {{near}}.",
  elsewhere: "Node {{node}} is placed on {{kind}} {{name}}, which is not in datacenter {{datacenter}}.",
  otherPool: "Node {{node}} is placed in resource pool {{name}}, but {{owner}} has no such pool.",
  apart: "Node {{node}} is placed on host {{host}} and on cluster {{cluster}}, but the host is {{where}}.",
  unreachable: "Node {{node}} is placed on {{kind}} {{name}}, but {{where}}.",
} as const;
const NOWHERE = "no candidate host has it";
type Context = RuleContext<typeof messages>;

/**
 * The guide: "The options available in the drop-down menu reflect what is currently configured in the VM manager." (L504;
 * L512 to L521 likewise). What is not there cannot be chosen.
 */
export default defineRule({
  id: "vm/placement-exists",
  title: "Require placement targets to exist",
  severity: "error",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "must"),
  subject: "node",
  messages,
  remediation: "Correct the name, or create the object in vSphere before the node is deployed.",
  mutations: [
    {
      edit: (node) =>
        given(node, "virtualMachine") === null ? set(node.plan, "cluster", (name) => `${name}-x`) : null,
    },
    {
      edit: (node, { site }) => {
        const isListed =
          site.estate.distributedPortGroups.missing.length === 0 &&
          node.clusterHosts.hosts.items.every((host) => given(host, "port_groups") !== undefined);
        if (!isListed || given(node, "virtualMachine") !== null) return null;
        return set(node.plan, "network", (name) => `${name}-x`);
      },
    },
    {
      edit: (node) =>
        given(node, "virtualMachine") === null ? set(node.plan, "datastore", (name) => `${name}-x`) : null,
    },
    {
      edit: (node) =>
        given(node, "virtualMachine") === null ? set(node.plan, "resource_pool", (name) => `${name}-x`) : null,
    },
    {
      edit: (node, { site }) => {
        const other = site.relations.hostsInUse.items.find(
          (host) => given(host, "inCluster") !== node.hostPlacement.cluster,
        );
        return given(node, "virtualMachine") === null ? set(node.plan, "host", other && ownName(other)) : null;
      },
    },
  ],
  check(node, context) {
    const { site, need, needAll, each } = context;
    const spread = site.relations.spreadOf(node);
    const { networks, plannedNetworks, datastores } = spread;
    const names = placedNames(node, spread);
    // A gap in one of them hides nothing about the others.
    let isApart = false;
    const looks = [
      () => (isApart = checkPosition(node, context)),
      ...names.map((placed) => () => checkName(placed, node, context)),
      // While host and cluster contradict each other, it is open in which place the rest has to be.
      ...names.map((placed) => () => {
        if (!isApart && placed.kind === "resource pool") checkPool(placed.name, node, context);
      }),
      ...[...networks.items, ...datastores.items].map((use) => () => {
        if (!isApart) checkReach(use, node, context);
      }),
      ...plannedNetworks.map((use) => () => {
        // What the plan names in addition to the VM need only exist; vm/matches-plan reports that the VM has another.
        if (site.estate.names.called("network", use.name).items.length === 0) checkReach(use, node, context);
      }),
      () => {
        const machine = need(node, "virtualMachine");
        if (machine !== null) {
          need(machine, "host");
          need(machine, "inCluster");
          needAll(datastores);
        }
      },
      () => {
        if (node.clusterHosts.hosts.items.length === 0) needAll(node.clusterHosts.hosts);
      },
      () => needAll(networks),
    ];
    each(looks, (look) => look());
  },
});

/** A name must be somewhere in the inventory; the actual placement is evaluated by `evaluateReach`. */
function checkName({ kind, name, at }: PlacedName, node: Node, context: Context): void {
  const { site, known, needAll, fail } = context;
  const called = site.estate.names.called(kind, name);
  // Which hosts may have a network, though they do not list theirs, is looked at below: only the node's own matter.
  if (kind === "network" && called.missing.length > 0) return;
  const data = () => ({ node: node.name, kind, name: quoted(name) });
  if (needAll(called).length === 0) {
    const near = site.estate.gaps.nearest(kind, name);
    if (near === null) fail("unlisted", { at, data: data() });
    else fail("similar", { at, data: { ...data(), near: quoted(near) } });
    return;
  }
  if ((kind !== "cluster" && kind !== "host") || at[0] !== node.plan) return;
  const datacenter = known(node.plan, "datacenter");
  if (datacenter === undefined || site.estate.names.called("datacenter", datacenter).items.length === 0) return;
  const found: Field<SiteObject> = site.estate[kind](name, datacenter, node.plan.sourceRefOf(kind));
  const [object] = needAll(partialListOf(found));
  if (object?.descriptions.length !== 0) return;
  // What is on a host or cluster is hardly in doubt; which datacenter that is in is.
  fail("elsewhere", {
    at: [node.plan, "datacenter"],
    data: { ...data(), datacenter: quoted(datacenter) },
    related: [{ message: `${kind} ${name} is set here`, at }],
    key: kind,
  });
}

/** Pools of several clusters are often called the same: one of them must be in the cluster that the node is in. */
function checkPool(name: string, node: Node, { site, need, known, fail }: Context): void {
  const [host] = node.clusterHosts.hosts.items;
  if (host === undefined) return;
  const cluster = need(host, "inCluster");
  const owner = cluster === null ? null : canonicalName(ownName(cluster));
  const pools = site.estate.names.pools(name);
  if (pools.length === 0) return;
  const ofOwner = pools.filter((pool) => {
    const other = known(pool, "cluster");
    return (other == null ? other : canonicalName(other)) === owner;
  });
  const datacenter = cluster === null ? undefined : known(cluster, "datacenter");
  const namesakes = cluster === null ? [] : site.estate.clustersCalled(ownName(cluster));
  if (datacenter === undefined || namesakes.length < 2) {
    if (ofOwner.length > 0) return;
  } else {
    // A pool names its cluster; in which datacenter that is shows its path alone.
    if (ofOwner.some((pool) => isBelow(datacenter, known(pool, "path")))) return;
    for (const pool of ofOwner) need(pool, "path");
  }
  for (const pool of pools) need(pool, "cluster");
  fail("otherPool", {
    at: [node.plan, "resource_pool"],
    data: {
      node: node.name,
      name: quoted(name),
      owner: cluster === null ? `host ${host.name}` : `cluster ${cluster.name}`,
    },
  });
}

/** Whether a datacenter is a step of an inventory path above the cluster's own pools. */
function isBelow(datacenter: string, path: string | undefined): boolean {
  const steps = path?.split("/").map((step) => canonicalName(step)) ?? [];
  return steps.slice(0, steps.indexOf("resources")).includes(canonicalName(datacenter));
}

/** Whether a plan names a host and a cluster, and the host is not one of that cluster. Where there is a VM, vm/matches-plan finds the odd one. */
function checkPosition(node: Node, { site, need, known, needAll, fail }: Context): boolean {
  const [host, cluster] = [known(node.plan, "host"), known(node.plan, "cluster")];
  if (known(node, "virtualMachine") != null || host === undefined || cluster === undefined) return false;
  const datacenter = known(node.plan, "datacenter");
  const [planned] = needAll(partialListOf(site.estate.host(host, datacenter, node.plan.sourceRefOf("host"))));
  // A name that is not in the inventory is wrong by itself.
  if (planned === undefined || planned.descriptions.length === 0) return false;
  const actual = need(planned, "inCluster");
  if (actual !== null && canonicalName(ownName(actual)) === canonicalName(cluster)) return false;
  fail("apart", {
    at: [node.plan, "host"],
    data: {
      node: node.name,
      host: quoted(host),
      cluster: quoted(cluster),
      where: actual === null ? "not in a cluster" : `in cluster ${quoted(ownName(actual))}`,
    },
    related: [
      { message: `the cluster that node ${node.name} is placed on`, at: [node.plan, "cluster"] },
      { message: `the cluster of ${planned.name}`, at: [planned, "cluster"] },
    ],
  });
  return true;
}

function partialListOf<T>(field: Field<T>): PartialList<T> {
  return field.known ? { items: [field.value], missing: [] } : { items: [], missing: field.missing };
}

/**
 * The node's host must have it; of a cluster, as long as no host is planned, one host. What other hosts lack is the
 * matter of vm/network-on-every-host.
 */
function checkReach(use: Use, node: Node, { site, known, needAll, fail }: Context): void {
  const { kind, name, namedAt, reach } = use;
  const { on, off, open } = reach;
  const { hostPlacement } = node;
  const isThere = (host: Host) => {
    return hostPlacement.host === null ? node.clusterHosts.has(host) : host === hostPlacement.host;
  };
  if (on.some(isThere)) return;
  const called = site.estate.names.called(kind, name);
  if (called.items.length === 0 && called.missing.length === 0) return;
  const sourceRef =
    hostPlacement.host === null ? node.clusterHosts.hosts : { items: [hostPlacement.host], missing: [] };
  needAll({ items: sourceRef.items, missing: sourceRef.items.flatMap((host) => open.get(host) ?? []) });
  if (needAll(sourceRef).length === 0) return;
  const keys = kind === "datastore" ? (["datastore"] as const) : (["network", "secondary_network"] as const);
  const planned = keys.find((key) => {
    const named = known(node.plan, key);
    return named !== undefined && canonicalName(named) === canonicalName(name);
  });
  fail("unreachable", {
    at: planned === undefined ? namedAt : [node.plan, planned],
    data: {
      node: node.name,
      kind,
      name: quoted(name),
      where: hostPlacement.host === null ? NOWHERE : `host ${hostPlacement.host.name} does not have it`,
    },
    related: off
      .filter(({ host }) => isThere(host))
      .map(({ host, at }) => ({ message: `not on ${host.name}`, at: at ?? namedAt })),
  });
}
