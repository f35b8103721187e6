import type { Resource } from "./resources.ts";

/** A deployment file, and the parts of the configuration that could not be converted. */
export interface DeploymentText {
  readonly text: string;
  readonly nodes: number;
  readonly locations: number;
  /** In a few words each. */
  readonly notes: readonly string[];
}

type Fields = Readonly<Record<string, unknown>>;
type Lines = readonly string[];

/** Node keys shared by the configuration and the deployment file, with the type of their values. */
const NODE_KEYS: Readonly<Record<string, "text" | "number" | "flag" | readonly string[]>> = {
  description: "text",
  hostname: "text",
  domain: "text",
  address: "text",
  netmask: "text",
  gateway: "text",
  secondary_address: "text",
  secondary_netmask: "text",
  static_nat_address: "text",
  ipv6_address: "text",
  ipv6_gateway: "text",
  alternative_fqdn: "text",
  enable_ssh: ["GLOBAL", "OFF", "ON"],
  node_type: ["CONFERENCING", "PROXYING"],
  deployment_type: ["AUTOMATIC", "MANUAL-ESXI-6.7", "MANUAL-ESXI-6.0", "MANUAL-ESXI-5.X", "MANUAL-PROVISION-ONLY"],
  enable_distributed_database: "flag",
  vm_cpu_count: "number",
  vm_system_memory: "number",
};

/** Different names of these in the data source of the Management Node. */
const MANAGER_KEYS: Readonly<Record<string, string>> = { ip: "address", mask: "netmask", gw: "gateway" };

/**
 * A deployment file from the configuration of a Management Node. No value is made up: what the configuration does not
 * contain is omitted, and a comment describes what to add. Secrets are never converted.
 */
export function deploymentText(resources: readonly Resource[], source: string): DeploymentText {
  const of = (...kinds: readonly string[]) =>
    resources.filter(({ kind }) => kinds.includes(kind)).map(({ values }) => values);
  const names = new References(resources);
  const notes: string[] = [];
  const locations = of("system_location");
  const nodes = of("worker_vm");
  const managers = of("management_vm", "manager_config");
  const [manager] = managers;
  if (managers.length > 1) notes.push(`${managers.length} Management Nodes; the first is used`);
  const lines: Lines = [
    `# Created from ${source} by preflight deployment import. Lines that begin with # list what it does not contain.`,
    "",
    '# platform: {version: "…", environment: production}  # the version of Pexip Infinity that is deployed',
    "# vm_manager: {address: …, type: vcenter}  # the vCenter Server or ESXi host of these nodes",
    "# licences: [{concurrent_calls: …}]",
    ...(of("dns_server").length === 0 ? [] : servers("dns_servers", of("dns_server"), "")),
    ...(of("ntp_server").length === 0 ? [] : servers("ntp_servers", of("ntp_server"), "")),
    ...syslogLines(of("syslog_server")),
    "",
    ...(locations.length === 0 ? ["# system_locations: none in the configuration"] : ["system_locations:"]),
    ...locations.flatMap((location) => locationLines(location, names, notes)),
    "",
    ...(manager === undefined
      ? ["# management_node: not in the configuration; add name, hostname, address, netmask, gateway"]
      : ["management_node:", ...indented(managerLines(manager, names, notes))]),
    "",
    ...(nodes.length === 0 ? ["# conferencing_nodes: none in the configuration"] : ["conferencing_nodes:"]),
    ...nodes.flatMap((node) => entry([...nodeLines(node, names, notes), ...placement()])),
  ];
  return { text: `${lines.join("\n")}\n`, nodes: nodes.length, locations: locations.length, notes };
}

/** Records to which others refer by URI: the names of locations, the addresses of servers, the routes. */
class References {
  readonly #byUri = new Map<string, Fields>();

  constructor(resources: readonly Resource[]) {
    for (const { kind, values } of resources) {
      for (const uri of [values["resource_uri"], values["id"]]) {
        if (typeof uri === "string" && uri.includes("/")) this.#byUri.set(withoutSlash(uri), values);
      }
      const id = values["resource_id"] ?? values["id"];
      if (typeof id === "number" || typeof id === "string") {
        this.#byUri.set(`/api/admin/configuration/v1/${kind}/${id}`, values);
      }
    }
  }

  /** The record that a value is or refers to. */
  find(value: unknown): Fields | undefined {
    if (typeof value === "string") return this.#byUri.get(withoutSlash(value));
    return typeof value === "object" && value !== null ? (value as Fields) : undefined;
  }
}

function withoutSlash(uri: string): string {
  return uri.replace(/\/$/, "");
}

function locationLines(location: Fields, names: References, notes: string[]): Lines {
  const lists = (["dns_servers", "ntp_servers", "syslog_servers"] as const).flatMap((key) => {
    const given = Array.isArray(location[key]) ? (location[key] as readonly unknown[]) : [];
    const found = given.map((each) => names.find(each) ?? { address: each });
    if (found.some(({ address }) => typeof address === "string" && address.includes("/"))) {
      notes.push(`${String(location["name"])}: ${key} refers to servers that are not in the files`);
      return [];
    }
    if (found.length === 0) return [];
    return key === "syslog_servers" ? syslogLines(found) : servers(key, found, "");
  });
  return entry([
    `name: ${scalar(location["name"])}`,
    ...(Number(location["mtu"]) > 0 ? [`mtu: ${Number(location["mtu"])}`] : []),
    ...lists,
    ...LOCATION_REFERENCES.flatMap((key) => {
      const target = location[key];
      if (target === undefined || target === null || target === "") return [];
      const found = names.find(target)?.["name"];
      if (found === undefined) notes.push(`${String(location["name"])}: its ${key} is not in the files`);
      return found === undefined ? [`# ${key}: ${oneLine(target)}`] : [`${key}: ${scalar(found)}`];
    }),
  ]);
}

