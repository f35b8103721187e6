import { atLeast, esxiVersion } from "../../facts/esxi-version.ts";
import { newestHardware, type NewestHardware } from "../../facts/hardware-versions.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import type { Path } from "../../values/location.ts";
import { ClusterMembers } from "./cluster-members.ts";
import { cpuFeature } from "./cpu-feature.ts";
import { type DatastoreRecord, Datastores } from "./datastores.ts";
import type { Document } from "../core/document.ts";
import {
  Cluster,
  type DistributedPortGroup,
  type DistributedPortGroupFields,
  type DistributedSwitch,
  type DistributedSwitchFields,
  Host,
  type HostFields,
  type StandardPortGroup,
  type StandardPortGroupFields,
  VirtualMachine,
  type VirtualMachineFields,
  type VirtualSwitch,
} from "./estate-objects.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { HostSets } from "./host-set.ts";
import { InventoryGaps, NO_INVENTORY } from "./inventory-gaps.ts";
import { InventoryNames } from "./inventory-names.ts";
import { type ListedObject, type ListName, listObjects } from "./listed-objects.ts";
import { distinctGaps, type Missing, type SourceRef } from "../core/missing.ts";
import { datacenterOf, mayBelongTogether, NamedObjects } from "./named-objects.ts";
import { byName } from "../core/names.ts";
import { once, oncePer } from "../core/once.ts";
import type { PartialList } from "../core/partial-list.ts";
import type { Described } from "../core/description.ts";
import { derivedTable, type Field, known, ownName, SiteObject, unknown } from "../core/site-object.ts";
import { VmHostRules } from "./vm-host-rules.ts";
import { mayShareVcenter } from "./vcenters.ts";

/**
 * The vSphere estate: every object of the inventories, linked by name. Objects that something names and no inventory
 * describes are made on demand, with all their fields missing, so that they can be evaluated (and found inconclusive).
 */
