import type { PathSegment } from "../../values/location.ts";
import { canonicalIp, parseIpAddress } from "../../values/network/ip-address.ts";
import { contains } from "../../values/network/ipv4-subnet.ts";
import type { Node, Server } from "../deployment/deployment-objects.ts";
import type { SiteObject } from "../core/site-object.ts";

const ADDRESSES = ["address", "secondary_address", "static_nat_address", "ipv6_address"] as const;
const GATEWAYS = ["gateway", "ipv6_gateway"] as const;

type AddressField = (typeof ADDRESSES)[number];

/** One of two objects with the same address, in words, with its source location. */
interface AddressUse {
  /** `address 10.44.10.21 of node oslo-conf01`, `DNS server 10.44.0.10`. */
  readonly inFull: string;
  /** Behind "is": `the address of node oslo-conf01`, `that of DNS server 10.44.0.10`. */
  readonly inShort: string;
  readonly at: readonly [object: SiteObject, field?: string, ...rest: readonly PathSegment[]];
}

/** An address of a node that something else has too. */
interface AddressConflict {
  readonly kind: "node" | "router" | "dns" | "ntp";
  /** The one that is more likely wrong. */
  readonly wrong: AddressUse;
  readonly other: AddressUse;
}

/** The conflicts of addresses. */
export interface AddressConflicts {
  readonly all: readonly AddressConflict[];
  /** The first one that concerns an address of a node, on either side. */
  of(node: Node, field: AddressField): AddressConflict | undefined;
  /** The first one in which a node has taken the address of a server. */
  withServer(server: Server): AddressConflict | undefined;
}

interface Router {
  readonly node: Node;
  /** In words, which most never need. */
  readonly use: () => AddressUse;
}

/**
 * Finds addresses of nodes that other nodes, routers (gateways and next hops) and servers have too. Which side is wrong
 * follows from the other values: a node whose gateway is no neighbor of its address has the wrong address, and so has
 * one that takes the address of a router which several nodes use; of two nodes the later one in the document.
 */
export function addressConflicts(
  nodes: readonly Node[],
  servers: Readonly<Record<"dns" | "ntp", readonly Server[]>>,
): AddressConflicts {
  const routers = routersByAddress(nodes);
  const serverUses = (["dns", "ntp"] as const).map((kind) => ({
    kind,
    uses: serversByAddress(kind, servers[kind]),
  }));
  const first = new Map<
    string,
    { readonly node: Node; readonly use: () => AddressUse; readonly field: AddressField }
  >();
  const all: AddressConflict[] = [];
  const byNode = new Map<Node, Map<AddressField, AddressConflict>>();
  const note = (conflict: AddressConflict, ...involved: readonly (readonly [Node, AddressField])[]) => {
    all.push(conflict);
    for (const [node, field] of involved) {
      const fields = byNode.get(node) ?? new Map<AddressField, AddressConflict>();
      if (!fields.has(field)) fields.set(field, conflict);
      byNode.set(node, fields);
    }
  };
  for (const node of nodes) {
    for (const field of ADDRESSES) {
      const written = node.read(field);
      const address = written.known ? canonicalIp(written.value) : null;
      if (!written.known || address === null) continue;
      const use = () => addressUse(field, written.value, node, [node, field]);
      const isWrong = () => field === "address" && isOutsideGatewaySubnets(node);
      for (const { kind, uses } of serverUses) {
        const server = uses.get(address);
        if (server === undefined) continue;
        const [wrong, other] = isWrong() ? [use(), server] : [server, use()];
        note({ kind, wrong, other }, [node, field]);
      }
      const using = routers.get(address) ?? [];
      const foreign = using.find((router) => router.node !== node);
      if (foreign !== undefined) {
        const isShared = new Set(using.map((router) => router.node)).size > 1;
        const [wrong, other] = isShared || isWrong() ? [use, foreign.use] : [foreign.use, use];
        note({ kind: "router", wrong: wrong(), other: other() }, [node, field]);
      }
      const earlier = first.get(address);
      if (earlier === undefined) first.set(address, { node, use, field });
      else if (earlier.node !== node) {
        note({ kind: "node", wrong: use(), other: earlier.use() }, [node, field], [earlier.node, earlier.field]);
      }
    }
  }
  const byServer = new Map<SiteObject, AddressConflict>();
  for (const conflict of all.toReversed()) byServer.set(conflict.other.at[0], conflict);
  return { all, of: (node, field) => byNode.get(node)?.get(field), withServer: (server) => byServer.get(server) };
}

function addressUse(what: string, written: string, { name }: Node, at: AddressUse["at"]): AddressUse {
  return { inFull: `${what} ${written} of node ${name}`, inShort: `the ${what} of node ${name}`, at };
}

/** Whether the node's own gateway suggests that its address is wrong: it is in no subnet of the node. */
function isOutsideGatewaySubnets(node: Node): boolean {
  const written = node.read("gateway");
  const gateway = written.known ? parseIpAddress(written.value) : null;
  const [primary, secondary] = [node.read("primaryInterface"), node.read("secondaryInterface")];
  if (gateway === null || !primary.known || !secondary.known) return false;
  return [primary.value, secondary.value].every((it) => it === null || !contains(it.subnet, gateway));
}

/** The nodes with an address as gateway or next hop, in document order. */
function routersByAddress(nodes: readonly Node[]): ReadonlyMap<string, readonly Router[]> {
  const routers = new Map<string, Router[]>();
  const add = (node: Node, written: string | undefined, who: string, at: AddressUse["at"]) => {
    const address = canonicalIp(written ?? "");
    if (written === undefined || address === null) return;
    const group = routers.get(address);
    const router = { node, use: () => addressUse(who, written, node, at) };
    if (group === undefined) routers.set(address, [router]);
    else group.push(router);
  };
  for (const node of nodes) {
    for (const field of GATEWAYS) {
      const gateway = node.read(field);
      if (gateway.known) add(node, gateway.value, field, [node, field]);
    }
    const routes = node.read("static_routes");
    for (const [index, { name, gateway }] of (routes.known ? routes.value : []).entries()) {
      add(node, gateway, `next hop (static route ${name ?? index + 1})`, [node, "static_routes", index, "gateway"]);
    }
  }
  return routers;
}

/** The servers that are given by their addresses. */
function serversByAddress(kind: "dns" | "ntp", servers: readonly Server[]): ReadonlyMap<string, AddressUse> {
  const uses = new Map<string, AddressUse>();
  for (const server of servers) {
    const endpoint = server.read("endpoint");
    if (!endpoint.known || !endpoint.value.isAddress) continue;
    const inFull = `${kind.toUpperCase()} server ${server.name}`;
    const use = { inFull, inShort: `that of ${inFull}`, at: [server] as const };
    if (!uses.has(endpoint.value.host)) uses.set(endpoint.value.host, use);
  }
  return uses;
}
