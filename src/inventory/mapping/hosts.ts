import type { CpuFeatures, Host, HostNtp, HostPtp } from "../../schema/inventory.generated.ts";
import { esxiVersion, precedesPtp } from "../../facts/esxi-version.ts";
import { NO_TIME_PROPERTY } from "../../site/estate/inventory-gaps.ts";
import type { Coverage } from "./coverage.ts";
import { portGroupsOf, physicalNicsOf, virtualSwitchesOf } from "./host-networks.ts";
import type { HostEditions } from "./licences.ts";
import { type ManagedObject, property, type Source } from "./managed-objects.ts";
import { ObjectReader } from "./object-reader.ts";
import { type InventoryPaths, whyUnreadable as whyNoName } from "./inventory-paths.ts";
import { at, bool, int, known, list, oneOf, reference, str, type Tree } from "./tree.ts";

/** The advanced settings that rules read; all others are omitted. */
export const HOST_OPTIONS = ["Net.Vmxnet3NonTsoPacketGtMtuAllowed"];

/** The CPU features that rules read, by their API key. */
export const CPU_FEATURES = { avx: "cpuid.AVX", avx2: "cpuid.AVX2", avx512f: "cpuid.AVX512F" } as const;

const MIB = 1024 * 1024;
const LOCKDOWN_MODES = ["lockdownDisabled", "lockdownNormal", "lockdownStrict"] as const;

/** An ESXi host. One without a connection to vCenter has no values, as those that vCenter cached may be outdated. */
export function hostOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths, editions }: HostContext,
): Host {
  const reader = new ObjectReader(source, coverage, "hosts", object, name);
  const isVcenter = str(source.about, "apiType") !== "HostAgent";
  const state = reader.take(
    "connection_state",
    ["runtime.connectionState", "summary.runtime.connectionState"],
    (value) => str(value),
  );
  const base = {
    name,
    cluster: reader.orMissing("cluster", inventoryPaths.clusterOf(object), () => whyNoCluster(reader, inventoryPaths)),
    datacenter: reader.orMissing("datacenter", inventoryPaths.datacenterOf(object), () =>
      inventoryPaths.whyNoDatacenter(object, source),
    ),
    managed_by_vcenter: isVcenter ? true : managed(reader),
    connection_state: state,
    in_maintenance_mode: reader.take(
      "in_maintenance_mode",
      ["runtime.inMaintenanceMode", "summary.runtime.inMaintenanceMode"],
      (value) => bool(value),
    ),
  };
  const unreadable = whyUnreadable(reader, state);
  if (unreadable !== null) {
    coverage.object("hosts", name, unreadable);
    return known(base);
  }
  return known({
    ...base,
    version: reader.take("version", ["config.product.version", "summary.config.product.version"], str),
    api_version: reader.take("api_version", ["config.product.apiVersion", "summary.config.product.apiVersion"], str),
    build: reader.take("build", ["config.product.build", "summary.config.product.build"], str),
    edition: editions(object.id, reader),
    lockdown_mode: lockdownMode(reader),
    clock_offset_ms: clockOffset(reader),
    memory_mb: reader.take("memory_mb", ["hardware.memorySize", "summary.hardware.memorySize"], (value) => {
      const bytes = int(value);
      return bytes === undefined ? undefined : Math.round(bytes / MIB);
    }),
    cpu: cpuOf(reader, isVcenter),
    ...timeOf(reader),
    autostart: autostartOf(reader, inventoryPaths),
    options: reader.take("options", "config.option", optionsOf),
    physical_nics: physicalNicsOf(reader),
    virtual_switches: virtualSwitchesOf(reader),
    port_groups: portGroupsOf(reader),
  });
}

/** Context for reading a host. */
export interface HostContext {
  readonly source: Source;
  readonly coverage: Coverage;
  readonly inventoryPaths: InventoryPaths;
  readonly editions: HostEditions;
}

/** Why all values of a host are unknown; null if it can be read. */
function whyUnreadable(reader: ObjectReader, state: string | undefined): string | null {
  if (state === "disconnected") return "host disconnected";
  if (state === "notResponding") return "host not responding";
  const isSilent = ["config", "hardware", "summary.hardware"].every((path) => reader.get(path) === undefined);
  if (state === undefined && isSilent) {
    const path = "runtime.connectionState";
    return reader.isUnset(path) ? "the account has no permission to read the host" : reader.reason(path);
  }
  return null;
}

