import { lineVerdict, type SheetLine, type SheetSection, type SheetValue } from "../../report/datasheet/datasheet.ts";
import type { Check } from "../../schema/report.generated.ts";
import type { SourceRef } from "../../site/core/missing.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Node } from "../../site/deployment/deployment-objects.ts";
import type { Host } from "../../site/estate/estate-objects.ts";
import type { Site } from "../../site/site.ts";
import type { Sequence } from "../../values/sequence.ts";
import { counted } from "../../values/text/counted.ts";

/** The checks that concern a line: rules by id or group, for all or some of their subjects. */
interface Concerned {
  readonly rules: readonly string[];
  readonly subject?: SiteObject | undefined;
  readonly subjects?: readonly SiteObject[];
}

/**
 * Rules that confirm each item of the guide's installation checklist; an item without rules must be confirmed by a
 * person.
 */
export const CHECKLIST_RULES = {
  hosts: ["host/*", "platform/esxi-supported-version", "platform/esxi-recommended-version", "vm/size-within-limits"],
  names: [
    "network/ipv4-address",
    "network/unique-address",
    "network/gateway-in-subnet",
    "node/hostname-valid",
    "node/unique-hostname",
    "node/domain-valid",
  ],
  managementDns: ["dns/node-address-record", "dns/node-reverse-record"],
  discovery: ["dns/srv-record", "dns/srv-covers-nodes", "dns/srv-target-resolves"],
  certificates: [
    "tls/certificate-declared",
    "tls/certificate-readable",
    "tls/certificate-covers-fqdn",
    "tls/certificate-in-validity",
    "tls/certificate-usage",
    "tls/certificate-key-strength",
  ],
  cores: ["vm/vcpu-per-core"],
  hostTime: ["time/host-*"],
  managementVm: ["vm/placement-exists", "vm/management-node-size", "vm/management-node-disk", "vm/matches-plan"],
  settings: [
    "access/*",
    "dns/server-configured",
    "dns/server-count",
    "time/node-ntp-configured",
    "time/node-ntp-server-count",
  ],
  location: ["node/location-exists"],
  nodes: ["node/conferencing-node-declared", "vm/placement-exists", "vm/matches-plan", "vm/size-within-limits"],
  sipTls: ["node/sip-tls-fqdn-set", "node/sip-tls-fqdn-unique"],
  nodeDns: ["dns/node-address-record", "dns/srv-*"],
  ownCertificates: ["tls/not-self-signed", "tls/served-certificate", "tls/certificate-covers-fqdn"],
  intermediates: ["tls/chain-complete"],
  startup: ["vm/automatic-startup"],
} as const;

/** Rules that check a line of the guide's configuration datasheet. */
export const DATASHEET_RULES = {
  address: ["network/ipv4-address", "network/unique-address", "network/wizard-default-address"],
  netmask: ["network/ipv4-address"],
  gateway: ["network/gateway-in-subnet"],
  hostname: ["node/hostname-valid", "node/unique-hostname"],
  domain: ["node/domain-valid"],
  dns: ["dns/server-address", "dns/server-reachable"],
  ntp: ["time/ntp-server-address", "time/ntp-reachable", "time/ntp-synchronised", "dns/ntp-server-resolves"],
  vm: ["vm/placement-exists", "vm/unique-identity"],
  location: ["node/location-exists"],
  vmManager: ["access/vm-manager-declared", "access/vm-manager-matches-hosts", "network/port-443-vm-manager"],
  cores: ["vm/vcpu-per-core"],
  name: ["node/unique-name", "vm/placement-exists", "vm/unique-identity"],
} as const;

/**
 * Fills in the guide's forms with the values of a site and the verdicts of its checks. Only values that the guide asks
 * for are derived.
 */
export class SheetLines {
  constructor(
    readonly site: Site,
    readonly checks: Sequence<Check>,
  ) {}

