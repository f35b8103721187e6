import { atLeast, type EsxiVersion } from "../../facts/esxi-version.ts";
import type { NewestHardware } from "../../facts/hardware-versions.ts";
import { distinctGaps, type Missing, type SourceRef } from "../core/missing.ts";
import { oncePer } from "../core/once.ts";
import type { PartialList } from "../core/partial-list.ts";
import { derivedTable, type Field, known, SiteObject, unknown } from "../core/site-object.ts";
import type { Cluster, CpuFeature, Host } from "./estate-objects.ts";
import type { HostLimit } from "./vm-host-rules.ts";
import { computed, keptIn, reused } from "../core/kept-reads.ts";

/** A value of one host in a set, with its source location. */
interface HostFact<T> {
  readonly value: T;
  readonly host: Host;
  readonly at: readonly [object: SiteObject, field: string];
}

/** The number of vCPUs that fit one CPU package of a host: its cores, or its threads if hyperthreading is enabled. */
interface Socket {
  readonly unit: "cores" | "threads";
  readonly limit: number;
}

/** The deciding value for all hosts of a set, and its host; a gap if a host without the value may decide. */
export interface HostSetFields {
  readonly oldestEsxi?: HostFact<EsxiVersion>;
  /** The newest hardware version that all of them run. */
  readonly newestHardware?: HostFact<NewestHardware>;
  /** A host without the feature decides, whatever is missing of the others; else one for which it is not confirmed. */
  readonly avx2?: HostFact<CpuFeature>;
  readonly avx512f?: HostFact<CpuFeature>;
  /** Whether any of them is in a cluster: one is enough. */
  readonly inAnyCluster?: boolean;
}

/** The gap of a set without any host. */
export type NoHost = Missing & { readonly sourceRef: SourceRef };

/** The facts of single hosts in a set, in the order of the set or with the lowest first. */
interface HostFacts {
  readonly esxi: PartialList<HostFact<EsxiVersion>>;
  readonly hardware: PartialList<HostFact<NewestHardware>>;
  readonly sockets: PartialList<HostFact<Socket>>;
  /** Only those whose edition is the free one. */
  readonly freeEditions: PartialList<HostFact<string>>;
  /** The clusters that they are in, each once. */
  readonly clusters: PartialList<Cluster>;
}

/**
 * Candidate hosts of nodes, one object for all nodes with the same ones: results that rules derive from all of them are
 * computed once, not for each node.
 */
export class HostSet extends SiteObject<HostSetFields> {
  /** The hosts, and what may hide more of them. */
  readonly hosts: PartialList<Host>;
  readonly #members: ReadonlySet<Host>;
  readonly #facts: { -readonly [K in keyof HostFacts]?: HostFacts[K] } = {};

  constructor(name: string, hosts: PartialList<Host>, none: NoHost) {
    super({
      kind: "host-set",
      name,
      descriptions: [],
      sourceRef: hosts.items[0]?.sourceRef ?? none.sourceRef,
      missing: () => none,
      derived: derivedTable<HostSetFields>({
        oldestEsxi: () => lowest(this.esxi, none),
        newestHardware: () => {
          const { items, missing } = this.hardware;
          return lowest({ items: sorted(items, (a, b) => a.least - b.least), missing }, none);
        },
        avx2: () => weakest(hosts, "avx2", none),
        avx512f: () => weakest(hosts, "avx512f", none),
        inAnyCluster: () => {
          const { items, missing } = this.clusters;
          return items.length > 0 || missing.length === 0 ? known(items.length > 0) : unknown(...missing);
        },
      }),
    });
    this.hosts = hosts;
    this.#members = new Set(hosts.items);
  }

  has(host: Host): boolean {
    return this.#members.has(host);
  }

  /** The ESXi version of each host, the oldest first. */
  get esxi(): HostFacts["esxi"] {
    return this.#fact("esxi", () =>
      ranked(
        factsOf(this.hosts, (host) => fact(host, host.read("esxi"), [host, "version"])),
        compareReleases,
      ),
    );
  }

  /** The newest hardware version that each host runs, the lowest first. */
  get hardware(): HostFacts["hardware"] {
    return this.#fact("hardware", () =>
      ranked(
        factsOf(this.hosts, (host) => fact(host, host.read("newestHardware"), [host, "version"])),
        (a, b) => a.most - b.most,
      ),
    );
  }

  /** The CPU packages of each host, the smallest first. */
  get sockets(): HostFacts["sockets"] {
    return this.#fact("sockets", () => ranked(factsOf(this.hosts, socketOf), (a, b) => a.limit - b.limit));
  }

  /** The hosts of the free edition. */
  get freeEditions(): HostFacts["freeEditions"] {
    return this.#fact("freeEditions", () => {
      const { items, missing } = factsOf(this.hosts, (host) => fact(host, host.read("edition"), [host, "edition"]));
      return { items: items.filter(({ value }) => value === "free"), missing };
    });
  }

  /** The clusters that the hosts are in, each once. */
  get clusters(): HostFacts["clusters"] {
    return this.#fact("clusters", () => {
      const { items, missing } = factsOf(this.hosts, (host) => fact(host, host.read("inCluster"), [host, "cluster"]));
      const clusters = new Set(items.flatMap(({ value }) => (value === null ? [] : [value])));
      return { items: [...clusters], missing };
    });
  }

  #fact<K extends keyof HostFacts>(name: K, find: () => HostFacts[K]): HostFacts[K] {
    const kept: HostFacts[K] | undefined = this.#facts[name];
    return kept === undefined ? (this.#facts[name] = computed(find)) : reused(kept);
  }
}

