import { shownKey } from "./columns.ts";

/**
 * The columns of the tabs that are read, as in RVTools 4.4 to 4.7 and 3.x. Any other column is a custom attribute or
 * was added manually.
 */
const NAMES = `
VM|Powerstate|Template|SRM Placeholder|Config status|DNS Name|Connection state|Guest state|Heartbeat|Consolidation Needed|PowerOn
Suspended To Memory|Suspend time|Suspend Interval|Creation date|Change Version|CPUs|Overall Cpu Readiness|Memory|Active Memory|NICs|Disks
Total disk capacity MB|Fixed Passthru HotPlug|min Required EVC Mode Key|Latency Sensitivity|Op Notification Timeout|EnableUUID|CBT
Primary IP Address|Network #1|Network #2|Network #3|Network #4|Network #5|Network #6|Network #7|Network #8|Num Monitors|Video Ram KB
Video Ram KiB|Resource pool|Folder ID|Folder|vApp|DAS protection|FT State|FT Role|FT Latency|FT Bandwidth|FT Sec. Latency
Vm Failover In Progress|Provisioned MB|In Use MB|Unshared MB|HA Restart Priority|HA Isolation Response|HA VM Monitoring|Cluster rule(s)
Cluster rule name(s)|Boot Required|Boot delay|Boot retry delay|Boot retry enabled|Boot BIOS setup|Reboot PowerOff|EFI Secure boot|Firmware
HW version|HW upgrade status|HW upgrade policy|HW target|Path|Log directory|Snapshot directory|Suspend directory|Annotation|Datacenter
Cluster|Host|OS|OS according to the configuration file|OS according to the VMware Tools|Customization Info|Guest Detailed Data|VM ID
SMBIOS UUID|VM UUID|UUID|VI SDK Server type|VI SDK API Version|VI SDK Server|VI SDK UUID|VMRef|Internal Sort Column|Object ID
Sockets|Cores p/s|Max|Overall|Level|Shares|Reservation|Entitlement|DRS Entitlement|Limit|Hot Add|Hot Remove|Numa Hotadd Exposed
Size MB|Memory Reservation Locked To Max|Overhead|Consumed|Consumed Overhead|Private|Shared|Swapped|Ballooned|Active
Disk|Disk Key|Disk UUID|Disk Path|Capacity MB|Raw|Disk Mode|Sharing mode|Thin|Eagerly Scrub|Split|Write Through|Controller|Label
SCSI Unit #|Unit #|Shared Bus|Raw LUN ID|Raw Comp. Mode|NIC label|Adapter|Network|Switch|Connected|Starts Connected|Mac Address|Type
IPv4 Address|IPv6 Address|IP Address|Direct Path IO|Name|Description|Date / time|Filename|Size MB (vmsn)|Size MB (total)|Quiesced|State
VM Version|Tools|Tools Version|Required Version|Upgradeable|Upgrade Policy|Sync time|App status|Heartbeat status|Kernel Crash state
Operation Ready|State change support|Interactive Guest|OS type|API type|API version|Version|Patch level|Build|Fullname|Product name
Product version|Product line|Vendor|Resource Pool name|Resource Pool path|Status|# VMs total|# VMs|# vCPUs|CPU limit|CPU overheadLimit
CPU reservation|CPU level|CPU shares|CPU expandableReservation|CPU maxUsage|CPU overallUsage|CPU reservationUsed|CPU reservationUsedForVm
CPU unreservedForPool|CPU unreservedForVm|Mem Configured|Mem limit|Mem overheadLimit|Mem reservation|Mem level|Mem shares
Mem expandableReservation|Mem maxUsage|Mem overallUsage|Mem reservationUsed|Mem reservationUsedForVm|Mem unreservedForPool
Mem unreservedForVm|QS overallCpuDemand|QS overallCpuUsage|QS staticCpuEntitlement|QS distributedCpuEntitlement|QS balloonedMemory
QS compressedMemory|QS consumedOverheadMemory|QS distributedMemoryEntitlement|QS guestMemoryUsage|QS hostMemoryUsage|QS overheadMemory
QS privateMemory|QS sharedMemory|QS staticMemoryEntitlement|QS swappedMemory|OverallStatus|NumHosts|numEffectiveHosts|TotalCpu
NumCpuCores|NumCpuThreads|Effective Cpu|TotalMemory|Effective Memory|Num VMotions|HA enabled|Failover Level|AdmissionControlEnabled
Host monitoring|HB Datastore Candidate Policy|Isolation Response|Restart Priority|Cluster Settings|Max Failures|Max Failure Window
Failure Interval|Min Up Time|VM Monitoring|DRS enabled|DRS default VM behavior|DRS vmotion rate|DPM enabled|DPM default behavior
DPM Host Power Action Rate|Compliance Check State|in Maintenance Mode|in Quarantine Mode|vSAN Fault Domain Name|CPU Model|Speed
HT Available|HT Active|# CPU|Cores per CPU|# Cores|CPU usage %|# Memory|Memory Tiering Type|Memory usage %|Console|# NICs|# HBAs
VMs per Core|vCPUs per Core|vRAM|VM Used memory|VM Memory Swapped|VM Memory Ballooned|VMotion support|Storage VMotion support|Current EVC
Max EVC|Assigned License(s)|ATS Heartbeat|ATS Locking|Current CPU power man. policy|Supported CPU power man.|Host Power Policy
ESX Version|Boot time|DNS Servers|DHCP|Domain|Domain List|DNS Search Order|NTP Server(s)|NTPD running|Time Zone|Time Zone Name
GMT Offset|Model|Serial number|Service tag|OEM specific string|BIOS Vendor|BIOS Version|BIOS Date|Certificate Issuer
Certificate Start Date|Certificate Expiry Date|Certificate Status|Certificate Subject|Network Device|Driver|Duplex|MAC|Uplink port|PCI
WakeOn|# Ports|Free Ports|Promiscuous Mode|Mac Changes|Forged Transmits|Traffic Shaping|Width|Peak|Burst|Policy|Reverse Policy
Notify Switch|Rolling Order|Offload|TSO|Zero Copy Xmit|MTU|Port Group|VLAN|Created|Host members|Max Ports|In Traffic Shaping|In Avg
In Peak|In Burst|Out Traffic Shaping|Out Avg|Out Peak|Out Burst|CDP Type|CDP Operation|LACP Name|LACP Mode|LACP Load Balance Alg.
Max MTU|Contact|Admin Name|Port|Full Duplex|Blocked|Allow Promiscuous|Active Uplink|Standby Uplink|Check Beacon|Live Port Moving
Check Duplex|Check Error %|Check Speed|Percentage|Block Override|Config Reset|Shaping Override|Vendor Config Override
Sec. Policy Override|Teaming Override|Vlan Override|Address|Accessible|SIOC enabled|SIOC Threshold|# Hosts|Hosts|Cluster name
Cluster capacity MB|Cluster free space MB|Block size|Max Blocks|# Extents|Major Version|VMFS Upgradeable|MHA|URL|Free MB|Free %|Key
Labels|Cost Unit|Total|Used|Expiration Date|Features|RVTools major version|RVTools version|xlsx creation datetime|Server
`;

const KNOWN_COLUMNS: ReadonlySet<string> = new Set(NAMES.trim().split(/[|\n]/).map(shownKey));

/** Whether RVTools has a column with that name in any tab. */
export function isKnownColumn(title: string): boolean {
  return KNOWN_COLUMNS.has(shownKey(title));
}
