import { canonicalName } from "../../values/network/host-name.ts";
import { canonicalIp } from "../../values/network/ip-address.ts";
import { canonicalMac } from "../../values/network/mac-address.ts";
import type { Node } from "../deployment/deployment-objects.ts";
import type { VirtualMachine } from "../estate/estate-objects.ts";
import { type Field, known } from "../core/site-object.ts";
import { clustersOf, hostsOf } from "./hosts-in-use.ts";
import type { Estate } from "../estate/estate.ts";
import { complete } from "../core/partial-list.ts";

const ADDRESSES = ["address", "secondary_address", "ipv6_address"] as const;

/**
 * Whether a VM has anything in common with a node: a host, cluster, datastore, network, MAC address or IP address. One whose
 * host and cluster are both not known may be anywhere.
 */
export function sharesWithNodes(nodes: readonly Node[], estate: Estate): (machine: VirtualMachine) => boolean {
  const list = complete(nodes);
  const hosts = new Set(hostsOf(list, "clusterHosts").items);
  const clusters = new Set(clustersOf(list, estate).items);
  const shared = new Set<string>();
  for (const node of nodes) {
    const machine = node.read("virtualMachine");
    if (machine.known && machine.value !== null) for (const key of keysOf(machine.value)) shared.add(key);
    const { plan } = node;
    const planned = [
      keyOf("network", plan.read("network"), canonicalName),
      keyOf("network", plan.read("secondary_network"), canonicalName),
      keyOf("datastore", plan.read("datastore"), canonicalName),
      keyOf("mac", plan.read("mac_address"), canonicalMac),
      ...ADDRESSES.map((field) => keyOf("ip", node.read(field), canonicalIp)),
    ];
    for (const key of planned) if (key !== null) shared.add(key);
  }
  return (machine) => {
    const [host, cluster] = [machine.read("onHost"), machine.read("inCluster")];
    if (!host.known && !cluster.known) return true;
    if (host.known && hosts.has(host.value)) return true;
    if (cluster.known && cluster.value !== null && clusters.has(cluster.value)) return true;
    return keysOf(machine).some((key) => shared.has(key));
  };
}

/** The properties of a VM that a node may share. */
function keysOf(machine: VirtualMachine): readonly string[] {
  const [nics, disks, addresses] = [machine.entries("nics"), machine.entries("disks"), machine.read("ip_addresses")];
  const keys = [
    ...(nics.known ? nics.value : []).flatMap((nic) => [
      keyOf("network", nic.read("network"), canonicalName),
      keyOf("mac", nic.read("mac_address"), canonicalMac),
    ]),
    ...(disks.known ? disks.value : []).map((disk) => keyOf("datastore", disk.read("datastore"), canonicalName)),
    ...(addresses.known ? addresses.value : []).map((address) => keyOf("ip", known(address), canonicalIp)),
  ];
  return keys.filter((key) => key !== null);
}

function keyOf(kind: string, field: Field<string>, form: (value: string) => string | null): string | null {
  const value = field.known ? form(field.value) : null;
  return value === null ? null : `${kind} ${value}`;
}
