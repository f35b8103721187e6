import { parseEndpoint } from "../../values/network/endpoint.ts";
import type { Path } from "../../values/location.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import { type Node, Server, type ServerFields, ServerList, type SystemLocation } from "./deployment-objects.ts";
import type { SourceRef } from "../core/missing.ts";
import { once } from "../core/once.ts";
import { complete, type PartialList, union } from "../core/partial-list.ts";
import { derivedTable, type Field, known, type SiteObjectInit, unknown } from "../core/site-object.ts";

type Protocol = "dns" | "ntp";

const PORTS: Readonly<Record<Protocol, number>> = { dns: 53, ntp: 123 };

const USE_DECLARED = "; add dns_servers";
const USE_SYSTEM = `${USE_DECLARED} or use --system-resolver`;

/** An object that may have its own server lists. */
export interface ListOwner {
  /** As in subject ids: `location/Oslo`, `management_node`. */
  readonly name: string;
  readonly lists: { readonly dns_servers?: readonly string[]; readonly ntp_servers?: readonly string[] };
  readonly path: Path;
}

/**
 * The NTP and DNS lists in use, and their servers. A location or the management node without a list uses the deployment's
 * (an empty list of its own means that it has none). A list that several use is one object, and so is a server that
 * several lists name.
 */
export class ServerLists {
  readonly #lists = new Map<string, { readonly list: ServerList; readonly users: Set<string> }>();
  readonly #servers = new Map<string, { readonly server: Server; readonly resolvers: Set<ServerList> }>();
  /** Made last, so that a server that is also declared somewhere keeps its own source location. */
  readonly #systemServers = once(() => {
    const sourceRef = this.gaps.sourceRef(["dns_servers"]);
    return complete([...new Set(this.systemResolvers.map((text) => this.#server("dns", text, sourceRef)))]);
  });

  /**
   * @param systemResolvers DNS servers that resolve names for owners without declared ones; as `10.0.0.1` or
   * `[::1]:5353`
   */
  constructor(
    private readonly gaps: DeploymentGaps,
    private readonly systemResolvers: readonly string[] = [],
  ) {}

  /** The list that an owner uses; null for the deployment's own. */
  of(protocol: Protocol, owner: ListOwner | null): ServerList {
    const key = `${protocol}_servers` as const;
    const own = owner?.lists[key];
    const general = this.gaps.document.value[key] ?? [];
    const ownsIt = owner !== null && own !== undefined;
    const name = `${ownsIt ? owner.name : "deployment"}/${protocol}`;
    const sourceRef = this.gaps.sourceRef([...(ownsIt ? owner.path : []), key]);
    const found = this.#lists.get(name) ?? this.#make(protocol, name, ownsIt ? own : general, sourceRef);
    this.#lists.set(name, found);
    if (owner !== null) found.users.add(owner.name);
    if (protocol === "ntp") this.#resolveWith(found.list, this.of("dns", owner));
    return found.list;
  }

  /** The lists that a node uses; a gap while its location is not known. */
  usedBy(node: Node): Field<readonly ServerList[]> {
    const location = node.role === "management" ? null : node.read("inLocation");
    if (location !== null && !location.known) return location;
    const owner = location === null ? managementOwner(this.gaps) : locationOwner(location.value);
    return known([this.of("dns", owner), this.of("ntp", owner)]);
  }

  /** The resolvers of an owner: its DNS servers; if none is declared, those of the system, if they are given. */
  resolvers(owner: ListOwner | null): PartialList<Server> {
    return this.#resolving(this.of("dns", owner));
  }

  #resolving({ servers }: ServerList): PartialList<Server> {
    if (servers.items.length > 0 || this.systemResolvers.length === 0) return servers;
    return this.#systemServers();
  }

  #resolvingAll(lists: readonly ServerList[]): PartialList<Server> {
    const partialLists = lists.map((list) => this.#resolving(list));
    // Nearly always there is one; it names each server once.
    return partialLists.length === 1 && partialLists[0] !== undefined ? partialLists[0] : union(partialLists);
  }

  #make(protocol: Protocol, name: string, texts: readonly string[], sourceRef: SourceRef) {
    const entries = texts.map((text, index) =>
      this.#server(protocol, text, { ...sourceRef, path: [...sourceRef.path, index] }),
    );
    const fix = protocol === "ntp" ? "" : this.systemResolvers.length > 0 ? USE_DECLARED : USE_SYSTEM;
    const what = `no ${protocol.toUpperCase()} server is declared where one is used${fix}`;
    const servers: PartialList<Server> = {
      items: [...new Set(entries)],
      missing: entries.length === 0 ? [{ what, sourceRef, isUnusable: true }] : [],
    };
    const users = new Set<string>();
    const init = { kind: "server-list", name, descriptions: [], sourceRef, missing: () => ({ what, sourceRef }) };
    return { list: new ServerList(init, protocol, servers, texts, () => [...users]), users };
  }

