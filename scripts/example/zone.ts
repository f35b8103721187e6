import type { Answer } from "dns-packet";
import { LOOPBACK } from "./running-server.ts";

/** The data of a DNS server, which is authoritative for the names at and below its SOA records. */
export type Zone = readonly Answer[];

const DOMAIN = "vc.example.com";
const TTL = 300;

/** The nodes' names, with the addresses that clients use: for the edge nodes those that the firewall translates. */
const NODES = {
  mgmt01: "10.44.10.5",
  conf01: "10.44.10.21",
  conf02: "10.44.10.22",
  conf03: "10.44.10.23",
  conf04: "10.44.10.24",
  edge01: "192.88.99.21",
  edge02: "192.88.99.22",
};

/**
 * The internal addresses of the edge nodes, by which the other nodes know them; only their reverse records are needed.
 */
const FIRST_LEGS = { edge01: "172.20.20.21", edge02: "172.20.20.22" };

/** Servers that the example itself runs, so their names resolve to this machine. */
const SERVERS_HERE = ["ntp1", "ntp2", "ntp3", "vcenter01"];

/** How endpoints find the edge nodes: docs.pexip.com, "DNS record examples". */
const SERVICES = {
  "_sip._tcp": 5060,
  "_sips._tcp": 5061,
  "_h323cs._tcp": 1720,
  "_h323ls._udp": 1719,
  "_pexapp._tcp": 443,
};
const EDGE_NODES = ["edge01", "edge02"];

/** The zone of the example site as it should be. */
export function siteZone(): Zone {
  const nodes = Object.entries(NODES);
  return [
    startOfAuthority(DOMAIN),
    startOfAuthority("in-addr.arpa"),
    ...nodes.map(([host, address]) => addressRecord(host, address)),
    ...[...nodes, ...Object.entries(FIRST_LEGS)].map(([host, address]) => reverseRecord(host, address)),
    ...SERVERS_HERE.map((host) => addressRecord(host, LOOPBACK)),
    ...Object.entries(SERVICES).flatMap(([service, port]) => EDGE_NODES.map((host) => srvRecord(service, host, port))),
  ];
}

/** The same zone after a typical error: one of the SIP TLS records has the port of plain SIP. */
export function siteZoneWithWrongPort(): Zone {
  const slip = srvRecord("_sips._tcp", "edge02", SERVICES["_sip._tcp"]);
  return siteZone().map((record) => (isSameService(record, slip) ? slip : record));
}

function startOfAuthority(apex: string): Answer {
  const timers = { serial: 1, refresh: 3600, retry: 600, expire: 86400, minimum: TTL };
  return {
    type: "SOA",
    name: apex,
    ttl: TTL,
    data: { mname: `ns1.${DOMAIN}`, rname: `hostmaster.${DOMAIN}`, ...timers },
  };
}

function addressRecord(host: string, address: string): Answer {
  return { type: "A", name: `${host}.${DOMAIN}`, ttl: TTL, data: address };
}

function reverseRecord(host: string, address: string): Answer {
  const name = `${address.split(".").reverse().join(".")}.in-addr.arpa`;
  return { type: "PTR", name, ttl: TTL, data: `${host}.${DOMAIN}` };
}

function srvRecord(service: string, host: string, port: number): Answer {
  const data = { priority: 10, weight: 10, port, target: `${host}.${DOMAIN}` };
  return { type: "SRV", name: `${service}.${DOMAIN}`, ttl: TTL, data };
}

function isSameService(one: Answer, other: Answer): boolean {
  return one.type === "SRV" && other.type === "SRV" && one.name === other.name && one.data.target === other.data.target;
}
