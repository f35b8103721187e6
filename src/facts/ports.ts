/** A service of Pexip Infinity that other machines connect to, or that its nodes connect to. */
export interface Service {
  readonly protocol: "tcp" | "udp" | "esp";
  /** A port or a range, `33000-39999`; empty for a protocol without ports. */
  readonly ports: string;
  readonly purpose: string;
  /** Where it is documented. */
  readonly source: string;
  /** False where the number was not found in a public page or file of Pexip's. */
  readonly isConfirmed: boolean;
}

const PAGE = "Pexip Infinity port usage and firewall guidance (docs.pexip.com/admin/port_usage.htm)";
const GUIDE = "VMware Installation Guide";
/** The firewall rules that Pexip publishes for OpenStack. */
const RULES = "terraform-provider-infinity, firewall.tf";
/** Defaults of the configuration API, as Pexip's Terraform provider documents them. */
const PROVIDER = "terraform-provider-infinity, docs/resources/infinity_syslog_server.md";
/** `signalling_ports_start` and `signalling_ports_end`, for H.323, H.245 and SIP over UDP and TCP; a deployment may change them. */
const SIGNALING = "terraform-provider-infinity, docs/resources/infinity_global_configuration.md";
/** The SRV records h323ls and h323rs. */
const RECORDS = "DNS record examples (docs.pexip.com/admin/dns_records.htm)";

const confirmed = (protocol: Service["protocol"], ports: string, purpose: string, source: string): Service => ({
  ...{ protocol, ports, purpose, source, isConfirmed: true },
});
const unconfirmed = (protocol: Service["protocol"], ports: string, purpose: string): Service => ({
  ...{ protocol, ports, purpose, source: PAGE, isConfirmed: false },
});

/** Between nodes, in both directions; without NAT. */
export const BETWEEN_NODES: readonly Service[] = [
  confirmed("udp", "500", "IPsec key exchange between nodes (no NAT)", PAGE),
  confirmed("esp", "", "IPsec between nodes, IP protocol 50 (no NAT)", PAGE),
];

/** From the Management Node to vCenter Server and to ESXi hosts. */
export const TO_VSPHERE: Service = confirmed("tcp", "443", "deploy Conferencing Nodes", GUIDE);

/** From the Management Node to Pexip's licensing server. */
export const LICENSING: Service = confirmed("tcp", "443", "activate licences", PAGE);
/** For version 14; the page of the installed version has the current address. */
export const LICENSING_SERVER = "pexip.flexnetoperations.com";

/** From every node. */
export const TO_DNS: readonly Service[] = [
  confirmed("udp", "53", "resolve names", PAGE),
  confirmed("tcp", "53", "resolve names, long answers", PAGE),
];
export const TO_NTP: Service = confirmed("udp", "123", "synchronize time", GUIDE);

/** Transport of syslog messages to the service; the port is the server's own. */
export const TO_SYSLOG: Readonly<Record<"udp" | "tcp" | "tls", Service>> = {
  udp: confirmed("udp", "514", "send logs to the syslog server", PROVIDER),
  tcp: confirmed("tcp", "514", "send logs to the syslog server", PROVIDER),
  tls: confirmed("tcp", "514", "send logs to the syslog server over TLS", PROVIDER),
};

/**
 * From endpoints and browsers to Conferencing Nodes that take calls. The stored text of the port page ends before its tables,
 * so port 80 of Conferencing Nodes stays unconfirmed: it gives that port for the Management Node.
 */
export const FROM_CLIENTS: readonly Service[] = [
  unconfirmed("tcp", "80", "redirect browsers to HTTPS"),
  confirmed("tcp", "443", "web app and client API", RULES),
  confirmed("udp", "1719", "H.323 registration", RECORDS),
  confirmed("tcp", "1720", "H.323 calls", RULES),
  confirmed("tcp", "33000-39999", "H.323 call control", SIGNALING),
  confirmed("tcp", "5060", "SIP", RULES),
  confirmed("tcp", "5061", "SIP over TLS", RULES),
  confirmed("udp", "40000-49999", "media", RULES),
  confirmed("tcp", "40000-49999", "media", RULES),
];
