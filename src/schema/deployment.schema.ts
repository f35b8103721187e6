import type { JsonSchema } from "../values/json-schema.ts";
import {
  document,
  flag,
  hardwareVersion,
  integer,
  list,
  map,
  name,
  nullable,
  oneOf,
  record,
  text,
  texts,
} from "./schema-parts.ts";

const dnsServers = (whose: string): JsonSchema =>
  texts(
    `DNS servers ${whose}: IPv4 or IPv6 addresses. A port may follow for labs, as 10.0.0.1:5353 or [::1]:5353. Pexip uses the first three.`,
    { examples: [["10.44.0.10", "10.44.0.11"]] },
  );

const ntpServers = (whose: string): JsonSchema =>
  texts(
    `NTP servers ${whose}: names or addresses, at least three that are independent of each other. A port may follow for labs.`,
    { examples: [["ntp1.vc.example.com", "ntp2.vc.example.com", "ntp3.vc.example.com"]] },
  );

const syslogServers = (whose: string): JsonSchema =>
  list(`Syslog servers ${whose}; none when absent. They appear in the firewall request.`, {
    $ref: "#/definitions/syslog_server",
  });

const syslogServer = record("Syslog server", "A syslog server that nodes send their logs to.", {
  address: text("Name or address of the syslog server.", { examples: ["10.44.0.14"] }),
  port: integer("Port of the syslog server. 514 when absent.", { minimum: 1, default: 514 }),
  transport: oneOf("How the messages are sent. udp when absent.", ["udp", "tcp", "tls"], { default: "udp" }),
});

const mtu = integer(
  "MTU that Pexip Infinity uses for the packets it sends, in bytes: Pexip's own setting, 512 to 1500. 1500 when absent.",
  { minimum: 1, default: 1500, examples: [1500] },
);

const networkMtu = integer(
  "MTU of the local network, in bytes, where it differs from 1500. Compared with mtu when the ESXi host checks packet sizes.",
  { minimum: 1, examples: [1500] },
);

const platform = record("Platform", "The Pexip Infinity platform as a whole.", {
  version: {
    description:
      "Pexip Infinity software version; selects the version profile, which sets the limits that apply. Unquoted 25 is accepted too.",
    type: ["string", "integer"],
    minimum: 0,
    examples: ["25", "25.4"],
  },
  environment: oneOf(
    "What the deployment is for. Some rules have a lower severity in a test environment. Default: production.",
    ["production", "test"],
    { default: "production" },
  ),
});

const vmManager = nullable(
  record(
    "VM manager",
    "The vCenter Server or ESXi host through which Pexip Infinity deploys Conferencing Nodes. Required for automatic deployment only; null or absent if there is none.",
    {
      address: text("Name or address of the VM manager. A port may follow for labs.", {
        examples: ["vcenter01.vc.example.com"],
      }),
      type: oneOf("The kind of server at the address: a vCenter Server, or a single ESXi host.", ["vcenter", "esxi"]),
      verify_tls: flag("Whether Pexip checks the VM manager's certificate. true when absent.", { default: true }),
      account: text(
        "Name of the deploying account, as vSphere shows it, without its password. Its privileges are checked against the inventory.",
        { examples: ["VSPHERE.LOCAL\\svc-pexip"] },
      ),
      account_groups: texts(
        "Names of the groups that the account belongs to; their permissions count as the account's own.",
        { examples: [["VSPHERE.LOCAL\\pexip-deployers"]] },
      ),
    },
  ),
);

const domain = record(
  "Domain",
  "A domain that people dial.",
  {
    name: name("The domain: the part of an address after the @.", "vc.example.com"),
    services: list("Which services the domain offers; each needs its own DNS SRV records.", {
      type: "string",
      enum: ["sip", "sips", "h323", "h323_registration", "pexapp", "sip_federation"],
    }),
    locations: texts(
      "System locations whose nodes are the targets of the SRV records. Every location when absent; locations with proxying nodes come first.",
      { examples: [["Oslo"]] },
    ),
  },
  ["name"],
);

const license = record("Licence", "A license of the platform: its capacity, without its key.", {
  concurrent_calls: integer("Number of calls that the license allows at the same time.", { examples: [50] }),
});

