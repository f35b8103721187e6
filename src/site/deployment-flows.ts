import {
  BETWEEN_NODES,
  FROM_CLIENTS,
  LICENSING,
  LICENSING_SERVER,
  type Service,
  TO_DNS,
  TO_NTP,
  TO_SYSLOG,
  TO_VSPHERE,
} from "../facts/ports.ts";
import type { Deployment } from "../schema/deployment.generated.ts";
import type { Site } from "./site.ts";
import { parseEndpoint } from "../values/network/endpoint.ts";

/** A connection that the deployment needs, between groups of machines: a line of a firewall request. */
export interface Flow {
  /** `Management Node (10.44.5.10)`, `location Oslo (10.44.10.21, 10.44.10.22)`. */
  readonly from: string;
  readonly to: string;
  readonly protocol: Service["protocol"];
  /** A port or a range; empty for ESP. */
  readonly port: string;
  readonly why: string;
  /** The document that the port is from. */
  readonly source: string;
  readonly is_confirmed: boolean;
  /** Whether a run from the machine in question tries it: from here alone, which is not where the flow comes from. */
  readonly probed: boolean;
}

/** A connection that a run makes. */
interface Probed {
  readonly to: string;
  readonly protocol: "udp" | "tcp";
  readonly port: number;
}

type ConferencingNode = NonNullable<Deployment["conferencing_nodes"]>[number];

/** Nodes of a location that have one role. */
interface Group {
  readonly label: string;
  readonly location: string;
  readonly isProxying: boolean;
  readonly nodes: readonly ConferencingNode[];
}

/**
 * The flows of a deployment by system location, derived from what it declares. Lists of nodes, and of hosts of automatic
 * nodes, are taken as far as they are known.
 *
 * @param probed what a run of this machine connects to
 */
export function deploymentFlows(site: Site, deployment: Deployment, probed: readonly Probed[]): readonly Flow[] {
  const groups = groupsOf(deployment);
  const manager = deployment.management_node;
  const management = manager == null ? null : labelled("Management Node", [manager.address]);
  const connections = new Set(probed.map(({ to, protocol, port }) => `${protocol} ${port} ${to}`));
  const isProbed = (targets: readonly string[], { protocol, ports }: Service): boolean =>
    targets.some((target) => connections.has(`${protocol} ${ports} ${target}`));
  const flow = (
    from: string,
    to: string,
    service: Service,
    targets: readonly string[] = [],
    port = service.ports,
  ): Flow => ({
    ...{ from, to, protocol: service.protocol, port, why: service.purpose },
    ...{
      source: service.source,
      is_confirmed: service.isConfirmed,
      probed: isProbed(targets, { ...service, ports: port }),
    },
  });
  const pairs = [
    ...(management === null ? [] : groups.map((group) => [management, group.label] as const)),
    ...nodePairs(deployment, groups),
  ];
  const ownAndLocations = [
    ...(management === null ? [] : [{ from: management, ...servers(deployment, manager ?? {}) }]),
    ...groups.map(({ label, location }) => ({ from: label, ...servers(deployment, locationOf(deployment, location)) })),
  ];
  return [
    ...pairs.flatMap(([from, to]) => BETWEEN_NODES.map((service) => flow(from, `${to} and back`, service))),
    ...(management === null ? [] : managementFlows(site, deployment, management, flow)),
    ...groups.flatMap(({ nodes, isProxying, location }) => {
      const addresses = nodes.map((node) => node.static_nat_address ?? node.secondary_address ?? node.address);
      const to = labelled(`${isProxying ? "proxying nodes of " : ""}location ${location}`, addresses);
      return FROM_CLIENTS.map((service) => flow("clients", to, service, known(addresses)));
    }),
    ...ownAndLocations.flatMap(({ from, dns, ntp, syslog }) => [
      ...dns.flatMap((server) =>
        TO_DNS.map((service) => flow(from, server.host, service, [server.host], String(server.port))),
      ),
      ...ntp.map((server) => flow(from, server.host, TO_NTP, [server.host], String(server.port))),
      ...syslog.map(({ host, port, service }) => flow(from, host, service, [host], String(port))),
    ]),
  ];
}

