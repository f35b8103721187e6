import { canonicalName } from "../values/network/host-name.ts";
import { candidateProfiles, versionProfile, type VersionProfile } from "../facts/version-profiles.ts";
import type { Deployment } from "../schema/deployment.generated.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import { recordOf } from "./core/description.ts";
import type { Document } from "./core/document.ts";
import { type InputFile, inputFiles } from "./core/input-file.ts";
import { once, oncePer } from "./core/once.ts";
import { complete, type PartialList, union } from "./core/partial-list.ts";
import { SiteObject } from "./core/site-object.ts";
import { type CaFile, CertificateFiles } from "./deployment/certificate-files.ts";
import type { CertificateFile } from "./deployment/certificate.ts";
import { DeploymentGaps } from "./deployment/deployment-gaps.ts";
import type {
  Account,
  DeploymentFields,
  DomainService,
  Node,
  Placement,
  PlatformFields,
  Server,
  ServerList,
  SystemLocation,
  VmManager,
} from "./deployment/deployment-objects.ts";
import { deployingAccounts } from "./deployment/deploying-accounts.ts";
import { domainServices } from "./deployment/domain-services.ts";
import { type ListedReleases, listedReleases } from "./deployment/listed-releases.ts";
import { NodeNames } from "./deployment/node-names.ts";
import { locationsByName, nodesOf, systemLocations } from "./deployment/nodes.ts";
import { locationOwner, managementOwner, ownersInUse, ServerLists } from "./deployment/server-lists.ts";
import { vmManagerOf } from "./deployment/vm-manager.ts";
import { Estate } from "./estate/estate.ts";
import { contradictionsIn } from "./estate/contradictions.ts";
import { type InventoryOrigin, inventoryOrigins } from "./estate/inventory-origins.ts";
import { type Vcenter, vcentersOf } from "./estate/vcenters.ts";
import { NodeMachines } from "./relations/node-machine.ts";
import { networks, placementOf } from "./relations/placement.ts";
import { Relations } from "./relations/relations.ts";

/** The inputs of a site. */
interface SiteOptions {
  readonly deployment: Document<Deployment>;
  readonly inventories?: readonly Document<Inventory>[];
  /** What was read from the certificate files that the deployment names, by path as written. */
  readonly certificates?: ReadonlyMap<string, CertificateFile>;
  /** DNS servers to resolve names with where the deployment lists none. */
  readonly systemResolvers?: readonly string[];
  /** The time of the system's clock, in ms since 1970, where times in the future are to be found. */
  readonly systemTime?: number;
  /** The environment to evaluate for, where that of the deployment does not count. */
  readonly environment?: "production" | undefined;
  /** Further files that the run reads: configs. */
  readonly configs?: readonly Document[];
}

/** For a site with only one value of each contradiction. */
interface ReadingOptions extends SiteOptions {
  readonly isReading?: true;
}

/** For the variant of a site whose nodes have no other candidate hosts than the certain ones; both share the estate. */
interface CertainHostsOptions extends ReadingOptions {
  readonly certainHostsIn: Estate;
}

