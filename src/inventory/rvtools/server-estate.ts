import { canonicalName } from "../../values/network/host-name.ts";
import { positionText } from "../../values/location.ts";
import { quoted } from "../../values/text/quoted.ts";
import { Coverage, type ListName } from "../mapping/coverage.ts";
import { Listing } from "../mapping/listing.ts";
import { Origins } from "./origins.ts";

/** An inventory record under construction. */
export type Record_ = Record<string, unknown>;

/** The counts of the vHost tab for a host. */
export interface HostCounts {
  /** All VMs, including templates. */
  readonly machines: number | undefined;
  /** Those that are powered on. */
  readonly running: number | undefined;
  /** Virtual CPUs of those that are powered on. */
  readonly cpus: number | undefined;
}

/** A host with its data from other tabs. */
export interface HostDraft {
  readonly record: Record_;
  readonly name: string;
  /** For a disconnected host, RVTools exports little more than its name. */
  isDescribed: boolean;
  counts: HostCounts;
  readonly nics: Listing<Record_>;
  readonly switches: Listing<Record_>;
  readonly portGroups: Listing<Record_>;
  /** Physical adapters by the switch whose uplinks they are. */
  readonly uplinks: Map<string, string[]>;
  /** Adapters with a link whose switch is not in the export. */
  readonly unassignedNics: string[];
  /** Its clusters according to other rows. */
  readonly clusters: Set<string>;
  /** The connection states of its VMs. */
  readonly states: Set<string>;
  /** The tabs with a host that vHost does not list. */
  readonly shownBy: Set<string>;
}

/** A virtual machine with its data from other tabs. */
export interface VmDraft {
  readonly record: Record_;
  readonly name: string;
  readonly id: string | undefined;
  /** The tabs that list it. */
  readonly tabs: Set<string>;
  readonly nics: Listing<Record_>;
  readonly disks: Listing<Record_>;
  readonly addresses: Set<string>;
  /** The datastores of its files. */
  readonly datastores: Set<string>;
  /** Whether one of its disks was created by a snapshot. */
  hasDeltaDisk: boolean;
  snapshots: number;
}

/**
 * The common value of all rows of one object that have one; undefined if none has, one cannot be read, or they differ.
 */
export class AgreedValue<T> {
  readonly #values = new Set<T | undefined>();

  constructor(...values: readonly T[]) {
    for (const value of values) this.#values.add(value);
  }

  /** Adds a cell: a blank is ignored, and an unreadable one conflicts with every value. */
  add(value: T | undefined, isFilled = value !== undefined): void {
    if (isFilled) this.#values.add(value);
  }

  /** Adds the values of other rows. */
  join(other: AgreedValue<T>): void {
    for (const value of other.#values) this.#values.add(value);
  }

  /** Whether rows differ, or a cell cannot be read. */
  get isDisputed(): boolean {
    return this.#values.size > 1 || this.#values.has(undefined);
  }

  get value(): T | undefined {
    const [only] = this.#values;
    return this.#values.size === 1 ? only : undefined;
  }
}

export interface ClusterDraft {
  readonly record: Record_;
  readonly name: string;
  readonly restartPriority: AgreedValue<string>;
  /** Total over all its hosts. */
  readonly cores: AgreedValue<number>;
}

export interface DatastoreDraft {
  readonly record: Record_;
  readonly name: string;
  /** Number of hosts that mount it. */
  readonly hostCount: AgreedValue<number>;
  /** Number of VMs with files on it; undefined if the export does not contain it. */
  machines: number | undefined;
}

export interface SwitchDraft {
  readonly record: Record_;
  readonly name: string;
  members: readonly string[];
}

/** The objects of one tab by their id in the tab. */
class ObjectsById<T> {
  readonly #first = new Map<string, T>();

