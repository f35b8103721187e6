import { versionProfile, type VersionProfile } from "../facts/version-profiles.ts";
import { SRV_SERVICES } from "../facts/srv-services.ts";
import { parseEndpoint } from "../values/endpoint.ts";
import { canonicalName } from "../values/host-name.ts";
import type { Path } from "../values/location.ts";
import { DeclaredServers, effectiveList } from "./declared-servers.ts";
import {
  type ConferencingNodeRecord,
  type DeploymentFields,
  DomainService,
  type ManagementNodeRecord,
  Node,
  PortGroup,
  type Placement,
  type Server,
  SystemLocation,
  VmManager,
} from "./deployment-objects.ts";
import type { Deployment } from "./deployment.generated.ts";
import type { Document } from "./document.ts";
import type { Cluster, Host } from "./estate-objects.ts";
import { Estate } from "./estate.ts";
import type { Inventory } from "./inventory.generated.ts";
import type { Missing, Place } from "./missing.ts";
import { byName, uniqueNames } from "./names.ts";
import { machineFinder } from "./node-machine.ts";
import { networks, possibleHosts } from "./placement.ts";
import { type Roster, union } from "./roster.ts";
import { type Field, known, SiteObject, unknown } from "./site-object.ts";

type NodeRecord = ManagementNodeRecord | ConferencingNodeRecord;

/** What is about to be deployed and the estate that it will run on, linked. */
export class Site {
  readonly estate: Estate;
  readonly deployment: SiteObject<DeploymentFields>;
  readonly profile: VersionProfile;
  /** Management and conferencing nodes in document order. */
  readonly nodes: readonly Node[];
  readonly locations: readonly SystemLocation[];
  readonly vmManager: VmManager | null;
  /** Every NTP server that a node uses. */
  readonly ntpServers: Roster<Server>;
  readonly domainServices: Roster<DomainService>;
  readonly #document: Document<Deployment>;
  readonly #dns = new DeclaredServers("dns");
  readonly #ntp = new DeclaredServers("ntp");
  readonly #dnsLists = new Map<string, Roster<Server>>();
  #portGroups: Roster<PortGroup> | null = null;
  #hostnames: ReadonlyMap<string, readonly Node[]> | null = null;

