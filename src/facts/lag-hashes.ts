import { noted } from "./fact-reads.ts";

/*
 * What a LAG balances by, as vSphere names it (`VMwareDvsLacpLoadBalanceAlgorithm`). Hashes of IP addresses and of TCP and
 * UDP ports read every packet, as the teaming policy IP hash does.
 */
const PER_PACKET = [
  "destIp",
  "destIpTcpUdpPort",
  "destIpTcpUdpPortVlan",
  "destIpVlan",
  "destTcpUdpPort",
  "srcDestIp",
  "srcDestIpTcpUdpPort",
  "srcDestIpTcpUdpPortVlan",
  "srcDestIpVlan",
  "srcDestTcpUdpPort",
  "srcIp",
  "srcIpTcpUdpPort",
  "srcIpTcpUdpPortVlan",
  "srcIpVlan",
  "srcTcpUdpPort",
];
/** Hashes of MAC addresses, VLAN ids and the originating virtual port. */
const OTHERS = ["destMac", "srcDestMac", "srcMac", "srcPortId", "vlan"];

/** Whether a LAG's algorithm hashes IP addresses or ports; undefined for one that is not in the tables. */
export function hashesAddressesOrPorts(algorithm: string): boolean | undefined {
  const name = algorithm.trim().toLowerCase();
  const isIn = (names: readonly string[]) => names.some((known) => known.toLowerCase() === name);
  return noted(isIn(PER_PACKET) ? true : isIn(OTHERS) ? false : undefined, (hashes) => ({
    table: "LAG algorithms that hash IP addresses or ports",
    key: algorithm,
    value: hashes ?? null,
    source: "vSphere API, VMwareDvsLacpLoadBalanceAlgorithm",
    confirmed: hashes !== undefined,
  }));
}