  checklist(): readonly SheetSection[] {
    const { site } = this;
    const all = (id: keyof typeof CHECKLIST_RULES): Concerned => ({ rules: CHECKLIST_RULES[id] });
    const names = site.nodes.flatMap((node) => this.#fullName(node));
    const certificates = site.nodes.flatMap((node) => valueOf(node, "tls_certificate"));
    const management = site.nodes.filter(({ role }) => role === "management");
    return [
      section("Prior to installation", [
        this.#line("Download the Management Node installation file", valueOf(site.platform, "version")),
        this.#line("Appropriate host servers", this.#hosts().map(nameOf), all("hosts")),
        this.#line(
          "IP addresses and host names assigned",
          site.nodes.flatMap((node) => valueOf(node, "address")),
          all("names"),
        ),
        this.#line(
          "DNS records for Management Node administration",
          management.flatMap((node) => this.#fullName(node)),
          {
            ...all("managementDns"),
            subject: management[0],
          },
        ),
        this.#line(
          "DNS records by which endpoints find Conferencing Nodes",
          site.domainServices.items.map(nameOf),
          all("discovery"),
        ),
        this.#line("Certificates for Management Node and Conferencing Nodes", certificates, all("certificates")),
      ]),
      section("Hypervisor and host servers", [
        this.#line(
          "CPU model and number of cores per socket",
          this.#hosts().flatMap((host) => this.#cpu(host)),
          all("cores"),
        ),
        this.#line(
          "Host servers are synchronized to NTP servers",
          this.#hosts().flatMap((host) => this.#ntp(host)),
          all("hostTime"),
        ),
        this.#line(
          "Management Node uploaded, and its setup wizard run",
          management.flatMap((node) => this.#machine(node)),
          {
            ...all("managementVm"),
            subject: management[0],
          },
        ),
      ]),
      section("Pexip Infinity Administrator interface", [
        this.#line(
          "Basic Management Node settings: licenses, VM manager, DNS and NTP servers",
          this.#settings(),
          all("settings"),
        ),
        this.#line("System locations added", site.locations.map(nameOf), all("location")),
        this.#line(
          "Conferencing Nodes deployed to their locations",
          site.conferencingNodes.flatMap((node) => this.#machine(node)),
          all("nodes"),
        ),
        this.#line(
          "SIP TLS FQDN of the Conferencing Nodes",
          site.conferencingNodes.flatMap((node) => valueOf(node, "alternative_fqdn")),
          all("sipTls"),
        ),
        this.#line("DNS records of the nodes verified", names, all("nodeDns")),
        this.#line("Self-signed server certificates replaced", certificates, all("ownCertificates")),
        this.#line(
          "Intermediate CA certificates uploaded",
          valueOf(site.deployment, "ca_certificates"),
          all("intermediates"),
        ),
        this.#line("VMRs and aliases configured", []),
        this.#line("Infinity Gateway configured, if required", []),
      ]),
      section("Hypervisor maintenance", [
        this.#line(
          "Automatic startup enabled on every VM",
          site.nodes.flatMap((node) => this.#machine(node)),
          all("startup"),
        ),
        this.#line("Backup of the Management Node VM and, optionally, of the Conferencing Node VMs", []),
      ]),
    ];
  }

  datasheet(): readonly SheetSection[] {
    const { site } = this;
    const management = site.nodes.filter(({ role }) => role === "management");
    const sections = management.length === 0 ? [null] : management;
    return [
      ...sections.flatMap((node) => [this.#wizard(node), this.#configuration(node)]),
      section("Conferencing Nodes", [
        ...this.#cores(),
        ...site.conferencingNodes.flatMap((node, index) => this.#conferencingNode(node, index + 1)),
      ]),
    ];
  }

  #wizard(node: Node | null): SheetSection {
    const of = (field: "address" | "netmask" | "gateway" | "hostname" | "domain") =>
      this.#line(WIZARD[field], node === null ? [] : valueOf(node, field), about(field, node));
    return section("Management Node (installation wizard)", [
      ...(["address", "netmask", "gateway", "hostname", "domain"] as const).map(of),
      ...this.#servers("DNS server", "dns"),
      ...this.#servers("NTP server", "ntp"),
    ]);
  }

  #configuration(node: Node | null): SheetSection {
    const { locations, vmManager } = this.site;
    const named = locations.length === 0 ? [null] : locations;
    return section("Management Node (configuration)", [
      this.#line("VM name", node === null ? [] : valueOf(node.plan, "name"), about("vm", node)),
      ...named.map((location, index) =>
        this.#line(`System location ${index + 1} name`, location === null ? [] : [nameOf(location)]),
      ),
      this.#line("License entitlement key", []),
      this.#line(
        "VM manager IP/hostname (VMware automatic deployments only)",
        vmManager === null ? [] : valueOf(vmManager, "address"),
        { rules: DATASHEET_RULES.vmManager },
      ),
    ]);
  }

  /** The two lines of the form, and one more for each additional server that the Management Node uses. */
  #servers(label: string, protocol: "dns" | "ntp"): readonly SheetLine[] {
    const list = this.site.serverLists(protocol).items.find(({ users }) => users.includes("management_node"));
    const written = list?.written ?? [];
    return Array.from({ length: Math.max(2, written.length) }, (_, index) => {
      const text = written[index];
      const server = list?.servers.items.find((candidate) => candidate.valueOrUndefined("written") === text);
      if (list === undefined || text === undefined || server === undefined) {
        return this.#line(`${label} ${index + 1}`, []);
      }
      const { document, path } = list.sourceRef;
      const values = [{ text: shown(text), location: locate({ document, path: [...path, index] }) }];
      return this.#line(`${label} ${index + 1}`, values, { rules: DATASHEET_RULES[protocol], subject: server });
    });
  }

  #cores(): readonly SheetLine[] {
    const hosts = this.#hosts();
    const label = "CPU cores per socket on host server";
    if (hosts.length === 0) return [this.#line(label, [])];
    return hosts.map((host) =>
      this.#line(`${label} ${host.name}`, this.#cpu(host), {
        rules: DATASHEET_RULES.cores,
        subjects: this.site.nodes.filter(({ hostPlacement }) => hostPlacement.host === host),
      }),
    );
  }

  #conferencingNode(node: Node, number: number): readonly SheetLine[] {
    const label = `Conferencing Node ${number}`;
    return [
      this.#line(`${label} name / VM name`, [nameOf(node), ...valueOf(node.plan, "name")], about("name", node)),
      this.#line(`${label} IP address`, valueOf(node, "address"), about("address", node)),
      this.#line(`${label} hostname and domain`, [...valueOf(node, "hostname"), ...valueOf(node, "domain")], {
        rules: [...DATASHEET_RULES.hostname, ...DATASHEET_RULES.domain],
        subject: node,
      }),
    ];
  }

  #settings(): readonly SheetValue[] {
    const { deployment, vmManager } = this.site;
    return [
      ...(vmManager === null ? [] : valueOf(vmManager, "address")),
      ...listOf(deployment, "dns_servers"),
      ...listOf(deployment, "ntp_servers"),
    ];
  }

  #hosts(): readonly Host[] {
    return this.site.relations.hostsInUse.items;
  }

  #cpu({ cpu, name }: Host): readonly SheetValue[] {
    const [cores, sockets] = [cpu.valueOrUndefined("cores"), cpu.valueOrUndefined("sockets")];
    const model = cpu.valueOrUndefined("model");
    const perSocket = cores === undefined || sockets === undefined || sockets === 0 ? undefined : cores / sockets;
    return [
      ...(model === undefined ? [] : [{ text: `${name}: ${model}`, location: locate(cpu.sourceRefOf("model")) }]),
      ...(perSocket === undefined || cores === undefined
        ? []
        : [
            {
              text: `${name}: ${perSocket} (${counted(cores, "core")}, ${counted(sockets ?? 0, "socket")})`,
              location: locate(cpu.sourceRefOf("cores")),
            },
          ]),
    ];
  }

  #ntp({ ntp, name }: Host): readonly SheetValue[] {
    return valueOf(ntp, "servers").map(({ text, location }) => ({ text: `${name}: ${text}`, location }));
  }

  #fullName(node: Node): readonly SheetValue[] {
    const name = node.read("fqdn");
    return name.known ? [{ text: name.value, location: locate(node.sourceRefOf("hostname")) }] : [];
  }

  /** The name of the existing VM, else the planned name. */
  #machine(node: Node): readonly SheetValue[] {
    const machine = node.read("virtualMachine");
    return machine.known && machine.value !== null ? [nameOf(machine.value)] : valueOf(node.plan, "name");
  }

  #line(label: string, found: readonly SheetValue[], concerned: Concerned | null = null): SheetLine {
    const values = found.map(({ text, location }) => ({ text: withoutUser(text), location }));
    if (concerned === null) return { label, values, verdict: null };
    const { subject, subjects = subject && [subject] } = concerned;
    const isOf = (check: Check) =>
      subjects === undefined ||
      subjects.some(({ kind, name }) => check.subject.name === name && check.subject.kind === kind);
    const checks = matching(this.checks, concerned.rules).filter(isOf);
    return { label, values, verdict: lineVerdict(checks) };
  }
}