const systemLocation = record(
  "System location",
  "A system location: a group of Conferencing Nodes that share a network and its servers.",
  {
    name: name("Name of the location; nodes and domains refer to it.", "Oslo"),
    mtu,
    network_mtu: networkMtu,
    dns_servers: dnsServers("of the location's nodes"),
    ntp_servers: ntpServers("of the location's nodes"),
    syslog_servers: syslogServers("of the location's nodes"),
    transcoding_location: text(
      "Name of the system location whose nodes transcode calls that this location's proxying nodes receive.",
      { examples: ["Oslo"] },
    ),
    overflow_location1: text("Name of the primary overflow location.", { examples: ["Bergen"] }),
    overflow_location2: text("Name of the secondary overflow location.", { examples: ["Trondheim"] }),
    expected_calls: integer(
      "Number of calls that the location must carry at the same time; compared with the speed of its uplinks.",
      { examples: [40] },
    ),
  },
  ["name"],
);

const staticRoute = record("Static route", "A static route to a network through a gateway other than the node's own.", {
  name: text("Name of the route, for people.", { examples: ["media"] }),
  address: text("IPv4 address of the destination network.", { examples: ["10.45.0.0"] }),
  prefix: integer("Length of the destination's network prefix, in bits.", { examples: [16] }),
  gateway: text("IPv4 address of the next hop; lies in a subnet that the node is attached to.", {
    examples: ["10.44.20.1"],
  }),
});

const plannedVm = record(
  "Planned virtual machine",
  "Placement and settings of the node's virtual machine, current or planned. Names are those of the inventory.",
  {
    name: text("Name of the virtual machine in vSphere; the node's name when absent.", { examples: ["pexip-conf01"] }),
    datacenter: text("Datacenter that contains the virtual machine."),
    cluster: text("Cluster on which the virtual machine runs.", { examples: ["vc-cluster"] }),
    host: text("ESXi host on which the virtual machine runs.", { examples: ["esxi01.example.com"] }),
    only_hosts: texts(
      "The only ESXi hosts on which the virtual machine may run; a mandatory VM/Host rule of the cluster has to enforce it.",
      { examples: [["esxi01.example.com", "esxi02.example.com"]] },
    ),
    resource_pool: text("Resource pool of the virtual machine: its name or its path."),
    datastore: text("Datastore of the virtual machine's disk.", { examples: ["ssd-01"] }),
    network: text("Port group of the first network adapter.", { examples: ["conferencing"] }),
    secondary_network: text("Port group of the second network adapter, for nodes with a secondary address."),
    hardware_version: hardwareVersion(
      "Virtual hardware version, as 14 or vmx-14: the planned one, or the actual one when the inventory has no such virtual machine.",
    ),
    disk_provisioning: oneOf("Provisioning of the disk. Pexip requires thick.", ["thick", "thin"]),
    mac_address: text(
      "MAC address of the first network adapter. Setting it means that the address is static; without it, vSphere assigns one.",
      {
        examples: ["00:50:56:2a:00:05"],
      },
    ),
    cpu_reservation_mhz: integer("CPU that is reserved for the virtual machine, in MHz.", { examples: [20800] }),
    memory_reservation_mb: integer("Memory that is reserved for the virtual machine, in MB.", { examples: [8192] }),
  },
);

