import { parseEndpoint } from "../values/endpoint.ts";
import type { Path } from "../values/location.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import { type Node, Server, type ServerFields, ServerList, type SystemLocation } from "./deployment-objects.ts";
import type { Place } from "./missing.ts";
import { type Roster, union } from "./roster.ts";
import { type Field, known, type SiteObjectInit, unknown } from "./site-object.ts";

type Protocol = "dns" | "ntp";

const PORTS: Readonly<Record<Protocol, number>> = { dns: 53, ntp: 123 };

/** Who may have server lists of its own. */
export interface ListHolder {
  /** As in subject ids: `location/Oslo`, `management_node`. */
  readonly name: string;
  readonly lists: { readonly dns_servers?: readonly string[]; readonly ntp_servers?: readonly string[] };
  readonly path: Path;
}

/**
 * The NTP and DNS lists that somebody uses, and their servers. A location or the management node that gives none (or an
 * empty list) uses the deployment's; a list that several use is one object, and so is a server that several lists name.
 */
export class ServerLists {
  readonly #lists = new Map<string, { readonly list: ServerList; readonly users: Set<string> }>();
  readonly #servers = new Map<string, { readonly server: Server; readonly resolvers: Set<ServerList> }>();

  constructor(private readonly gaps: DeploymentGaps) {}

  /** The list that a holder uses; null stands for nobody in particular: the deployment's own. */
  of(protocol: Protocol, holder: ListHolder | null): ServerList {
    const key = `${protocol}_servers` as const;
    const own = holder?.lists[key];
    const general = this.gaps.document.value[key] ?? [];
    // When nobody names a server, the gap is where a list stands empty, else where the one for all would stand.
    const ownsIt = holder !== null && own !== undefined && (own.length > 0 || general.length === 0);
    const name = `${ownsIt ? holder.name : "deployment"}/${protocol}`;
    const place = this.gaps.place([...(ownsIt ? holder.path : []), key]);
    const found = this.#lists.get(name) ?? this.#make(protocol, name, ownsIt ? own : general, place);
    this.#lists.set(name, found);
    if (holder !== null) found.users.add(holder.name);
    if (protocol === "ntp") this.#resolveWith(found.list, this.of("dns", holder));
    return found.list;
  }

  #make(protocol: Protocol, name: string, texts: readonly string[], place: Place) {
    const entries = texts.map((text, index) =>
      this.#server(protocol, text, { ...place, path: [...place.path, index] }),
    );
    const what = `no ${protocol.toUpperCase()} server is declared where one is used`;
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
    const server = new Server(init, () => union([...resolvers].map((list) => list.servers)));
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
  if (parsed === null) return unknown({ what: `${quoted} is neither an address nor a host name`, place });
  if (protocol === "dns" && !parsed.isAddress) {
    return unknown({ what: `DNS server ${quoted} is not an IP address, so it cannot be asked`, place });
  }
  return known(parsed);
}

function shown(host: string, port: number, usual: number): string {
  if (port === usual) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}