function clockOffset(reader: ObjectReader): number | undefined {
  const clock = reader.source.clocks?.get(reader.object.id) ?? {
    unknown: NO_TIME_PROPERTY,
  };
  if ("offset_ms" in clock) return clock.offset_ms;
  reader.noteMissing("clock_offset_ms", clock.unknown);
  return undefined;
}

function whyNoCluster(reader: ObjectReader, inventoryPaths: InventoryPaths): string {
  const parent = reader.get("parent");
  if (parent === undefined) return reader.reason("parent");
  const isHidden = reader.source.objects.get(reference(parent)) === undefined;
  return isHidden
    ? whyNoName(parent, reader.source, "its cluster")
    : inventoryPaths.whyNoCluster(reader.object, reader.source);
}

/** Whether a vCenter Server manages a host that was contacted directly. */
function managed(reader: ObjectReader): boolean | undefined {
  const address = reader.takeOr("managed_by_vcenter", "summary.managementServerIp", str, null);
  return address === undefined ? undefined : address !== null;
}

/** ESXi 5 has a flag instead of the mode. */
function lockdownMode(reader: ObjectReader): Host["lockdown_mode"] {
  const hasMode = reader.get("config.lockdownMode") !== undefined;
  return reader.take("lockdown_mode", ["config.lockdownMode", "config.adminDisabled"], (value) => {
    const isDisabled = hasMode ? undefined : bool(value);
    if (isDisabled === undefined) return hasMode ? oneOf(LOCKDOWN_MODES, value) : undefined;
    return isDisabled ? "lockdownNormal" : "lockdownDisabled";
  });
}

function cpuOf(reader: ObjectReader, isVcenter: boolean): NonNullable<Host["cpu"]> {
  const packages = list(reader.get("hardware.cpuPkg"));
  const model = reader.take(
    "cpu.model",
    ["summary.hardware.cpuModel", "hardware.cpuPkg"],
    (value) => str(value) ?? str(packages[0], "description"),
  );
  // An ESXi host that is contacted directly returns no EVC mode, whether or not one is in effect.
  const evcMode = isVcenter
    ? reader.takeOr("cpu.evc_mode", "summary.currentEVCModeKey", str, null)
    : reader.take("cpu.evc_mode", "summary.currentEVCModeKey", str);
  const cluster = reader.source.objects.get(reference(reader.get("parent")));
  const isContradicted =
    evcMode === null && cluster !== undefined && property(cluster, "summary.currentEVCModeKey") !== undefined;
  if (isContradicted) reader.noteMissing("cpu.evc_mode", "the host has no EVC mode, but its cluster has one");
  const vendor = vendorOf(str(packages[0], "vendor") ?? model);
  if (vendor === undefined) reader.noteMissing("cpu.vendor", reader.reason("hardware.cpuPkg"));
  reader.noteMissing("cpu.cache_mb", "vSphere does not report the CPU cache size");
  return known({
    vendor,
    model: model?.trim().replaceAll(/\s+/g, " "),
    sockets: reader.take("cpu.sockets", ["hardware.cpuInfo.numCpuPackages", "summary.hardware.numCpuPkgs"], positive),
    cores: reader.take("cpu.cores", ["hardware.cpuInfo.numCpuCores", "summary.hardware.numCpuCores"], positive),
    threads: reader.take("cpu.threads", ["hardware.cpuInfo.numCpuThreads", "summary.hardware.numCpuThreads"], positive),
    hyperthreading_active: reader.take("cpu.hyperthreading_active", "config.hyperThread.active", bool),
    mhz: mhzOf(reader),
    max_evc_mode: reader.take("cpu.max_evc_mode", "summary.maxEVCModeKey", str),
    evc_mode: isContradicted ? undefined : evcMode,
    features: featuresOf(reader, "features", "config.maskedFeatureCapability"),
    features_unmasked: featuresOf(reader, "features_unmasked", "config.featureCapability"),
  });
}

function positive(value: Tree): number | undefined {
  const number = int(value);
  return number === undefined || number < 1 ? undefined : number;
}

function vendorOf(text: string | undefined): "intel" | "amd" | undefined {
  if (text === undefined) return undefined;
  if (/\bintel\b/i.test(text)) return "intel";
  return /\bamd\b/i.test(text) ? "amd" : undefined;
}

function mhzOf(reader: ObjectReader): number | undefined {
  const hz = int(reader.get("hardware.cpuInfo.hz"));
  if (hz !== undefined && hz >= 1_000_000) return Math.round(hz / 1_000_000);
  return reader.take("cpu.mhz", ["summary.hardware.cpuMhz", "hardware.cpuInfo.hz"], positive);
}

