import type { Topology, TopologyNode } from "../../schema/report.generated.ts";
import { keyOf, type Tally, worstOf } from "./ledger.ts";
import { isNotable, type Mark, rank, SIGNS } from "./marks.ts";
import { listed, thousands } from "../text/wording.ts";

/** A node, host, location or cluster in the picture. */
export interface Item {
  readonly name: string;
  readonly mark: Mark;
  /** `2 failed, 1 inconclusive`; empty if nothing is notable. */
  readonly notable: string;
}

/** A location with its nodes, or a cluster with its hosts. */
export interface Group {
  readonly title: Item;
  /** False for a group that is not an object, so no check has it as its subject. */
  readonly isObject: boolean;
  /** The worst mark of the group itself and of everything in it. */
  readonly mark: Mark;
  readonly items: readonly Item[];
}

/** Where a node belongs on both sides. Names of groups are titles. */
export interface Tie {
  readonly node: TopologyNode;
  readonly location: string;
  /** The group of its host; null if the host is unknown. */
  readonly hostGroup: string | null;
}

/** The two sides of the picture, and the connections between them. */
export interface Deployment {
  readonly locations: readonly Group[];
  readonly clusters: readonly Group[];
  readonly ties: readonly Tie[];
  /** DNS servers, NTP servers and the VM manager, each kind with its verdicts. */
  readonly services: readonly Group[];
}

/** Kinds of subjects outside the locations and clusters, with the name of their group. */
const SERVICES = [
  ["dns-server", "DNS servers"],
  ["ntp-server", "NTP servers"],
  ["vm-manager", "VM manager (vCenter)"],
] as const;

const MANAGEMENT = "Management Node";
const NO_LOCATION = "No declared location";
const NO_CLUSTER = "In no known cluster";
const MADE_UP: readonly string[] = [MANAGEMENT, NO_LOCATION, NO_CLUSTER];

/**
 * Puts every node into its location and every host into its cluster; clusters are drawn near the nodes that they run.
 */
export function deploymentOf(topology: Topology, subjects: ReadonlyMap<string, Tally>): Deployment {
  const clusterOf = new Map(topology.hosts.map(({ name, cluster }) => [name, cluster ?? NO_CLUSTER]));
  const ties = topology.nodes.map((node): Tie => {
    const location = node.role === "management" ? MANAGEMENT : (node.location ?? NO_LOCATION);
    return { node, location, hostGroup: node.host === null ? null : (clusterOf.get(node.host) ?? NO_CLUSTER) };
  });
  const itemOf = itemsFrom(topology, subjects);
  const hasManager = ties.some(({ location }) => location === MANAGEMENT);
  const locations = groupsOf(
    [...(hasManager ? [MANAGEMENT] : []), ...topology.locations.map(({ name }) => name)],
    (name) => itemOf("location", name),
    ties.map(({ location, node }) => [location, itemOf("node", node.name)]),
  );
  const clusters = groupsOf(
    topology.clusters.map(({ name }) => name),
    (name) => itemOf("cluster", name),
    topology.hosts.map(({ name }) => [clusterOf.get(name) ?? NO_CLUSTER, itemOf("host", name)]),
  );
  return { locations, clusters: nearTheirNodes(clusters, locations, ties), ties, services: servicesOf(subjects) };
}

function servicesOf(subjects: ReadonlyMap<string, Tally>): readonly Group[] {
  return SERVICES.flatMap(([kind, name]): readonly Group[] => {
    const items = [...subjects].flatMap(([key, tally]): readonly Item[] => {
      const [own, server = ""] = key.split("\n");
      return own === kind ? [serverItem(server, tally)] : [];
    });
    if (items.length === 0) return [];
    const mark = worstOf(items.map((item) => item.mark));
    return [{ title: { name, mark, notable: "" }, isObject: false, items, mark }];
  });
}

/** A server that was not contacted is not shown as passed: only checks of the files passed. */
function serverItem(name: string, tally: Tally): Item {
  const skipped = tally.counts.get("skipped") ?? 0;
  if (isNotable(tally.worst) || skipped === 0) return { name, mark: tally.worst, notable: notableOf([tally]) };
  return { name, mark: "skipped", notable: `${thousands(skipped)} skipped` };
}

/** The groups on the other side that a node is connected to. */
export function clustersOf({ node, hostGroup }: Tie): readonly string[] {
  return [...new Set([hostGroup, node.cluster].filter((name) => name !== null))];
}

/** The results of the checks of each object; those of a host's port group are shown at the host. */
function itemsFrom(topology: Topology, subjects: ReadonlyMap<string, Tally>): (kind: string, name: string) => Item {
  const portGroups = new Map<string, Tally[]>(topology.hosts.map(({ name }) => [name, []]));
  for (const [key, tally] of subjects) {
    const [kind = "", name = ""] = key.split("\n");
    if (kind !== "port-group") continue;
    for (let slash = name.indexOf("/"); slash >= 0; slash = name.indexOf("/", slash + 1)) {
      portGroups.get(name.slice(0, slash))?.push(tally);
    }
  }
  return (kind, name) => {
    const own = subjects.get(keyOf({ kind, name }));
    const tallies = [...(own === undefined ? [] : [own]), ...(kind === "host" ? (portGroups.get(name) ?? []) : [])];
    return { name, mark: worstOf(tallies.map(({ worst }) => worst)), notable: notableOf(tallies) };
  };
}

function notableOf(tallies: readonly Tally[]): string {
  const counts = new Map<Mark, number>();
  for (const tally of tallies) {
    for (const [mark, count] of tally.counts) if (isNotable(mark)) counts.set(mark, (counts.get(mark) ?? 0) + count);
  }
  const sorted = [...counts].sort(([a], [b]) => rank(a) - rank(b));
  return listed(
    sorted.map(([mark, count]) => `${thousands(count)} ${count === 1 ? SIGNS[mark].one : SIGNS[mark].many}`),
  );
}

function groupsOf(
  declared: readonly string[],
  titleOf: (name: string) => Item,
  members: readonly (readonly [group: string, item: Item])[],
): readonly Group[] {
  const items = new Map<string, Item[]>(declared.map((name) => [name, []]));
  for (const [group, item] of members) {
    const list = items.get(group);
    if (list === undefined) items.set(group, [item]);
    else list.push(item);
  }
  return [...items].map(([name, list]) => {
    const title = titleOf(name);
    const isObject = !MADE_UP.includes(name);
    const marks = list.map(({ mark }) => mark);
    return { title, isObject, items: list, mark: worstOf(isObject ? [title.mark, ...marks] : marks) };
  });
}

/** Clusters by the mean position of the locations whose nodes they run, so that few lines cross. */
function nearTheirNodes(
  clusters: readonly Group[],
  locations: readonly Group[],
  ties: readonly Tie[],
): readonly Group[] {
  const position = new Map(locations.map(({ title }, index) => [title.name, index]));
  const sums = new Map<string, { sum: number; count: number }>();
  for (const tie of ties) {
    for (const cluster of clustersOf(tie)) {
      const total = sums.get(cluster) ?? { sum: 0, count: 0 };
      total.sum += position.get(tie.location) ?? 0;
      total.count++;
      sums.set(cluster, total);
    }
  }
  const mean = ({ title }: Group) => {
    const total = sums.get(title.name);
    return total === undefined ? Infinity : total.sum / total.count;
  };
  return clusters
    .map((group) => ({ group, at: mean(group) }))
    .sort((a, b) => (a.at === b.at ? 0 : a.at - b.at))
    .map(({ group }) => group);
}
