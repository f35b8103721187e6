import type { Endpoint } from "../../values/network/endpoint.ts";
import type {
  DeploymentFields,
  DomainService,
  Node,
  Server,
  ServerList,
  SystemLocation,
  VmManager,
} from "../deployment/deployment-objects.ts";
import type { ServerLists } from "../deployment/server-lists.ts";
import type { Cluster, Host } from "../estate/estate-objects.ts";
import type { HostSet } from "../estate/host-set.ts";
import type { Estate } from "../estate/estate.ts";
import type { SourceRef } from "../core/missing.ts";
import { once, oncePer } from "../core/once.ts";
import type { PartialList } from "../core/partial-list.ts";
import type { SiteObject } from "../core/site-object.ts";
import { type AddressConflicts, addressConflicts } from "./address-conflicts.ts";
import { deploymentReferences } from "./deployment-references.ts";
import { type Lookup, lookupsByServer } from "./dns-lookups.ts";
import { clustersOf, type HostPath, hostPaths, hostsOf } from "./hosts-in-use.ts";
import { Identities } from "./identities.ts";
import { NetworksInUse } from "./networks-in-use.ts";
import type { NodeMachines } from "./node-machine.ts";
import { nodesByHost, nodesByLocation, nodesWithReducedMtu } from "./node-groups.ts";
import { nodesByEndpoint } from "./nodes-by-endpoint.ts";
import { Occupancy } from "./occupancy.ts";
import { nodesByList } from "./server-list-users.ts";
import { RunnableHosts } from "./runnable-hosts.ts";
import { type Spread, Spreads } from "./spread.ts";

/** The objects of a site that are linked here. */
export interface LinkedObjects {
  readonly estate: Estate;
  readonly machines: NodeMachines;
  readonly deployment: SiteObject<DeploymentFields>;
  readonly nodeList: PartialList<Node>;
  readonly conferencingNodeList: PartialList<Node>;
  readonly domainServices: PartialList<DomainService>;
  readonly vmManager: VmManager | null;
  servers(protocol: "dns" | "ntp"): PartialList<Server>;
}