/** The properties shared by the Management Node and Conferencing Nodes. */
const node: Readonly<Record<string, JsonSchema>> = {
  name: name("Name of the node in Pexip Infinity; must be unique.", "oslo-conf01"),
  hostname: name("Hostname: the first label of the node's FQDN; must be unique regardless of the domain.", "conf01"),
  description: text("What the node is for, in your own words."),
  domain: text("Domain of the node; hostname and domain make its FQDN.", { examples: ["vc.example.com"] }),
  address: text("IPv4 address of the node.", { examples: ["10.44.10.21"] }),
  netmask: text("IPv4 network mask for address.", { examples: ["255.255.255.0"] }),
  gateway: text("IPv4 address of the default gateway; lies in one of the node's subnets.", {
    examples: ["10.44.10.1"],
  }),
  secondary_address: text("IPv4 address of the second network interface.", { examples: ["10.44.20.21"] }),
  secondary_netmask: text("IPv4 network mask for secondary_address.", { examples: ["255.255.255.0"] }),
  static_nat_address: text(
    "Public IPv4 address under which the node is reached through static NAT; without it there is no static NAT.",
    {
      examples: ["203.0.113.21"],
    },
  ),
  ipv6_address: text("IPv6 address of the node; without it the node uses only IPv4.", {
    examples: ["2001:db8:44:10::21"],
  }),
  ipv6_gateway: text("IPv6 address of the default gateway.", { examples: ["2001:db8:44:10::1"] }),
  static_routes: list("Static routes of the node; none when absent.", { $ref: "#/definitions/static_route" }),
  alternative_fqdn: text(
    "The SIP TLS FQDN: the name that the node presents in SIP TLS, and that its certificate must cover. No such name when absent.",
    { examples: ["conf01.vc.example.com"] },
  ),
  tls_certificate: text(
    "Path of the node's certificate as a PEM file, leaf first, then intermediates; relative to this file and inside its folder tree. No certificate is checked when absent.",
    { examples: ["certs/conf01.pem"] },
  ),
  enable_ssh: oneOf(
    "Whether the node accepts SSH. GLOBAL, the default, follows the platform's setting.",
    ["GLOBAL", "OFF", "ON"],
    { default: "GLOBAL" },
  ),
  timezone: text("Time zone of the node. Must be UTC, the default; omit it."),
  vm_cpu_count: integer("Number of virtual CPUs.", { minimum: 1, examples: [8] }),
  vm_system_memory: integer("Memory in MB; a multiple of 4.", { minimum: 1, examples: [8192] }),
  vm: { $ref: "#/definitions/planned_vm" },
};

const managementNode = record(
  "Management node",
  "The Management Node: where the platform is administered. It handles no media.",
  {
    ...node,
    mtu,
    network_mtu: networkMtu,
    dns_servers: dnsServers("of the Management Node"),
    ntp_servers: ntpServers("of the Management Node"),
    syslog_servers: syslogServers("of the Management Node"),
  },
  ["name", "hostname"],
);

const conferencingNode = record(
  "Conferencing node",
  "A Conferencing Node: carries signaling and media.",
  {
    ...node,
    node_type: oneOf(
      "Role of the node: CONFERENCING (also called transcoding; the default) or PROXYING.",
      ["CONFERENCING", "PROXYING"],
      { default: "CONFERENCING" },
    ),
    system_location: text("Name of the system location that the node belongs to.", { examples: ["Oslo"] }),
    deployment_type: oneOf(
      "How the node's virtual machine is deployed. MANUAL-PROVISION-ONLY when absent.",
      ["AUTOMATIC", "MANUAL-ESXI-6.7", "MANUAL-ESXI-6.0", "MANUAL-ESXI-5.X", "MANUAL-PROVISION-ONLY"],
      { default: "MANUAL-PROVISION-ONLY" },
    ),
    enable_distributed_database: flag(
      "Whether the node is part of the distributed database. Default: true; false for nodes that are often powered off.",
      { default: true },
    ),
    always_on: flag("Whether the node runs all the time, as opposed to one that is started when needed."),
  },
  ["name", "hostname"],
);

/** JSON Schema of a deployment. */
export const deploymentSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "deployment.schema.json",
  ...document(
    "Deployment",
    "A Pexip Infinity deployment on VMware vSphere: what is, or will be, installed. The input of infinity-preflight.",
    {
      platform,
      vm_manager: vmManager,
      ca_certificates: texts(
        "PEM files of the certificate authorities that are, or will be, uploaded to the Management Node; relative to this file and inside its folder tree.",
        { examples: [["certs/ca.pem"]] },
      ),
      dns_servers: dnsServers("of every node that has none of its own or from its location"),
      ntp_servers: ntpServers("of every node that has none of its own or from its location"),
      syslog_servers: syslogServers("of every node that has none of its own or from its location"),
      domains: list("The domains that people dial; rules check their DNS and SRV records.", domain),
      licences: list("The platform's licenses: their capacity, without their keys.", license),
      expected_calls: integer(
        "Number of calls that the whole deployment must carry at the same time; compared with the licenses.",
        { examples: [40] },
      ),
      system_locations: list("The system locations.", systemLocation),
      vantage_points: map(
        "Where live checks run: names of --from, each with the node or system location whose network it is in.",
        text("Name of a node or system location."),
        { examples: [{ "jump-oslo": "Oslo" }] },
      ),
      management_node: managementNode,
      conferencing_nodes: list("The Conferencing Nodes, transcoding and proxying ones alike.", conferencingNode),
    },
  ),
  definitions: { static_route: staticRoute, syslog_server: syslogServer, planned_vm: plannedVm },
};
