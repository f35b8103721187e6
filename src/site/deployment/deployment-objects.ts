import { type SrvService, srvService } from "../../facts/dns-names.ts";
import type { Endpoint } from "../../values/network/endpoint.ts";
import type { Ipv4Interface } from "../../values/network/ipv4-subnet.ts";
import type { CertificateChain } from "./certificate-chain.ts";
import type { CertificateFile } from "./certificate.ts";
import type { Cluster, Host, VirtualMachine } from "../estate/estate-objects.ts";
import type { HostSet } from "../estate/host-set.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import type { Missing, SourceRef } from "../core/missing.ts";
import type { Permission } from "../estate/permissions.ts";
import type { PartialList } from "../core/partial-list.ts";
import { SiteObject, type SiteObjectInit } from "../core/site-object.ts";
import { computed, reused } from "../core/kept-reads.ts";

type Item<T> = NonNullable<T> extends readonly (infer R)[] ? R : never;

export type ManagementNodeRecord = NonNullable<Deployment["management_node"]>;
export type ConferencingNodeRecord = Item<Deployment["conferencing_nodes"]>;
type LocationRecord = Item<Deployment["system_locations"]>;
export type DomainRecord = Item<Deployment["domains"]>;
export type ServiceName = Item<DomainRecord["services"]>;
type VmManagerRecord = NonNullable<Deployment["vm_manager"]>;
type PlannedVmRecord = NonNullable<ConferencingNodeRecord["vm"]>;

export type PlatformFields = NonNullable<Deployment["platform"]>;

export type DeploymentFields = Omit<
  Deployment,
  "management_node" | "conferencing_nodes" | "system_locations" | "vm_manager" | "domains"
>;

/** Fields of management and conferencing nodes alike. */
export interface NodeFields
  extends
    Omit<ManagementNodeRecord, "name" | "vm" | "dns_servers" | "ntp_servers">,
    Omit<ConferencingNodeRecord, "name" | "vm" | keyof ManagementNodeRecord> {
  /** Its VM in the inventory; null when it is not deployed yet. */
  readonly virtualMachine?: VirtualMachine | null;
  /** `hostname.domain`, lower case. */
  readonly fqdn?: string;
  /** The file of `tls_certificate`, as read; check its `problem` first. */
  readonly certificate?: CertificateFile;
  /** What it presents with that file; a gap when no certificate can be had from it. */
  readonly certificateChain?: CertificateChain;
  readonly inLocation?: SystemLocation;
  readonly primaryInterface?: Ipv4Interface;
  /** Null when the node has no secondary interface. */
  readonly secondaryInterface?: Ipv4Interface | null;
}

/** The name of a network that a node's VM is, or will be, attached to, and its source location. */
export interface NetworkName {
  readonly name: string;
  readonly sourceRef: SourceRef;
}

/** A management or conferencing node. */
export class Node extends SiteObject<NodeFields> {
  /** The `vm:` block: where and how the VM is planned. */
  readonly plan: SiteObject<PlannedVmRecord>;
  // Plain properties, as in SiteObject.
  private readonly placementOf: (node: Node) => Placement;
  private placement: Placement | null = null;

  constructor(
    init: SiteObjectInit<NodeFields>,
    readonly role: "management" | "conferencing",
    placementOf: (node: Node) => Placement,
  ) {
    super(init);
    this.plan = this.part("vm");
    this.placementOf = placementOf;
  }

  /** Every host that its VM runs on, or may be moved to or restarted on by DRS or HA. */
  get clusterHosts(): HostSet {
    return this.hostPlacement.clusterHosts;
  }

  /**
   * Those of them that are not known to be unable to run it, for lack of its datastore or for its hardware version; always
   * with its own host. A host without its network stays: adding the port group would be enough.
   */
  get runnableHosts(): HostSet {
    return this.#placed().runnableHosts();
  }

  /** Its host, and the cluster that it may move in. */
  get hostPlacement(): HostPlacement {
    return this.#placed().hosts;
  }

  /** The networks of its VM, or the planned ones while there is none. */
  get networks(): PartialList<NetworkName> {
    return this.#placed().networks;
  }

  /** The DNS servers it uses: its own or its location's, else the deployment's. */
  get dnsServers(): PartialList<Server> {
    return this.#placed().dnsServers;
  }

  #placed(): Placement {
    if (this.placement === null) this.placement = computed(() => this.placementOf(this));
    else reused(this.placement);
    return this.placement;
  }
}

/** The values that follow from the placement of a node; computed on first use. */
export interface Placement {
  readonly hosts: HostPlacement;
  readonly runnableHosts: () => HostSet;
  readonly networks: PartialList<NetworkName>;
  readonly dnsServers: PartialList<Server>;
}