/** By URI, as in the configuration API. */
const LOCATION_REFERENCES = ["transcoding_location", "overflow_location1", "overflow_location2"] as const;

function servers(key: string, records: readonly Fields[], indent: string): Lines {
  const addresses = records.flatMap(({ address }) => (typeof address === "string" && address !== "" ? [address] : []));
  return addresses.length === 0 ? [] : [`${indent}${key}: [${[...new Set(addresses)].map(scalar).join(", ")}]`];
}

function syslogLines(records: readonly Fields[]): Lines {
  const items = records.flatMap(({ address, port, transport }) => {
    if (typeof address !== "string" || address === "") return [];
    const parts = [
      `address: ${scalar(address)}`,
      ...(typeof port === "number" ? [`port: ${port}`] : []),
      ...(transport === "udp" || transport === "tcp" || transport === "tls" ? [`transport: ${transport}`] : []),
    ];
    return [`{${parts.join(", ")}}`];
  });
  return items.length === 0 ? [] : [`syslog_servers: [${items.join(", ")}]`];
}

function managerLines(manager: Fields, names: References, notes: string[]): Lines {
  const renamed = Object.fromEntries(Object.entries(manager).map(([key, value]) => [MANAGER_KEYS[key] ?? key, value]));
  const name = renamed["name"] ?? renamed["hostname"];
  const own = Object.fromEntries(Object.entries(renamed).filter(([key]) => !NODES_ONLY.has(key)));
  return [...nodeLines({ ...own, name }, names, notes), ...placement()];
}

/** Fields that a Management Node does not have. */
const NODES_ONLY = new Set(["node_type", "deployment_type", "enable_distributed_database", "system_location"]);

function nodeLines(node: Fields, names: References, notes: string[]): Lines {
  const name = String(node["name"]);
  const fields = Object.entries(NODE_KEYS).flatMap(([key, kind]) => {
    const value = node[key];
    if (value === undefined || value === null || value === "") return [];
    if (kind === "number") return Number.isInteger(Number(value)) ? [`${key}: ${Number(value)}`] : [];
    if (kind === "flag") return typeof value === "boolean" ? [`${key}: ${value}`] : [];
    if (kind === "text") return [`${key}: ${scalar(value)}`];
    if (typeof value === "string" && kind.includes(value)) return [`${key}: ${value}`];
    notes.push(`${name}: ${key} is ${JSON.stringify(value)}, which does not apply to VMware`);
    return [`# ${key}: ${oneLine(value)}  # not one of ${kind.join(", ")}`];
  });
  const location = node["system_location"];
  const found =
    location === undefined || location === null || location === ""
      ? undefined
      : (names.find(location)?.["name"] ?? location);
  const isOpen = typeof found === "string" && found.includes("/api/");
  if (isOpen) notes.push(`${name}: its system location is not in the files`);
  const given = Array.isArray(node["static_routes"]) ? (node["static_routes"] as readonly unknown[]) : [];
  const routes = given.flatMap((each): readonly Fields[] => {
    const route = names.find(each);
    if (route === undefined) notes.push(`${name}: a static route is not in the files`);
    return route === undefined ? [] : [route];
  });
  const missing = Object.keys(NODE_KEYS).filter((key) => REQUIRED.has(key) && (node[key] ?? "") === "");
  return [
    `name: ${scalar(node["name"])}`,
    ...fields,
    ...(found === undefined
      ? []
      : isOpen
        ? [`# system_location: ${oneLine(found)}`]
        : [`system_location: ${scalar(found)}`]),
    ...(routes.length === 0 ? [] : ["static_routes:", ...routes.flatMap((route) => entry(routeLines(route)))]),
    ...missing.map((key) => `# ${key}: not in the configuration`),
  ];
}

/** Fields that rules require for every node. */
const REQUIRED = new Set(["hostname", "domain", "address", "netmask", "gateway", "vm_cpu_count", "vm_system_memory"]);

function routeLines(route: Fields): Lines {
  return (["name", "address", "prefix", "gateway"] as const).flatMap((key) =>
    route[key] === undefined || route[key] === null
      ? []
      : [`${key}: ${key === "prefix" ? Number(route[key]) : scalar(route[key])}`],
  );
}

function placement(): Lines {
  return ["# vm: {name: …, host: …, cluster: …, datastore: …, network: …}  # where it runs, by the names of vSphere"];
}

function entry(lines: Lines): Lines {
  const first = lines.findIndex((line) => !line.startsWith("#"));
  const ordered = first <= 0 ? lines : [...lines.slice(first), ...lines.slice(0, first)];
  return ordered.map((line, index) => (index === 0 ? `  - ${line}` : `    ${line}`));
}

function indented(lines: Lines): Lines {
  return lines.map((line) => `  ${line}`);
}

/** A double-quoted text, which has the same syntax in YAML and JSON. */
function scalar(value: unknown): string {
  return JSON.stringify(value ?? "");
}

function oneLine(value: unknown): string {
  return JSON.stringify(value).slice(0, 100);
}