const WIZARD = {
  address: "Management Node IP address",
  netmask: "Network mask",
  gateway: "Gateway IP address",
  hostname: "Management Node hostname",
  domain: "Management Node domain",
} as const;

/** The checks of a node; null without a node. */
function about(id: keyof typeof DATASHEET_RULES, node: Node | null): Concerned | null {
  return node === null ? null : { rules: DATASHEET_RULES[id], subject: node };
}

function section(title: string, lines: readonly SheetLine[]): SheetSection {
  return { title, lines };
}

/** Checks of these rules; a pattern ends with an asterisk. */
function matching(checks: Sequence<Check>, rules: readonly string[]): readonly Check[] {
  return checks.filter(({ rule }) =>
    rules.some((id) => (id.endsWith("*") ? rule.startsWith(id.slice(0, -1)) : rule === id)),
  );
}

function nameOf(object: SiteObject): SheetValue {
  return { text: object.name, location: locate(object.sourceRef) };
}

/** The value of a field, or its entries; empty if no file has it. */
function valueOf<F>(object: SiteObject<F>, field: keyof F & string): readonly SheetValue[] {
  const found = object.read(field);
  if (!found.known || found.value === null || !object.isGiven(field)) return [];
  const { value } = found;
  if (Array.isArray(value)) return listOf(object, field);
  return [{ text: shown(value), location: locate(object.sourceRefOf(field)) }];
}

function listOf<F>(object: SiteObject<F>, field: keyof F & string): readonly SheetValue[] {
  const found = object.read(field);
  if (!found.known || !Array.isArray(found.value)) return [];
  return found.value.map((entry: unknown, index) => ({
    text: shown(entry),
    location: locate(object.sourceRefOf(field, index)),
  }));
}

function shown(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** Documents contain no secrets, but any text may be a URL with user information. */
function withoutUser(text: string): string {
  return text.replace(/(\/\/)[^/\s]+@/g, "$1***@");
}

function locate({ document, path }: SourceRef) {
  return document.locate(path);
}
