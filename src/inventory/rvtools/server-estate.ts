import { canonicalName } from "../../values/network/host-name.ts";
import { Coverage } from "../mapping/coverage.ts";
import { Origins } from "./origins.ts";

/** A record of the inventory in the making. */
export type Record_ = Record<string, unknown>;

/** A host with what other tabs say of it. */
export interface HostDraft {
  readonly record: Record_;
  readonly name: string;
  /** RVTools knows of a disconnected host little more than its name. */
  readonly isDescribed: boolean;
  /** As the vHost tab counts them; undefined when it does not. */
  readonly nicCount: number | undefined;
  readonly nics: Record_[];
  readonly switches: Record_[];
  readonly portGroups: Record_[];
  /** Physical adapters by the switch that they are uplinks of. */
  readonly uplinks: Map<string, string[]>;
}

/** A virtual machine with what other tabs say of it. */
export interface VmDraft {
  readonly record: Record_;
  readonly name: string;
  readonly isDescribed: boolean;
  readonly nicCount: number | undefined;
  readonly diskCount: number | undefined;
  readonly nics: Record_[];
  readonly disks: Record_[];
  readonly addresses: Set<string>;
  snapshots: number;
}

export interface ClusterDraft {
  readonly record: Record_;
  readonly name: string;
  readonly restartPriority: string | undefined;
}

/** What an export says of one server. A merged workbook tells of several. */
export class ServerEstate {
  readonly origins = new Origins();
  readonly coverage = new Coverage();
  readonly vcenter: Record_ = {};
  readonly hosts: HostDraft[] = [];
  readonly clusters: ClusterDraft[] = [];
  readonly machines: VmDraft[] = [];
  readonly distributedSwitches: {
    readonly record: Record_;
    readonly name: string;
    readonly members: readonly string[];
  }[] = [];
  readonly distributedPortGroups: Record_[] = [];
  readonly datastores: Record_[] = [];
  readonly resourcePools: Record_[] = [];
  readonly licences: Record_[] = [];
  /** What machines are called that have snapshots, and of which the export does not say which machine it is. */
  readonly namesOfStraySnapshots = new Set<string>();
  readonly #hostsByName = new Map<string, HostDraft | null>();
  readonly #machinesById = new Map<string, VmDraft | null>();

  /** @param server the name of the server as the export writes it; undefined when it does not say */
  constructor(readonly server: string | undefined) {}

  addHost(host: HostDraft): void {
    this.hosts.push(host);
    remember(this.#hostsByName, canonicalName(host.name), host);
  }

  /** The host of that name; undefined when there is none, or several. */
  host(name: string | undefined): HostDraft | undefined {
    return name === undefined ? undefined : (this.#hostsByName.get(canonicalName(name)) ?? undefined);
  }

  addMachine(machine: VmDraft, keys: readonly string[]): void {
    this.machines.push(machine);
    for (const key of keys) remember(this.#machinesById, key, machine);
  }

  /** The machine that one of the keys belongs to alone; the first key that says anything decides. */
  machine(keys: readonly string[]): VmDraft | undefined {
    const key = keys.find((candidate) => this.#machinesById.has(candidate));
    return key === undefined ? undefined : (this.#machinesById.get(key) ?? undefined);
  }
}

/** Null stands for a key that several have. */
function remember<T>(index: Map<string, T | null>, key: string, item: T): void {
  index.set(key, index.has(key) ? null : item);
}
