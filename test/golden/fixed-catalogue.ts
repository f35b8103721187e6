import accessLicenceCapacity from "../../rules/access/licence-capacity.ts";
import accessNoPlaintextSecrets from "../../rules/access/no-plaintext-secrets.ts";
import accessPermissionScope from "../../rules/access/permission-scope.ts";
import accessVspherePrivileges from "../../rules/access/vsphere-privileges.ts";
import clusterEvcDisabledOnMixedCpus from "../../rules/cluster/evc-disabled-on-mixed-cpus.ts";
import clusterEvcMinSandyBridge from "../../rules/cluster/evc-min-sandy-bridge.ts";
import clusterSingleCpuVendor from "../../rules/cluster/single-cpu-vendor.ts";
import dnsNodeAddressRecord from "../../rules/dns/node-address-record.ts";
import dnsServerReachable from "../../rules/dns/server-reachable.ts";
import hostCpuAvx from "../../rules/host/cpu-avx.ts";
import hostMemoryOvercommit from "../../rules/host/memory-overcommit.ts";
import networkNoIpHashTeaming from "../../rules/network/no-ip-hash-teaming.ts";
import networkPort443EsxiHost from "../../rules/network/port-443-esxi-host.ts";
import nodeLocationExists from "../../rules/node/location-exists.ts";
import nodeReplicationInterval from "../../rules/node/replication-interval.ts";
import nodeRoleNotMixedInLocation from "../../rules/node/role-not-mixed-in-location.ts";
import nodeSipTlsFqdnSet from "../../rules/node/sip-tls-fqdn-set.ts";
import nodeUniqueHostname from "../../rules/node/unique-hostname.ts";
import timeNtpReachable from "../../rules/time/ntp-reachable.ts";
import tlsCertificateDeclared from "../../rules/tls/certificate-declared.ts";
import tlsCertificateExpiresSoon from "../../rules/tls/certificate-expires-soon.ts";
import vmEvcModeAvx from "../../rules/vm/evc-mode-avx.ts";
import vmHardwareVersionAvx2 from "../../rules/vm/hardware-version-avx2.ts";
import vmHardwareVersionAvx512 from "../../rules/vm/hardware-version-avx512.ts";
import vmMatchesPlan from "../../rules/vm/matches-plan.ts";
import vmMemoryMultipleOf4 from "../../rules/vm/memory-multiple-of-4.ts";
import vmMemoryPerVcpu from "../../rules/vm/memory-per-vcpu.ts";
import vmNoSnapshots from "../../rules/vm/no-snapshots.ts";
import vmThickDisk from "../../rules/vm/thick-disk.ts";

/**
 * The rules of the program that `fixtures/runs` are run with. Reports list and count all rules, so with the whole
 * catalogue each new rule would change each of these outputs. Add a rule here only for a run that is about it.
 */
export const rules = [
  accessLicenceCapacity,
  accessNoPlaintextSecrets,
  accessPermissionScope,
  accessVspherePrivileges,
  clusterEvcDisabledOnMixedCpus,
  clusterEvcMinSandyBridge,
  clusterSingleCpuVendor,
  dnsNodeAddressRecord,
  dnsServerReachable,
  hostCpuAvx,
  hostMemoryOvercommit,
  networkNoIpHashTeaming,
  networkPort443EsxiHost,
  nodeLocationExists,
  nodeReplicationInterval,
  nodeRoleNotMixedInLocation,
  nodeSipTlsFqdnSet,
  nodeUniqueHostname,
  timeNtpReachable,
  tlsCertificateDeclared,
  tlsCertificateExpiresSoon,
  vmEvcModeAvx,
  vmHardwareVersionAvx2,
  vmHardwareVersionAvx512,
  vmMatchesPlan,
  vmMemoryMultipleOf4,
  vmMemoryPerVcpu,
  vmNoSnapshots,
  vmThickDisk,
] as const;
