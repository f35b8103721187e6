import type { DeploymentFields, DomainService, Node, PortGroup, Server, VmManager } from "./deployment-objects.ts";
import type { Cluster, Host } from "./estate-objects.ts";
import { complete, type Roster } from "./roster.ts";
import type { Site } from "./site.ts";
import type { SiteObject } from "./site-object.ts";

/** What a rule can name as its subject, and the type of object it is then handed. */
export interface Subjects {
  readonly deployment: SiteObject<DeploymentFields>;
  readonly node: Node;
  readonly "conferencing-node": Node;
  readonly host: Host;
  readonly "host-of-automatic-node": Host;
  readonly cluster: Cluster;
  readonly "port-group": PortGroup;
  readonly "ntp-server": Server;
  readonly "domain-service": DomainService;
  readonly "vm-manager": VmManager;
}

interface SubjectKind<T> {
  readonly find: (site: Site) => Roster<T>;
  /** Said of a rule whose list of subjects is known to be empty: why it does not apply. */
  readonly none: string;
}

/** How the subjects of each kind are found. They come from documents only, never from answers. */
export const subjectKinds: { readonly [K in keyof Subjects]: SubjectKind<Subjects[K]> } = {
  deployment: { find: (site) => complete([site.deployment]), none: "there is no deployment" },
  node: { find: (site) => site.nodeRoster, none: "the deployment has no node" },
  "conferencing-node": { find: (site) => site.conferencingRoster, none: "the deployment has no conferencing node" },
  host: { find: (site) => site.hostsInUse, none: "no node is placed on a host" },
  "host-of-automatic-node": { find: (site) => site.automaticHosts, none: "no node is deployed automatically" },
  cluster: { find: (site) => site.clustersInUse, none: "no node is placed on a cluster" },
  "port-group": { find: (site) => site.portGroupsInUse, none: "no node is attached to a network" },
  "ntp-server": { find: (site) => site.ntpServers, none: "no NTP server is in use" },
  "domain-service": { find: (site) => site.domainServices, none: "no service is declared for any domain" },
  "vm-manager": {
    find: (site) => complete(site.vmManager === null ? [] : [site.vmManager]),
    none: "no VM manager is declared",
  },
};