  #resolveWith(list: ServerList, dns: ServerList): void {
    for (const server of list.servers.items) this.#servers.get(`ntp ${server.name}`)?.resolvers.add(dns);
  }

  #server(protocol: Protocol, text: string, sourceRef: SourceRef): Server {
    const parsed = parseEndpoint(text, PORTS[protocol]);
    const name = parsed === null ? text : endpointText(parsed.host, parsed.port, PORTS[protocol]);
    const found = this.#servers.get(`${protocol} ${name}`);
    if (found !== undefined) return found.server;
    const resolvers = new Set<ServerList>();
    const init: SiteObjectInit<ServerFields> = {
      kind: `${protocol}-server`,
      name,
      descriptions: [],
      sourceRef,
      missing: (_, path) => ({ what: `${path.join(".")} is not in the deployment`, sourceRef }),
      derived: derivedTable<ServerFields>({
        written: () => known(text),
        endpoint: () => endpointOf(protocol, text, parsed, sourceRef),
      }),
    };
    const server = new Server(init, () => this.#resolvingAll([...resolvers]));
    this.#servers.set(`${protocol} ${name}`, { server, resolvers });
    return server;
  }
}

/** A location as an owner of lists. */
export function locationOwner(location: SystemLocation): ListOwner {
  const dns = location.read("dns_servers");
  const ntp = location.read("ntp_servers");
  return {
    name: `location/${location.name}`,
    lists: { ...(dns.known && { dns_servers: dns.value }), ...(ntp.known && { ntp_servers: ntp.value }) },
    path: location.sourceRef.path,
  };
}

/** The management node as an owner of lists; null when the deployment has none. */
export function managementOwner({ document }: DeploymentGaps): ListOwner | null {
  const lists = document.value.management_node;
  return lists === undefined ? null : { name: "management_node", lists, path: ["management_node"] };
}

/** All owners of lists in use: the Management Node, and the locations with nodes. */
export function ownersInUse(
  gaps: DeploymentGaps,
  nodes: readonly Node[],
  locations: readonly SystemLocation[],
): PartialList<ListOwner> {
  const nodeLocations = nodes.filter(({ role }) => role === "conferencing").map((node) => node.read("inLocation"));
  const used = new Set(nodeLocations.flatMap((location) => (location.known ? [location.value] : [])));
  const management = managementOwner(gaps);
  return {
    items: [
      ...(management === null ? [] : [management]),
      ...locations.filter((sourceRef) => used.has(sourceRef)).map(locationOwner),
    ],
    missing: nodeLocations.flatMap((location) => (location.known ? [] : location.missing)),
  };
}

function endpointOf(
  protocol: Protocol,
  text: string,
  parsed: ReturnType<typeof parseEndpoint>,
  sourceRef: SourceRef,
): Field<NonNullable<typeof parsed>> {
  const quoted = JSON.stringify(text);
  if (parsed === null) {
    return unknown({ what: `${quoted} is neither an address nor a host name`, sourceRef, isUnusable: true });
  }
  if (protocol === "dns" && !parsed.isAddress) {
    const what = `DNS server ${quoted} is not an IP address, so it cannot be queried`;
    return unknown({ what, sourceRef, isUnusable: true });
  }
  return known(parsed);
}

function endpointText(host: string, port: number, usual: number): string {
  if (port === usual) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
