import { canonicalName } from "../values/network/host-name.ts";
import { versionProfile, type VersionProfile } from "../facts/version-profiles.ts";
import type { Endpoint } from "../values/network/endpoint.ts";
import { addressConflicts, type AddressConflicts } from "./relations/address-conflicts.ts";
import { type CaFile, CertificateFiles } from "./deployment/certificate-files.ts";
import type { CertificateFile } from "./deployment/certificate.ts";
import { clustersOf, hostsOf } from "./relations/hosts-in-use.ts";
import { DeploymentGaps } from "./deployment/deployment-gaps.ts";
import { deployingAccounts } from "./deployment/deploying-accounts.ts";
import type {
  Account,
  DeploymentFields,
  DomainService,
  Node,
  Placement,
  PlatformFields,
  PortGroup,
  Server,
  ServerList,
  SystemLocation,
  VmManager,
} from "./deployment/deployment-objects.ts";
import type { Deployment } from "../schema/deployment.generated.ts";
import type { Document } from "./core/document.ts";
import { documentsWith } from "./documents-with.ts";
import { domainServices } from "./deployment/domain-services.ts";
import type { Cluster, DistributedSwitch, Host } from "./estate/estate-objects.ts";
import { Estate } from "./estate/estate.ts";
import { Identities } from "./relations/identities.ts";
import { type InputFile, inputFiles } from "./core/input-file.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import { nodesByList } from "./relations/server-list-users.ts";
import { type Lookup, lookupsByServer } from "./relations/dns-lookups.ts";
import { Mentions } from "./relations/deployment-references.ts";
import type { SourceRef } from "./core/missing.ts";
import { type NetworksInUse, networksInUse } from "./relations/networks-in-use.ts";
import { nodesByLocation, nodesByCandidateHost } from "./relations/node-groups.ts";
import { nodesByEndpoint } from "./relations/nodes-by-endpoint.ts";
import { NodeNames } from "./deployment/node-names.ts";
import { nodesOf, systemLocations, locationsByName } from "./deployment/nodes.ts";
import { Occupancy } from "./relations/occupancy.ts";
import { once } from "./core/once.ts";
import { placementOf, networks } from "./relations/placement.ts";
import { complete, type PartialList, union } from "./core/partial-list.ts";
import { ownersInUse, type ListOwner, locationOwner, managementOwner, ServerLists } from "./deployment/server-lists.ts";
import { type Field, SiteObject } from "./core/site-object.ts";
import { type Spread, spreadOf } from "./relations/spread.ts";
import { type Vcenter, vcentersOf } from "./estate/vcenters.ts";
import { vmManagerOf } from "./deployment/vm-manager.ts";

/** What is about to be deployed and the estate that it will run on, linked. */
export class Site {
  readonly estate: Estate;
  readonly deployment: SiteObject<DeploymentFields>;
  readonly platform: SiteObject<PlatformFields>;
  readonly profile: VersionProfile;
  /** Whether `profile` is the deployment's own version, not the nearest one that is known. */
  readonly profileIsExact: boolean;
  readonly locations: readonly SystemLocation[];
  /** Management and conferencing nodes in document order. */
  readonly nodes: readonly Node[];
  readonly nodeNames: NodeNames;
  readonly vmManager: VmManager | null;
  readonly domainServices: PartialList<DomainService>;
  readonly files: readonly InputFile[];
  /** The files of `ca_certificates`, each once. */
  readonly caCertificates: readonly CaFile[];
  /** The certificates in those files as PEM texts. */
  readonly certificateAuthorities: readonly string[];
  readonly #gaps: DeploymentGaps;
  readonly #lists: ServerLists;
  readonly #holders: PartialList<ListOwner>;
  readonly #inventories: readonly Document<Inventory>[];
  #networks: NetworksInUse | null = null;
  #locationsByName: ReturnType<typeof locationsByName> | null = null;
  #locationNodes: ReturnType<typeof nodesByLocation> | null = null;
  #hostNodes: ReturnType<typeof nodesByCandidateHost> | null = null;
  #mentions: Mentions | null = null;
  #occupancy: Occupancy | null = null;
  #identities: Identities | null = null;
  #addressConflicts: AddressConflicts | null = null;
  readonly #spreads = new Map<Node, Spread>();
  #lookups: ReturnType<typeof lookupsByServer> | null = null;
  #listNodes: ReadonlyMap<ServerList, readonly Node[]> | null = null;
  #nodesAt: ReturnType<typeof nodesByEndpoint> | null = null;
  #clockRecords: ReadonlySet<Document> | null = null;
  readonly #certainHostsOnly: boolean;
  readonly #withCertainHosts: () => Site;
  #hasOpenHosts = false;

