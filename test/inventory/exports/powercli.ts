import type { Tree, TreeObject } from "../../../src/inventory/mapping/tree.ts";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { type ManagedObject, TYPE } from "./vsphere-objects.ts";

/** What RetrievePropertiesEx of the Virtual Infrastructure JSON API returns: types named, lists wrapped. */
export function viJson(objects: readonly ManagedObject[]): string {
  const boxed = (value: Tree): Tree => {
    if (Array.isArray(value)) return { [TYPE]: "ArrayOfAnything", _value: value as readonly Tree[] };
    if (typeof value === "object" && value !== null) return { [TYPE]: "Anything", ...(value as object) };
    return { [TYPE]: typeof value === "boolean" ? "boolean" : "string", _value: value };
  };
  return JSON.stringify({
    [TYPE]: "RetrieveResult",
    objects: objects.map(({ type, id, properties }) => ({
      [TYPE]: "ObjectContent",
      obj: { [TYPE]: "ManagedObjectReference", type, value: id },
      propSet: Object.entries(properties).map(([name, value]) => ({
        [TYPE]: "DynamicProperty",
        name,
        val: boxed(value),
      })),
    })),
  });
}

/** Properties for which collect-inventory.ps1 writes null where they are not set. */
const UNSET: Readonly<Record<string, readonly string[]>> = {
  HostSystem: ["summary.currentEVCModeKey", "summary.managementServerIp", "summary.maxEVCModeKey"],
  VirtualMachine: ["runtime.minRequiredEVCModeKey", "snapshot"],
};

/**
 * The output of templates/collect-inventory.ps1. PowerShell's names start with a capital letter, and Windows PowerShell
 * 5.1 may write a list as an object with its entries and their number.
 */
export function collected(objects: readonly ManagedObject[], estate: Inventory, isCounted = false): string {
  const listed = (items: readonly Tree[]): Tree => (isCounted ? { value: items, Count: items.length } : items);
  const capital = (tree: Tree): Tree => {
    if (Array.isArray(tree)) return listed((tree as readonly Tree[]).map(capital));
    if (typeof tree !== "object" || tree === null) return tree;
    return Object.fromEntries(
      Object.entries(tree).map(([key, value]) => [
        key === TYPE || "type value".includes(key) ? key : key.charAt(0).toUpperCase() + key.slice(1),
        capital(value ?? null),
      ]),
    );
  };
  return JSON.stringify({
    collector: "collect-inventory.ps1",
    collectedAt: "2021-03-29T06:15:00Z",
    server: estate.vcenter?.address,
    about: { apiType: estate.vcenter?.api_type, version: estate.vcenter?.version },
    objects: objects.map(({ type, id, properties }) => ({
      obj: { type, value: id },
      propSet: listed(
        [
          ...Object.entries(properties),
          ...(UNSET[type] ?? []).filter((name) => !isGiven(properties, name)).map((name) => [name, null] as const),
        ].map(([name, value]) => ({ name, val: capital(value) })),
      ),
    })),
    hostClocks: (estate.hosts ?? []).flatMap((host, index) =>
      host.clock_offset_ms === undefined ? [] : [{ host: `host-${index + 21}`, offsetMs: host.clock_offset_ms }],
    ),
  });
}

function isGiven(properties: ManagedObject["properties"], path: string): boolean {
  const steps = path.split(".");
  const values = steps.map((_, at) => {
    const holder = properties[steps.slice(0, at + 1).join(".")];
    return steps.slice(at + 1).reduce<unknown>((value, step) => (value as TreeObject | undefined)?.[step], holder);
  });
  return values.some((value) => value !== undefined);
}

type Row = Readonly<Record<string, string | number | boolean | null>>;

