import type { Endpoint } from "../../values/network/endpoint.ts";
import { canonicalName, isHostName } from "../../values/network/host-name.ts";
import { canonicalIp, reverseName } from "../../values/network/ip-address.ts";
import type { DomainService, Node, Server, VmManager } from "../deployment/deployment-objects.ts";
import type { PartialList } from "../core/partial-list.ts";
import { type Field, known } from "../core/site-object.ts";

/** A name that was looked up, and the kinds of record. */
export interface Lookup {
  readonly name: string;
  readonly types: readonly ("A" | "AAAA" | "PTR" | "SRV")[];
}

/** The objects whose names are looked up. */
export interface QueryingNodes {
  readonly nodes: readonly Node[];
  readonly ntpServers: readonly Server[];
  readonly domainServices: readonly DomainService[];
  readonly vmManager: VmManager | null;
}

const ADDRESS = ["A", "AAAA"] as const;

/**
 * What each DNS server has to answer for this deployment, each name once: names and addresses of nodes, NTP servers by
 * name, the VM manager, the SRV records of domains.
 */
export function lookupsByServer({
  nodes,
  ntpServers,
  domainServices,
  vmManager,
}: QueryingNodes): ReadonlyMap<Server, readonly Lookup[]> {
  const byServer = new Map<Server, Map<string, Lookup>>();
  const add = (servers: PartialList<Server>, name: Field<string | null>, types: Lookup["types"]) => {
    // An invalid name cannot be queried; other rules report it.
    if (!name.known || name.value === null || !isHostName(name.value)) return;
    for (const server of servers.items) {
      const names = byServer.get(server) ?? new Map<string, Lookup>();
      byServer.set(server, names.set(`${name.value} ${types.join()}`, { name: name.value, types }));
    }
  };
  for (const node of nodes) {
    add(node.dnsServers, node.read("fqdn"), ADDRESS);
    add(node.dnsServers, mapped(node.read("alternative_fqdn"), canonicalName), ADDRESS);
    add(node.dnsServers, mapped(node.read("address"), reverseOf), ["PTR"]);
  }
  for (const { resolvers, owner, domain } of domainServices) {
    add(resolvers, known(`${owner}.${domain}`), ["SRV"]);
  }
  for (const server of ntpServers) add(server.resolvers, mapped(server.read("endpoint"), nameIn), ADDRESS);
  if (vmManager !== null) add(vmManager.resolvers, mapped(vmManager.read("endpoint"), nameIn), ADDRESS);
  return new Map([...byServer].map(([server, names]) => [server, [...names.values()]]));
}

function reverseOf(address: string): string | null {
  return canonicalIp(address) === null ? null : reverseName(address);
}

function nameIn({ host, isAddress }: Endpoint): string | null {
  return isAddress ? null : host;
}

function mapped<T, U>(field: Field<T>, change: (value: T) => U): Field<U> {
  return field.known ? known(change(field.value)) : field;
}
