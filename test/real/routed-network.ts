import { execFileSync } from "node:child_process";
import { randomBytes } from "node:crypto";

/**
 * What becomes of a packet. `router`: it reaches the router, whose ports are closed. `prohibited`, `unreachable`,
 * `dropped`: the router has a route of type `prohibit` (ICMP "communication administratively prohibited"),
 * `unreachable` (ICMP "host unreachable", at once) or `blackhole` (not a word). `unrouted`: it has no route (ICMP "network
 * unreachable"). `absent`: it looks for a neighbour that is not there (ICMP "host unreachable" after the search).
 */
export const FATES = ["router", "prohibited", "unreachable", "dropped", "unrouted", "absent"] as const;
export type Fate = (typeof FATES)[number];

export interface RoutedNetwork {
  /** The command that runs another one as a machine of this network. */
  readonly client: readonly string[];
  /** The command that runs another one on a machine without any network, not even to itself. */
  readonly isolated: readonly string[];
  /** An address of that fate; `number` (0 to 9) gives different ones. */
  address(family: 4 | 6, fate: Fate, number?: number): string;
  remove(): void;
}

/** Why no network can be made here, or null. */
export function namespaceObstacle(): string | null {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  const name = `preflight-${randomBytes(4).toString("hex")}`;
  try {
    ip("netns", "add", name);
    ip("netns", "delete", name);
    return null;
  } catch (error) {
    return `no network namespace can be made: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const NUMBERS = Array.from({ length: 10 }, (_, number) => number);

/** Documentation addresses (RFC 5737, RFC 3849); the third group of IPv4 is the fate's. */
function address(family: 4 | 6, fate: Fate, number = 0): string {
  const place = FATES.indexOf(fate);
  if (fate === "router") return family === 4 ? `192.0.2.${200 + number}` : `2001:db8:1::${200 + number}`;
  if (fate === "absent") return family === 4 ? `198.51.100.${number + 1}` : `2001:db8:2::${number + 1}`;
  return family === 4 ? `203.0.113.${place * 16 + number}` : `2001:db8:3:${place}::${number + 1}`;
}

/**
 * A client and a router in separate network namespaces, without a route to anything else; so the addresses of documents
 * can be queried here.
 */
export function startRoutedNetwork(): RoutedNetwork {
  const prefix = `preflight-${randomBytes(4).toString("hex")}`;
  const made: string[] = [];
  const machine = (role: string): string => {
    const name = `${prefix}-${role}`;
    ip("netns", "add", name);
    made.push(name);
    return name;
  };
  const [client, router, far, isolated] = [machine("client"), machine("router"), machine("far"), machine("isolated")];

  ip("-n", client, "link", "add", "c0", "type", "veth", "peer", "name", "r0", "netns", router);
  ip("-n", router, "link", "add", "r1", "type", "veth", "peer", "name", "f0", "netns", far);
  const up = (name: string, device: string, ...addresses: readonly string[]) => {
    for (const own of addresses) {
      // Without duplicate address detection an IPv6 address can be used at once.
      ip("-n", name, "address", "add", own, "dev", device, ...(own.includes(":") ? ["nodad"] : []));
    }
    ip("-n", name, "link", "set", device, "up");
  };
  const own = (family: 4 | 6) =>
    NUMBERS.map((number) => `${address(family, "router", number)}/${family === 4 ? 24 : 64}`);
  up(client, "c0", "192.0.2.1/24", "2001:db8:1::1/64");
  up(router, "r0", ...own(4), ...own(6));
  up(router, "r1", "198.51.100.254/24", "2001:db8:2::fe/64");
  up(far, "f0");
  for (const name of [client, router]) up(name, "lo");

  const forwarding = { "ipv4/ip_forward": 1, "ipv6/conf/all/forwarding": 1 };
  // Routers send few ICMP errors per second; these tests require many.
  const unlimited = { "ipv4/icmp_ratelimit": 0, "ipv6/icmp/ratelimit": 0 };
  // A search for a neighbour takes three times this, by default three seconds.
  const search = { "ipv4/neigh/r1/retrans_time_ms": 100, "ipv6/neigh/r1/retrans_time_ms": 100 };
  for (const [name, value] of Object.entries({ ...forwarding, ...unlimited, ...search })) {
    ip("netns", "exec", router, "sh", "-c", `echo ${value} > /proc/sys/net/${name}`);
  }
  for (const [fate, type] of [
    ["prohibited", "prohibit"],
    ["unreachable", "unreachable"],
    ["dropped", "blackhole"],
  ] as const) {
    ip("-n", router, "route", "add", type, `${address(4, fate)}/28`);
    ip("-n", router, "route", "add", type, `${address(6, fate)}/112`);
  }
  ip("-n", client, "route", "add", "default", "via", address(6, "router"));
  for (const [place, fate] of FATES.filter((fate) => fate !== "router").entries()) {
    for (const number of NUMBERS) {
      // Linux sends five of its own errors about routes to one address, then one per second, which no setting changes.
      const source = `192.0.2.${10 + place * NUMBERS.length + number}`;
      ip("-n", client, "address", "add", `${source}/24`, "dev", "c0");
      ip("-n", client, "route", "add", address(4, fate, number), "via", address(4, "router"), "src", source);
    }
  }
  const inside = (name: string) => ["ip", "netns", "exec", name];
  const remove = () => {
    for (const name of made) ip("netns", "delete", name);
  };
  return { client: inside(client), isolated: inside(isolated), address, remove };
}

function ip(...args: readonly string[]): void {
  execFileSync("ip", args, { stdio: ["ignore", "ignore", "pipe"] });
}
