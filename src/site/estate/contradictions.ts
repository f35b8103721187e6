import { cpuModelMode } from "../../facts/cpu-models.ts";
import { evcMode } from "../../facts/evc-modes.ts";
import { atLeast, esxiVersion } from "../../facts/esxi-version.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { Path } from "../../values/location.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { Document } from "../core/document.ts";
import { type Missing, positionKey, positionsOf, type SourceRef } from "../core/missing.ts";
import { byName } from "../core/names.ts";
import { ownName, type SiteObject } from "../core/site-object.ts";
import type { Cluster, Host } from "./estate-objects.ts";

/** A value of an object that takes part in a contradiction. */
interface Fact {
  readonly object: SiteObject;
  /** Its name in the inventory: `cpu.evc_mode`. */
  readonly path: readonly string[];
  readonly value: unknown;
}

type Pair = readonly [Fact, Fact];

const FEATURES = ["avx", "avx2", "avx512f"] as const;

/**
 * Pairs of facts that exclude each other, by topic. Each entry returns the pairs of one host: one of the two values is
 * wrong, but which one is unknown.
 */
const PAIRS: readonly ((host: Host, clusters: ClusterFinder) => readonly (Pair | null)[])[] = [
  // The EVC mode of a connected host is that of its cluster: vCenter refuses a host that cannot have it.
  (host, clusterOf) => {
    const own = factOf(host, "cpu", "evc_mode");
    const cluster = own === null || isApart(host) ? null : clusterOf(host);
    const clusters = cluster === null ? null : factOf(cluster, "evc_mode");
    if (own === null || clusters === null) return [];
    const [mode, required] = [evcMode(String(own.value)), evcMode(String(clusters.value))];
    if (mode === undefined || required === undefined) return [];
    return [mode.vendor !== required.vendor || mode.rank < required.rank ? [own, clusters] : null];
  },
  // The highest EVC mode that a host supports is no lower than the one in force, its own or its cluster's.
  (host, clusterOf) => {
    const highest = factOf(host, "cpu", "max_evc_mode");
    const cluster = highest === null || isApart(host) ? null : clusterOf(host);
    const limit = highest === null ? undefined : evcMode(String(highest.value));
    if (highest === null || limit === undefined) return [];
    return [factOf(host, "cpu", "evc_mode"), cluster === null ? null : factOf(cluster, "evc_mode")].map(
      (inForce): Pair | null => {
        const mode = inForce === null ? undefined : evcMode(String(inForce.value));
        const isAbove = mode !== undefined && (mode.vendor !== limit.vendor || mode.rank > limit.rank);
        return inForce !== null && isAbove ? [highest, inForce] : null;
      },
    );
  },
  // EVC masks features and adds none.
  (host) =>
    FEATURES.map((feature) => {
      const [seen, had] = [factOf(host, "cpu", "features", feature), factOf(host, "cpu", "features_unmasked", feature)];
      return seen?.value === true && had?.value === false ? [seen, had] : null;
    }),
  // What EVC leaves visible is what its mode has: vCenter refuses a host whose CPU has less. A mode whose features are not
  // confirmed is no reason to believe the flags: which of the two is right is not known.
  (host, clusterOf) => {
    const cluster = isApart(host) ? null : clusterOf(host);
    const modes = [factOf(host, "cpu", "evc_mode"), cluster === null ? null : factOf(cluster, "evc_mode")];
    return modes.flatMap((inForce) => {
      const mode = inForce === null ? undefined : evcMode(String(inForce.value));
      if (inForce === null || mode === undefined) return [];
      return FEATURES.map((feature): Pair | null => {
        const seen = factOf(host, "cpu", "features", feature);
        return seen !== null && seen.value !== mode[feature] ? [seen, inForce] : null;
      });
    });
  },
  // Only models that are confirmed to belong to a generation show what a CPU cannot have.
  (host) => {
    const model = factOf(host, "cpu", "model");
    const found = model === null ? undefined : cpuModelMode(String(model.value));
    const mode = found?.confirmed === true ? evcMode(found.evcMode) : undefined;
    if (model === null || mode === undefined) return [];
    return FEATURES.flatMap((feature) =>
      (["features", "features_unmasked"] as const).map((list): Pair | null => {
        const claimed = factOf(host, "cpu", list, feature);
        return claimed?.value === true && !mode[feature] ? [claimed, model] : null;
      }),
    );
  },
  // `apiVersion` begins with the release in `version` on every ESXi (6.7.0 has 6.7, 6.7.1 and so on).
  (host) => {
    const [version, api] = [factOf(host, "version"), factOf(host, "api_version")];
    if (version === null || api === null) return [];
    const [one, other] = [esxiVersion(String(version.value), undefined), esxiVersion(undefined, String(api.value))];
    if (one === null || other === null) return [];
    return [one.major !== other.major || one.minor !== other.minor ? [version, api] : null];
  },
  // EVC modes of one vendor do not exist on CPUs of the other.
  (host) =>
    (["vendor", "model"] as const).flatMap((field) => {
      const maker = factOf(host, "cpu", field);
      const vendor = maker === null ? null : vendorOf(String(maker.value));
      if (maker === null || vendor === null) return [];
      return (["evc_mode", "max_evc_mode"] as const).map((name): Pair | null => {
        const mode = factOf(host, "cpu", name);
        const known = mode === null ? undefined : evcMode(String(mode.value));
        return mode !== null && known !== undefined && known.vendor !== vendor ? [mode, maker] : null;
      });
    }),
  // The Precision Time Protocol came with ESXi 7.0.
  (host) => {
    const protocol = factOf(host, "ntp", "protocol");
    if (protocol?.value !== "ptp") return [];
    return (["version", "api_version"] as const).map((field): Pair | null => {
      const version = factOf(host, field);
      const text = String(version?.value);
      const esxi = field === "version" ? esxiVersion(text, undefined) : esxiVersion(undefined, text);
      return version !== null && esxi !== null && !atLeast(esxi, 7, 0) ? [protocol, version] : null;
    });
  },
];