/** The output of the cmdlets for an inventory, by cmdlet. */
export function cmdlets(estate: Inventory): Readonly<Record<string, readonly Row[]>> {
  const hosts = estate.hosts ?? [];
  const hostId = (name: string | undefined) => `HostSystem-host-${hosts.findIndex((it) => it.name === name) + 21}`;
  const clusters = estate.clusters ?? [];
  const clusterId = (name: string | null | undefined) =>
    `ClusterComputeResource-domain-c${clusters.findIndex((it) => it.name === name) + 7}`;
  const uid = (id: string) => `/VIServer=vsphere.local\\reader@vcenter01:443/${id}/`;
  return {
    "Get-VMHost": hosts.map((host) => ({
      Name: host.name,
      ConnectionState: host.in_maintenance_mode === true ? "Maintenance" : "Connected",
      NumCpu: host.cpu?.cores ?? 0,
      MemoryTotalMB: (host.memory_mb ?? 0) + 0.25,
      ProcessorType: host.cpu?.model ?? "",
      HyperthreadingActive: host.cpu?.hyperthreading_active ?? false,
      Version: host.version ?? "",
      Build: String(host.build),
      MaxEVCMode: host.cpu?.max_evc_mode ?? "",
      Parent: host.cluster ?? "",
      ParentId: clusterId(host.cluster),
      LicenseKey: "AB1CD-2EF3G-4HI5J-6KL7M-8NO9P",
      ExtensionData: "VMware.Vim.HostSystem",
      Id: hostId(host.name),
      Uid: uid(`VMHost=${hostId(host.name)}`),
    })),
    "Get-Cluster": clusters.map((cluster) => ({
      Name: cluster.name,
      HAEnabled: cluster.ha_enabled ?? false,
      DrsEnabled: cluster.drs_enabled ?? false,
      DrsAutomationLevel: (cluster.drs_behavior ?? "manual").replace(/^./, (first) => first.toUpperCase()),
      EVCMode: cluster.evc_mode ?? "",
      Id: clusterId(cluster.name),
      Uid: uid(`Cluster=${clusterId(cluster.name)}`),
    })),
    "Get-VM": (estate.virtual_machines ?? []).map((machine, index) => ({
      Name: machine.name,
      PowerState: (machine.power_state ?? "poweredOn").replace("p", "P"),
      NumCpu: machine.cpus ?? 0,
      CoresPerSocket: machine.cores_per_socket ?? 1,
      MemoryMB: machine.memory_mb ?? 0,
      HardwareVersion: `vmx-${String(machine.hardware_version).padStart(2, "0")}`,
      VMHostId: hostId(machine.host),
      Id: `VirtualMachine-vm-${index + 101}`,
      Uid: uid(`VirtualMachine=VirtualMachine-vm-${index + 101}`),
    })),
    "Get-VirtualPortGroup": hosts.flatMap((host) =>
      (host.port_groups ?? []).map((group) => ({
        Name: group.name,
        VirtualSwitchName: group.virtual_switch ?? "",
        VLanId: Number(group.vlan ?? 0),
        VMHostId: hostId(host.name),
        Uid: uid(`VMHost=${hostId(host.name)}/VirtualPortGroup=key-${group.name}`),
      })),
    ),
    "Get-VDPortgroup": (estate.distributed_port_groups ?? []).map((group, index) => ({
      Name: group.name,
      Key: `dvportgroup-${index + 41}`,
      VlanConfiguration: `VLAN ${String(group.vlan)}`,
      VDSwitch: group.distributed_switch ?? "",
      Id: `DistributedVirtualPortgroup-dvportgroup-${index + 41}`,
      Uid: uid(`DistributedPortgroup=DistributedVirtualPortgroup-dvportgroup-${index + 41}`),
    })),
    "Get-VDUplinkTeamingPolicy": (estate.distributed_port_groups ?? []).map((group) => ({
      VDPortgroup: group.name,
      LoadBalancingPolicy: group.teaming_policy === "loadbalance_ip" ? "LoadBalanceIP" : "LoadBalanceSrcId",
      Uid: uid("policy"),
    })),
  };
}

/** ConvertTo-Json of PowerShell 5, whose `>` writes UTF-16 with a byte order mark. */
export function powerCliJson(rows: readonly Row[]): Buffer {
  return Buffer.from(`\uFEFF${JSON.stringify(rows, null, 4)}`, "utf16le");
}

/** Export-Csv without -NoTypeInformation. */
export function powerCliCsv(rows: readonly Row[]): string {
  const titles = Object.keys(rows[0] ?? {});
  const quote = (value: Row[string] | undefined) => `"${String(value ?? "").replaceAll('"', '""')}"`;
  const lines = rows.map((row) => titles.map((title) => quote(row[title])).join(","));
  return `#TYPE VMware.VimAutomation.ViCore.Impl.V1.Inventory.VMHostImpl\r\n${titles.map(quote).join(",")}\r\n${lines.join("\r\n")}\r\n`;
}