/** The candidate hosts of a node's VM. */
export interface HostPlacement {
  /** Its VM's host, or the planned one; null when none is known. */
  readonly host: Host | null;
  /** The cluster on any of whose hosts it may come to run; null when it stays on its host, or none is known. */
  readonly cluster: Cluster | null;
  readonly clusterHosts: HostSet;
  /** What may move it to other hosts of the cluster; null when that is not known, or nothing does. */
  readonly movedBy: "HA" | "DRS" | null;
  /** Those of them that do not depend on a missing value. */
  readonly certainHosts: HostSet;
  /** The missing values that decide whether it may come to run on the others; empty when there are none. */
  readonly open: readonly Missing[];
}

export type LocationFields = Omit<LocationRecord, "name">;

/** A Pexip system location. */
export class SystemLocation extends SiteObject<LocationFields> {}

export interface ServerFields {
  /** The text in the list. */
  readonly written?: string;
  /** Address or name with port; missing when what is written is neither. */
  readonly endpoint?: Endpoint;
}

/** An NTP or DNS server in use; one object for all its entries. */
export class Server extends SiteObject<ServerFields> {
  readonly #resolvers: () => PartialList<Server>;

  constructor(init: SiteObjectInit<ServerFields>, resolvers: () => PartialList<Server>) {
    super(init);
    this.#resolvers = resolvers;
  }

  /** The DNS servers that resolve its name: those of all its users. Empty for DNS servers. */
  get resolvers(): PartialList<Server> {
    return this.#resolvers();
  }
}

/** An NTP or DNS list in use: the deployment's, a location's, the management node's. */
export class ServerList extends SiteObject {
  readonly #users: () => readonly string[];

  constructor(
    init: SiteObjectInit<object>,
    readonly protocol: "dns" | "ntp",
    /** Each server once; a gap when the list is empty. */
    readonly servers: PartialList<Server>,
    /** The entries as they are written. */
    readonly written: readonly string[],
    users: () => readonly string[],
  ) {
    super(init);
    this.#users = users;
  }

  /** Its users: `location/Oslo`, `management_node`. */
  get users(): readonly string[] {
    return this.#users();
  }
}

/** One SRV record set that a domain must have: `vc.example.com/_sips._tcp`. */
export class DomainService extends SiteObject {
  readonly domain: string;
  readonly service: ServiceName;
  readonly #record: SrvService;
  readonly resolvers: PartialList<Server>;
  /** The locations whose nodes take the domain's calls: those that the domain names, or else all. */
  readonly locations: PartialList<SystemLocation>;
  readonly namesLocations: boolean;

  constructor(init: SiteObjectInit<object>, facts: Omit<DomainService, keyof SiteObject>) {
    super(init);
    this.domain = facts.domain;
    this.service = facts.service;
    this.#record = { owner: facts.owner, port: facts.port };
    this.resolvers = facts.resolvers;
    this.locations = facts.locations;
    this.namesLocations = facts.namesLocations;
  }

  /** `_sips._tcp` */
  get owner(): string {
    return srvService(this.#record).owner;
  }

  /** The one that Pexip Infinity serves it on. */
  get port(): number {
    return srvService(this.#record).port;
  }
}

export interface VmManagerFields extends VmManagerRecord {
  readonly endpoint?: Endpoint;
}

/** The vCenter or ESXi host that Pexip deploys nodes through. */
export class VmManager extends SiteObject<VmManagerFields> {
  constructor(
    init: SiteObjectInit<VmManagerFields>,
    readonly resolvers: PartialList<Server>,
  ) {
    super(init);
  }

  /** The account that deploys, as a subject of its own. */
  accountNamed(name: string, facts: Pick<Account, "permissions" | "datacenters" | "onlyDatacenter">): Account {
    const { descriptions, missing } = this;
    return new Account({ kind: "account", name, descriptions, sourceRef: this.sourceRefOf("account"), missing }, facts);
  }
}

/** The vSphere account that deploys nodes automatically. */
export class Account extends SiteObject<VmManagerFields> {
  /** Its own permissions and those of its groups. */
  readonly permissions: PartialList<Permission>;
  /** Names of the datacenters that nodes are to be deployed to. */
  readonly datacenters: PartialList<string>;
  /** The datacenter of everything in the inventories; null when there are several, or that is not known. */
  readonly onlyDatacenter: string | null;

  constructor(
    init: SiteObjectInit<VmManagerFields>,
    facts: Pick<Account, "permissions" | "datacenters" | "onlyDatacenter">,
  ) {
    super(init);
    this.permissions = facts.permissions;
    this.datacenters = facts.datacenters;
    this.onlyDatacenter = facts.onlyDatacenter;
  }
}