/** The relations between objects of a site. Each covers the whole site and is computed on first use. */
export class Relations {
  readonly #site: LinkedObjects;
  readonly #lists: ServerLists;
  readonly #occupancy = once(() => new Occupancy(this.#nodes, this.#site.estate, this.#site.machines));
  readonly #identities = once(() => new Identities(this.#nodes, this.#site.estate, this.#site.machines));
  readonly #addressConflicts = once(() => {
    const [dns, ntp] = [this.#site.servers("dns").items, this.#site.servers("ntp").items];
    return addressConflicts(this.#nodes, { dns, ntp });
  });
  readonly #networksInUse = once(() => new NetworksInUse(this.#site.nodeList, this.#site.estate));
  readonly #spreads = once(
    () => new Spreads(this.#site.estate, (host, network) => this.networksInUse.on(host, network)),
  );
  readonly #spreadOf = oncePer((node: Node) => this.#spreads().of(node));
  readonly #runnable = once(() => new RunnableHosts(this.#site.estate.hostSets, this.#spreads()));
  readonly #hosts = oncePer((nodes: PartialList<Node>) => hostsOf(nodes, "clusterHosts"));
  readonly #runnableHosts = oncePer((nodes: PartialList<Node>) => hostsOf(nodes, "runnableHosts"));
  readonly #clusters = oncePer((nodes: PartialList<Node>) => clustersOf(nodes, this.#site.estate));
  readonly #nodesByLocation = once(() => nodesByLocation(this.#site.conferencingNodeList));
  readonly #nodesByCandidateHost = once(() => nodesByHost(this.#nodes));
  readonly #hostPaths = once(() => hostPaths(this.#nodes, (host) => this.candidateNodesOf(host)));
  readonly #nodesWithReducedMtu = once(() => nodesWithReducedMtu(this.#nodes));
  readonly #nodesByList = once(() => nodesByList(this.#site.nodeList, this.#lists));
  readonly #nodesByEndpoint = once(() => nodesByEndpoint(this.#nodes));
  readonly #lookups = once(() => {
    const { domainServices, vmManager } = this.#site;
    const ntpServers = this.#site.servers("ntp").items;
    return lookupsByServer({ nodes: this.#nodes, ntpServers, domainServices: domainServices.items, vmManager });
  });
  readonly #references = once(() =>
    deploymentReferences(this.#site.deployment.sourceRef, () => ({
      nodes: this.#nodes,
      clusters: this.clustersInUse.items,
      portGroups: this.networksInUse.portGroups.items,
    })),
  );

  constructor(site: LinkedObjects, lists: ServerLists) {
    this.#site = site;
    this.#lists = lists;
  }

  /** Which nodes and which other VMs are on which host. */
  get occupancy(): Occupancy {
    return this.#occupancy();
  }

  /** Which VM belongs to which node, and which VMs share a UUID, a MAC address or an IP address. */
  get identities(): Identities {
    return this.#identities();
  }

  /** Which addresses of nodes are also used by other nodes, routers or servers. */
  get addressConflicts(): AddressConflicts {
    return this.#addressConflicts();
  }

  /** Networks of the nodes on each of their candidate hosts. */
  get networksInUse(): NetworksInUse {
    return this.#networksInUse();
  }

  /** Hosts that a node runs on or may come to run on. */
  get hostsInUse(): PartialList<Host> {
    return this.hostsOf(this.#site.nodeList);
  }

  /** Clusters that a node is placed on, or that contain one of its hosts. */
  get clustersInUse(): PartialList<Cluster> {
    return this.clustersOf(this.#site.nodeList);
  }

  /** The same for some of the nodes. */
  hostsOf(nodes: PartialList<Node>): PartialList<Host> {
    return this.#hosts(nodes);
  }

  clustersOf(nodes: PartialList<Node>): PartialList<Cluster> {
    return this.#clusters(nodes);
  }

  /** Those of a node's hosts that are not known to be unable to run it. */
  runnableHostsOf(node: Node): HostSet {
    return this.#runnable().of(node);
  }

  /** The hosts that can run some of the nodes, as far as is known. */
  runnableHostsOfAll(nodes: PartialList<Node>): PartialList<Host> {
    return this.#runnableHosts(nodes);
  }

  /** Which of a node's hosts have its networks and datastores. */
  spreadOf(node: Node): Spread {
    return this.#spreadOf(node);
  }

  /** The conferencing nodes of a location. */
  nodesIn(location: SystemLocation): PartialList<Node> {
    return this.#nodesByLocation()(location);
  }

  /** The nodes that run on a host, or may come to run there. */
  candidateNodesOf(host: Host): readonly Node[] {
    return this.#nodesByCandidateHost()(host);
  }

  /** Why a host matters that no node is on; null for any other. */
  pathTo(host: Host): HostPath | null {
    return this.#hostPaths()(host);
  }

  /** Those of them whose MTU may be below that of their network. */
  nodesWithReducedMtuOn(host: Host): readonly Node[] {
    return this.#nodesWithReducedMtu()(host);
  }

  /** The nodes that use a list of servers; a gap where a node may use it. */
  nodesUsing(list: ServerList): PartialList<Node> {
    return this.#nodesByList()(list);
  }

  /** The nodes that an endpoint leads to by address or name, according to the documents alone. */
  nodesAt(endpoint: Endpoint): PartialList<Node> {
    return this.#nodesByEndpoint()(endpoint);
  }

  /** The names that a DNS server has to resolve for this deployment. */
  lookupsAt(server: Server): readonly Lookup[] {
    return this.#lookups().get(server) ?? [];
  }

  /** The nearest source location in the deployment that refers to a subject, also for one that is on no line of a file. */
  deploymentReferenceTo(subject: SiteObject): SourceRef {
    return this.#references()(subject);
  }

  get #nodes(): readonly Node[] {
    return this.#site.nodeList.items;
  }
}
