import { parseEndpoint } from "../values/endpoint.ts";
import type { PathSegment } from "../values/location.ts";
import { Server, type ServerFields } from "./deployment-objects.ts";
import type { Document } from "./document.ts";
import type { Deployment } from "./deployment.generated.ts";
import type { Place } from "./missing.ts";
import { complete, type Roster } from "./roster.ts";
import { type Field, known, type SiteObjectInit, unknown } from "./site-object.ts";

const PORTS = { dns: 53, ntp: 123 } as const;

/** A list of servers as it is written, with the place it stands at or would stand at. */
export interface WrittenList {
  readonly servers: readonly string[];
  readonly place: Place;
}

/** One object a distinct server, however many lists name it. */
export class DeclaredServers {
  readonly #servers = new Map<string, { readonly server: Server; readonly resolvers: Set<Roster<Server>> }>();

  constructor(private readonly kind: "dns" | "ntp") {}

  /** The servers of a list; `resolvers` are the DNS servers of whoever uses it. */
  of(list: WrittenList, resolvers: Roster<Server> = complete([])): Roster<Server> {
    const items = list.servers.map((text, index) => this.#server(text, child(list.place, index), resolvers));
    const empty = { what: `no ${this.kind.toUpperCase()} server is declared where one is used`, place: list.place };
    return { items: [...new Set(items)], missing: items.length === 0 ? [empty] : [] };
  }

  #server(text: string, place: Place, resolvers: Roster<Server>): Server {
    const endpoint = parseEndpoint(text, PORTS[this.kind]);
    const name = endpoint === null ? text : shown(endpoint.host, endpoint.port, PORTS[this.kind]);
    const found = this.#servers.get(name);
    if (found !== undefined) {
      found.resolvers.add(resolvers);
      return found.server;
    }
    const rosters = new Set([resolvers]);
    const init: SiteObjectInit<ServerFields> = {
      kind: `${this.kind}-server`,
      name,
      descriptions: [],
      place,
      missing: (_, path) => ({ what: `${path.join(".")} is not in the deployment`, place }),
      derived: {
        endpoint: () => this.#endpoint(text, endpoint, place),
      },
    };
    const server = new Server(init, () => [...rosters]);
    this.#servers.set(name, { server, resolvers: rosters });
    return server;
  }

  #endpoint(
    text: string,
    endpoint: ReturnType<typeof parseEndpoint>,
    place: Place,
  ): Field<NonNullable<typeof endpoint>> {
    if (endpoint === null)
      return unknown({ what: `${JSON.stringify(text)} is neither an address nor a host name`, place });
    if (this.kind === "dns" && !endpoint.isAddress) {
      return unknown({ what: `DNS server ${JSON.stringify(text)} is not an IP address, so it cannot be asked`, place });
    }
    return known(endpoint);
  }
}

/** The list under `key` of the first holder that gives one, else of the deployment; empty lists give none. */
export function effectiveList(
  deployment: Document<Deployment>,
  key: "dns_servers" | "ntp_servers",
  holder: {
    readonly record: { readonly dns_servers?: readonly string[]; readonly ntp_servers?: readonly string[] };
    readonly path: readonly PathSegment[];
  } | null,
): WrittenList {
  const own = holder?.record[key];
  if (holder !== null && own !== undefined && own.length > 0) {
    return { servers: own, place: { document: deployment, path: [...holder.path, key] } };
  }
  const general = deployment.value[key];
  if (general !== undefined && general.length > 0) {
    return { servers: general, place: { document: deployment, path: [key] } };
  }
  return { servers: [], place: { document: deployment, path: holder === null ? [key] : [...holder.path, key] } };
}

function shown(host: string, port: number, usual: number): string {
  if (port === usual) return host;
  return host.includes(":") ? `[${host}]:${port}` : `${host}:${port}`;
}

function child(place: Place, index: number): Place {
  return { document: place.document, path: [...place.path, index] };
}
