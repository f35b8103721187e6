import { esxiVersion } from "../facts/esxi-version.ts";
import { canonicalName } from "../values/host-name.ts";
import type { Path } from "../values/location.ts";
import { cpuFeature } from "./cpu-feature.ts";
import { type DatastoreRecord, Datastores } from "./datastores.ts";
import type { Document } from "./document.ts";
import {
  Cluster,
  type DistributedPortGroup,
  type DistributedPortGroupFields,
  type DistributedSwitch,
  type DistributedSwitchRecord,
  Host,
  type StandardPortGroup,
  type StandardPortGroupFields,
  VirtualMachine,
  type VirtualMachineFields,
  type VirtualSwitch,
} from "./estate-objects.ts";
import type { Inventory } from "./inventory.generated.ts";
import { InventoryGaps, NO_INVENTORY } from "./inventory-gaps.ts";
import { type ListedObject, listObjects } from "./listed-objects.ts";
import type { Missing, Place } from "./missing.ts";
import { byName } from "./names.ts";
import type { Roster } from "./roster.ts";
import { type Described, type Field, known, ownName, SiteObject, unknown } from "./site-object.ts";

type Index<T> = ReadonlyMap<string, readonly T[]>;

interface HostsByCluster {
  readonly members: ReadonlyMap<Cluster, readonly Host[]>;
  readonly gaps: readonly Missing[];
}

/**
 * The vSphere estate: every object of the inventories, linked by name. Objects that something names and no inventory
 * describes are made on demand, with all their fields missing, so that they can be judged (and found undecided).
 */
export class Estate {
  readonly gaps: InventoryGaps;
  readonly hosts: Roster<Host>;
  readonly clusters: Roster<Cluster>;
  readonly virtualMachines: Roster<VirtualMachine>;
  readonly distributedPortGroups: Roster<DistributedPortGroup>;
  readonly #hostIndex: Index<Host>;
  readonly #clusterIndex: Index<Cluster>;
  readonly #switchIndex: Index<DistributedSwitch>;
  readonly #namedHosts = new Map<string, Host>();
  readonly #namedClusters = new Map<string, Cluster>();
  #hostsByCluster: HostsByCluster | null = null;
  #datastores: Datastores | null = null;