  /** The result of an earlier row of the same object with the same name; the item itself if its row is the first. */
  firstOf({ object, name }: { readonly object: string | null; readonly name: string | undefined }, item: T): T {
    if (object === null || name === undefined) return item;
    const key = `${object} ${canonicalName(name)}`;
    const known = this.#first.get(key);
    if (known === undefined) this.#first.set(key, item);
    return known ?? item;
  }
}

/** Unknown fields of a record, and the record's position in the inventory. */
interface Unknown {
  readonly list: ListName;
  readonly name: string;
  readonly within: string;
  readonly fields: Set<string>;
}

/** The data of one server in an export. A merged workbook contains several. */
export class ServerEstate {
  readonly origins = new Origins();
  readonly coverage = new Coverage();
  readonly vcenter: Record_ = {};
  readonly hosts = new Listing<HostDraft>();
  readonly clusters = new Listing<ClusterDraft>();
  readonly machines = new Listing<VmDraft>();
  readonly distributedSwitches = new Listing<SwitchDraft>();
  readonly distributedPortGroups = new Listing<Record_>();
  readonly datastores = new Listing<DatastoreDraft>();
  readonly resourcePools = new Listing<Record_>();
  readonly licences = new Listing<Record_>();
  /** For tabs with one row per object: two exports that were pasted together have several. */
  readonly byId = {
    hosts: new ObjectsById<HostDraft>(),
    clusters: new ObjectsById<ClusterDraft>(),
    machines: new ObjectsById<VmDraft>(),
    distributedSwitches: new ObjectsById<SwitchDraft>(),
    distributedPortGroups: new ObjectsById<Record_>(),
    datastores: new ObjectsById<DatastoreDraft>(),
    resourcePools: new ObjectsById<Record_>(),
  };
  /** Names of machines with snapshots that cannot be assigned to one machine. */
  readonly namesOfStraySnapshots = new Set<string>();
  /** Inventory paths of the resource pools of machines. */
  readonly poolPaths = new Set<string>();
  /** Why any machine may have further snapshots. */
  snapshotGap: string | null = null;
  readonly #hostsByName = new Map<string, HostDraft | null>();
  readonly #machinesById = new Map<string, VmDraft | null>();
  /** Fields that stay unknown regardless of other rows of the object: rows differ, or a cell cannot be read. */
  readonly #unknown = new Map<Record_, Unknown>();
  /** Values implied by a blank cell, with the fields of the cell beside it. */
  readonly #implied = new WeakMap<Record_, Map<string, readonly string[]>>();

  /** @param server the name of the server in the export; undefined if it is not there */
  constructor(readonly server: string | undefined) {}