/** The deployment and the estate that it will run on, linked. */
export class Site {
  readonly estate: Estate;
  readonly deployment: SiteObject<DeploymentFields>;
  readonly platform: SiteObject<PlatformFields>;
  readonly profile: VersionProfile;
  /** Whether `profile` is the deployment's own version, not the nearest one in the tables. */
  readonly profileIsExact: boolean;
  /** The profiles that may apply: `profile` alone if it is exact, else its neighbors, or all of them. */
  readonly profiles: readonly VersionProfile[];
  /** What the config lists for the deployment's version; null when it lists nothing. */
  readonly listedReleases: ListedReleases | null;
  /** `production` unless the deployment sets another and a policy does not overrule it. */
  readonly environment: "production" | "test";
  readonly locations: readonly SystemLocation[];
  /** Management and conferencing nodes in document order. */
  readonly nodes: readonly Node[];
  readonly conferencingNodes: readonly Node[];
  /** Management and conferencing nodes; a gap only when the deployment has neither key. */
  readonly nodeList: PartialList<Node>;
  /** The list of conferencing nodes; a gap when the deployment does not have the key. */
  readonly conferencingNodeList: PartialList<Node>;
  /** The management node; a gap when the deployment does not have it. */
  readonly managementNodeList: PartialList<Node>;
  /** The declared locations; a gap when the deployment does not have the key. */
  readonly locationList: PartialList<SystemLocation>;
  /** Locations and the management node, each of which has an MTU. */
  readonly mtuOwners: PartialList<SystemLocation | Node>;
  readonly nodeNames: NodeNames;
  /** Which VM is which node's. */
  readonly machines: NodeMachines;
  readonly vmManager: VmManager | null;
  /** The DNS servers that the management node uses, which resolves hosts and the VM manager. */
  readonly managementDnsServers: PartialList<Server>;
  readonly domainServices: PartialList<DomainService>;
  readonly files: readonly InputFile[];
  /** The inventories as a whole. */
  readonly inventories: readonly InventoryOrigin[];
  /** The time of the system's clock, which `--now` does not change; null = not checked. */
  readonly systemTime: number | null;
  /** The files of `ca_certificates`, each once. */
  readonly caCertificates: readonly CaFile[];
  /** The certificates in those files as PEM texts. */
  readonly certificateAuthorities: readonly string[];
  /** What links these objects. */
  readonly relations: Relations;
  readonly #serverLists: (protocol: "dns" | "ntp") => PartialList<ServerList>;
  readonly #servers = oncePer((protocol: "dns" | "ntp") => this.#serversOf(protocol));
  readonly #locationsByName = once(() => locationsByName(this.locations));
  readonly #nodesWithCertificate = once(() => select(this.nodeList, (node) => node.read("tls_certificate").known));
  readonly #automaticNodes = once(() => select(this.conferencingNodeList, isAutomatic));
  readonly #accounts: () => PartialList<Account>;
  readonly #vcenters: () => PartialList<Vcenter>;
  readonly #withCertainHosts: () => Site;
  readonly #readings: () => readonly Site[];
  #hasUncertainHosts = false;

