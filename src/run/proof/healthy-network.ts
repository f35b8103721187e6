import type { Answer, DnsAnswer, DnsRecord, Question } from "../../engine/api/question.ts";
import type { Node } from "../../site/deployment/deployment-objects.ts";
import { ownName } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import { parseEndpoint } from "../../values/network/endpoint.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import { canonicalIp, reverseName } from "../../values/network/ip-address.ts";

/** The answer of a server; null for a query to another server. */
export type Answers = (question: Question) => Answer;

/** Remaining validity of the certificates of healthy servers. */
const VALIDITY_MS = 10 * 365 * 24 * 60 * 60 * 1000;

/**
 * Answers of a network that matches the documents: names of nodes resolve to their addresses and back, SRV records name
 * the nodes of their domain, clocks are right, ports are open and certificates are valid. Servers of which the
 * documents have only the name get addresses of 192.0.2.0/24 (RFC 5737). Contacts no servers.
 */
export function healthyNetwork(site: Site, now: number): Answers {
  const addresses = addressesByName(site);
  const names = namesByReverse(site.nodes);
  const services = new Map(site.domainServices.items.map((service) => [`${service.owner}.${service.domain}`, service]));
  const hosts = new Set(site.estate.hosts.items.map((host) => canonicalName(ownName(host))));
  const base = { attempts: [], started_at: new Date(now).toISOString(), duration_ms: 0, from: "selftest" } as const;

  const recordsOf = (question: Extract<Question, { kind: "dns" }>): readonly DnsRecord[] | null => {
    const { name, type } = question;
    if (type === "PTR") return names.get(name)?.map((target) => ({ type, name, ttl: 300, target })) ?? null;
    if (type === "SRV") {
      const service = services.get(name);
      if (service === undefined) return null;
      const { port } = service;
      return targetsOf(site, service.namesLocations ? service.locations.items : null).map((target) => ({
        ...{ type, name, ttl: 300, priority: 10, weight: 10, port, target },
      }));
    }
    const found = addresses.get(name);
    if (found === undefined) return null;
    if (type !== "A" && type !== "AAAA") return [];
    const family = found.filter((address) => address.includes(":") === (type === "AAAA"));
    return family.map((address) => ({ type, name, ttl: 300, address }));
  };

  return (question) => {
    switch (question.kind) {
      case "dns": {
        const records = recordsOf(question);
        const reason = records === null ? "nxdomain" : records.length === 0 ? "nodata" : "ok";
        return dnsAnswer({ ...base, reason, records: records ?? [], chain: [question.name] });
      }
      case "ntp": {
        const reply = {
          ...{ leap: 0 as const, version: 4, stratum: 2, precision: -20, root_delay_ms: 5, root_dispersion_ms: 10 },
          ...{ refid: "192.0.2.1", kiss_code: null, offset_ms: 0, delay_ms: 2 },
        };
        return { ...base, kind: "ntp", status: "answered", reason: "ok", reply, bogus: 0 };
      }
      case "tcp":
        return { ...base, kind: "tcp", status: "answered", reason: "open" };
      case "tls": {
        const isAddress = canonicalIp(question.name) !== null;
        const not_after = new Date(now + VALIDITY_MS).toISOString();
        const certificate = {
          ...{
            subject: `CN=${question.name}`,
            issuer: "CN=Healthy CA",
            not_before: new Date(0).toISOString(),
            not_after,
          },
          ...{ dns_names: isAddress ? [] : [question.name], ip_addresses: isAddress ? [question.name] : [] },
          self_signed: false,
        };
        const seen = {
          certificate,
          problems: [],
          protocol: "TLSv1.3",
          chain: [],
          valid_until: not_after,
          detail: null,
        };
        return { ...base, kind: "tls", status: "answered", reason: "trusted", ...seen };
      }
      case "vsphere": {
        const isHost = hosts.has(canonicalName(question.name)) || isEsxi(site);
        const about = {
          api_type: isHost ? "HostAgent" : "VirtualCenter",
          version: "8.0.3",
          build: "24674464",
        };
        const version = { http_status: 200, api_version: "8.0.3.0", about };
        return { ...base, kind: "vsphere", status: "answered", reason: "ok", ...version };
      }
    }
  };
}

/** An authoritative DNS answer. */
export function dnsAnswer(
  given: Pick<DnsAnswer, "reason" | "records" | "chain" | "attempts" | "started_at" | "duration_ms" | "from">,
): DnsAnswer {
  return { kind: "dns", status: "answered", authoritative: true, bogus: 0, ...given };
}

function isEsxi(site: Site): boolean {
  const type = site.vmManager?.read("type");
  return type?.known === true && /esxi/i.test(type.value);
}

/** Every name in the documents of something with an address. */
function addressesByName(site: Site): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const node of site.nodes) {
    const addresses = valuesOf(node, "address", "ipv6_address").map((text) => canonicalIp(text) ?? text);
    for (const name of namesOf(node)) found.set(name, [...new Set([...(found.get(name) ?? []), ...addresses])]);
  }
  const servers = site.servers("ntp").items.map((server) => server.read("endpoint"));
  const endpoints = [...servers, ...(site.vmManager === null ? [] : [site.vmManager.read("endpoint")])];
  const hosts = site.estate.hosts.items.map((host) => parseEndpoint(ownName(host), 443));
  const named = [...endpoints.map((endpoint) => (endpoint.known ? endpoint.value : null)), ...hosts];
  let next = 1;
  for (const endpoint of named) {
    if (endpoint === null || endpoint.isAddress || found.has(endpoint.host)) continue;
    found.set(endpoint.host, [documentationAddress(next++)]);
  }
  return found;
}

/** 192.0.2.0/24, then addresses of 198.18.0.0/15 (RFC 2544): both are reserved for documentation and tests. */
function documentationAddress(index: number): string {
  return index < 255 ? `192.0.2.${index}` : `198.18.${(index >> 8) & 255}.${index & 255}`;
}

function namesByReverse(nodes: readonly Node[]): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>();
  for (const node of nodes) {
    for (const address of valuesOf(node, "address", "ipv6_address")) {
      if (canonicalIp(address) !== null) found.set(reverseName(address), namesOf(node).slice(0, 1));
    }
  }
  return found;
}

/** The names of the nodes that accept the calls of a domain: of its locations, else of proxying nodes, else of all. */
function targetsOf(site: Site, locations: readonly unknown[] | null): readonly string[] {
  const isIn = (node: Node) => {
    const location = node.read("inLocation");
    return location.known && locations?.includes(location.value) === true;
  };
  const proxying = site.conferencingNodes.filter((node) => valuesOf(node, "node_type")[0] === "PROXYING");
  const homes = proxying.map((node) => node.read("inLocation"));
  const isBeside = (node: Node) => {
    const location = node.read("inLocation");
    return location.known && homes.some((home) => home.known && home.value === location.value);
  };
  const chosen =
    locations === null
      ? site.conferencingNodes.filter((node) => proxying.length === 0 || isBeside(node))
      : site.conferencingNodes.filter(isIn);
  return chosen.flatMap((node) => namesOf(node).slice(0, 1));
}

function namesOf(node: Node): readonly string[] {
  return valuesOf(node, "fqdn", "alternative_fqdn").map(canonicalName);
}

function valuesOf(
  node: Node,
  ...fields: readonly ("fqdn" | "alternative_fqdn" | "address" | "ipv6_address" | "node_type")[]
) {
  return fields.flatMap((field): readonly string[] => {
    const value = node.read(field);
    return value.known ? [value.value] : [];
  });
}