function managementFlows(
  site: Site,
  { vm_manager }: Deployment,
  management: string,
  flow: (from: string, to: string, service: Service, targets?: readonly string[], port?: string) => Flow,
): readonly Flow[] {
  const endpoint = vm_manager?.address === undefined ? null : parseEndpoint(vm_manager.address, 443);
  const hosts = site.relations.hostsOf(site.automaticNodes).items.map(({ name }) => name);
  return [
    ...(endpoint === null ? [] : [flow(management, endpoint.host, TO_VSPHERE, [endpoint.host], String(endpoint.port))]),
    ...hosts.map((name) => flow(management, `host ${name}`, TO_VSPHERE, [name])),
    flow(management, LICENSING_SERVER, LICENSING),
  ];
}

/**
 * Which groups reach each other: transcoding nodes all others; proxying nodes those of their own location and of its transcoding
 * and overflow locations. Where their location declares none of these, every transcoding group is listed, with the condition.
 * Source: "Firewall, routing and NAT guidance" of Pexip's port page.
 */
function nodePairs(deployment: Deployment, groups: readonly Group[]): readonly (readonly [string, string])[] {
  const pairs = groups.flatMap((one, index) =>
    groups.slice(index).flatMap((other): readonly (readonly [string, string])[] => {
      if (one === other) return one.nodes.length > 1 ? [[one.label, one.label]] : [];
      if (one.location === other.location || one.isProxying === other.isProxying) {
        return one.isProxying && other.isProxying ? [] : [[one.label, other.label]];
      }
      const declared = transcodingFor(deployment, (one.isProxying ? one : other).location);
      if (declared.length === 0)
        return [[one.label, `${other.label} if it is the transcoding or an overflow location`]];
      return declared.includes((one.isProxying ? other : one).location) ? [[one.label, other.label]] : [];
    }),
  );
  const withNodes = new Set(groups.map(({ location }) => location));
  const toNoNodes = groups
    .filter(({ isProxying }) => isProxying)
    .flatMap(({ label, location }) =>
      transcodingFor(deployment, location)
        .filter((name) => !withNodes.has(name))
        .map((name) => [label, `location ${name} (no nodes declared)`] as const),
    );
  return [...pairs, ...toNoNodes];
}

/** The transcoding and overflow locations that a location declares. */
function transcodingFor(deployment: Deployment, name: string): readonly string[] {
  const { transcoding_location, overflow_location1, overflow_location2 } = locationOf(deployment, name);
  return known([transcoding_location, overflow_location1, overflow_location2]);
}

function groupsOf({ conferencing_nodes = [] }: Deployment): readonly Group[] {
  const groups = new Map<string, Group>();
  for (const node of conferencing_nodes) {
    const location = node.system_location ?? "(no location)";
    const isProxying = node.node_type === "PROXYING";
    const key = JSON.stringify([location, isProxying]);
    groups.set(key, { label: "", location, isProxying, nodes: [...(groups.get(key)?.nodes ?? []), node] });
  }
  return [...groups.values()].map((group) => {
    const name = `${group.isProxying ? "proxying nodes of " : ""}location ${group.location}`;
    // The primary address is used between nodes.
    return {
      ...group,
      label: labelled(
        name,
        group.nodes.map(({ address }) => address),
      ),
    };
  });
}

function locationOf({ system_locations = [] }: Deployment, name: string): Location {
  return system_locations.find((location) => location.name === name) ?? {};
}

type Location = Partial<NonNullable<Deployment["system_locations"]>[number]>;
type ServerLists = Pick<Deployment, "dns_servers" | "ntp_servers" | "syslog_servers">;

/** The servers of a node or location; those of the deployment where it has none of its own. */
function servers(deployment: Deployment, { dns_servers, ntp_servers, syslog_servers }: ServerLists) {
  const endpoints = (texts: readonly string[] | undefined, port: number) =>
    (texts ?? []).flatMap((text) => parseEndpoint(text, port) ?? []);
  return {
    dns: endpoints(dns_servers ?? deployment.dns_servers, 53),
    ntp: endpoints(ntp_servers ?? deployment.ntp_servers, 123),
    syslog: (syslog_servers ?? deployment.syslog_servers ?? []).flatMap(({ address, port = 514, transport = "udp" }) =>
      address === undefined ? [] : [{ host: address, port, service: TO_SYSLOG[transport] }],
    ),
  };
}

function labelled(name: string, addresses: readonly (string | undefined)[]): string {
  const all = known(addresses);
  return all.length === 0 ? name : `${name} (${all.join(", ")})`;
}

function known(addresses: readonly (string | undefined)[]): readonly string[] {
  return addresses.filter((address) => address !== undefined);
}
