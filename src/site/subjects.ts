import type { CaFile } from "./deployment/certificate-files.ts";
import type {
  Account,
  DeploymentFields,
  DomainService,
  LocationFields,
  Node,
  Server,
  ServerList,
  SystemLocation,
  VmManager,
} from "./deployment/deployment-objects.ts";
import type { Cluster, DistributedSwitch, Host } from "./estate/estate-objects.ts";
import type { InventoryOrigin } from "./estate/inventory-origins.ts";
import type { InputFile } from "./core/input-file.ts";
import { complete, type PartialList, union } from "./core/partial-list.ts";
import type { PortGroup } from "./relations/networks-in-use.ts";
import type { Site } from "./site.ts";
import type { SiteObject } from "./core/site-object.ts";

/** The kinds of subjects of rules, with their types of objects. */
export interface Subjects {
  readonly deployment: SiteObject<DeploymentFields>;
  readonly file: InputFile;
  readonly node: Node;
  readonly "management-node": Node;
  readonly "conferencing-node": Node;
  readonly "node-with-certificate": Node;
  /** Nodes that name a certificate file, and the declared CA files. */
  readonly "certificate-file": Node | CaFile;
  readonly location: SystemLocation;
  readonly "mtu-holder": SiteObject<Pick<LocationFields, "mtu" | "network_mtu">>;
  /** A host in a cluster of a node, or its own. */
  readonly host: Host;
  /** One that is not known to be unable to run the node. */
  readonly "runnable-host": Host;
  readonly "host-of-conferencing-node": Host;
  readonly "host-of-automatic-node": Host;
  readonly cluster: Cluster;
  readonly "cluster-of-conferencing-node": Cluster;
  readonly "port-group": PortGroup;
  readonly "distributed-switch": DistributedSwitch;
  readonly "ntp-server": Server;
  readonly "ntp-server-list": ServerList;
  readonly "dns-server": Server;
  readonly "dns-server-list": ServerList;
  readonly "domain-service": DomainService;
  readonly "vm-manager": VmManager;
  readonly account: Account;
  readonly inventory: InventoryOrigin;
}

interface SubjectKind<T> {
  /** The kinds of these objects in subject ids: `node` for management nodes and conferencing nodes. */
  readonly ids: readonly string[];
  readonly find: (site: Site) => PartialList<T>;
  /** Why a rule does not apply whose list of subjects is known to be empty. */
  readonly none: string;
}

const noHost = "no node is placed on a host";
const noCluster = "no node is placed on a cluster";
const noAutomatic = "no node is deployed automatically";
const noCertificate = "no node has a certificate file";
const noConferencing = "the deployment has no Conferencing Node";

/** The subjects of each kind. They come only from documents, never from answers. */
export const subjectKinds: { readonly [K in keyof Subjects]: SubjectKind<Subjects[K]> } = {
  deployment: { ids: ["deployment"], find: (site) => complete([site.deployment]), none: "there is no deployment" },
  file: { ids: ["file"], find: (site) => complete(site.files), none: "there is no file" },
  node: { ids: ["node"], find: (site) => site.nodeList, none: "the deployment has no node" },
  "management-node": {
    ids: ["node"],
    find: (site) => site.managementNodeList,
    none: "the deployment has no Management Node",
  },
  "conferencing-node": { ids: ["node"], find: (site) => site.conferencingNodeList, none: noConferencing },
  "node-with-certificate": { ids: ["node"], find: (site) => site.nodesWithCertificate, none: noCertificate },
  "certificate-file": {
    ids: ["node", "file"],
    find: (site) => union<Node | CaFile>([site.nodesWithCertificate, complete(site.caCertificates)]),
    none: noCertificate,
  },
  location: { ids: ["location"], find: (site) => site.locationList, none: "the deployment has no system location" },
  "mtu-holder": {
    ids: ["location", "node"],
    find: (site) => site.mtuOwners,
    none: "the deployment has neither system location nor node",
  },
  host: { ids: ["host"], find: (site) => site.relations.hostsInUse, none: noHost },
  "runnable-host": {
    ids: ["host"],
    find: (site) => site.relations.runnableHostsOfAll(site.nodeList),
    none: noHost,
  },
  "host-of-conferencing-node": {
    ids: ["host"],
    find: (site) => site.relations.runnableHostsOfAll(site.conferencingNodeList),
    none: noConferencing,
  },
  "host-of-automatic-node": {
    ids: ["host"],
    find: (site) => site.relations.hostsOf(site.automaticNodes),
    none: noAutomatic,
  },
  cluster: { ids: ["cluster"], find: (site) => site.relations.clustersInUse, none: noCluster },
  "cluster-of-conferencing-node": {
    ids: ["cluster"],
    find: (site) => site.relations.clustersOf(site.conferencingNodeList),
    none: noCluster,
  },
  "port-group": {
    ids: ["port-group"],
    find: (site) => site.relations.networksInUse.portGroups,
    none: "no node is attached to a network",
  },
  "distributed-switch": {
    ids: ["distributed-switch"],
    find: (site) => site.relations.networksInUse.distributedSwitches,
    none: "no node uses a distributed switch",
  },
  "ntp-server": { ids: ["ntp-server"], find: (site) => site.servers("ntp"), none: "no NTP server is in use" },
  "ntp-server-list": {
    ids: ["server-list"],
    find: (site) => site.serverLists("ntp"),
    none: "no node uses a list of NTP servers",
  },
  "dns-server": { ids: ["dns-server"], find: (site) => site.servers("dns"), none: "no DNS server is in use" },
  "dns-server-list": {
    ids: ["server-list"],
    find: (site) => site.serverLists("dns"),
    none: "no node uses a list of DNS servers",
  },
  "domain-service": {
    ids: ["domain-service"],
    find: (site) => site.domainServices,
    none: "no service is declared for any domain",
  },
  "vm-manager": {
    ids: ["vm-manager"],
    find: (site) => site.vmManagers,
    none: "no VM manager is declared or required",
  },
  account: { ids: ["account"], find: (site) => site.accounts, none: noAutomatic },
  inventory: { ids: ["inventory"], find: (site) => complete(site.inventories), none: "no inventory is given" },
};

/** All kinds of subject ids. */
export const ID_KINDS: readonly string[] = [...new Set(Object.values(subjectKinds).flatMap(({ ids }) => ids))].sort();