  constructor(private readonly inventories: readonly Document<Inventory>[]) {
    this.gaps = new InventoryGaps(inventories);
    const hosts = listObjects(inventories, "hosts");
    const clusters = listObjects(inventories, "clusters");
    this.clusters = this.#roster("clusters", clusters, (listed) => this.#cluster(listed));
    this.#clusterIndex = listedIndex(clusters, this.clusters.items);
    this.hosts = this.#roster("hosts", hosts, (listed) => this.#host(listed));
    this.#hostIndex = listedIndex(hosts, this.hosts.items);
    this.virtualMachines = this.#roster("virtual_machines", listObjects(inventories, "virtual_machines"), (listed) =>
      this.#virtualMachine(listed),
    );
    const switches = listObjects(inventories, "distributed_switches");
    const switchObjects = switches.map((listed) =>
      this.#plain<Omit<DistributedSwitchRecord, "name">>("distributed-switch", "distributed_switches", listed),
    );
    this.#switchIndex = listedIndex(switches, switchObjects);
    this.distributedPortGroups = this.#roster(
      "distributed_port_groups",
      listObjects(inventories, "distributed_port_groups"),
      (listed) => this.#distributedPortGroup(listed),
    );
  }

  get datastores(): Datastores {
    return (this.#datastores ??= new Datastores(
      this.#roster("datastores", listObjects(this.inventories, "datastores"), (listed) =>
        this.#plain<Omit<DatastoreRecord, "name">>("datastore", "datastores", listed),
      ),
    ));
  }

  /** The host of that name; a named-only object when no inventory describes it; a gap when several are called so. */
  host(name: string, datacenter: string | undefined, namedAt: Place): Field<Host> {
    return this.#find(
      "host",
      this.#hostIndex,
      name,
      datacenter,
      namedAt,
      () => this.#host({ name, descriptions: [], place: namedAt }),
      this.#namedHosts,
    );
  }

  /** The cluster of that name, likewise. */
  cluster(name: string, datacenter: string | undefined, namedAt: Place): Field<Cluster> {
    return this.#find(
      "cluster",
      this.#clusterIndex,
      name,
      datacenter,
      namedAt,
      () => this.#cluster({ name, descriptions: [], place: namedAt }),
      this.#namedClusters,
    );
  }

  /** The port group of that name on a standard switch of the host; null when the host is known to have none. */
  standardPortGroup(host: Host, name: string): Field<StandardPortGroup | null> {
    const list = host.read("port_groups");
    if (!list.known) return list;
    const index = list.value.findIndex((entry) => sameName(entry.name, name));
    const record = list.value[index];
    if (record === undefined) return known(null);
    const place = at(host.placeOf("port_groups"), index);
    return known(
      new SiteObject<StandardPortGroupFields>({
        kind: "port-group",
        name: `${host.name}/${record.name}`,
        descriptions: [{ record: { ...record }, place }],
        place,
        missing: (_, path) => this.gaps.field("hosts", host, ["port_groups", index, ...path]),
        derived: { onSwitch: () => this.#virtualSwitch(host, record.virtual_switch, place) },
      }),
    );
  }

  /** Distributed port groups of that name which reach the host (its switch has the host, or does not say). */
  distributedPortGroupsOn(host: Host, name: string): Field<readonly DistributedPortGroup[]> {
    if (this.distributedPortGroups.missing.length > 0) return unknown(...this.distributedPortGroups.missing);
    return known(
      this.distributedPortGroups.items.filter((group) => {
        if (!sameName(ownName(group), name)) return false;
        const onSwitch = group.read("onSwitch");
        const members = onSwitch.known ? onSwitch.value.read("hosts") : onSwitch;
        return (
          !members.known ||
          members.value.some(({ name: member }) => member === undefined || sameName(member, ownName(host)))
        );
      }),
    );
  }

  #virtualSwitch(host: Host, name: string | undefined, portGroup: Place): Field<VirtualSwitch> {
    const namedAt: Place = { document: portGroup.document, path: [...portGroup.path, "virtual_switch"] };
    if (name === undefined)
      return unknown({ what: "hosts.port_groups.virtual_switch is not in the inventory", place: namedAt });
    const list = host.entries("virtual_switches");
    if (!list.known) return list;
    const found = list.value.find((entry) => sameName(ownName(entry), name));
    return found === undefined
      ? unknown(this.gaps.object("virtual-switch", `${host.name}/${name}`, namedAt))
      : known(found);
  }

  #host(listed: ListedObject): Host {
    const derived: NonNullable<ConstructorParameters<typeof Host>[0]["derived"]> = {
      inCluster: () => this.#clusterOfHost(host),
      esxi: () => {
        const [version, api, build] = [host.read("version"), host.read("api_version"), host.read("build")];
        const parsed = esxiVersion(valueOf(version), valueOf(api), valueOf(build));
        if (parsed !== null) return known(parsed);
        if (!version.known) return unknown(...version.missing);
        return unknown({
          what: `hosts.version ${JSON.stringify(version.value)} cannot be read as an ESXi version`,
          place: host.placeOf("version"),
        });
      },
      avx: () => cpuFeature(host, "avx"),
      avx2: () => cpuFeature(host, "avx2"),
      avx512f: () => cpuFeature(host, "avx512f"),
    };
    const host: Host = new Host({ kind: "host", ...listed, missing: this.#missing("hosts"), derived });
    return host;
  }

  /** Null when it stands alone: it says so, no vCenter manages it, or its inventory has no clusters at all. */
  #clusterOfHost(host: Host): Field<Cluster | null> {
    const named = host.read("cluster");
    if (named.known) {
      if (named.value === null) return known(null);
      return this.cluster(named.value, datacenterOf(host), host.placeOf("cluster"));
    }
    const managed = host.read("managed_by_vcenter");
    if (managed.known && !managed.value) return known(null);
    const inventories = host.descriptions.map(({ place }) => place.document as Document<Inventory>);
    const clusterless = ({ value }: Document<Inventory>) =>
      value.vcenter?.api_type === "HostAgent" || value.clusters?.length === 0;
    return inventories.length > 0 && inventories.every(clusterless) ? known(null) : named;
  }

  #cluster(listed: ListedObject): Cluster {
    const init = { kind: "cluster", ...listed, missing: this.#missing("clusters") };
    const cluster: Cluster = new Cluster(init, () => this.#hostsOf(cluster));
    return cluster;
  }

  #hostsOf(cluster: Cluster): Roster<Host> {
    const { members, gaps } = (this.#hostsByCluster ??= this.#groupHosts());
    const items = members.get(cluster) ?? [];
    if (items.length > 0 || gaps.length > 0) return { items, missing: gaps };
    return {
      items,
      missing: [{ what: `no host of cluster ${cluster.name} is in the inventory`, place: cluster.place }],
    };
  }

  /** Hosts by cluster; the gaps (each said once) are those of hosts that may be in any cluster. */
  #groupHosts(): HostsByCluster {
    const members = new Map<Cluster, Host[]>();
    const gaps = new Map(this.hosts.missing.map((gap) => [gap.what, gap]));
    for (const host of this.hosts.items) {
      const membership = host.read("inCluster");
      if (!membership.known) {
        for (const gap of membership.missing) if (!gaps.has(gap.what)) gaps.set(gap.what, gap);
      } else if (membership.value !== null) {
        const group = members.get(membership.value);
        if (group === undefined) members.set(membership.value, [host]);
        else group.push(host);
      }
    }
    return { members, gaps: [...gaps.values()] };
  }

  #virtualMachine(listed: ListedObject): VirtualMachine {
    const machine: VirtualMachine = new VirtualMachine({
      kind: "virtual-machine",
      ...listed,
      missing: this.#missing("virtual_machines"),
      derived: {
        onHost: () => {
          const name = machine.read("host");
          return name.known ? this.host(name.value, datacenterOf(machine), machine.placeOf("host")) : name;
        },
        inCluster: () => {
          const name = machine.read("cluster");
          if (name.known) {
            if (name.value === null) return known(null);
            return this.cluster(name.value, datacenterOf(machine), machine.placeOf("cluster"));
          }
          const host = machine.read("onHost");
          return host.known ? host.value.read("inCluster") : name;
        },
      } satisfies { [K in keyof VirtualMachineFields]?: () => Field<Exclude<VirtualMachineFields[K], undefined>> },
    });
    return machine;
  }

  #distributedPortGroup(listed: ListedObject): DistributedPortGroup {
    const group: DistributedPortGroup = new SiteObject<DistributedPortGroupFields>({
      kind: "distributed-port-group",
      ...listed,
      missing: this.#missing("distributed_port_groups"),
      derived: {
        onSwitch: () => {
          const name = group.read("distributed_switch");
          if (!name.known) return name;
          const found = this.#switchIndex.get(canonicalName(name.value)) ?? [];
          const [only] = found;
          if (only !== undefined && found.length === 1) return known(only);
          return unknown(
            found.length === 0
              ? this.gaps.object("distributed-switch", name.value, group.placeOf("distributed_switch"))
              : ambiguous("distributed-switch", name.value, group.placeOf("distributed_switch")),
          );
        },
      },
    });
    return group;
  }

  #plain<F>(kind: string, list: keyof Inventory, listed: ListedObject): SiteObject<F> {
    return new SiteObject<F>({ kind, ...listed, missing: this.#missing(list) });
  }

  #missing(label: string) {
    return (object: Described, path: Path) => this.gaps.field(label, object, path);
  }

  #roster<T>(list: keyof Inventory, listed: readonly ListedObject[], make: (listed: ListedObject) => T): Roster<T> {
    const absent = this.inventories.every(({ value }) => value[list] === undefined);
    const missing = this.inventories.length === 0 ? [NO_INVENTORY] : absent ? [this.gaps.list(list)] : [];
    return { items: listed.map(make), missing };
  }

  #find<T extends Host | Cluster>(
    kind: string,
    index: Index<T>,
    name: string,
    datacenter: string | undefined,
    namedAt: Place,
    make: () => T,
    made: Map<string, T>,
  ): Field<T> {
    const key = canonicalName(name);
    const found = index.get(key) ?? [];
    const candidates = found.length > 1 ? found.filter((object) => inDatacenter(object, datacenter)) : found;
    const [only] = candidates;
    if (only !== undefined && candidates.length === 1) return known(only);
    if (found.length > 1) return unknown(ambiguous(kind, name, namedAt));
    const object = made.get(key) ?? make();
    made.set(key, object);
    return known(object);
  }
}

function ambiguous(kind: string, name: string, place: Place): Missing {
  return { what: `more than one ${kind.replaceAll("-", " ")} is called ${name}; name the datacenter too`, place };
}

/** Objects by the names that other objects refer to them with. */
function listedIndex<T extends { readonly name: string }>(
  listed: readonly ListedObject[],
  objects: readonly T[],
): Index<T> {
  const ownNames = new Map(objects.map((object, index) => [object, listed[index]?.ownName ?? object.name]));
  return byName(objects, (object) => ownNames.get(object) ?? object.name);
}

function datacenterOf(object: SiteObject<{ readonly datacenter?: string }>): string | undefined {
  const datacenter = object.read("datacenter");
  return datacenter.known ? datacenter.value : undefined;
}

function inDatacenter(object: SiteObject<{ readonly datacenter?: string }>, wanted: string | undefined): boolean {
  const own = datacenterOf(object);
  return wanted === undefined || own === undefined || sameName(own, wanted);
}

function valueOf<T>(field: Field<T>): T | undefined {
  return field.known ? field.value : undefined;
}

function sameName(a: string, b: string): boolean {
  return canonicalName(a) === canonicalName(b);
}

function at(place: Place, index: number): Place {
  return { document: place.document, path: [...place.path, index] };
}