function vendorOf(text: string): "intel" | "amd" | null {
  if (/\bintel\b/i.test(text)) return "intel";
  return /\bamd\b/i.test(text) ? "amd" : null;
}

/** A disconnected host keeps its last known values. */
function isApart(host: Host): boolean {
  const state = factOf(host, "connection_state");
  return state !== null && String(state.value).trim().toLowerCase() !== "connected";
}

type ClusterFinder = (host: Host) => Cluster | null;

/** Finds the cluster of a host; null if its name is ambiguous. */
function clusterFinder(clusters: readonly Cluster[]): ClusterFinder {
  const called = byName(clusters, ownName);
  return (host) => {
    const name = factOf(host, "cluster");
    const found = name === null ? [] : (called.get(canonicalName(String(name.value))) ?? []);
    return found.length === 1 ? (found[0] ?? null) : null;
  };
}

function factOf(object: SiteObject, ...path: readonly [string, ...string[]]): Fact | null {
  let value: unknown;
  for (const { record } of object.descriptions) {
    const described = valueIn(record, path);
    if (described === undefined) continue;
    // One that inventories differ in is missing already.
    if (value !== undefined && described !== value) return null;
    value = described;
  }
  return value === undefined ? null : { object, path, value };
}

/** The value at a path; undefined for null, which says that there is none. */
function valueIn(record: unknown, path: readonly string[]): unknown {
  let value = record;
  for (const key of path) {
    value = typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>)[key] : undefined;
  }
  return value ?? undefined;
}

/** The inventories without contradictory values. */
export interface Contradictions {
  /** The inventories without any value that another one contradicts. */
  readonly undisputed: readonly Document<Inventory>[];
  /** Why each of those values is missing, by `positionKey`. */
  readonly gaps: ReadonlyMap<string, Missing>;
  /** The inventories with some of those values, none of which contradict each other; each value is in one of them. */
  readonly readings: () => readonly (readonly Document<Inventory>[])[];
}

