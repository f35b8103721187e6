import type { Tree } from "../../../src/inventory/mapping/tree.ts";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";

/** A managed object, with the properties that a recipe collects. */
export interface ManagedObject {
  readonly type: string;
  readonly id: string;
  readonly properties: Readonly<Record<string, Tree>>;
}

/** The type of a data object in the API, if it matters in addition to its fields; govc's JSON drops it. */
export const TYPE = "_typeName";

const ref = (type: string, value: string): Tree => ({ type, value });
const policy = (enabled: boolean | undefined): Tree => (enabled === undefined ? {} : { enabled });

/** The objects of the vSphere API for an inventory. */
export function vsphereObjects(estate: Inventory): readonly ManagedObject[] {
  const datacenters = estate.datacenters?.flatMap(({ name }) => name ?? []) ?? ["Oslo-DC"];
  const datacenterId = (name: string | undefined) => `datacenter-${Math.max(0, datacenters.indexOf(name ?? "")) + 2}`;
  /** Those of the first datacenter have the plain names. */
  const folder = (name: string, datacenter: string | undefined) =>
    datacenters.indexOf(datacenter ?? "") > 0 ? `group-${name}-${datacenterId(datacenter)}` : `group-${name}`;
  const hosts = estate.hosts ?? [];
  const hostId = (name: string | undefined) => `host-${hosts.findIndex((host) => host.name === name) + 21}`;
  const clusters = estate.clusters ?? [];
  type Placed = { readonly cluster?: string | null; readonly datacenter?: string };
  const isIn = ({ name, datacenter }: (typeof clusters)[number], object: Placed) =>
    object.cluster === name && (object.datacenter ?? datacenter) === datacenter;
  const clusterId = (object: Placed) => `domain-c${clusters.findIndex((cluster) => isIn(cluster, object)) + 7}`;
  const idOf = ({ name, datacenter }: (typeof clusters)[number]) =>
    clusterId({ cluster: name, ...(datacenter !== undefined && { datacenter }) });
  const stores = estate.datastores ?? [];
  const storeId = (name: string | undefined) => `datastore-${stores.findIndex((it) => it.name === name) + 11}`;
  const switches = estate.distributed_switches ?? [];
  const switchId = (name: string | undefined) => `dvs-${switches.findIndex((it) => it.name === name) + 31}`;
  const groups = estate.distributed_port_groups ?? [];
  const groupId = (name: string | undefined) => `dvportgroup-${groups.findIndex((it) => it.name === name) + 41}`;
  const plainNetworks = [...new Set(hosts.flatMap(({ port_groups: own }) => (own ?? []).map(({ name }) => name)))];
  const machines = estate.virtual_machines ?? [];
  const pods = [...new Set(stores.flatMap(({ datastore_cluster: pod }) => pod ?? []))];
  const ownerOf = ({ cluster, path }: NonNullable<Inventory["resource_pools"]>[number]) => {
    const datacenter = datacenters.find((name) => path?.startsWith(`/${name}/`));
    return clusterId({ ...(cluster !== undefined && { cluster }), ...(datacenter !== undefined && { datacenter }) });
  };
  const isAloneOnLine = (name: string) => `domain-s${hosts.findIndex((host) => host.name === name) + 21}`;

  return [
    // `govc collect` lists what is in the root folder, group-d1, and not the folder itself.
    ...datacenters.flatMap((datacenter) => [
      {
        type: "Datacenter",
        id: datacenterId(datacenter),
        properties: { name: datacenter, parent: ref("Folder", "group-d1") },
      },
      ...["host", "network", "vm", "datastore"].map((name) => ({
        type: "Folder",
        id: folder(name, datacenter),
        properties: { name, parent: ref("Datacenter", datacenterId(datacenter)) },
      })),
    ]),
    ...clusters.map((cluster) => ({
      type: "ClusterComputeResource",
      id: idOf(cluster),
      properties: {
        name: cluster.name,
        parent: ref("Folder", folder("host", cluster.datacenter)),
        host: hosts.filter((host) => isIn(cluster, host)).map(({ name }) => ref("HostSystem", hostId(name))),
        summary: {
          [TYPE]: "ClusterComputeResourceSummary",
          numHosts: hosts.filter((host) => isIn(cluster, host)).length,
          ...(cluster.evc_mode != null && { currentEVCModeKey: cluster.evc_mode }),
        },
        configurationEx: {
          [TYPE]: "ClusterConfigInfoEx",
          dasConfig: { enabled: cluster.ha_enabled ?? null, defaultVmSettings: { restartPriority: "medium" } },
          dasVmConfig: machines.flatMap((machine, index): Tree[] =>
            !isIn(cluster, machine) || machine.ha_restart_priority === undefined
              ? []
              : [
                  {
                    key: ref("VirtualMachine", `vm-${index + 101}`),
                    dasSettings: { restartPriority: machine.ha_restart_priority },
                  },
                ],
          ),
          drsConfig: { enabled: cluster.drs_enabled ?? null, defaultVmBehavior: cluster.drs_behavior ?? null },
          drsVmConfig: [],
        },
      },
    })),
    ...hosts.map((host) => ({
      type: "HostSystem",
      id: hostId(host.name),
      properties: {
        name: host.name,
        parent:
          host.cluster == null
            ? ref("ComputeResource", isAloneOnLine(host.name))
            : ref("ClusterComputeResource", clusterId(host)),
        vm: machines.flatMap((machine, index): Tree[] =>
          machine.host === host.name ? [ref("VirtualMachine", `vm-${index + 101}`)] : [],
        ),
        runtime: {
          connectionState: host.connection_state ?? "connected",
          inMaintenanceMode: host.in_maintenance_mode ?? false,
        },
        summary: {
          hardware: { cpuModel: host.cpu?.model ?? "" },
          ...(host.cpu?.max_evc_mode != null && { maxEVCModeKey: host.cpu.max_evc_mode }),
          ...(host.cpu?.evc_mode != null && { currentEVCModeKey: host.cpu.evc_mode }),
        },
        hardware: {
          cpuInfo: {
            numCpuPackages: host.cpu?.sockets ?? 1,
            numCpuCores: host.cpu?.cores ?? 1,
            numCpuThreads: host.cpu?.threads ?? 1,
            hz: (host.cpu?.mhz ?? 1) * 1_000_000,
          },
          memorySize: (host.memory_mb ?? 0) * 1024 * 1024,
        },
        "config.product": {
          version: host.version ?? "",
          apiVersion: host.api_version ?? "",
          build: String(host.build),
        },
        "config.dateTimeInfo": {
          ntpConfig: { server: host.ntp?.servers ?? [] },
          systemClockProtocol: host.ntp?.protocol ?? "ntp",
        },
        "config.service": {
          service: [{ key: "ntpd", running: host.ntp?.running ?? false, policy: host.ntp?.startup_policy ?? "off" }],
        },
        "config.firewall": {
          defaultPolicy: {},
          ruleset: [{ key: "ntpClient", enabled: host.ntp?.firewall_open ?? false }],
        },
        "config.network": {
          pnic: (host.physical_nics ?? []).map((nic) => ({
            key: `key-${nic.name}`,
            device: nic.name,
            ...(nic.speed_mbps != null && { linkSpeed: { speedMb: nic.speed_mbps, duplex: nic.full_duplex ?? true } }),
          })),
          vswitch: (host.virtual_switches ?? []).map((it) => ({
            name: it.name,
            mtu: it.mtu ?? 1500,
            pnic: (it.uplinks ?? []).map((name) => `key-${name}`),
            spec: {
              policy: {
                nicTeaming: { policy: it.teaming_policy ?? "", nicOrder: { activeNic: it.uplinks ?? [] } },
                shapingPolicy: policy(it.shaping_enabled),
              },
            },
          })),
          portgroup: (host.port_groups ?? []).map((it) => {
            const own = host.virtual_switches?.find(({ name }) => name === it.virtual_switch);
            return {
              spec: {
                name: it.name,
                vlanId: it.vlan ?? 0,
                vswitchName: it.virtual_switch ?? "",
                policy: {
                  ...(it.teaming_policy != null && { nicTeaming: { policy: it.teaming_policy } }),
                  ...(it.shaping_enabled != null && { shapingPolicy: { enabled: it.shaping_enabled } }),
                },
              },
              computedPolicy: {
                nicTeaming: {
                  policy: it.teaming_policy ?? own?.teaming_policy ?? "",
                  nicOrder: { activeNic: it.uplinks ?? own?.uplinks ?? [] },
                },
                shapingPolicy: policy(it.shaping_enabled ?? own?.shaping_enabled),
              },
            };
          }),
          proxySwitch: switches.flatMap((it): Tree[] => {
            const member = it.hosts?.find(({ name }) => name === host.name);
            return member === undefined
              ? []
              : [
                  {
                    dvsUuid: `uuid ${it.name}`,
                    dvsName: it.name,
                    pnic: (member.uplinks ?? []).map((name) => `key-${name}`),
                  },
                ];
          }),
        },
        "config.autoStart": {
          defaults: { enabled: host.autostart?.enabled ?? false },
          powerInfo: (host.autostart?.virtual_machines ?? []).map((name) => ({
            key: ref("VirtualMachine", `vm-${machines.findIndex((machine) => machine.name === name) + 101}`),
            startAction: "powerOn",
            startOrder: 1,
          })),
        },
        "config.lockdownMode": host.lockdown_mode ?? "lockdownDisabled",
        "config.option": Object.entries(host.options ?? {}).map(([key, value]) => ({ key, value })),
        "config.hyperThread": { active: host.cpu?.hyperthreading_active ?? false },
        "config.featureCapability": features(host.cpu?.features_unmasked),
        "config.maskedFeatureCapability": features(host.cpu?.features),
      },
    })),
    ...switches.map((it) => ({
      type: "VmwareDistributedVirtualSwitch",
      id: switchId(it.name),
      properties: {
        name: it.name,
        parent: ref("Folder", "group-network"),
        uuid: `uuid ${it.name}`,
        config: {
          [TYPE]: "VMwareDVSConfigInfo",
          maxMtu: it.mtu ?? 1500,
          name: it.name,
          lacpApiVersion: it.lacp_api_version ?? "multipleLag",
          uplinkPortPolicy: { [TYPE]: "DVSNameArrayUplinkPortPolicy", uplinkPortName: ["Uplink 1", "Uplink 2"] },
          ...((it.lags ?? []).length > 0 && {
            lacpGroupConfig: (it.lags ?? []).map(({ name, load_balance: loadbalanceAlgorithm = "" }) => ({
              name,
              loadbalanceAlgorithm,
            })),
          }),
        },
        summary: { name: it.name, hostMember: (it.hosts ?? []).map(({ name }) => ref("HostSystem", hostId(name))) },
      },
    })),
    ...groups.map((it) => ({
      type: "DistributedVirtualPortgroup",
      id: groupId(it.name),
      properties: {
        name: it.name,
        key: groupId(it.name),
        parent: ref("Folder", "group-network"),
        config: {
          distributedVirtualSwitch: ref("VmwareDistributedVirtualSwitch", switchId(it.distributed_switch)),
          defaultPortConfig: {
            vlan: { [TYPE]: "VmwareDistributedVirtualSwitchVlanIdSpec", vlanId: it.vlan ?? 0 },
            uplinkTeamingPolicy: {
              policy: { value: it.teaming_policy ?? "" },
              uplinkPortOrder: {
                activeUplinkPort: it.active_uplinks ?? [],
                standbyUplinkPort: it.standby_uplinks ?? [],
              },
            },
            inShapingPolicy: { enabled: { value: it.ingress_shaping_enabled ?? false } },
            outShapingPolicy: { enabled: { value: it.egress_shaping_enabled ?? false } },
          },
          policy: {
            [TYPE]: "VMwareDVSPortgroupPolicy",
            uplinkTeamingOverrideAllowed: it.port_teaming_override_allowed ?? false,
          },
        },
      },
    })),
    ...plainNetworks.map((name, index) => ({
      type: "Network",
      id: `network-${index + 51}`,
      properties: { name, parent: ref("Folder", "group-network") },
    })),
    ...pods.map((name) => ({
      type: "StoragePod",
      id: `group-p${pods.indexOf(name) + 1}`,
      properties: { name, parent: ref("Folder", "group-datastore") },
    })),
    ...stores.map((it) => ({
      type: "Datastore",
      id: storeId(it.name),
      properties: {
        name: it.name,
        parent:
          it.datastore_cluster == null
            ? ref("Folder", "group-datastore")
            : ref("StoragePod", `group-p${pods.indexOf(it.datastore_cluster) + 1}`),
        host: (it.hosts ?? []).map((name) => ({
          key: ref("HostSystem", hostId(name)),
          mountInfo: { accessible: true, mounted: true },
        })),
        vm: machines.flatMap(({ disks }, index): Tree[] =>
          disks?.some((disk) => disk.datastore === it.name) === true
            ? [ref("VirtualMachine", `vm-${index + 101}`)]
            : [],
        ),
        summary: { name: it.name, type: it.type ?? "VMFS" },
        info: { [TYPE]: "VmfsDatastoreInfo", vmfs: { ssd: it.ssd ?? false, local: it.local ?? false } },
      },
    })),
    ...clusters.map((cluster) => ({
      type: "ResourcePool",
      id: `resgroup-${idOf(cluster)}`,
      properties: {
        name: "Resources",
        parent: ref("ClusterComputeResource", idOf(cluster)),
        owner: ref("ClusterComputeResource", idOf(cluster)),
      },
    })),
    ...(estate.resource_pools ?? []).map((pool, index) => ({
      type: "ResourcePool",
      id: `resgroup-${index + 71}`,
      properties: {
        name: pool.name,
        parent: ref("ResourcePool", `resgroup-${ownerOf(pool)}`),
        owner: ref("ClusterComputeResource", ownerOf(pool)),
      },
    })),
    ...machines.map((machine, index) => ({
      type: "VirtualMachine",
      id: `vm-${index + 101}`,
      properties: {
        name: machine.name,
        parent: ref("Folder", folder("vm", machine.datacenter)),
        runtime: {
          host: ref("HostSystem", hostId(machine.host)),
          powerState: machine.power_state ?? "poweredOn",
          connectionState: "connected",
          ...(machine.min_required_evc_mode != null && { minRequiredEVCModeKey: machine.min_required_evc_mode }),
        },
        config: {
          uuid: machine.uuid ?? "",
          template: machine.template ?? false,
          version: `vmx-${String(machine.hardware_version).padStart(2, "0")}`,
          hardware: {
            numCPU: machine.cpus ?? 1,
            numCoresPerSocket: machine.cores_per_socket ?? 1,
            memoryMB: machine.memory_mb ?? 1,
            device: [
              ...(machine.disks ?? []).map((disk) => ({
                [TYPE]: "VirtualDisk",
                deviceInfo: { label: disk.label ?? "", summary: "" },
                capacityInKB: (disk.capacity_mb ?? 0) * 1024,
                backing: {
                  [TYPE]: "VirtualDiskFlatVer2BackingInfo",
                  fileName: `[${disk.datastore ?? ""}] ${machine.name}/${machine.name}.vmdk`,
                  thinProvisioned: disk.thin ?? false,
                  datastore: ref("Datastore", storeId(disk.datastore)),
                },
              })),
              ...(machine.nics ?? []).map((nic) => ({
                [TYPE]: ADAPTERS[nic.adapter ?? ""] ?? "VirtualVmxnet3",
                deviceInfo: { label: nic.label ?? "", summary: "" },
                macAddress: nic.mac_address ?? "",
                addressType: nic.mac_address_type ?? "",
                backing: groups.some(({ name }) => name === nic.network)
                  ? { port: { portgroupKey: groupId(nic.network), switchUuid: "uuid" } }
                  : {
                      deviceName: nic.network ?? "",
                      network: ref("Network", `network-${plainNetworks.indexOf(nic.network ?? "") + 51}`),
                    },
              })),
            ],
          },
          cpuAllocation: { reservation: machine.cpu_reservation_mhz ?? 0, limit: machine.cpu_limit_mhz ?? -1 },
          memoryAllocation: { reservation: machine.memory_reservation_mb ?? 0, limit: machine.memory_limit_mb ?? -1 },
          memoryReservationLockedToMax: machine.memory_reservation_locked ?? false,
          extraConfig: [
            { key: "guestinfo.secret", value: "not for us" },
            ...(machine.numa_node_affinity == null
              ? []
              : [{ key: "numa.nodeAffinity", value: String(machine.numa_node_affinity) }]),
          ],
          tools: { syncTimeWithHost: machine.tools_time_sync ?? false },
        },
        "guest.ipAddress": machine.ip_addresses?.[0] ?? "",
        "guest.net":
          (machine.ip_addresses ?? []).length === 0 ? [] : [{ network: "x", ipAddress: machine.ip_addresses ?? [] }],
        rootSnapshot: Array.from({ length: machine.snapshots ?? 0 }, (_, count) =>
          ref("VirtualMachineSnapshot", `snapshot-${count}`),
        ),
        ...((machine.snapshots ?? 0) > 0 && {
          snapshot: {
            rootSnapshotList: Array.from({ length: machine.snapshots ?? 0 }, (_, count) => ({
              id: count,
              name: "before",
            })),
          },
        }),
      },
    })),
  ];
}

const ADAPTERS: Readonly<Record<string, string>> = {
  vmxnet3: "VirtualVmxnet3",
  e1000: "VirtualE1000",
  e1000e: "VirtualE1000e",
};

function features(
  found: { readonly avx?: boolean; readonly avx2?: boolean; readonly avx512f?: boolean } | undefined,
): Tree {
  const keys = { avx: "cpuid.AVX", avx2: "cpuid.AVX2", avx512f: "cpuid.AVX512F" } as const;
  return (["avx", "avx2", "avx512f"] as const).flatMap((name): Tree[] =>
    found?.[name] === undefined ? [] : [{ key: keys[name], featureName: keys[name], value: found[name] ? "1" : "0" }],
  );
}