function fact<T>(host: Host, field: Field<T>, at: HostFact<T>["at"]): Field<HostFact<T>> {
  return field.known ? known({ value: field.value, host, at }) : field;
}

/** A fact of each host, and the gaps of hosts without it and of the list, without duplicates. */
function factsOf<T>(
  { items, missing }: PartialList<Host>,
  factOf: (host: Host) => Field<HostFact<T>>,
): PartialList<HostFact<T>> {
  const found = items.map(factOf);
  return {
    items: found.flatMap((each) => (each.known ? [each.value] : [])),
    missing: distinctGaps([...missing, ...found.flatMap((each) => (each.known ? [] : each.missing))]),
  };
}

type Order<T> = (a: T, b: T) => number;

function sorted<T>(facts: readonly HostFact<T>[], order: Order<T>): readonly HostFact<T>[] {
  return facts.toSorted((a, b) => order(a.value, b.value));
}

function ranked<T>({ items, missing }: PartialList<HostFact<T>>, order: Order<T>): PartialList<HostFact<T>> {
  return { items: sorted(items, order), missing };
}

function lowest<T>({ items: [first], missing }: PartialList<HostFact<T>>, none: NoHost): Field<HostFact<T>> {
  if (missing.length > 0) return unknown(...missing);
  return first === undefined ? unknown(none) : known(first);
}

function weakest(hosts: PartialList<Host>, feature: "avx2" | "avx512f", none: NoHost): Field<HostFact<CpuFeature>> {
  const { items, missing } = factsOf(hosts, (host) => {
    const found = host.read(feature);
    return found.known ? fact(host, found, found.value.at) : found;
  });
  const absent = items.find(({ value }) => !value.present);
  if (absent !== undefined) return known(absent);
  return lowest({ items: sorted(items, (a, b) => Number(a.confirmed) - Number(b.confirmed)), missing }, none);
}

function socketOf(host: Host): Field<HostFact<Socket>> {
  const { cpu } = host;
  const hyperthreading = cpu.read("hyperthreading_active");
  if (!hyperthreading.known) return hyperthreading;
  const unit = hyperthreading.value ? "threads" : "cores";
  const [count, packages] = [cpu.read(unit), cpu.read("sockets")];
  if (!count.known) return count;
  if (!packages.known) return packages;
  return known({ value: { unit, limit: Math.floor(count.value / packages.value) }, host, at: [cpu, unit] });
}

/** Updates do not count. */
function compareReleases(a: EsxiVersion, b: EsxiVersion): number {
  if (a.major === b.major && a.minor === b.minor) return 0;
  return atLeast(a, b.major, b.minor) ? 1 : -1;
}

/** Further restrictions of the hosts in a cluster that a node may run on. */
interface Candidates {
  readonly missing: readonly Missing[];
  readonly limits: readonly HostLimit[];
  readonly none: NoHost;
}

/** The host sets of a site, one for each list of hosts and its gaps. */
export class HostSets {
  readonly #byHosts = new Map<string, HostSet>();
  readonly #inCluster = new Map<string, HostSet>();
  readonly #whole = new Map<Cluster, HostSet>();
  readonly #members = oncePer((cluster: Cluster) => new Set(cluster.hosts.items));

  /** The set of these hosts. `none` is the gap of a set without any. */
  of(hosts: PartialList<Host>, none: NoHost): HostSet {
    const names = hosts.items.map(({ name }) => name);
    const key = JSON.stringify([names, hosts.missing.map(keyOf), names.length > 0 ? null : keyOf(none)]);
    return keptIn(this.#byHosts, key, () => new HostSet(nameOf(hosts), hosts, none));
  }

  /**
   * The hosts of a cluster within all limits, and a VM's own in any case; found without looking at each host again.
   */
  inCluster(cluster: Cluster, home: Host | null, candidates: Candidates): HostSet {
    const { missing, limits } = candidates;
    const own = home !== null && (limits.length > 0 || !this.#members(cluster).has(home)) ? home : null;
    if (own !== null || limits.length > 0 || missing.length > 0) return this.#someOf(cluster, own, home, candidates);
    // All hosts of the cluster: so it is for most nodes.
    return keptIn(this.#whole, cluster, () => this.#someOf(cluster, own, home, candidates));
  }

  #someOf(cluster: Cluster, own: Host | null, home: Host | null, { missing, limits, none }: Candidates): HostSet {
    const key = JSON.stringify([cluster.name, own?.name ?? null, limits.map((limit) => limit.key), missing.map(keyOf)]);
    return keptIn(this.#inCluster, key, () => {
      const { hosts } = cluster;
      const allowed = hosts.items.filter((host) => host === home || limits.every(({ allows }) => allows(host)));
      const items = home === null || allowed.includes(home) ? allowed : [home, ...allowed];
      const [limit] = limits;
      const isForbidden = items.length === 0 && hosts.items.length > 0 && limit !== undefined;
      const excluded = isForbidden
        ? [{ what: `${limit.by} allows no host of cluster ${cluster.name}`, sourceRef: limit.sourceRef }]
        : [];
      return this.of({ items, missing: [...excluded, ...missing, ...hosts.missing] }, none);
    });
  }
}

function keyOf({ what, sourceRef }: Missing): readonly unknown[] {
  return [what, sourceRef?.document.path, sourceRef?.path];
}

function nameOf({ items }: PartialList<Host>): string {
  const [first, ...others] = items;
  if (first === undefined) return "no host";
  return others.length === 0 ? first.name : `${first.name} and ${others.length} more`;
}