export class Estate {
  readonly gaps: InventoryGaps;
  readonly hostSets = new HostSets();
  readonly vmHostRules = new VmHostRules();
  readonly hosts: PartialList<Host>;
  readonly clusters: PartialList<Cluster>;
  readonly virtualMachines: PartialList<VirtualMachine>;
  readonly distributedPortGroups: PartialList<DistributedPortGroup>;
  /** Why a VM may exist that no inventory lists: for some vCenter, none does. */
  readonly unlistedMachines: readonly Missing[];
  readonly #namedHosts: NamedObjects<Host>;
  readonly #namedClusters: NamedObjects<Cluster>;
  readonly #namedSwitches: NamedObjects<DistributedSwitch>;
  readonly #groupsByName: ReadonlyMap<string, readonly DistributedPortGroup[]>;
  readonly #members: () => ClusterMembers;
  readonly #datastores = once(() => {
    return new Datastores(
      this.#partialList("datastores", (listed) =>
        this.#plain<Omit<DatastoreRecord, "name">>("datastore", "datastores", listed),
      ),
      (datastore) =>
        datastore.descriptions.flatMap(
          ({ sourceRef: { document } }) =>
            this.gaps.incomplete(`datastores[${ownName(datastore)}].hosts`, document) ?? [],
        ),
    );
  });
  readonly #names = once(() => new InventoryNames(this.inventories, this));

  readonly #hostFields = derivedTable<HostFields>({
    inCluster: (host: Host) => this.#clusterOfHost(host),
    esxi: (host: Host) => {
      const [version, api, build] = [host.read("version"), host.read("api_version"), host.read("build")];
      for (const [field, given] of Object.entries({ version, api_version: api, build })) {
        // If inventories differ, it is unknown which of them is right.
        if (!given.known && host.isGiven(field)) return given;
      }
      const parsed = esxiVersion(valueOf(version), valueOf(api), valueOf(build));
      if (parsed !== null) return known(parsed);
      if (!version.known) return unknown(...version.missing);
      return unknown({
        what: `hosts.version ${JSON.stringify(version.value)} is not an ESXi version`,
        sourceRef: host.sourceRefOf("version"),
      });
    },
    newestHardware: newestHardwareOf,
    timeProtocol,
    avx: (host: Host) => cpuFeature(host, "avx"),
    avx2: (host: Host) => cpuFeature(host, "avx2"),
    avx512f: (host: Host) => cpuFeature(host, "avx512f"),
  });
  readonly #machineFields = derivedTable<VirtualMachineFields>({
    onHost: (machine: VirtualMachine) => {
      const name = machine.read("host");
      return name.known ? this.host(name.value, datacenterOf(machine), machine.sourceRefOf("host")) : name;
    },
    inCluster: (machine: VirtualMachine) => {
      const name = machine.read("cluster");
      if (name.known) {
        if (name.value === null) return known(null);
        return this.cluster(name.value, datacenterOf(machine), machine.sourceRefOf("cluster"));
      }
      const host = machine.read("onHost");
      return host.known ? host.value.read("inCluster") : name;
    },
  });
  readonly #missing = oncePer((label: string) => (object: Described, path: Path) => {
    return this.gaps.field(label, object, path);
  });

  /** @param contradictory why values were removed that another value contradicts */
  constructor(
    private readonly inventories: readonly Document<Inventory>[],
    contradictory?: ReadonlyMap<string, Missing>,
  ) {
    this.gaps = new InventoryGaps(inventories, contradictory);
    this.clusters = this.#partialList("clusters", (listed) => this.#cluster(listed));
    this.#namedClusters = new NamedObjects("cluster", this.clusters.items);
    this.hosts = this.#partialList("hosts", (listed) => this.#host(listed));
    this.#namedHosts = new NamedObjects("host", this.hosts.items);
    this.virtualMachines = this.#partialList("virtual_machines", (listed) => this.#virtualMachine(listed));
    this.unlistedMachines = distinctGaps([
      ...this.missingLists("virtual_machines"),
      ...inventories.flatMap((document) => this.gaps.incompleteMachines(document)),
    ]);
    const switches = this.#partialList("distributed_switches", (listed) => this.#distributedSwitch(listed));
    this.#namedSwitches = new NamedObjects("distributed-switch", switches.items);
    this.distributedPortGroups = this.#partialList("distributed_port_groups", (it) => this.#distributedPortGroup(it));
    this.#groupsByName = byName(this.distributedPortGroups.items, ownName);
    this.#members = once(
      () =>
        new ClusterMembers({
          hosts: this.hosts,
          machines: this.virtualMachines.items,
          datastores: this.datastores.all.items,
          switches: switches.items,
          clusters: this.clusters.items,
          host: (...names) => this.host(...names),
          cluster: (...names) => this.cluster(...names),
        }),
    );
  }

  get datastores(): Datastores {
    return this.#datastores();
  }

  get names(): InventoryNames {
    return this.#names();
  }

  /**
   * Gaps of a list that apply to an object: a list covers only the vCenter that it comes from. For an object that is in
   * no inventory, any list may apply.
   */
  missingListsFor(list: keyof Inventory, { descriptions }: Described): readonly Missing[] {
    const given = this.inventories.filter(({ value }) => value[list] !== undefined);
    if (given.length === 0) return [this.gaps.list(list)];
    const documents = descriptions.map(({ sourceRef }) => sourceRef.document);
    const isListed = documents.some((document) => given.some((other) => mayShareVcenter(document, other)));
    if (documents.length > 0 && !isListed) return [this.gaps.list(list, documents[0])];
    const speaking =
      documents.length === 0
        ? given
        : given.filter((other) => documents.some((document) => mayShareVcenter(document, other)));
    return this.#incomplete(list, speaking);
  }

  /** Why VMs of a host may be in no list. */
  missingMachinesOf(host: Host): readonly Missing[] {
    const ofHost = host.descriptions.flatMap(({ sourceRef: { document } }) => {
      return this.gaps.incomplete(`hosts[${ownName(host)}].virtual_machines`, document) ?? [];
    });
    return distinctGaps([...this.missingListsFor("virtual_machines", host), ...ofHost]);
  }

  /** Whether there is any inventory at all. */
  get isInventoried(): boolean {
    return this.inventories.length > 0;
  }

  /** The gaps of the inventories without a list that no other one gives for their vCenter. */
  missingLists(list: keyof Inventory): readonly Missing[] {
    if (this.inventories.length === 0) return [NO_INVENTORY];
    const given = this.inventories.filter(({ value }) => value[list] !== undefined);
    const without = this.inventories.filter((document) => !given.some((other) => mayShareVcenter(document, other)));
    return [...without.map((document) => this.gaps.list(list, document)), ...this.#incomplete(list, given)];
  }

  #incomplete(list: keyof Inventory, documents: readonly Document<Inventory>[]): readonly Missing[] {
    return documents.flatMap((document) => this.gaps.incomplete(list, document) ?? []);
  }

  /** The host of that name; a named-only object when no inventory describes it; a gap when several have the name. */
  host(name: string, datacenter: string | undefined, namedAt: SourceRef): Field<Host> {
    return this.#namedHosts.findOrMake(name, datacenter, namedAt, (names) =>
      this.#host({ ...names, descriptions: [], sourceRef: namedAt }),
    );
  }

  /** The same for a cluster. */
  cluster(name: string, datacenter: string | undefined, namedAt: SourceRef): Field<Cluster> {
    return this.#namedClusters.findOrMake(name, datacenter, namedAt, (names) =>
      this.#cluster({ ...names, descriptions: [], sourceRef: namedAt }),
    );
  }

  /** All clusters of that name that an inventory describes: several datacenters may each have one. */
  clustersCalled(name: string): readonly Cluster[] {
    return this.#namedClusters.called(name);
  }

  /** The port group of that name on a standard switch of the host; null when the host is known to have none. */
  standardPortGroup(host: Host, name: string): Field<StandardPortGroup | null> {
    const found = host.entryNamed("port_groups", name);
    if (!found.known || found.value === null) return found;
    const entry = found.value;
    const { descriptions, sourceRef } = entry;
    const index = sourceRef.path.at(-1) ?? 0;
    return known(
      new SiteObject<StandardPortGroupFields>({
        kind: "port-group",
        name: entry.name,
        descriptions,
        sourceRef,
        missing: (_, path) => this.gaps.field("hosts", host, ["port_groups", index, ...path]),
        derived: derivedTable<StandardPortGroupFields>({
          onSwitch: () => this.#virtualSwitch(host, entry.read("virtual_switch"), sourceRef),
        }),
      }),
    );
  }

  /** Distributed port groups of that name which reach the host (its switch has the host, or does not say). */
  distributedPortGroupsOn(host: Host, name: string): Field<readonly DistributedPortGroup[]> {
    const unlisted = this.missingListsFor("distributed_port_groups", host);
    if (unlisted.length > 0) return unknown(...unlisted);
    const groups = this.#groupsByName.get(canonicalName(name)) ?? [];
    return known(
      groups.filter((group) => {
        if (!mayBelongTogether(group, host)) return false;
        const onSwitch = group.read("onSwitch");
        const members = onSwitch.known ? onSwitch.value.read("memberNames") : onSwitch;
        return !members.known || members.value.has("") || members.value.has(canonicalName(ownName(host)));
      }),
    );
  }

  #virtualSwitch(host: Host, named: Field<string>, portGroup: SourceRef): Field<VirtualSwitch> {
    if (!named.known) return named;
    const name = named.value;
    const namedAt: SourceRef = { document: portGroup.document, path: [...portGroup.path, "virtual_switch"] };
    const found = host.entryNamed("virtual_switches", name);
    if (!found.known) return found;
    return found.value === null
      ? unknown(this.gaps.object("virtual-switch", `${host.name}/${name}`, namedAt))
      : known(found.value);
  }

  #host(listed: ListedObject): Host {
    return new Host({ kind: "host", ...listed, missing: this.#missing("hosts"), derived: this.#hostFields });
  }

  /**
   * Null if it is standalone: according to the host, because no vCenter manages it, or because its inventory has no
   * clusters at all. For a host that is in no inventory, VMs may show it.
   */
  #clusterOfHost(host: Host): Field<Cluster | null> {
    const named = host.read("cluster");
    if (named.known) {
      if (named.value === null) return known(null);
      return this.cluster(named.value, datacenterOf(host), host.sourceRefOf("cluster"));
    }
    if (host.isGiven("cluster")) return named;
    if (host.descriptions.length === 0) {
      const cluster = this.#members().clusterOf(host);
      return cluster === undefined ? named : known(cluster);
    }
    const managed = host.read("managed_by_vcenter");
    if (managed.known && !managed.value) return known(null);
    const inventories = host.descriptions.map(({ sourceRef }) => sourceRef.document as Document<Inventory>);
    const clusterless = (document: Document<Inventory>) =>
      document.value.vcenter?.api_type === "HostAgent" ||
      (document.value.clusters?.length === 0 && this.gaps.incomplete("clusters", document) === null);
    return inventories.length > 0 && inventories.every(clusterless) ? known(null) : named;
  }

  #cluster(listed: ListedObject): Cluster {
    const init = { kind: "cluster", ...listed, missing: this.#missing("clusters") };
    const cluster: Cluster = new Cluster(init, () => this.#members().of(cluster));
    return cluster;
  }

  #virtualMachine(listed: ListedObject): VirtualMachine {
    const missing = this.#missing("virtual_machines");
    return new VirtualMachine({ kind: "virtual-machine", ...listed, missing, derived: this.#machineFields });
  }

  #distributedPortGroup(listed: ListedObject): DistributedPortGroup {
    const group: DistributedPortGroup = new SiteObject<DistributedPortGroupFields>({
      kind: "distributed-port-group",
      ...listed,
      missing: this.#missing("distributed_port_groups"),
      derived: derivedTable<DistributedPortGroupFields>({
        onSwitch: () => {
          const name = group.read("distributed_switch");
          if (!name.known) return name;
          const namedAt = group.sourceRefOf("distributed_switch");
          const found = this.#namedSwitches.find(name.value, datacenterOf(group), namedAt);
          if (!found.known) return found;
          return found.value === null
            ? unknown(this.gaps.object("distributed-switch", name.value, namedAt))
            : known(found.value);
        },
      }),
    });
    return group;
  }

  #distributedSwitch(listed: ListedObject): DistributedSwitch {
    const theSwitch: DistributedSwitch = new SiteObject<DistributedSwitchFields>({
      kind: "distributed-switch",
      ...listed,
      missing: this.#missing("distributed_switches"),
      derived: derivedTable<DistributedSwitchFields>({
        memberNames: () => {
          const hosts = theSwitch.read("hosts");
          return hosts.known ? known(new Set(hosts.value.map(({ name }) => canonicalName(name ?? "")))) : hosts;
        },
      }),
    });
    return theSwitch;
  }

  #plain<F>(kind: string, list: keyof Inventory, listed: ListedObject): SiteObject<F> {
    return new SiteObject<F>({ kind, ...listed, missing: this.#missing(list) });
  }

  #partialList<T>(list: ListName, make: (listed: ListedObject) => T): PartialList<T> {
    const absent = this.inventories.every(({ value }) => value[list] === undefined);
    return {
      items: listObjects(this.inventories, list).map(make),
      missing: absent ? [this.gaps.list(list)] : this.#incomplete(list, this.inventories),
    };
  }
}

function valueOf<T>(field: Field<T>): T | undefined {
  return field.known ? field.value : undefined;
}

function newestHardwareOf(host: Host): Field<NewestHardware> {
  const esxi = host.read("esxi");
  if (!esxi.known) return esxi;
  const newest = newestHardware(esxi.value);
  if (newest !== undefined) return known(newest);
  const { major, minor, update } = esxi.value;
  const release = `${major}.${minor}${update === null || update === 0 ? "" : ` update ${update}`}`;
  return unknown({
    what: `the hardware versions of ESXi ${release} on ${host.name} are not in this program's table`,
    sourceRef: host.sourceRefOf("version"),
  });
}

/** PTP came with 7.0 (`HostDateTimeInfo.systemClockProtocol` is blank before). */
function timeProtocol(host: Host): Field<"ntp" | "ptp"> {
  const given = host.ntp.read("protocol");
  if (given.known || host.ntp.isGiven("protocol")) return given;
  const version = host.read("esxi");
  return version.known && !atLeast(version.value, 7, 0) ? known("ntp") : given;
}
