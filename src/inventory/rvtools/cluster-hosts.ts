import { groupBy } from "../../site/core/names.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { clusterDraft, type ClusterDraft, type HostDraft, type Record_, type ServerEstate } from "./server-estate.ts";

/** A cluster with its hosts; null if several clusters have the same name, and their hosts cannot be assigned. */
export interface ClusterHosts {
  readonly cluster: ClusterDraft;
  readonly hosts: readonly HostDraft[] | null;
}

/**
 * The clusters of an inventory, including those to which only hosts refer. Every tab refers to a cluster only by its
 * name, while each datacenter may have one with that name: hosts of two datacenters are in two clusters, whether or not
 * vCluster lists both.
 */
export function clustersWithHosts(estate: ServerEstate, whyUnlisted: string | null): readonly ClusterHosts[] {
  const { hosts, clusters, coverage } = estate;
  if (whyUnlisted !== null) clusters.gap(whyUnlisted);
  const keyOf = (name: unknown) => (typeof name === "string" ? canonicalName(name) : "");
  const members = groupBy(hosts.items, ({ record }) => keyOf(record["cluster"]));
  const listed = groupBy(clusters.items, ({ name }) => keyOf(name));
  const addUnlisted = (name: string): ClusterDraft => {
    const cluster = clusterDraft({ name });
    clusters.add(cluster);
    coverage.object("clusters", name, whyUnlisted ?? "the vCluster tab does not list it, and hosts are in it");
    return cluster;
  };
  const found = new Map<ClusterDraft, readonly HostDraft[] | null>();
  for (const key of new Set([...listed.keys(), ...members.keys()])) {
    if (key === "") continue;
    const called = members.get(key) ?? [];
    const rows = listed.get(key) ?? [];
    const name = rows[0]?.name ?? String(called[0]?.record["cluster"]);
    for (const [cluster, own] of assigned(rows, called, () => addUnlisted(name))) found.set(cluster, own);
  }
  return clusters.items.map((cluster) => ({ cluster, hosts: found.get(cluster) ?? null }));
}

/** The clusters of one name with their hosts: those that vCluster lists, and those that must be missing from it. */
function assigned(
  rows: readonly ClusterDraft[],
  called: readonly HostDraft[],
  addUnlisted: () => ClusterDraft,
): readonly (readonly [ClusterDraft, readonly HostDraft[] | null])[] {
  const byDatacenter = groupBy(called, ({ record }) => datacenterOf(record));
  const groups = [...byDatacenter].flatMap(([datacenter, group]) => (datacenter === undefined ? [] : [group]));
  const [only] = rows;
  const isOne = groups.length <= 1 && rows.length <= 1;
  const isOverfull = isOne && only !== undefined && called.length > hostCount(only);
  if (isOne && !isOverfull) return [[only ?? addUnlisted(), called]];
  // If hosts have no datacenter, or there are more hosts than the only cluster has, they may be in any of them.
  const isCertain = !byDatacenter.has(undefined) && !isOverfull && groups.length >= rows.length;
  const own = new Map(rows.map((row) => [row, isCertain ? membersOf(row, rows, groups) : null]));
  const left = groups.filter((group) => ![...own.values()].includes(group));
  const isSettled = isCertain && ![...own.values()].includes(null);
  const unlisted = Array.from({ length: Math.max(groups.length - rows.length, isOverfull ? 1 : 0) }, (_, index) => {
    return [addUnlisted(), isSettled ? (left[index] ?? null) : null] as const;
  });
  return [...own, ...unlisted];
}

/** The only group of hosts that matches a cluster's counts and that of no other cluster of its name. */
function membersOf(
  cluster: ClusterDraft,
  namesakes: readonly ClusterDraft[],
  groups: readonly (readonly HostDraft[])[],
): readonly HostDraft[] | null {
  const [members, ...more] = groups.filter((group) => mayBeMembers(group, cluster));
  if (members === undefined || more.length > 0) return null;
  return namesakes.some((other) => other !== cluster && mayBeMembers(members, other)) ? null : members;
}

/** Whether the counts of a cluster match these hosts; an unknown count matches any. */
function mayBeMembers(group: readonly HostDraft[], { record, cores: { value: cores } }: ClusterDraft): boolean {
  const count = record["host_count"];
  if (count !== undefined && count !== group.length) return false;
  const own = group.map((host) => (host.record["cpu"] as Record_ | undefined)?.["cores"]);
  const isKnown = own.every((each) => typeof each === "number");
  return cores === undefined || !isKnown || cores === own.reduce((sum, each) => sum + each, 0);
}

function hostCount({ record }: ClusterDraft): number {
  const count = record["host_count"];
  return typeof count === "number" ? count : Infinity;
}

function datacenterOf({ datacenter }: Record_): string | undefined {
  return typeof datacenter === "string" ? canonicalName(datacenter) : undefined;
}