  constructor(deployment: Document<Deployment>, inventories: readonly Document<Inventory>[]) {
    this.#document = deployment;
    this.estate = new Estate(inventories);
    this.profile = versionProfile(deployment.value.platform?.version).profile;
    this.deployment = new SiteObject<DeploymentFields>({
      kind: "deployment",
      name: "deployment",
      descriptions: [{ record: { ...deployment.value }, place: this.#place([]) }],
      place: this.#place([]),
      missing: this.#absentIn([]),
    });
    this.locations = this.#locations();
    this.nodes = this.#nodes();
    this.ntpServers = this.#ntpServers();
    this.vmManager = this.#vmManager();
    this.domainServices = this.#domainServices();
  }

  /** `production` unless the deployment says otherwise. */
  get environment(): "production" | "test" {
    return this.#document.value.platform?.environment ?? "production";
  }

  get conferencingNodes(): readonly Node[] {
    return this.nodes.filter((node) => node.role === "conferencing");
  }

  /** The list of conferencing nodes; a gap when the deployment does not have the key. */
  get conferencingRoster(): Roster<Node> {
    const absent = this.#document.value.conferencing_nodes === undefined;
    const missing = absent ? [this.#absent(["conferencing_nodes"])] : [];
    return { items: this.conferencingNodes, missing };
  }

  /** Management and conferencing nodes; a gap only when the deployment has neither key. */
  get nodeRoster(): Roster<Node> {
    return { items: this.nodes, missing: this.nodes.length === 0 ? this.conferencingRoster.missing : [] };
  }

  /** Hosts that a node runs on or may come to run on. */
  get hostsInUse(): Roster<Host> {
    return union(this.nodes.map((node) => node.possibleHosts));
  }

  /** Hosts of the nodes that Pexip deploys by itself. */
  get automaticHosts(): Roster<Host> {
    const automatic = this.conferencingNodes.filter((node) => {
      const type = node.read("deployment_type");
      return type.known && type.value === "AUTOMATIC";
    });
    const undeclared = { items: [], missing: this.conferencingRoster.missing };
    return union([undeclared, ...automatic.map((node) => node.possibleHosts)]);
  }

  /** Clusters that a node is placed on, or that hold one of its hosts. */
  get clustersInUse(): Roster<Cluster> {
    return union(
      this.nodes.map((node) => {
        const hosts = node.possibleHosts;
        const clusters = [...this.#namedClusters(node), ...hosts.items.map((host) => host.read("inCluster"))];
        return {
          items: clusters.flatMap((cluster) => (cluster.known && cluster.value !== null ? [cluster.value] : [])),
          missing: [...hosts.missing, ...clusters.flatMap((cluster) => (cluster.known ? [] : cluster.missing))],
        };
      }),
    );
  }

  /** Networks of the nodes on each of their possible hosts. */
  get portGroupsInUse(): Roster<PortGroup> {
    this.#portGroups ??= this.#findPortGroups();
    return this.#portGroups;
  }

  /** The DNS servers that the management node uses, which resolves hosts and the VM manager. */
  get managementDnsServers(): Roster<Server> {
    const record = this.#document.value.management_node;
    return this.#dnsList(record === undefined ? null : { record, path: ["management_node"] });
  }

  /** Nodes with that hostname label, in document order; neither case nor domain matters. */
  nodesWithHostname(hostname: string): readonly Node[] {
    this.#hostnames ??= byName(this.nodes, (node) => {
      const own = node.read("hostname");
      return own.known ? firstLabel(own.value) : "";
    });
    return this.#hostnames.get(firstLabel(hostname)) ?? [];
  }

  #namedClusters(node: Node): readonly Field<Cluster | null>[] {
    const machine = node.read("virtualMachine");
    if (machine.known && machine.value !== null) return [machine.value.read("inCluster")];
    const name = node.plan.read("cluster");
    if (!name.known) return [];
    const datacenter = node.plan.read("datacenter");
    return [
      this.estate.cluster(name.value, datacenter.known ? datacenter.value : undefined, node.plan.placeOf("cluster")),
    ];
  }

  #findPortGroups(): Roster<PortGroup> {
    const found = new Map<string, PortGroup>();
    const missing: Roster<never>[] = [];
    for (const node of this.nodes) {
      const { possibleHosts: hosts, networks: names } = node;
      missing.push({ items: [], missing: [...hosts.missing, ...names.missing] });
      for (const host of hosts.items) {
        for (const { name, place } of names.items) {
          const key = `${canonicalName(host.name)}/${canonicalName(name)}`;
          if (!found.has(key)) found.set(key, this.#portGroup(host, name, place));
        }
      }
    }
    return { items: [...found.values()], missing: union(missing).missing };
  }

  #portGroup(host: Host, name: string, place: Place): PortGroup {
    const init = {
      kind: "port-group",
      name: `${host.name}/${name}`,
      descriptions: [],
      place,
      missing: () => this.estate.gaps.object("port-group", `${host.name}/${name}`, place),
      derived: {
        standard: () => this.estate.standardPortGroup(host, name),
        distributed: () => this.estate.distributedPortGroupsOn(host, name),
      },
    };
    return new PortGroup(init, host);
  }