  /**
   * Merges another row of one object. A field with different values is unknown, with the position of both; so is one
   * that cannot be read in either. A blank cell does not conflict with a value, whatever it implies in its own row. The
   * result does not depend on the order of rows.
   */
  unite(list: ListName, name: string, first: Record_, other: Record_, within = ""): void {
    const at = { list, name, within };
    for (const field of this.#unknown.get(other)?.fields ?? []) this.#keepUnknown(first, field, at);
    for (const [field, value] of Object.entries(other)) {
      const known = first[field];
      if (value === undefined || this.#unknown.get(first)?.fields.has(field) === true) continue;
      const [before, beside] = [this.#implied.get(first)?.get(field), this.#implied.get(other)?.get(field)];
      if (known === undefined || (before !== undefined && beside === undefined)) {
        first[field] = value;
        this.#implied.get(first)?.delete(field);
        if (beside !== undefined) this.imply(first, field, beside);
      } else if (beside !== undefined) continue;
      else if (isRecord(known) && isRecord(value)) this.unite(list, name, known, value, `${within}${field}.`);
      else if (JSON.stringify(known) !== JSON.stringify(value)) {
        const cell = (record: Record_, shown: unknown) => {
          const location = this.origins.locate(record, [field]);
          return `${location === null ? "" : `${positionText(location)} contains `}${quoted(typeof shown === "string" ? shown : JSON.stringify(shown))}`;
        };
        const reason = `the rows of ${quoted(name)} differ: ${cell(first, known)}, ${cell(other, value)}`;
        this.coverage.fieldOf(list, name, `${within}${field}`, reason);
        this.#keepUnknown(first, field, at);
      }
    }
  }

  /** Whether a field stays unknown regardless of other rows. */
  isDisputed(record: Record_, field: string): boolean {
    return this.#unknown.get(record)?.fields.has(field) === true;
  }

  /** Whether any field of a record stays unknown. */
  hasDisputed(record: Record_): boolean {
    return this.#unknown.has(record);
  }

  /** Sets a value implied by a blank cell; a value of another row takes precedence. */
  imply(record: Record_, field: string, beside: readonly string[]): void {
    const implied = this.#implied.get(record) ?? new Map<string, readonly string[]>();
    this.#implied.set(record, implied.set(field, beside));
  }

  /**
   * Called after all rows are read: a blank cell implies nothing if the rows of the object differ in the cell beside
   * it.
   */
  settleBlanks(): void {
    for (const [record, { list, name, within, fields }] of this.#unknown) {
      for (const [field, beside] of this.#implied.get(record) ?? []) {
        const differing = beside.find((each) => fields.has(each));
        if (differing === undefined) continue;
        Reflect.deleteProperty(record, field);
        this.coverage.fieldOf(
          list,
          name,
          `${within}${field}`,
          `its cell is blank, and ${within}${differing} is unknown`,
        );
      }
    }
  }

  /** Makes a field unknown because of a cell: no other row of the object can set it. */
  leaveUnknown(list: ListName, name: string, record: Record_, field: string, reason: string): void {
    this.coverage.field(list, name, field, reason);
    const own = field.lastIndexOf(".") + 1;
    this.#keepUnknown(record, field.slice(own), { list, name, within: field.slice(0, own) });
  }

  #keepUnknown(record: Record_, field: string, at: Omit<Unknown, "fields">): void {
    Reflect.deleteProperty(record, field);
    this.#implied.get(record)?.delete(field);
    const known = this.#unknown.get(record);
    if (known === undefined) this.#unknown.set(record, { ...at, fields: new Set([field]) });
    else known.fields.add(field);
  }

  addHost(host: HostDraft): void {
    this.hosts.add(host);
    remember(this.#hostsByName, canonicalName(host.name), host);
  }

  /** The host with that name; undefined if there is none, or several. */
  host(name: string | undefined): HostDraft | undefined {
    return name === undefined ? undefined : (this.#hostsByName.get(canonicalName(name)) ?? undefined);
  }

  /** One of several hosts with a name, selected by other columns of a row. */
  hostIn(name: string, datacenter: string | undefined, cluster: string | undefined): HostDraft | undefined {
    const isIt = (own: unknown, wanted: string | undefined) =>
      wanted === undefined || (typeof own === "string" && canonicalName(own) === canonicalName(wanted));
    const found = this.hosts.items.filter(
      ({ name: own, record }) =>
        canonicalName(own) === canonicalName(name) &&
        isIt(record["datacenter"], datacenter) &&
        isIt(record["cluster"], cluster),
    );
    return found.length === 1 ? found[0] : undefined;
  }

  /** Whether any host has that name. */
  hasHost(name: string): boolean {
    return this.#hostsByName.has(canonicalName(name));
  }

  addMachine(machine: VmDraft, keys: readonly string[]): void {
    this.machines.add(machine);
    for (const key of keys) remember(this.#machinesById, key, machine);
  }

  /** The machine that is the only one with one of the keys; null if several have it. The first known key decides. */
  machine(keys: readonly string[]): VmDraft | null | undefined {
    const key = keys.find((candidate) => this.#machinesById.has(candidate));
    return key === undefined ? undefined : this.#machinesById.get(key);
  }
}

/** A host with only a name so far. */
export function hostDraft(
  record: Record_,
  counts: HostCounts = { machines: undefined, running: undefined, cpus: undefined },
  isDescribed = false,
): HostDraft {
  return {
    record,
    name: String(record["name"]),
    isDescribed,
    counts,
    nics: new Listing(),
    switches: new Listing(),
    portGroups: new Listing(),
    uplinks: new Map(),
    unassignedNics: [],
    clusters: new Set(),
    states: new Set(),
    shownBy: new Set(),
  };
}

/** A cluster with only a record so far. */
export function clusterDraft(record: Record_): ClusterDraft {
  return { record, name: String(record["name"]), restartPriority: new AgreedValue(), cores: new AgreedValue() };
}

/** A VM with only a name so far. */
export function vmDraft(record: Record_, id: string | undefined): VmDraft {
  return {
    record,
    name: String(record["name"]),
    id,
    tabs: new Set(),
    nics: new Listing(),
    disks: new Listing(),
    addresses: new Set(),
    datastores: new Set(),
    hasDeltaDisk: false,
    snapshots: 0,
  };
}

function isRecord(value: unknown): value is Record_ {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The greater of two counts, one of which may be missing. */
export function greater(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

/** Null marks a key that several have. */
function remember<T>(index: Map<string, T | null>, key: string, item: T): void {
  index.set(key, index.has(key) ? null : item);
}
