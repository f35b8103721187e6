import { canonicalName } from "../../values/network/host-name.ts";
import { positionText } from "../../values/location.ts";
import { quoted } from "../../values/text/quoted.ts";
import { Coverage, type ListName } from "../mapping/coverage.ts";
import { Listing } from "../mapping/listing.ts";
import { Origins } from "./origins.ts";

/** A record of the inventory in the making. */
export type Record_ = Record<string, unknown>;

/** What the vHost tab counts on a host. */
export interface HostCounts {
  /** All VMs, with templates. */
  readonly machines: number | undefined;
  /** Those that are powered on. */
  readonly running: number | undefined;
  /** Virtual CPUs of those that are powered on. */
  readonly cpus: number | undefined;
}

/** A host with what other tabs say of it. */
export interface HostDraft {
  readonly record: Record_;
  readonly name: string;
  /** RVTools knows of a disconnected host little more than its name. */
  isDescribed: boolean;
  counts: HostCounts;
  readonly nics: Listing<Record_>;
  readonly switches: Listing<Record_>;
  readonly portGroups: Listing<Record_>;
  /** Physical adapters by the switch that they are uplinks of. */
  readonly uplinks: Map<string, string[]>;
  /** Adapters with a link of which the export does not say to which switch they belong. */
  readonly unassignedNics: string[];
  /** The clusters that other rows give for it. */
  readonly clusters: Set<string>;
  /** What the connection state of its VMs says of it. */
  readonly states: Set<string>;
  /** The tabs that show a host which vHost does not list. */
  readonly shownBy: Set<string>;
}

/** A virtual machine with what other tabs say of it. */
export interface VmDraft {
  readonly record: Record_;
  readonly name: string;
  readonly id: string | undefined;
  /** The tabs that show it. */
  readonly tabs: Set<string>;
  readonly nics: Listing<Record_>;
  readonly disks: Listing<Record_>;
  readonly addresses: Set<string>;
  /** The datastores that its files are on. */
  readonly datastores: Set<string>;
  /** Whether a disk is one of those that a snapshot makes. */
  hasDeltaDisk: boolean;
  snapshots: number;
}

/** The value of all rows of one object that have one; undefined when none has, one cannot be read, or they differ. */
export class AgreedValue<T> {
  readonly #values = new Set<T | undefined>();

  constructor(...values: readonly T[]) {
    for (const value of values) this.#values.add(value);
  }

  /** Adds a cell: a blank one is no value, and one that cannot be read disagrees with every value. */
  add(value: T | undefined, isFilled = value !== undefined): void {
    if (isFilled) this.#values.add(value);
  }

  /** Adds what other rows have. */
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
  /** Of all its hosts. */
  readonly cores: AgreedValue<number>;
}

export interface DatastoreDraft {
  readonly record: Record_;
  readonly name: string;
  /** How many hosts it is mounted on. */
  readonly hostCount: AgreedValue<number>;
  /** How many VMs have files on it; undefined when the export does not count them. */
  machines: number | undefined;
}

export interface SwitchDraft {
  readonly record: Record_;
  readonly name: string;
  members: readonly string[];
}

/** The objects of one tab by the id that the tab has for them. */
class ObjectsById<T> {
  readonly #first = new Map<string, T>();

  /** What an earlier row of the same object under the same name was read as; the item itself where its row is the first. */
  firstOf({ object, name }: { readonly object: string | null; readonly name: string | undefined }, item: T): T {
    if (object === null || name === undefined) return item;
    const key = `${object} ${canonicalName(name)}`;
    const known = this.#first.get(key);
    if (known === undefined) this.#first.set(key, item);
    return known ?? item;
  }
}

/** Fields of a record that are unknown, and where in the inventory the record is. */
interface Unknown {
  readonly list: ListName;
  readonly name: string;
  readonly within: string;
  readonly fields: Set<string>;
}

/** What an export says of one server. A merged workbook tells of several. */
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
  /** Of tabs with one row for each object: two exports that were pasted together have several. */
  readonly byId = {
    hosts: new ObjectsById<HostDraft>(),
    clusters: new ObjectsById<ClusterDraft>(),
    machines: new ObjectsById<VmDraft>(),
    distributedSwitches: new ObjectsById<SwitchDraft>(),
    distributedPortGroups: new ObjectsById<Record_>(),
    datastores: new ObjectsById<DatastoreDraft>(),
    resourcePools: new ObjectsById<Record_>(),
  };
  /** What machines are called that have snapshots, and of which the export does not say which machine it is. */
  readonly namesOfStraySnapshots = new Set<string>();
  /** Inventory paths of the resource pools that machines are in. */
  readonly poolPaths = new Set<string>();
  /** Why snapshots may belong to any machine. */
  snapshotGap: string | null = null;
  readonly #hostsByName = new Map<string, HostDraft | null>();
  readonly #machinesById = new Map<string, VmDraft | null>();
  /** Fields that stay unknown whatever another row of the object has: rows differ, or a cell cannot be read. */
  readonly #unknown = new Map<Record_, Unknown>();
  /** Values that a blank cell implies, with the fields that are read from the cell beside it. */
  readonly #implied = new WeakMap<Record_, Map<string, readonly string[]>>();

  /** @param server the name of the server as the export writes it; undefined when it does not say */
  constructor(readonly server: string | undefined) {}

  /**
   * Adds what another row of one object has. A field of which the rows have different values is unknown, with the position of
   * both; so is one that cannot be read in either. A blank cell is no other value, whatever it implies in its own row. The order
   * of rows makes no difference.
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

  /** Whether a field stays unknown, whatever other rows have. */
  isDisputed(record: Record_, field: string): boolean {
    return this.#unknown.get(record)?.fields.has(field) === true;
  }

  /** Whether any field of a record stays unknown. */
  hasDisputed(record: Record_): boolean {
    return this.#unknown.has(record);
  }

  /** A value that a blank cell implies: that of another row goes before it. */
  imply(record: Record_, field: string, beside: readonly string[]): void {
    const implied = this.#implied.get(record) ?? new Map<string, readonly string[]>();
    this.#implied.set(record, implied.set(field, beside));
  }

  /** Once all rows are read: a blank cell implies nothing beside one in which the rows of the object differ. */
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

  /** A field that is unknown because of a cell: no other row of the object gives it a value. */
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

  /** The host of that name; undefined when there is none, or several. */
  host(name: string | undefined): HostDraft | undefined {
    return name === undefined ? undefined : (this.#hostsByName.get(canonicalName(name)) ?? undefined);
  }

  /** One of several hosts of a name, by what else a row says of it. */
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

  /** The machine that one of the keys belongs to alone; null when several have it. The first key that is known decides. */
  machine(keys: readonly string[]): VmDraft | null | undefined {
    const key = keys.find((candidate) => this.#machinesById.has(candidate));
    return key === undefined ? undefined : this.#machinesById.get(key);
  }
}

/** A host of which nothing is read but its name. */
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

/** A cluster of which nothing is read but its record. */
export function clusterDraft(record: Record_): ClusterDraft {
  return { record, name: String(record["name"]), restartPriority: new AgreedValue(), cores: new AgreedValue() };
}

/** A VM of which nothing is read but its name. */
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

/** The greater of two counts, of which one may not be there. */
export function greater(one: number | undefined, other: number | undefined): number | undefined {
  return one === undefined || other === undefined ? (one ?? other) : Math.max(one, other);
}

/** Null stands for a key that several have. */
function remember<T>(index: Map<string, T | null>, key: string, item: T): void {
  index.set(key, index.has(key) ? null : item);
}
