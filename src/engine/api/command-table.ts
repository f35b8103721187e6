/** The shell of a command line: govc and PowerCLI through vCenter Server, esxcli in the shell of one host. */
export const COMMAND_SHELLS = ["govc", "powercli", "esxcli"] as const;
export type CommandShell = (typeof COMMAND_SHELLS)[number];

/** A shell, or `text` for a line that is not for a shell, such as a record of a zone file. */
export type CommandForm = CommandShell | "text";

/**
 * The state of the VM that a change requires. `none`: it may run. `maintenance`: the node is in Pexip maintenance mode.
 * `off`: the VM is powered off. `power-cycle`: the change is made at once, and takes effect for VMs at their next
 * power-on; a reboot of the guest is not enough.
 */
type PowerNeed = "none" | "maintenance" | "off" | "power-cycle";

/** A fix as data: one row of the table of commands. */
export interface CommandDefinition {
  /**
   * The line for each shell whose syntax is known, with `{names}` for values; the first one is shown in reports. A line
   * with `<words>` has to be completed by a person.
   */
  readonly lines: Readonly<Partial<Record<CommandForm, string>>>;
  /** Lines whose syntax was found nowhere outside the cmdlet reference: scripts have them as comments. */
  readonly unconfirmed?: readonly CommandForm[];
  /** Lines that reports show besides the first. */
  readonly alsoShown?: readonly CommandForm[];
  /** The object that it changes; fixes of a VM or host are grouped by host. */
  readonly scope: "vm" | "host" | "shared";
  readonly power: PowerNeed;
  /** What a person must know before: full sentences. */
  readonly warning?: string;
  /** What a person does just before, as an imperative sentence. */
  readonly before?: string;
  /** The value of which the highest is enough where several rules require the same change. */
  readonly highest?: string;
  /** Commands with equal texts here set the same thing: with different lines for one object, a person chooses. */
  readonly sets?: string;
}

const ONE_WAY = "An upgrade of the hardware version cannot be undone.";
const ETHER_CHANNEL =
  "IP hash requires an EtherChannel on the physical switch; no other policy does. Changing only one side disconnects the host.";
const PHYSICAL_SWITCH =
  "Change the ports of the physical switch together with the next step: remove their static EtherChannel.";
const POWER_CYCLE = "Running VMs see the change only after a power cycle; a reboot is not enough.";

/*
 * Every command that rules propose. Syntax: govc's own sources (cli/); for PowerCLI and esxcli, scripts in public repositories
 * that use the same cmdlet or command with the same parameters. A shell without a line has none.
 */