  /**
   * @param certificates what was read from the certificate files that the deployment names, by path as written
   * @param systemResolvers DNS servers to resolve names with where the deployment names none; empty = there are none
   * @param policies further files that the run reads: configs
   * @param certain the estate of a site whose nodes are to have only those possible hosts here that are certain
   */
  constructor(
    deployment: Document<Deployment>,
    inventories: readonly Document<Inventory>[],
    certificates: ReadonlyMap<string, CertificateFile> = new Map(),
    systemResolvers: readonly string[] = [],
    policies: readonly Document[] = [],
    certain: Estate | null = null,
  ) {
    this.#gaps = new DeploymentGaps(deployment);
    this.estate = certain ?? new Estate(inventories);
    this.#certainHostsOnly = certain !== null;
    this.#withCertainHosts = once(
      () => new Site(deployment, inventories, certificates, systemResolvers, policies, this.estate),
    );
    this.#inventories = inventories;
    this.files = inputFiles([deployment, ...inventories, ...policies]);
    const { profile, exact } = versionProfile(deployment.value.platform?.version);
    this.profile = profile;
    this.profileIsExact = exact;
    const sourceRef = this.#gaps.sourceRef([]);
    this.deployment = new SiteObject<DeploymentFields>({
      kind: "deployment",
      name: "deployment",
      descriptions: [{ record: { ...deployment.value }, sourceRef }],
      sourceRef,
      missing: this.#gaps.absentIn([]),
    });
    this.platform = this.deployment.part<PlatformFields>("platform");
    this.locations = systemLocations(this.#gaps);
    this.#lists = new ServerLists(this.#gaps, systemResolvers);
    const files = new CertificateFiles(this.#gaps, certificates);
    this.caCertificates = files.declared;
    this.certificateAuthorities = files.authorities;
    this.nodes = nodesOf(this.#gaps, this.estate, this.locations, files, (node) => this.#placement(node));
    this.nodeNames = new NodeNames(this.nodes);
    this.#holders = ownersInUse(this.#gaps, this.nodes, this.locations);
    // First of all, so that a list names its users in document order; the NTP list brings in the DNS list.
    for (const owner of this.#holders.items) this.#lists.of("ntp", owner);
    this.vmManager = vmManagerOf(this.#gaps, this.managementDnsServers);
    this.domainServices = domainServices(this.#gaps, this.locations, this.#lists);
  }

  /** `production` unless the deployment says otherwise. */
  get environment(): "production" | "test" {
    return this.#gaps.document.value.platform?.environment ?? "production";
  }

  get conferencingNodes(): readonly Node[] {
    return this.nodes.filter((node) => node.role === "conferencing");
  }

  /** The list of conferencing nodes; a gap when the deployment does not have the key. */
  get conferencingNodeList(): PartialList<Node> {
    const absent = this.#gaps.document.value.conferencing_nodes === undefined;
    return { items: this.conferencingNodes, missing: absent ? [this.#gaps.absent(["conferencing_nodes"])] : [] };
  }

  /** The management node; a gap when the deployment does not have it. */
  get managementNodeList(): PartialList<Node> {
    const items = this.nodes.filter((node) => node.role === "management");
    return { items, missing: items.length === 0 ? [this.#gaps.absent(["management_node"])] : [] };
  }

  /** Management and conferencing nodes; a gap only when the deployment has neither key. */
  get nodeList(): PartialList<Node> {
    return { items: this.nodes, missing: this.nodes.length === 0 ? this.conferencingNodeList.missing : [] };
  }

  /** The nodes that name a certificate file. */
  get nodesWithCertificate(): PartialList<Node> {
    const { items, missing } = this.nodeList;
    return { items: items.filter((node) => node.read("tls_certificate").known), missing };
  }

  /** The declared locations; a gap when the deployment does not have the key. */
  get locationList(): PartialList<SystemLocation> {
    const absent = this.#gaps.document.value.system_locations === undefined;
    return { items: this.locations, missing: absent ? [this.#gaps.absent(["system_locations"])] : [] };
  }

  /** The conferencing nodes that Pexip deploys by itself. */
  get automaticNodes(): PartialList<Node> {
    const { items, missing } = this.conferencingNodeList;
    const isAutomatic = (node: Node) => {
      const type = node.read("deployment_type");
      return type.known && type.value === "AUTOMATIC";
    };
    return { items: items.filter(isAutomatic), missing };
  }

  /** The account that deploys automatically; a gap when it is needed and not named. */
  get accounts(): PartialList<Account> {
    return deployingAccounts(this.automaticNodes, this.vmManager, this.#gaps, this.#inventories, this.estate.gaps);
  }

  /** The server that each inventory comes from. */
  get vcenters(): PartialList<Vcenter> {
    return vcentersOf(this.#inventories, this.estate.gaps);
  }

  /** Hosts that a node runs on or may come to run on. */
  get hostsInUse(): PartialList<Host> {
    return hostsOf(this.nodeList);
  }

  get hostsOfConferencingNodes(): PartialList<Host> {
    return hostsOf(this.conferencingNodeList);
  }

  get hostsOfAutomaticNodes(): PartialList<Host> {
    return hostsOf(this.automaticNodes);
  }

  /** Clusters that a node is placed on, or that hold one of its hosts. */
  get clustersInUse(): PartialList<Cluster> {
    return clustersOf(this.nodeList, this.estate);
  }

  get clustersOfConferencingNodes(): PartialList<Cluster> {
    return clustersOf(this.conferencingNodeList, this.estate);
  }

  /** Networks of the nodes on each of their possible hosts. */
  get portGroupsInUse(): PartialList<PortGroup> {
    return this.#networksInUse().portGroups;
  }

  /** The networks of a node on one of its possible hosts; the secondary one second. */
  portGroupsOf(node: Node, host: Host): PartialList<PortGroup> {
    const { items, missing } = node.networks;
    return { items: items.map((network) => this.#networksInUse().on(host, network)), missing };
  }

  /** The declared locations of this name: more than one only by mistake. */
  locationsNamed(name: string): readonly SystemLocation[] {
    this.#locationsByName ??= locationsByName(this.locations);
    return this.#locationsByName.get(canonicalName(name)) ?? [];
  }

  /** The conferencing nodes of a location. */
  nodesIn(location: SystemLocation): PartialList<Node> {
    return (this.#locationNodes ??= nodesByLocation(this.conferencingNodeList))(location);
  }

  /** The nodes that run on a host, or may come to run there. */
  candidateNodesOf(host: Host): readonly Node[] {
    this.#hostNodes ??= nodesByCandidateHost(this.nodes);
    return this.#hostNodes.get(host) ?? [];
  }

  /**
   * This site as it is if no node comes to run on a host that is not certain; null as long as all possible hosts that
   * anyone has asked for are certain, so that nothing can hang on it.
   */
  get withCertainHosts(): Site | null {
    return this.#hasOpenHosts ? this.#withCertainHosts() : null;
  }

  /** Locations and the management node: what has an MTU of its own. */
  get mtuOwners(): PartialList<SystemLocation | Node> {
    return union<SystemLocation | Node>([this.locationList, this.managementNodeList]);
  }

  /** The nearest place in the deployment that names what is judged, also for what stands in no text. */
  mentionOf(subject: SiteObject): SourceRef {
    return (this.#mentions ??= new Mentions(this)).of(subject);
  }

  /** Which nodes and which other VMs are on which host. */
  get occupancy(): Occupancy {
    return (this.#occupancy ??= new Occupancy(this.nodes, this.estate));
  }

  /** Which VM is whose, and which VMs share a UUID or a MAC address. */
  get identities(): Identities {
    return (this.#identities ??= new Identities(this.nodes, this.estate));
  }

  /** Which addresses of nodes something else has too. */
  get addressConflicts(): AddressConflicts {
    return (this.#addressConflicts ??= addressConflicts(this.nodes, {
      dns: this.servers("dns").items,
      ntp: this.servers("ntp").items,
    }));
  }

  /** Which of a node's possible hosts have its networks and datastores. */
  spreadOf(node: Node): Spread {
    let spread = this.#spreads.get(node);
    if (spread === undefined) {
      spread = spreadOf(node, this.estate, (host, network) => this.#networksInUse().on(host, network));
      this.#spreads.set(node, spread);
    }
    return spread;
  }

  /** Distributed switches that carry a network of a node. */
  get distributedSwitchesInUse(): PartialList<DistributedSwitch> {
    const { items, missing } = this.portGroupsInUse;
    const switches = items.flatMap((network): readonly Field<DistributedSwitch>[] => {
      const groups = network.read("distributed");
      if (groups.known) return groups.value.map((group) => group.read("onSwitch"));
      // A network that a standard switch carries needs no distributed one.
      const standard = network.read("standard");
      return standard.known && standard.value !== null ? [] : [groups];
    });
    return union([
      { items: [], missing },
      ...switches.map((found) => (found.known ? complete([found.value]) : { items: [], missing: found.missing })),
    ]);
  }

  /** The lists of a protocol that somebody uses. */
  serverLists(protocol: "dns" | "ntp"): PartialList<ServerList> {
    const gaps = { items: [], missing: [...this.nodeList.missing, ...this.#holders.missing] };
    return union([complete(this.#holders.items.map((owner) => this.#lists.of(protocol, owner))), gaps]);
  }

  /** Every server of those lists, each once. */
  servers(protocol: "dns" | "ntp"): PartialList<Server> {
    const lists = this.serverLists(protocol);
    return union([...lists.items.map((list) => list.servers), { items: [], missing: lists.missing }]);
  }

  /** The nodes that use a list of servers. */
  nodesUsing(list: ServerList): readonly Node[] {
    this.#listNodes ??= nodesByList(this.nodes, this.#lists, this.#gaps);
    return this.#listNodes.get(list) ?? [];
  }

  /** The nodes that an endpoint leads to by address or name; no server is asked. */
  nodesAt(endpoint: Endpoint): PartialList<Node> {
    return (this.#nodesAt ??= nodesByEndpoint(this.nodes))(endpoint);
  }

  /** Whether an inventory that describes the host gives the clock offset of at least one host. */
  recordsClockOffsets(host: Host): boolean {
    const records = (this.#clockRecords ??= documentsWith(this.estate.hosts.items, "clock_offset_ms"));
    return host.descriptions.some(({ sourceRef }) => records.has(sourceRef.document));
  }

  /** The DNS servers that the management node uses, which resolves hosts and the VM manager. */
  get managementDnsServers(): PartialList<Server> {
    return this.#lists.resolvers(managementOwner(this.#gaps));
  }

  /** What a DNS server is to look up for this deployment. */
  lookupsAt(server: Server): readonly Lookup[] {
    this.#lookups ??= lookupsByServer({
      nodes: this.nodes,
      ntpServers: this.servers("ntp").items,
      domainServices: this.domainServices.items,
      vmManager: this.vmManager,
    });
    return this.#lookups.get(server) ?? [];
  }

  #networksInUse(): NetworksInUse {
    return (this.#networks ??= networksInUse(this.nodeList, this.estate));
  }

  #placement(node: Node): Placement {
    const location = node.role === "management" ? null : node.read("inLocation");
    const dnsServers =
      location === null
        ? this.managementDnsServers
        : location.known
          ? this.#lists.resolvers(locationOwner(location.value))
          : { items: [], missing: location.missing };
    const home = placementOf(node, this.estate);
    const { certain, open } = home.candidateHosts;
    this.#hasOpenHosts ||= open.length > 0;
    const settled = { ...home, candidateHosts: { ...certain, certain, open: [] } };
    return { home: this.#certainHostsOnly ? settled : home, networks: networks(node), dnsServers };
  }
}