/** A feature that is not in the list is unknown. */
function featuresOf(reader: ObjectReader, field: string, path: string): CpuFeatures | undefined {
  const values = new Map(list(reader.get(path)).map((entry) => [str(entry, "key"), entry]));
  const flags = known({
    avx: bool(values.get(CPU_FEATURES.avx), "value"),
    avx2: bool(values.get(CPU_FEATURES.avx2), "value"),
    avx512f: bool(values.get(CPU_FEATURES.avx512f), "value"),
  });
  if (Object.keys(flags).length > 0) return flags;
  const reason = values.size > 0 ? `${path} does not list the features` : reader.reason(path);
  reader.noteMissing(`cpu.${field}`, reason);
  return undefined;
}

const STARTUP_POLICIES = ["on", "automatic", "off"] as const;

function timeOf(reader: ObjectReader): Pick<Host, "ntp" | "ptp"> {
  const services = list(reader.get("config.service.service"));
  const ntp = ntpOf(reader, services);
  return known({ ntp, ptp: ptpOf(reader, services, ntp.protocol) });
}

function ntpOf(reader: ObjectReader, services: readonly Tree[]): HostNtp {
  const ntpd = serviceOf(services, "ntpd");
  if (ntpd === undefined) {
    const reason = services.length > 0 ? "the host lists no service ntpd" : reader.reason("config.service");
    reader.noteMissing("ntp.running", reason);
    reader.noteMissing("ntp.startup_policy", reason);
  }
  const ruleset = list(reader.get("config.firewall.ruleset")).find((rules) => str(rules, "key") === "ntpClient");
  const isEnabled = bool(ruleset, "enabled");
  // A rule set may allow packets to some addresses only.
  const isLimited = isEnabled === true && bool(ruleset, "allowedHosts.allIp") === false;
  const firewallOpen = isLimited ? undefined : isEnabled;
  if (isLimited) {
    reader.noteMissing("ntp.firewall_open", "the firewall rule set ntpClient is limited to some addresses");
  } else if (firewallOpen === undefined) {
    const isThere = reader.get("config.firewall.ruleset") !== undefined;
    reader.noteMissing(
      "ntp.firewall_open",
      isThere ? "the host lists no firewall rule set ntpClient" : reader.reason("config.firewall.ruleset"),
    );
  }
  const policy = oneOf(STARTUP_POLICIES, ntpd, "policy");
  if (ntpd !== undefined && policy === undefined)
    reader.noteMissing("ntp.startup_policy", "vSphere does not report a startup policy");
  return known({
    // An empty ntpConfig means no servers; in XML it is an empty text.
    servers: reader.take("ntp.servers", "config.dateTimeInfo", (value) =>
      at(value, "ntpConfig") !== undefined || hasKey(value, "ntpConfig")
        ? list(value, "ntpConfig.server").flatMap((server) => str(server) ?? [])
        : undefined,
    ),
    running: bool(ntpd, "running"),
    startup_policy: policy,
    protocol: protocolOf(reader, services),
    firewall_open: firewallOpen,
  });
}

/**
 * If the property is not set, the services decide: PTP if only ptpd is running and has a port, NTP if it is not
 * running.
 */
function protocolOf(reader: ObjectReader, services: readonly Tree[]): HostNtp["protocol"] {
  const path = "config.dateTimeInfo.systemClockProtocol";
  if (precedesPtp(versionOf(reader))) return "ntp";
  const isRunning = (key: string) => bool(serviceOf(services, key), "running") === true;
  if (reader.isUnset(path) && services.length > 0) {
    if (!isRunning("ptpd")) return "ntp";
    const ports = list(reader.get("config.dateTimeInfo.ptpConfig.port"));
    const hasPort = ports.some((port) => !["none", undefined].includes(str(port, "deviceType")?.toLowerCase()));
    if (hasPort && !isRunning("ntpd")) return "ptp";
  }
  const protocol = reader.get(path);
  if (protocol === undefined && services.length === 0) {
    reader.noteMissing("ntp.protocol", reader.isUnset(path) ? reader.reason("config.service") : reader.reason(path));
    return undefined;
  }
  return reader.take("ntp.protocol", path, (value) => oneOf(["ntp", "ptp"] as const, value));
}

