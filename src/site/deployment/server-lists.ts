import { parseEndpoint } from "../../values/network/endpoint.ts";
import type { Path } from "../../values/location.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import { type Node, Server, type ServerFields, ServerList, type SystemLocation } from "./deployment-objects.ts";
import type { Place } from "../core/missing.ts";
import { complete, type Roster, union } from "../core/partial-list.ts";
import { type Field, known, type SiteObjectInit, unknown } from "../core/site-object.ts";

type Protocol = "dns" | "ntp";

const PORTS: Readonly<Record<Protocol, number>> = { dns: 53, ntp: 123 };

const USE_DECLARED = "; add dns_servers";
const USE_SYSTEM = `${USE_DECLARED} or use --system-resolver`;

/** Who may have server lists of its own. */
export interface ListHolder {
  /** As in subject ids: `location/Oslo`, `management_node`. */
  readonly name: string;
  readonly lists: { readonly dns_servers?: readonly string[]; readonly ntp_servers?: readonly string[] };
  readonly path: Path;
}

/**
 * The NTP and DNS lists that somebody uses, and their servers. A location or the management node that gives none uses the
 * deployment's (an empty list of its own says that it has none); a list that several use is one object, and so is a server that several lists name.
 */
export class ServerLists {
  readonly #lists = new Map<string, { readonly list: ServerList; readonly users: Set<string> }>();
  readonly #servers = new Map<string, { readonly server: Server; readonly resolvers: Set<ServerList> }>();
  #standIns: readonly Server[] | null = null;

  /** @param systemResolvers DNS servers that resolve for those who have none declared; as `10.0.0.1` or `[::1]:5353` */
  constructor(
    private readonly gaps: DeploymentGaps,
    private readonly systemResolvers: readonly string[] = [],
  ) {}

  /** The list that a holder uses; null stands for nobody in particular: the deployment's own. */
  of(protocol: Protocol, holder: ListHolder | null): ServerList {
    const key = `${protocol}_servers` as const;
    const own = holder?.lists[key];
    const general = this.gaps.document.value[key] ?? [];
    const ownsIt = holder !== null && own !== undefined;
    const name = `${ownsIt ? holder.name : "deployment"}/${protocol}`;
    const place = this.gaps.place([...(ownsIt ? holder.path : []), key]);
    const found = this.#lists.get(name) ?? this.#make(protocol, name, ownsIt ? own : general, place);
    this.#lists.set(name, found);
    if (holder !== null) found.users.add(holder.name);
    if (protocol === "ntp") this.#resolveWith(found.list, this.of("dns", holder));
    return found.list;
  }

  /** Who resolves names for a holder: its DNS servers; while none is declared, those of the system, where they are given. */
  resolvers(holder: ListHolder | null): Roster<Server> {
    return this.#resolving(this.of("dns", holder));
  }

  #resolving({ servers }: ServerList): Roster<Server> {
    if (servers.items.length > 0 || this.systemResolvers.length === 0) return servers;
    const place = this.gaps.place(["dns_servers"]);
    // Made last, so that a server that is also declared somewhere keeps the place where it stands.
    this.#standIns ??= [...new Set(this.systemResolvers.map((text) => this.#server("dns", text, place)))];
    return complete(this.#standIns);
  }

  #resolvingAll(lists: readonly ServerList[]): Roster<Server> {
    const rosters = lists.map((list) => this.#resolving(list));
    // Nearly always there is one; it names each server once.
    return rosters.length === 1 && rosters[0] !== undefined ? rosters[0] : union(rosters);
  }

  #make(protocol: Protocol, name: string, texts: readonly string[], place: Place) {
    const entries = texts.map((text, index) =>
      this.#server(protocol, text, { ...place, path: [...place.path, index] }),
    );
    const cure = protocol === "ntp" ? "" : this.systemResolvers.length > 0 ? USE_DECLARED : USE_SYSTEM;
    const what = `no ${protocol.toUpperCase()} server is declared where one is used${cure}`;
    const servers: Roster<Server> = {
      items: [...new Set(entries)],
      missing: entries.length === 0 ? [{ what, place }] : [],
    };
    const users = new Set<string>();
    const init = { kind: "server-list", name, descriptions: [], place, missing: () => ({ what, place }) };
    return { list: new ServerList(init, protocol, servers, texts, () => [...users]), users };
  }

  #resolveWith(list: ServerList, dns: ServerList): void {
    for (const server of list.servers.items) this.#servers.get(`ntp ${server.name}`)?.resolvers.add(dns);
  }

  #server(protocol: Protocol, text: string, place: Place): Server {
    const parsed = parseEndpoint(text, PORTS[protocol]);
    const name = parsed === null ? text : shown(parsed.host, parsed.port, PORTS[protocol]);
    const found = this.#servers.get(`${protocol} ${name}`);
    if (found !== undefined) return found.server;
    const resolvers = new Set<ServerList>();
    const init: SiteObjectInit<ServerFields> = {
      kind: `${protocol}-server`,
      name,
      descriptions: [],
      place,
      missing: (_, path) => ({ what: `${path.join(".")} is not in the deployment`, place }),
      derived: {
        written: () => known(text),
        endpoint: () => endpointOf(protocol, text, parsed, place),
      },
    };
    const server = new Server(init, () => this.#resolvingAll([...resolvers]));
    this.#servers.set(`${protocol} ${name}`, { server, resolvers });
    return server;
  }
}

/** A location as a holder of lists. */
export function locationHolder(location: SystemLocation): ListHolder {
  const dns = location.read("dns_servers");
  const ntp = location.read("ntp_servers");
  return {
    name: `location/${location.name}`,
    lists: { ...(dns.known && { dns_servers: dns.value }), ...(ntp.known && { ntp_servers: ntp.value }) },
    path: location.place.path,
  };
}

/** The management node as a holder of lists; null when the deployment has none. */
export function managementHolder({ document }: DeploymentGaps): ListHolder | null {
  const lists = document.value.management_node;
  return lists === undefined ? null : { name: "management_node", lists, path: ["management_node"] };
}

/** Everyone whose lists are used: the management node, and the locations that a node is in. */
export function holdersInUse(
  gaps: DeploymentGaps,
  nodes: readonly Node[],
  locations: readonly SystemLocation[],
): Roster<ListHolder> {
  const homes = nodes.filter(({ role }) => role === "conferencing").map((node) => node.read("inLocation"));
  const used = new Set(homes.flatMap((home) => (home.known ? [home.value] : [])));
  const management = managementHolder(gaps);
  return {
    items: [
      ...(management === null ? [] : [management]),
      ...locations.filter((place) => used.has(place)).map(locationHolder),
    ],
    missing: homes.flatMap((home) => (home.known ? [] : home.missing)),
  };
}

function endpointOf(
  protocol: Protocol,
  text: string,
  parsed: ReturnType<typeof parseEndpoint>,
  place: Place,
): Field<NonNullable<typeof parsed>> {
  const quoted = JSON.stringify(text);
  if (parsed === null) {
    return unknown({ what: `${quoted} is neither an address nor a host name`, place, isUnusable: true });
  }
  if (protocol === "dns" && !parsed.isAddress) {
    const what = `DNS server ${quoted} is not an IP address, so it cannot be asked`;
    return unknown({ what, place, isUnusable: true });
  }
  return known(parsed);
}

function shown(host: string, port: number, usual: number): string {
  if (port === usual) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