/** The contradictions between facts of hosts and their clusters; null where there are none. */
export function contradictionsIn(
  hosts: readonly Host[],
  clusters: readonly Cluster[],
  inventories: readonly Document<Inventory>[],
): Contradictions | null {
  const clusterOf = clusterFinder(clusters);
  const pairs = hosts.flatMap((host) =>
    PAIRS.flatMap((pairsOf) => pairsOf(host, clusterOf).flatMap((pair) => (pair === null ? [] : [pair]))),
  );
  if (pairs.length === 0) return null;
  const disputed = new Map<string, Disputed>();
  const entryOf = (fact: Fact): Disputed => {
    const key = refsOf(fact).map(positionKey).join();
    const found = disputed.get(key) ?? { refs: refsOf(fact), what: [], opponents: new Set() };
    disputed.set(key, found);
    return found;
  };
  for (const pair of pairs) {
    const [one, other] = [entryOf(pair[0]), entryOf(pair[1])];
    one.opponents.add(other);
    other.opponents.add(one);
    const what = sentence(pair);
    one.what.push(what);
    other.what.push(what);
  }
  const all = [...disputed.values()];
  const gaps = new Map(
    all.flatMap(({ refs, what }) =>
      refs.map(
        (sourceRef) => [positionKey(sourceRef), { what: what[0] ?? "", sourceRef, isContradictory: true }] as const,
      ),
    ),
  );
  return {
    undisputed: without(inventories, all),
    gaps,
    readings: () =>
      groupsOf(all).map((standing) =>
        without(
          inventories,
          all.filter((each) => !standing.has(each)),
        ),
      ),
  };
}

interface Disputed {
  readonly refs: readonly SourceRef[];
  readonly what: string[];
  readonly opponents: Set<Disputed>;
}

/** Groups without contradictions, chosen greedily: usually two. */
function groupsOf(all: readonly Disputed[]): readonly ReadonlySet<Disputed>[] {
  const groups: Set<Disputed>[] = [];
  for (const each of all) {
    const group = groups.find((others) => [...each.opponents].every((opponent) => !others.has(opponent)));
    if (group === undefined) groups.push(new Set([each]));
    else group.add(each);
  }
  return groups;
}

/** The source locations of a fact: several inventories may agree on it. */
function refsOf({ object, path }: Fact): readonly SourceRef[] {
  return object.descriptions.flatMap(({ record, sourceRef: { document, path: base } }) => {
    return valueIn(record, path) === undefined ? [] : [{ document, path: [...base, ...path] }];
  });
}

function sentence([one, other]: Pair): string {
  const named = (fact: Fact) => {
    const value = typeof fact.value === "string" ? quoted(fact.value) : String(fact.value);
    return `${fact.path.join(".")} ${value} (${positionsOf(refsOf(fact))})`;
  };
  const owner = other.object === one.object ? "" : ` of ${other.object.kind} ${other.object.name}`;
  return `${one.object.kind} ${one.object.name} has contradictory values: ${named(one)} and ${named(other)}${owner}; correct the wrong one`;
}

function without(
  inventories: readonly Document<Inventory>[],
  disputed: readonly Disputed[],
): readonly Document<Inventory>[] {
  const paths = new Map<Document, Path[]>();
  for (const { document, path } of disputed.flatMap(({ refs }) => refs)) {
    const found = paths.get(document);
    if (found === undefined) paths.set(document, [path]);
    else found.push(path);
  }
  return inventories.map((document) => {
    const removed = paths.get(document);
    return removed === undefined ? document : { ...document, value: withoutKeys(document.value, removed) as Inventory };
  });
}

type Holder = Record<string | number, unknown>;

/** A copy without the keys at the paths; all other values are shared. */
function withoutKeys(root: unknown, paths: readonly Path[]): unknown {
  const copies = new Set<unknown>();
  const copyOf = (value: unknown): Holder => {
    if (copies.has(value)) return value as Holder;
    const copy: unknown = Array.isArray(value) ? [...(value as readonly unknown[])] : { ...(value as Holder) };
    copies.add(copy);
    return copy as Holder;
  };
  const whole = copyOf(root);
  for (const path of paths) {
    let holder = whole;
    for (const step of path.slice(0, -1)) holder = holder[step] = copyOf(holder[step]);
    Reflect.deleteProperty(holder, path.at(-1) ?? "");
  }
  return whole;
}