export const COMMANDS = {
  "vm/unlimited": {
    lines: {
      govc: "govc vm.change -vm {vm} -cpu.limit=-1 -mem.limit=-1",
      powercli:
        "Get-VM -Name {vm} | Get-VMResourceConfiguration | Set-VMResourceConfiguration -CpuLimitMhz $null -MemLimitGB $null",
    },
    scope: "vm",
    power: "none",
  },
  "vm/reserve-memory": {
    lines: { govc: "govc vm.change -vm {vm} -mem.reservation {memory_mb} -memory-pin=true" },
    scope: "vm",
    power: "none",
    warning: "The reservation fails if the host or resource pool does not have enough unreserved memory.",
  },
  "vm/reserve-cpu": {
    lines: {
      govc: "govc vm.change -vm {vm} -cpu.reservation {mhz}",
      powercli:
        "Get-VM -Name {vm} | Get-VMResourceConfiguration | Set-VMResourceConfiguration -CpuReservationMhz {mhz}",
    },
    scope: "vm",
    power: "none",
    warning: "The reservation fails if the host or resource pool does not have enough unreserved CPU.",
  },
  "vm/time-sync-off": {
    lines: { govc: "govc vm.change -vm {vm} -sync-time-with-host=false" },
    scope: "vm",
    power: "none",
  },
  "vm/upgrade-hardware": {
    lines: {
      govc: "govc vm.upgrade -vm {vm} -version {version}",
      powercli: "Get-VM -Name {vm} | Set-VM -HardwareVersion vmx-{version}",
    },
    scope: "vm",
    power: "off",
    warning: ONE_WAY,
    highest: "version",
  },
  "vm/remove-snapshots": {
    lines: {
      govc: "govc snapshot.remove -vm {vm} '*'",
      powercli: "Get-VM -Name {vm} | Get-Snapshot | Remove-Snapshot",
    },
    scope: "vm",
    power: "maintenance",
    warning: "Deleted snapshots cannot be restored, and deleting them reduces disk performance until it is complete.",
  },
  "vm/inflate-disk": {
    lines: { powercli: "Get-VM -Name {vm} | Get-HardDisk -Name {disk} | Set-HardDisk -Inflate" },
    unconfirmed: ["powercli"],
    scope: "vm",
    power: "off",
    warning: "The datastore must have room for the full size of the disk.",
  },
  "vm/manual-mac-address": {
    // govc changes the address only together with the network, even if the network is unchanged.
    lines: { govc: "govc vm.network.change -vm {vm} -net {network} -net.address {mac} ethernet-0" },
    scope: "vm",
    power: "off",
    warning:
      "With a new address, active licenses may have to be reactivated; keep the current address if vSphere accepts it.",
  },
  "vm/ha-restart-priority": {
    lines: {
      govc: "govc cluster.override.change -cluster {cluster} -vm {vm} -ha-restart-priority medium",
      powercli: "Get-VM -Name {vm} | Set-VM -HARestartPriority Medium",
    },
    scope: "vm",
    power: "none",
  },
  "vm/autostart": {
    lines: {
      govc: "govc host.autostart.add -host {host} {vm}",
      powercli: "Get-VM -Name {vm} | Get-VMStartPolicy | Set-VMStartPolicy -StartAction PowerOn",
    },
    scope: "vm",
    power: "none",
  },
  "vm/drs-partially-automated": {
    lines: {
      govc: "govc cluster.override.change -cluster {cluster} -vm {vm} -drs-enabled -drs-mode partiallyAutomated",
      powercli: "Get-VM -Name {vm} | Set-VM -DrsAutomationLevel PartiallyAutomated",
    },
    scope: "vm",
    power: "none",
  },
  "host/autostart": {
    lines: {
      govc: "govc host.autostart.configure -host {host} -enabled=true",
      powercli: "Get-VMHost -Name {host} | Get-VMHostStartPolicy | Set-VMHostStartPolicy -Enabled $true",
    },
    scope: "host",
    power: "none",
  },
  "host/enable-service": {
    lines: {
      govc: "govc host.service -host {host} enable {service}",
      powercli:
        "Get-VMHost -Name {host} | Get-VMHostService | Where-Object Key -EQ {service} | Set-VMHostService -Policy On",
    },
    scope: "host",
    power: "none",
  },
  "host/start-service": {
    lines: {
      govc: "govc host.service -host {host} start {service}",
      powercli: "Get-VMHost -Name {host} | Get-VMHostService | Where-Object Key -EQ {service} | Start-VMHostService",
    },
    scope: "host",
    power: "none",
  },
  "host/restart-service": {
    lines: {
      govc: "govc host.service -host {host} restart {service}",
      powercli: "Get-VMHost -Name {host} | Get-VMHostService | Where-Object Key -EQ {service} | Restart-VMHostService",
    },
    scope: "host",
    power: "none",
  },
  "host/set-ntp-servers": {
    lines: {
      govc: "govc host.date.change -host {host} -server '<NTP server 1>' -server '<NTP server 2>' -server '<NTP server 3>'",
      powercli:
        "Get-VMHost -Name {host} | Add-VMHostNtpServer -NtpServer '<NTP server 1>', '<NTP server 2>', '<NTP server 3>'",
    },
    scope: "host",
    power: "none",
  },
  "host/add-ntp-server": {
    lines: { powercli: "Get-VMHost -Name {host} | Add-VMHostNtpServer -NtpServer '<NTP server>'" },
    scope: "host",
    power: "none",
  },
  "host/open-ntp": {
    lines: {
      govc: "govc host.esxcli -host {host} network firewall ruleset set -r ntpClient -e true",
      esxcli: "esxcli network firewall ruleset set -r ntpClient -e true",
      powercli:
        "Get-VMHost -Name {host} | Get-VMHostFirewallException -Name 'NTP Client' | Set-VMHostFirewallException -Enabled $true",
    },
    scope: "host",
    power: "none",
  },
  "host/lockdown": {
    lines: {
      powercli:
        "(Get-View (Get-VMHost -Name {host}).ExtensionData.ConfigManager.HostAccessManager).ChangeLockdownMode('lockdownNormal')",
    },
    scope: "host",
    power: "none",
    warning:
      "First add the accounts that need direct access to the host as exception users; whether automatic deployment works in lockdown mode is not documented.",
  },
  "host/receive-mtu-check-off": {
    lines: {
      esxcli: 'esxcli system settings advanced set -o "/Net/Vmxnet3NonTsoPacketGtMtuAllowed" -i 1',
      govc: "govc host.option.set -host {host} Net.Vmxnet3NonTsoPacketGtMtuAllowed 1",
      powercli:
        "Get-AdvancedSetting -Entity (Get-VMHost -Name {host}) -Name 'Net.Vmxnet3NonTsoPacketGtMtuAllowed' | Set-AdvancedSetting -Value 1",
    },
    alsoShown: ["govc"],
    scope: "host",
    power: "power-cycle",
    warning: POWER_CYCLE,
  },
  "host/standard-teaming": {
    lines: {
      powercli:
        "Get-VMHost {host} | Get-VirtualPortGroup -Standard -Name {group} | Get-NicTeamingPolicy | Set-NicTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId",
      esxcli:
        "esxcli network vswitch standard portgroup policy failover set --portgroup-name={group} --load-balancing=portid",
    },
    scope: "host",
    power: "none",
  },
  "host/standard-teaming-from-ip-hash": {
    lines: {
      powercli:
        "Get-VMHost {host} | Get-VirtualPortGroup -Standard -Name {group} | Get-NicTeamingPolicy | Set-NicTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId",
      esxcli:
        "esxcli network vswitch standard portgroup policy failover set --portgroup-name={group} --load-balancing=portid",
    },
    scope: "host",
    power: "none",
    warning: ETHER_CHANNEL,
    before: PHYSICAL_SWITCH,
  },
  "host/standard-shaping-off": {
    lines: {
      esxcli: "esxcli network vswitch standard portgroup policy shaping set --portgroup-name={group} --enabled=false",
    },
    scope: "host",
    power: "none",
  },
  "switch/distributed-teaming": {
    lines: {
      powercli:
        "Get-VDPortgroup -Name {group} | Get-VDUplinkTeamingPolicy | Set-VDUplinkTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId",
    },
    scope: "shared",
    power: "none",
    warning: "It changes the port group on every host of its switch.",
  },
  "switch/distributed-teaming-from-ip-hash": {
    lines: {
      powercli:
        "Get-VDPortgroup -Name {group} | Get-VDUplinkTeamingPolicy | Set-VDUplinkTeamingPolicy -LoadBalancingPolicy LoadBalanceSrcId",
    },
    scope: "shared",
    power: "none",
    warning: `It changes the port group on every host of its switch. ${ETHER_CHANNEL}`,
    before: PHYSICAL_SWITCH,
  },
  "switch/distributed-ingress-shaping-off": {
    lines: {
      powercli:
        "Get-VDPortgroup -Name {group} | Get-VDTrafficShapingPolicy -Direction In | Set-VDTrafficShapingPolicy -Enabled $false",
    },
    scope: "shared",
    power: "none",
  },
  "switch/distributed-egress-shaping-off": {
    lines: {
      powercli:
        "Get-VDPortgroup -Name {group} | Get-VDTrafficShapingPolicy -Direction Out | Set-VDTrafficShapingPolicy -Enabled $false",
    },
    scope: "shared",
    power: "none",
  },
  "cluster/raise-evc": {
    lines: { powercli: "Set-Cluster -Cluster {cluster} -EVCMode {mode}" },
    scope: "shared",
    power: "power-cycle",
    warning: POWER_CYCLE,
    sets: "evc",
  },
  "cluster/disable-evc": {
    lines: { powercli: "Set-Cluster -Cluster {cluster} -EVCMode $null" },
    scope: "shared",
    power: "power-cycle",
    warning: POWER_CYCLE,
    sets: "evc",
  },
  "account/role": {
    lines: {
      govc: "govc role.create pexip-deploy {privileges}",
    },
    scope: "shared",
    power: "none",
  },
  "account/permission": {
    lines: { govc: "govc permissions.set -principal {principal} -role {role} -propagate=true {datacenter_path}" },
    scope: "shared",
    power: "none",
    warning: "It replaces the permission that the principal has on this object.",
  },
  "account/group-permission": {
    lines: {
      govc: "govc permissions.set -principal {principal} -group=true -role {role} -propagate=true {datacenter_path}",
    },
    scope: "shared",
    power: "none",
    warning: "It replaces the permission that the principal has on this object.",
  },
  "dns/srv-record": {
    lines: { text: "{owner}.{domain}. 3600 IN SRV 10 10 {port} <node>.{domain}." },
    scope: "shared",
    power: "none",
  },
} as const satisfies Readonly<Record<string, CommandDefinition>>;

export type CommandTable = typeof COMMANDS;
export type CommandId = keyof CommandTable;
