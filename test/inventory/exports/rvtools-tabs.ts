import type { Inventory } from "../../../src/schema/inventory.generated.ts";

export type Cell = string | number | boolean | null;

/** A tab as RVTools fills it: the header first. */
export interface Tab {
  readonly name: string;
  readonly rows: readonly (readonly Cell[])[];
}

type Columns<T> = Readonly<Record<string, (item: T) => Cell | undefined>>;

function tab<T>(name: string, items: readonly T[], columns: Columns<T>): Tab {
  const titles = Object.keys(columns);
  return { name, rows: [titles, ...items.map((item) => titles.map((title) => columns[title]?.(item) ?? null))] };
}

/** `True` and `False`, as RVTools writes them. */
const flag = (value: boolean | undefined) => (value === undefined ? null : value ? "True" : "False");
const unlimited = (value: number | null | undefined) => (value === null ? -1 : value);

/**
 * The tabs that RVTools 4 would write for an inventory: what it does not export is omitted, with its own units and
 * words. The columns include some that are never read.
 */
export function rvtoolsTabs(estate: Inventory): readonly Tab[] {
  const server = estate.vcenter?.address ?? "vcenter01.vc.example.com";
  const sdk = { "VI SDK Server": () => server, "VI SDK UUID": () => "0f9d1b2c" };
  const hosts = estate.hosts ?? [];
  const machines = (estate.virtual_machines ?? []).map((machine, index) => ({ ...machine, id: `vm-${index + 101}` }));
  type Machine = (typeof machines)[number];
  const place: Columns<Machine> = {
    Powerstate: ({ power_state }) => power_state,
    Template: ({ template }) => flag(template),
    Annotation: () => 'line one\nline two; with a semicolon, a comma and "quotes"',
    "Owner of the VM": () => "conferencing",
    Datacenter: ({ datacenter }) => datacenter,
    Cluster: ({ cluster }) => cluster,
    Host: ({ host }) => host,
    Folder: () => "/",
    "VM ID": ({ id }) => id,
    "VM UUID": ({ id }) => `5011${id}`,
    ...sdk,
  };
  const placeOf: Columns<{ readonly machine: Machine }> = Object.fromEntries(
    Object.entries(place).map(([title, read]) => [title, ({ machine }) => read(machine)]),
  );
  const on = (name: string) => machines.filter(({ host }) => host === name);
  const hostPlace = {
    Host: ({ host }: { host: (typeof hosts)[number] }) => host.name,
    Datacenter: ({ host }: { host: (typeof hosts)[number] }) => host.datacenter,
    Cluster: ({ host }: { host: (typeof hosts)[number] }) => host.cluster,
  };
  const switchOf = (host: (typeof hosts)[number], nic: string) =>
    host.virtual_switches?.find(({ uplinks }) => uplinks?.includes(nic))?.name ??
    estate.distributed_switches?.find((it) =>
      it.hosts?.some(({ name, uplinks }) => name === host.name && uplinks?.includes(nic)),
    )?.name;
  return [
    tab("vInfo", machines, {
      VM: ({ name }) => name,
      Powerstate: ({ power_state }) => power_state,
      Template: ({ template }) => flag(template),
      "SRM Placeholder": () => "False",
      "Connection state": () => "connected",
      CPUs: ({ cpus }) => cpus,
      Memory: ({ memory_mb }) => memory_mb,
      NICs: ({ nics }) => nics?.length,
      Disks: ({ disks }) => disks?.length,
      "min Required EVC Mode Key": ({ min_required_evc_mode }) => min_required_evc_mode,
      "Primary IP Address": ({ ip_addresses }) => ip_addresses?.[0],
      "Provisioned MiB": () => 102400,
      "HA Restart Priority": ({ ha_restart_priority }) => ha_restart_priority,
      "HW version": ({ hardware_version }) => hardware_version as number,
      ...place,
      "SMBIOS UUID": ({ uuid }) => uuid,
      "VI SDK Server type": () =>
        estate.vcenter?.api_type === "HostAgent"
          ? "VMware ESXi 6.7.0"
          : `VMware vCenter Server ${estate.vcenter?.version ?? ""} build-17138064`,
    }),
    tab("vCPU", machines, {
      VM: ({ name }) => name,
      CPUs: ({ cpus }) => cpus,
      Sockets: ({ cpus, cores_per_socket: cores }) => (cpus ?? 1) / (cores ?? 1),
      "Cores p/s": ({ cores_per_socket }) => cores_per_socket,
      Reservation: ({ cpu_reservation_mhz }) => cpu_reservation_mhz,
      Limit: ({ cpu_limit_mhz }) => unlimited(cpu_limit_mhz),
      ...place,
    }),
    tab("vMemory", machines, {
      VM: ({ name }) => name,
      "Size MiB": ({ memory_mb }) => memory_mb,
      "Memory Reservation Locked To Max": ({ memory_reservation_locked }) => flag(memory_reservation_locked),
      Ballooned: () => 0,
      Reservation: ({ memory_reservation_mb }) => memory_reservation_mb,
      Limit: ({ memory_limit_mb }) => unlimited(memory_limit_mb),
      ...place,
    }),
    tab(
      "vDisk",
      machines.flatMap((machine) => (machine.disks ?? []).map((disk) => ({ machine, disk }))),
      {
        VM: ({ machine }) => machine.name,
        Disk: ({ disk }) => disk.label,
        "Capacity MiB": ({ disk }) => disk.capacity_mb,
        "Disk Mode": () => "persistent",
        Thin: ({ disk }) => flag(disk.thin),
        // A machine with snapshots writes to disks that they made.
        Path: ({ disk, machine }) =>
          `[${disk.datastore ?? ""}] ${machine.name}/${machine.name}${(machine.snapshots ?? 0) > 0 ? "-000001" : ""}.vmdk`,
        ...placeOf,
      },
    ),
    tab(
      "vNetwork",
      machines.flatMap((machine) => (machine.nics ?? []).map((nic, index) => ({ machine, nic, index }))),
      {
        VM: ({ machine }) => machine.name,
        "NIC label": ({ nic }) => nic.label,
        Adapter: ({ nic }) => nic.adapter?.replace(/^v/, "V"),
        Network: ({ nic }) => nic.network,
        Switch: () => null,
        Connected: () => "True",
        "Mac Address": ({ nic }) => nic.mac_address,
        Type: ({ nic }) => nic.mac_address_type,
        "IPv4 Address": ({ machine, index }) => (index === 0 ? machine.ip_addresses?.join(", ") : null),
        ...placeOf,
      },
    ),
    tab("vTools", machines, {
      VM: ({ name }) => name,
      "Sync time": ({ tools_time_sync }) => flag(tools_time_sync),
      ...place,
    }),
    tab(
      "vSnapshot",
      machines.flatMap((machine) => Array.from({ length: machine.snapshots ?? 0 }, (_, index) => ({ machine, index }))),
      {
        VM: ({ machine }) => machine.name,
        Name: ({ index }) => `before ${index}`,
        Quiesced: () => "False",
        ...placeOf,
      },
    ),
    tab("vPartition", machines, { VM: ({ name }) => name, "Capacity MiB": () => 90000, ...place }),
    tab("vCD", machines, { VM: ({ name }) => name, "Device Type": () => "Remote ATAPI", ...place }),
    tab("vHost", hosts, {
      Host: ({ name }) => name,
      Datacenter: ({ datacenter }) => datacenter,
      Cluster: ({ cluster }) => cluster,
      "in Maintenance Mode": ({ in_maintenance_mode }) => flag(in_maintenance_mode),
      "CPU Model": ({ cpu }) => cpu?.model,
      Speed: ({ cpu }) => cpu?.mhz,
      "HT Available": () => "True",
      "HT Active": ({ cpu }) => flag(cpu?.hyperthreading_active),
      "# CPU": ({ cpu }) => cpu?.sockets,
      "Cores per CPU": ({ cpu }) => (cpu?.cores ?? 0) / (cpu?.sockets ?? 1),
      "# Cores": ({ cpu }) => cpu?.cores,
      "# Memory": ({ memory_mb }) => memory_mb,
      "# NICs": ({ physical_nics }) => physical_nics?.length,
      "# VMs total": ({ name }) => on(name).length,
      "# VMs": ({ name }) => on(name).filter(({ power_state }) => power_state === "poweredOn").length,
      "# vCPUs": ({ name }) =>
        on(name).reduce((sum, { cpus, power_state }) => sum + (power_state === "poweredOn" ? (cpus ?? 0) : 0), 0),
      "Current EVC": ({ cpu }) => cpu?.evc_mode,
      "Max EVC": ({ cpu }) => cpu?.max_evc_mode,
      "Assigned License(s)": ({ edition }) => LICENCES[edition ?? "other"],
      "ESX Version": ({ version, build }) =>
        version === undefined ? null : `VMware ESXi ${version} build-${String(build)}`,
      "NTP Server(s)": ({ ntp }) => ntp?.servers?.join(", ") ?? null,
      "NTPD running": ({ ntp }) => flag(ntp?.running),
      "Serial number": () => 7,
      "Object ID": ({ name }) => `host-${name.length}`,
      ...sdk,
    }),
    tab("vCluster", estate.clusters ?? [], {
      Name: ({ name }) => name,
      NumHosts: ({ name, datacenter }) =>
        hosts.filter((host) => host.cluster === name && (host.datacenter ?? datacenter) === datacenter).length,
      "HA enabled": ({ ha_enabled }) => flag(ha_enabled),
      "Host monitoring": ({ ha_host_monitoring }) =>
        ha_host_monitoring === undefined ? null : ha_host_monitoring ? "enabled" : "disabled",
      "Restart Priority": () => "medium",
      "DRS enabled": ({ drs_enabled }) => flag(drs_enabled),
      "DRS default VM behavior": ({ drs_behavior }) => drs_behavior,
      ...sdk,
    }),
    tab(
      "vSwitch",
      hosts.flatMap((host) => (host.virtual_switches ?? []).map((it) => ({ host, it }))),
      {
        ...hostPlace,
        Switch: ({ it }) => it.name,
        "# Ports": () => 1536,
        "Traffic Shaping": ({ it }) => flag(it.shaping_enabled),
        Policy: ({ it }) => it.teaming_policy,
        MTU: ({ it }) => it.mtu,
        ...sdk,
      },
    ),
    tab(
      "vPort",
      hosts.flatMap((host) => (host.port_groups ?? []).map((it) => ({ host, it }))),
      {
        ...hostPlace,
        "Port Group": ({ it }) => it.name,
        Switch: ({ it }) => it.virtual_switch,
        VLAN: ({ it }) => it.vlan as Cell,
        "Promiscuous Mode": () => "False",
        "Traffic Shaping": ({ it }) => flag(it.shaping_enabled ?? undefined),
        Width: ({ it }) => (it.shaping_enabled === true ? 100_000 : null),
        Policy: ({ it }) => it.teaming_policy,
        // They belong to the policy, and are blank where that is inherited.
        "Notify Switch": ({ it }) => (it.teaming_policy == null ? null : "True"),
        "Rolling Order": ({ it }) => (it.teaming_policy == null ? null : "False"),
        ...sdk,
      },
    ),
    tab("dvSwitch", estate.distributed_switches ?? [], {
      Switch: ({ name }) => name,
      Datacenter: ({ datacenter }) => datacenter,
      Name: ({ name }) => name,
      "Host members": ({ hosts: members }) => members?.map(({ name }) => name ?? "").join(", "),
      "LACP Name": ({ lags }) => lags?.map(({ name }) => name).join(", "),
      "LACP Load Balance Alg.": ({ lags }) => lags?.map(({ load_balance }) => load_balance ?? "").join(", "),
      "Max MTU": ({ mtu }) => mtu,
      ...sdk,
    }),
    tab("dvPort", estate.distributed_port_groups ?? [], {
      Port: ({ name }) => name,
      Switch: ({ distributed_switch }) => distributed_switch,
      Type: () => "earlyBinding",
      VLAN: ({ vlan }) => vlan as Cell,
      Speed: () => 10,
      "Full Duplex": () => "True",
      "Active Uplink": ({ active_uplinks }) => active_uplinks?.join(", "),
      "Standby Uplink": ({ standby_uplinks }) => standby_uplinks?.join(", "),
      Policy: ({ teaming_policy }) => teaming_policy,
      "In Traffic Shaping": ({ ingress_shaping_enabled }) => flag(ingress_shaping_enabled),
      "Out Traffic Shaping": ({ egress_shaping_enabled }) => flag(egress_shaping_enabled),
      "Teaming Override": ({ port_teaming_override_allowed }) => flag(port_teaming_override_allowed),
      ...sdk,
    }),
    tab(
      "vNIC",
      hosts.flatMap((host) => (host.physical_nics ?? []).map((nic) => ({ host, nic }))),
      {
        ...hostPlace,
        "Network Device": ({ nic }) => nic.name,
        Speed: ({ nic }) => nic.speed_mbps,
        Duplex: ({ nic }) => (nic.speed_mbps === null ? "Link is down!" : nic.full_duplex === true ? "Full" : "Half"),
        Switch: ({ host, nic }) => switchOf(host, nic.name),
        ...sdk,
      },
    ),
    tab("vDatastore", estate.datastores ?? [], {
      Name: ({ name }) => name,
      Type: ({ type }) => type,
      "Capacity MiB": () => 1048576,
      "SIOC enabled": () => "False",
      "# VMs": ({ name }) => machines.filter(({ disks }) => disks?.some((disk) => disk.datastore === name)).length,
      "# Hosts": ({ hosts: users }) => users?.length,
      Hosts: ({ hosts: users }) => users?.join(", "),
      "Cluster name": ({ datastore_cluster }) => datastore_cluster,
      "Cluster capacity MiB": ({ datastore_cluster }) => (datastore_cluster == null ? null : 4_194_304),
      ...sdk,
    }),
    tab("vRP", estate.resource_pools ?? [], {
      "Resource Pool name": ({ name }) => name,
      "Resource Pool path": ({ path }) => path,
      ...sdk,
    }),
    tab("vLicense", estate.licences ?? [], {
      Name: ({ name }) => name,
      Key: () => LICENCE_KEY,
      "Cost Unit": () => "cpuPackage",
      ...sdk,
    }),
    tab("vSource", [0], {
      Name: () => "VMware vCenter Server",
      "OS type": () => "linux-x64",
      "API type": () => estate.vcenter?.api_type,
      "API version": () => "6.7.3",
      Version: () => estate.vcenter?.version,
      Fullname: () => `VMware vCenter Server ${estate.vcenter?.version ?? ""}`,
      ...sdk,
    }),
    tab("vMetaData", [0], {
      "RVTools major version": () => "4.7",
      "RVTools version": () => "4.7.1.4",
      "xlsx creation datetime": () => 46346.34375,
      Server: () => server,
    }),
  ];
}

/** A key that must reach no output. */
export const LICENCE_KEY = "AB1CD-2EF3G-4HI5J-6KL7M-8NO9P";

const LICENCES: Readonly<Record<string, string>> = {
  enterprise_plus: "VMware vSphere 6 Enterprise Plus",
  standard: "VMware vSphere 6 Standard",
  other: "Something else",
};