  #locations(): readonly SystemLocation[] {
    const records = this.#document.value.system_locations ?? [];
    const names = uniqueNames(records, ({ name }) => name);
    return records.map((record, index) => {
      const place = this.#place(["system_locations", index]);
      return new SystemLocation({
        kind: "location",
        name: names.get(record) ?? record.name,
        descriptions: [{ record: { ...record }, place }],
        place,
        missing: this.#absentIn(place.path),
      });
    });
  }

  #nodes(): readonly Node[] {
    const { management_node: management, conferencing_nodes: conferencing = [] } = this.#document.value;
    const one = management === undefined ? [] : [{ record: management, path: ["management_node"] as Path }];
    const many = conferencing.map((record, index) => ({ record, path: ["conferencing_nodes", index] as Path }));
    // Document order: whichever of the two keys comes first.
    const keys = Object.keys(this.#document.value);
    const first = keys.indexOf("management_node") <= keys.indexOf("conferencing_nodes") || many.length === 0;
    const drafts: readonly { readonly record: NodeRecord; readonly path: Path }[] = first
      ? [...one, ...many]
      : [...many, ...one];
    const names = uniqueNames(drafts, ({ record }) => record.name);
    const machineOf = machineFinder(this.estate);
    return drafts.map((draft) =>
      this.#node(draft.record, draft.path, names.get(draft) ?? draft.record.name, machineOf),
    );
  }

  #node(record: NodeRecord, path: Path, name: string, machineOf: ReturnType<typeof machineFinder>): Node {
    const role = path[0] === "management_node" ? "management" : "conferencing";
    const place = this.#place(path);
    const node: Node = new Node(
      {
        kind: "node",
        name,
        descriptions: [{ record: { ...record }, place }],
        place,
        missing: this.#absentIn(path),
        derived: {
          virtualMachine: () => machineOf(node),
          fqdn: () => {
            const [hostname, domain] = [node.read("hostname"), node.read("domain")];
            if (!hostname.known) return hostname;
            return domain.known ? known(canonicalName(`${hostname.value}.${domain.value}`)) : domain;
          },
          inLocation: () => this.#locationOf(node),
        },
      },
      role,
      once(() => this.#placement(node)),
    );
    return node;
  }

  #placement(node: Node): Placement {
    return {
      hosts: possibleHosts(node, this.estate),
      networks: networks(node),
      dnsServers: node.role === "management" ? this.managementDnsServers : this.#dnsOfLocation(node),
    };
  }

  #dnsOfLocation(node: Node): Roster<Server> {
    const location = node.read("inLocation");
    if (location.known) return this.#dnsList(holderOf(location.value));
    return { items: [], missing: location.missing };
  }

  #locationOf(node: Node): Field<SystemLocation> {
    const name = node.read("system_location");
    if (!name.known) return name;
    const wanted = canonicalName(name.value);
    const location = this.locations.find((candidate) => canonicalName(candidate.name) === wanted);
    if (location !== undefined) return known(location);
    return unknown({
      what: `system location ${name.value} is not declared in system_locations`,
      place: node.placeOf("system_location"),
    });
  }

  /** Who has server lists: the management node and every location that a node is in. */
  #listHolders(): readonly Holder[] {
    const holders: Holder[] = [];
    const management = this.#document.value.management_node;
    if (management !== undefined) holders.push({ record: management, path: ["management_node"] });
    const used = new Set(
      this.conferencingNodes.flatMap((node) => {
        const location = node.read("inLocation");
        return location.known ? [location.value] : [];
      }),
    );
    for (const location of this.locations) if (used.has(location)) holders.push(holderOf(location));
    return holders;
  }

  #dnsList(holder: Holder | null): Roster<Server> {
    const key = JSON.stringify(holder?.path ?? []);
    const found = this.#dnsLists.get(key) ?? this.#dns.of(effectiveList(this.#document, "dns_servers", holder));
    this.#dnsLists.set(key, found);
    return found;
  }

  #ntpList(holder: Holder): Roster<Server> {
    return this.#ntp.of(effectiveList(this.#document, "ntp_servers", holder), this.#dnsList(holder));
  }

  #ntpServers(): Roster<Server> {
    const homeless = this.conferencingNodes.map((node) => node.read("inLocation"));
    const gaps = homeless.flatMap((location) => (location.known ? [] : location.missing));
    const unlisted = { items: [], missing: [...this.nodeRoster.missing, ...gaps] };
    return union([...this.#listHolders().map((holder) => this.#ntpList(holder)), unlisted]);
  }

  #vmManager(): VmManager | null {
    const record = this.#document.value.vm_manager;
    if (record === undefined || record === null) return null;
    const place = this.#place(["vm_manager"]);
    const manager: VmManager = new VmManager(
      {
        kind: "vm-manager",
        name: record.address ?? "vm_manager",
        descriptions: [{ record: { ...record }, place }],
        place,
        missing: this.#absentIn(["vm_manager"]),
        derived: {
          endpoint: () => {
            const address = manager.read("address");
            if (!address.known) return address;
            const endpoint = parseEndpoint(address.value, 443);
            if (endpoint !== null) return known(endpoint);
            const what = `vm_manager.address ${JSON.stringify(address.value)} is neither an address nor a host name`;
            return unknown({ what, place: manager.placeOf("address") });
          },
        },
      },
      this.managementDnsServers,
    );
    return manager;
  }

  #domainServices(): Roster<DomainService> {
    const domains = this.#document.value.domains;
    if (domains === undefined) return { items: [], missing: [this.#absent(["domains"])] };
    const rosters = domains.map((domain, index): Roster<DomainService> => {
      const path: Path = ["domains", index];
      if (domain.services === undefined) {
        return { items: [], missing: [this.#absent([...path, "services"])] };
      }
      const resolvers = this.#resolversOf(domain.locations, path);
      const items = domain.services.flatMap((service, position) =>
        SRV_SERVICES[service].map(({ owner, port }) => {
          const place = this.#place([...path, "services", position]);
          const name = `${canonicalName(domain.name)}/${owner}`;
          const missing = this.#absentIn(path);
          const init = { kind: "domain-service", name, descriptions: [], place, missing };
          return new DomainService(init, canonicalName(domain.name), service, owner, port, resolvers);
        }),
      );
      return { items, missing: [] };
    });
    const all = union(rosters);
    const names = uniqueNames(all.items, ({ name }) => name);
    // A domain that is declared twice asks for the same records: one subject is enough.
    return { items: all.items.filter((item) => names.get(item) === item.name), missing: all.missing };
  }

  /** The DNS servers of a domain's locations; by default of every location, or of the deployment when it has none. */
  #resolversOf(names: readonly string[] | undefined, domain: Path): Roster<Server> {
    const wanted = names?.map(canonicalName);
    const locations = this.locations.filter(({ name }) => wanted === undefined || wanted.includes(canonicalName(name)));
    const undeclared = (names ?? []).filter(
      (name) => !this.locations.some((location) => canonicalName(location.name) === canonicalName(name)),
    );
    const gaps = undeclared.map((name): Missing => ({
      what: `system location ${name} is not declared in system_locations`,
      place: this.#place([...domain, "locations"]),
    }));
    const lists =
      locations.length === 0 ? [this.#dnsList(null)] : locations.map((location) => this.#dnsList(holderOf(location)));
    return union([...lists, { items: [], missing: gaps }]);
  }

  /** A value that the deployment does not give. */
  #absent(path: Path): Missing {
    const field = path.filter((step) => typeof step === "string").join(".");
    return { what: `${field} is not in the deployment`, place: this.#place(path) };
  }

  #absentIn(base: Path) {
    return (_: unknown, path: Path) => this.#absent([...base, ...path]);
  }

  #place(path: Path): Place {
    return { document: this.#document, path };
  }
}

interface Holder {
  readonly record: { readonly dns_servers?: readonly string[]; readonly ntp_servers?: readonly string[] };
  readonly path: Path;
}

function holderOf(location: SystemLocation): Holder {
  const dns = location.read("dns_servers");
  const ntp = location.read("ntp_servers");
  return {
    record: { ...(dns.known && { dns_servers: dns.value }), ...(ntp.known && { ntp_servers: ntp.value }) },
    path: location.place.path,
  };
}

function firstLabel(hostname: string): string {
  return canonicalName(hostname).split(".")[0] ?? "";
}

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | null = null;
  return () => (made ??= { value: make() }).value;
}
