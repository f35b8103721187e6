import type { JsonSchema } from "../values/json-schema.ts";
import { flag, integer, list, map, name, nullable, oneOf, record, text, texts } from "./schema-parts.ts";

/** Load balancing across uplinks, by the keys of the vSphere API. */
export function teaming(description: string): JsonSchema {
  return oneOf(description, [
    "loadbalance_srcid",
    "loadbalance_srcmac",
    "loadbalance_ip",
    "failover_explicit",
    "loadbalance_loadbased",
  ]);
}

export function uplinks(description: string): JsonSchema {
  return texts(description, { examples: [["vmnic0", "vmnic1"]] });
}

export const vlan: JsonSchema = {
  description: 'VLAN id, 0 for none; or the ranges of a trunk in quotes, as "0-4094".',
  type: ["integer", "string"],
  minimum: 0,
  maximum: 4095,
  examples: [110, "0-4094"],
};

const cpuFeatures = (title: string, when: string): JsonSchema =>
  record(title, `CPU features of the host, ${when}.`, {
    avx: flag("Whether the CPUs have AVX."),
    avx2: flag("Whether the CPUs have AVX2."),
    avx512f: flag("Whether the CPUs have AVX-512 Foundation."),
  });

const cpu = record("Host CPU", "The physical CPUs of the host.", {
  vendor: oneOf("Maker of the CPUs.", ["intel", "amd"]),
  model: text("CPU model name, as reported by the CPU.", { examples: ["Intel(R) Xeon(R) Gold 6242 CPU @ 2.80GHz"] }),
  sockets: integer("Number of CPU packages.", { minimum: 1, examples: [2] }),
  cores: integer("Number of physical cores of the whole host.", { minimum: 1, examples: [32] }),
  threads: integer("Number of logical processors of the whole host.", { minimum: 1, examples: [64] }),
  hyperthreading_active: flag("Whether hyperthreading is in use."),
  mhz: integer("Speed of one core, in MHz.", { minimum: 1, examples: [2800] }),
  cache_mb: integer("Size of the last-level cache of one CPU package, in MB.", { examples: [22] }),
  max_evc_mode: nullable(
    text("Highest EVC mode that the host supports, by vSphere's key; null when it supports none.", {
      examples: ["intel-cascadelake"],
    }),
  ),
  evc_mode: nullable(
    text("EVC mode in effect on the host, by vSphere's key; null when EVC is off.", {
      examples: ["intel-sandybridge"],
    }),
  ),
  features: cpuFeatures("CPU features", "after EVC masking, as virtual machines see them"),
  features_unmasked: cpuFeatures("Unmasked CPU features", "as its hardware has them, before EVC masking"),
});

const ntp = record("Host NTP", "How the host keeps time.", {
  servers: texts('NTP servers of the host; an entry may carry options, as "ntp1.vc.example.com iburst".', {
    examples: [["ntp1.vc.example.com", "ntp2.vc.example.com", "ntp3.vc.example.com"]],
  }),
  running: flag("Whether the NTP service (ntpd) is running."),
  startup_policy: oneOf(
    'Startup policy of the NTP service: on is "Start and stop with host", automatic "with port usage", off "manually".',
    ["on", "automatic", "off"],
  ),
  protocol: oneOf("Protocol with which the host sets its clock.", ["ntp", "ptp"]),
  firewall_open: flag("Whether the host's firewall allows the NTP client (rule set ntpClient)."),
});

const ptp = record("Host PTP", "Precision Time Protocol settings of a host that uses it.", {
  running: flag("Whether the PTP service (ptpd) is running."),
  startup_policy: oneOf("Startup policy of the PTP service, with the values of NTP.", ["on", "automatic", "off"]),
  firewall_open: flag("Whether the rule sets of the PTP service are enabled in the host's firewall."),
  fallback_to_ntp: flag("Whether the host falls back to NTP if PTP fails."),
});

const autostart = record("Autostart", "Which virtual machines start with the host.", {
  enabled: flag("Whether virtual machines start with the host at all."),
  virtual_machines: texts("Names of the virtual machines whose start action is powerOn."),
});