  constructor(options: ReadingOptions | CertainHostsOptions) {
    const { deployment: document, certificates = new Map(), systemResolvers, configs = [] } = options;
    const gaps = new DeploymentGaps(document);
    const certainHostsOnly = "certainHostsIn" in options;
    const whole = certainHostsOnly ? options.certainHostsIn : new Estate(options.inventories ?? []);
    const isWhole = !certainHostsOnly && options.isReading !== true;
    const contradictions = !isWhole
      ? null
      : contradictionsIn(whole.hosts.items, whole.clusters.items, options.inventories ?? []);
    const inventories = contradictions?.undisputed ?? options.inventories ?? [];
    this.estate = contradictions === null ? whole : new Estate(inventories, contradictions.gaps);
    this.#withCertainHosts = once(() => new Site({ ...options, inventories, certainHostsIn: this.estate }));
    this.#readings = once(
      () =>
        contradictions?.readings().map((reading) => new Site({ ...options, inventories: reading, isReading: true })) ??
        [],
    );
    this.inventories = inventoryOrigins(inventories);
    this.systemTime = options.systemTime ?? null;
    this.files = inputFiles([document, ...inventories, ...configs]);
    const version = document.value.platform?.version;
    const { profile, exact } = versionProfile(version);
    this.profile = profile;
    this.profileIsExact = exact;
    this.profiles = candidateProfiles(version);
    this.listedReleases = listedReleases(configs, version);
    this.environment = options.environment ?? document.value.platform?.environment ?? "production";
    const sourceRef = gaps.sourceRef([]);
    this.deployment = new SiteObject<DeploymentFields>({
      kind: "deployment",
      name: "deployment",
      descriptions: [{ record: recordOf(document.value), sourceRef }],
      sourceRef,
      missing: gaps.absentIn([]),
    });
    this.platform = this.deployment.part<PlatformFields>("platform");
    this.locations = systemLocations(gaps);
    const lists = new ServerLists(gaps, systemResolvers);
    const files = new CertificateFiles(gaps, certificates);
    this.caCertificates = files.declared;
    this.certificateAuthorities = files.authorities;
    this.machines = new NodeMachines(this.estate, () => this.nodes);
    this.nodes = nodesOf(gaps, this.locations, files, {
      machineOf: (node) => this.machines.of(node),
      placementOf: (node) => this.#placement(node, lists, certainHostsOnly),
    });
    this.nodeNames = new NodeNames(this.nodes);
    this.conferencingNodes = this.nodes.filter(({ role }) => role === "conferencing");
    this.conferencingNodeList = { items: this.conferencingNodes, missing: gaps.absentKey("conferencing_nodes") };
    const noNode = this.nodes.length === 0;
    this.nodeList = { items: this.nodes, missing: noNode ? this.conferencingNodeList.missing : [] };
    const management = this.nodes.filter(({ role }) => role === "management");
    this.managementNodeList = {
      items: management,
      missing: management.length === 0 ? [gaps.absent(["management_node"])] : [],
    };
    this.locationList = { items: this.locations, missing: gaps.absentKey("system_locations") };
    this.mtuOwners = union<SystemLocation | Node>([this.locationList, this.managementNodeList]);
    const owners = ownersInUse(gaps, this.nodes, this.locations);
    // First of all, so that a list names its users in document order; the NTP list brings in the DNS list.
    for (const owner of owners.items) lists.of("ntp", owner);
    this.#serverLists = oncePer((protocol) => {
      const missing = [...this.nodeList.missing, ...owners.missing];
      return union([complete(owners.items.map((owner) => lists.of(protocol, owner))), { items: [], missing }]);
    });
    this.managementDnsServers = lists.resolvers(managementOwner(gaps));
    this.vmManager = vmManagerOf(gaps, this.managementDnsServers);
    this.domainServices = domainServices(gaps, this.locations, lists);
    this.#accounts = once(() =>
      deployingAccounts(this.automaticNodes, this.vmManager, gaps, inventories, this.estate.gaps),
    );
    this.#vcenters = once(() => vcentersOf(inventories, this.estate.gaps));
    this.relations = new Relations(this, lists);
  }

  /** The nodes that name a certificate file. */
  get nodesWithCertificate(): PartialList<Node> {
    return this.#nodesWithCertificate();
  }

  /** The declared VM manager; a gap when there is none and a node is deployed through one. */
  get vmManagers(): PartialList<VmManager> {
    if (this.vmManager !== null) return complete([this.vmManager]);
    const { items, missing } = this.automaticNodes;
    const sourceRef = this.deployment.sourceRefOf("vm_manager");
    const gap = { what: "vm_manager is not in the deployment", sourceRef, isUnusable: true } as const;
    if (items.length > 0) return { items: [], missing: [gap] };
    // Null means that there is none.
    return { items: [], missing: this.deployment.isGiven("vm_manager") ? [] : missing };
  }

  /** The conferencing nodes that Pexip deploys by itself. */
  get automaticNodes(): PartialList<Node> {
    return this.#automaticNodes();
  }

  /** The account that deploys automatically; a gap when it is needed and not named. */
  get accounts(): PartialList<Account> {
    return this.#accounts();
  }

  /** The server that each inventory comes from. */
  get vcenters(): PartialList<Vcenter> {
    return this.#vcenters();
  }

  /** The declared locations of this name: more than one only in error. */
  locationsNamed(name: string): readonly SystemLocation[] {
    return this.#locationsByName().get(canonicalName(name)) ?? [];
  }

  /** The lists of a protocol that a node uses. */
  serverLists(protocol: "dns" | "ntp"): PartialList<ServerList> {
    return this.#serverLists(protocol);
  }

  /** Every server of those lists, each once. */
  servers(protocol: "dns" | "ntp"): PartialList<Server> {
    return this.#servers(protocol);
  }

  /**
   * This site as it is if no node comes to run on a host that is not certain; null while all candidate hosts computed so
   * far are certain, so that no verdict can depend on it.
   */
  get withCertainHosts(): Site | null {
    return this.#hasUncertainHosts ? this.#withCertainHosts() : null;
  }

  /**
   * This site with values that contradict each other, one of each pair at a time: here they are missing. Empty where no
   * fact of the inventories excludes another.
   */
  get readings(): readonly Site[] {
    return this.#readings();
  }

  #serversOf(protocol: "dns" | "ntp"): PartialList<Server> {
    const lists = this.serverLists(protocol);
    return union([...lists.items.map((list) => list.servers), { items: [], missing: lists.missing }]);
  }

  #placement(node: Node, lists: ServerLists, certainHostsOnly: boolean): Placement {
    const location = node.role === "management" ? null : node.read("inLocation");
    const dnsServers =
      location === null
        ? this.managementDnsServers
        : location.known
          ? lists.resolvers(locationOwner(location.value))
          : { items: [], missing: location.missing };
    const hosts = placementOf(node, this.estate);
    this.#hasUncertainHosts ||= hosts.open.length > 0;
    const settled = { ...hosts, clusterHosts: hosts.certainHosts, open: [] };
    return {
      hosts: certainHostsOnly ? settled : hosts,
      runnableHosts: once(() => this.relations.runnableHostsOf(node)),
      networks: networks(node),
      dnsServers,
    };
  }
}

function isAutomatic(node: Node): boolean {
  const type = node.read("deployment_type");
  return type.known && type.value === "AUTOMATIC";
}

function select<T>({ items, missing }: PartialList<T>, isWanted: (item: T) => boolean): PartialList<T> {
  return { items: items.filter(isWanted), missing };
}