/** The PTP settings of a host that uses PTP; undefined for other hosts. */
function ptpOf(reader: ObjectReader, services: readonly Tree[], protocol: HostNtp["protocol"]): HostPtp | undefined {
  if (protocol !== "ptp") return undefined;
  const ptpd = serviceOf(services, "ptpd");
  const noService = services.length > 0 ? "the host lists no service ptpd" : reader.reason("config.service");
  const ofService = <T>(field: string, value: T | undefined, reason: string): T | undefined => {
    if (value === undefined) reader.noteMissing(field, ptpd === undefined ? noService : reason);
    return value;
  };
  return known({
    running: ofService("ptp.running", bool(ptpd, "running"), "vSphere does not report whether ptpd is running"),
    startup_policy: ofService(
      "ptp.startup_policy",
      oneOf(STARTUP_POLICIES, ptpd, "policy"),
      "vSphere does not report a startup policy",
    ),
    firewall_open: ofService(
      "ptp.firewall_open",
      areEnabled(reader, list(ptpd, "ruleset")),
      reader.get("config.firewall.ruleset") === undefined
        ? reader.reason("config.firewall.ruleset")
        : "the host lists no firewall rule set of ptpd",
    ),
    fallback_to_ntp: fallsBackToNtp(reader),
  });
}

/** Whether all rule sets of a service are enabled in the firewall; undefined if it has none, or one is not listed. */
function areEnabled(reader: ObjectReader, names: readonly Tree[]): boolean | undefined {
  const rulesets = list(reader.get("config.firewall.ruleset"));
  const states = names.map((name) =>
    bool(
      rulesets.find((ruleset) => str(ruleset, "key") === str(name)),
      "enabled",
    ),
  );
  if (states.includes(false)) return false;
  return states.length === 0 || states.includes(undefined) ? undefined : true;
}

/**
 * The fallback was added in 7.0.3. `HostDateTimeInfo.disableFallback`: "When not disabled, if PrecisionTimeSync is
 * configured, then the NTP configuration can run as backup"
 * (developer.broadcom.com/xapis/vsan-management-api/8.0u1/vim.host.DateTimeInfo.html).
 */
function fallsBackToNtp(reader: ObjectReader): boolean | undefined {
  const esxi = esxiVersion(versionOf(reader), undefined);
  const isBefore = esxi !== null && esxi.major === 7 && esxi.minor === 0 && esxi.update !== null && esxi.update < 3;
  if (isBefore) return false;
  return reader.take("ptp.fallback_to_ntp", "config.dateTimeInfo.disableFallback", (value) => {
    const isDisabled = bool(value);
    return isDisabled === undefined ? undefined : !isDisabled;
  });
}

function versionOf(reader: ObjectReader): string | undefined {
  return str(reader.get("config.product.version")) ?? str(reader.get("summary.config.product.version"));
}

function serviceOf(services: readonly Tree[], key: string): Tree | undefined {
  return services.find((service) => str(service, "key") === key);
}

function hasKey(value: Tree, key: string): boolean {
  return typeof value === "object" && value !== null && key in value && (value as Record<string, Tree>)[key] !== null;
}

function autostartOf(reader: ObjectReader, inventoryPaths: InventoryPaths): NonNullable<Host["autostart"]> {
  const started = reader.take("autostart.virtual_machines", "config.autoStart", (value) => {
    const entries = list(value, "powerInfo").filter((entry) => str(entry, "startAction")?.toLowerCase() === "poweron");
    // A machine without a name may be the one in question.
    const unnamed = entries.find((entry) => inventoryPaths.nameOf(reference(entry, "key")) === undefined);
    const reason = unnamed === undefined ? null : whyNoName(at(unnamed, "key"), reader.source, "a VM that it starts");
    return { reason, names: entries.flatMap((entry) => inventoryPaths.nameOf(reference(entry, "key")) ?? []) };
  });
  if (started != null && started.reason !== null) reader.noteMissing("autostart.virtual_machines", started.reason);
  return known({
    enabled: reader.take("autostart.enabled", "config.autoStart.defaults.enabled", bool),
    virtual_machines: started?.reason === null ? started.names : undefined,
  });
}

/** The settings that rules read; a setting missing from the host's list does not exist there. */
function optionsOf(value: Tree): NonNullable<Host["options"]> | undefined {
  const options: Record<string, string | number | boolean> = {};
  for (const entry of list(value)) {
    const key = str(entry, "key");
    if (key === undefined || !HOST_OPTIONS.includes(key)) continue;
    const text = str(entry, "value");
    if (text !== undefined) options[key] = int(text) ?? text;
  }
  return options;
}