const physicalNic = record(
  "Physical nic",
  "A physical network adapter of the host.",
  {
    name: name("Name of the adapter.", "vmnic0"),
    speed_mbps: nullable(integer("Speed of the link, in Mbit/s; null when the link is down.", { examples: [1000] })),
    full_duplex: flag("Whether the link is full duplex."),
  },
  ["name"],
);

const virtualSwitch = record(
  "Virtual switch",
  "A standard switch of the host.",
  {
    name: name("Name of the switch.", "vSwitch0"),
    mtu: integer("MTU of the switch, in bytes.", { minimum: 1, examples: [1500] }),
    uplinks: uplinks("Physical network adapters that are uplinks of the switch."),
    teaming_policy: teaming("Load balancing across the uplinks, by vSphere's key."),
    shaping_enabled: flag("Whether traffic shaping is on."),
  },
  ["name"],
);

const portGroup = record(
  "Port group",
  "A port group of a standard switch of the host.",
  {
    name: name("Name of the port group.", "conferencing"),
    virtual_switch: text("Name of the standard switch that the port group belongs to.", { examples: ["vSwitch0"] }),
    vlan,
    teaming_policy: nullable(
      teaming(
        "Load balancing across the uplinks, by vSphere's key; null when the port group inherits it from its switch.",
      ),
    ),
    shaping_enabled: nullable(
      flag("Whether traffic shaping is on; null when the port group inherits it from its switch."),
    ),
    uplinks: uplinks("Physical network adapters that the port group uses, if they differ from the switch's."),
  },
  ["name"],
);

/** JSON Schema of an ESXi host. */
export function hostSchema(editions: readonly string[]): JsonSchema {
  return record(
    "Host",
    "An ESXi host.",
    {
      name: name("Name of the host.", "esxi01.example.com"),
      cluster: nullable(text("Name of the host's cluster; null for a standalone host.")),
      datacenter: text("Name of the datacenter that contains the host."),
      version: text(
        "ESXi version as the product states it, in quotes. It is 6.7.0 for every update of 6.7; 6.7 U3 or VMware ESXi 8.0.3 build-24674464 are understood too.",
        {
          examples: ["6.7.0"],
        },
      ),
      api_version: text("Version of the host's API, in quotes; shows the update level of ESXi 6.7.", {
        examples: ["6.7.3"],
      }),
      build: {
        description: "ESXi build number.",
        type: ["string", "integer"],
        minimum: 0,
        examples: ["15160138"],
      },
      edition: oneOf("Edition of the host's VMware license.", editions),
      managed_by_vcenter: flag("Whether a vCenter Server manages the host."),
      lockdown_mode: oneOf("Lockdown mode, as the vSphere API calls it.", [
        "lockdownDisabled",
        "lockdownNormal",
        "lockdownStrict",
      ]),
      in_maintenance_mode: flag("Whether the host is in maintenance mode."),
      connection_state: text("Connection to vCenter, as the vSphere API calls it.", {
        examples: ["connected", "disconnected", "notResponding"],
      }),
      memory_mb: integer("Physical memory in MB.", { examples: [131072] }),
      clock_offset_ms: integer(
        "The host's clock minus the collecting machine's, in ms, when the data was collected; negative when it is behind.",
        { minimum: -2_147_483_648, examples: [-12] },
      ),
      cpu,
      ntp,
      ptp,
      autostart,
      options: map(
        "Advanced settings by name; {} from a complete export means that the host has none of them. The rules read Net.Vmxnet3NonTsoPacketGtMtuAllowed.",
        { type: ["string", "integer", "boolean"] },
        { examples: [{ "Net.Vmxnet3NonTsoPacketGtMtuAllowed": 1 }] },
      ),
      physical_nics: list("Physical network adapters.", physicalNic),
      virtual_switches: list("Standard switches.", virtualSwitch),
      port_groups: list("Port groups of the standard switches.", portGroup),
    },
    ["name"],
  );
}
