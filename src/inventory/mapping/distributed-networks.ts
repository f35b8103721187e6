import type { DistributedPortGroup, DistributedSwitch, Lag, SwitchMember } from "../../schema/inventory.generated.ts";
import { deviceNames, TEAMING_POLICIES } from "./host-networks.ts";
import { whyUnreadable } from "./inventory-paths.ts";
import { type ListContext, ObjectReader } from "./object-reader.ts";
import { type ManagedObject, property } from "./managed-objects.ts";
import { at, bool, int, known, list, oneOf, reference, str, type Tree } from "./tree.ts";

export function distributedSwitchOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths }: ListContext,
): DistributedSwitch {
  const reader = new ObjectReader(source, coverage, "distributed_switches", object, name);
  return known({
    name,
    datacenter: reader.orMissing("datacenter", inventoryPaths.datacenterOf(object), () =>
      inventoryPaths.whyNoDatacenter(object, source),
    ),
    mtu: reader.take("mtu", "config.maxMtu", (value) => {
      const mtu = int(value);
      return mtu === undefined || mtu < 1 ? undefined : mtu;
    }),
    lacp_api_version: reader.takeOr(
      "lacp_api_version",
      "config.lacpApiVersion",
      (value) => oneOf(LACP_VERSIONS, value),
      undefined,
    ),
    lags: lagsOf(reader),
    hosts: membersOf(object, reader, { source, coverage, inventoryPaths }),
  });
}

const LACP_VERSIONS = ["singleLag", "multipleLag"] as const;

/** VMwareDVSConfigInfo.lacpGroupConfig is not set if the switch has no LAG. */
function lagsOf(reader: ObjectReader): Lag[] | undefined {
  const read = (groups: Tree) => list(groups).map(lagOf);
  return reader.get("config") === undefined
    ? reader.take("lags", "config.lacpGroupConfig", read)
    : reader.takeOr("lags", "config.lacpGroupConfig", read, []);
}

function lagOf(group: Tree): Lag {
  return known({
    name: str(group, "name") ?? str(group, "key") ?? "",
    load_balance: str(group, "loadbalanceAlgorithm"),
  });
}

/** The hosts that the switch lists, with their uplinks according to the host, else to the switch. */
function membersOf(object: ManagedObject, reader: ObjectReader, context: ListContext): SwitchMember[] | undefined {
  const entries = new Map(
    list(property(object, "config.host")).flatMap((entry) => {
      const id = reference(entry, "config.host");
      return id === undefined ? [] : [[id, entry] as const];
    }),
  );
  const members = list(property(object, "summary.hostMember"));
  const listed = members.flatMap((member) => str(member, "value") ?? []);
  const ids = [...new Set([...listed, ...entries.keys()])];
  const isListed = ids.length > 0 || reader.isUnset("summary.hostMember");
  if (!isListed) {
    reader.noteMissing("hosts", reader.reason("summary.hostMember"));
    return undefined;
  }
  return ids.flatMap((id): SwitchMember[] => {
    // A host that the account has no permission to read is still a member: rules see a member without a name.
    const name = context.inventoryPaths.nameOf(id);
    if (name === undefined) {
      const member = members.find((each) => reference(each) === id) ?? at(entries.get(id), "config.host");
      reader.noteMissing("hosts.name", whyUnreadable(member, context.source, "a host of the switch"));
    }
    const host = context.source.objects.get(id);
    const uplinks = uplinksOf(object, host, entries.get(id), context);
    if (uplinks === undefined) reader.noteMissing("hosts.uplinks", whyNoUplinks(object, host));
    return [known({ name, uplinks })];
  });
}

function whyNoUplinks(object: ManagedObject, host: ManagedObject | undefined): string {
  const fault = object.faults.get("uuid") ?? host?.faults.get("config.network.proxySwitch");
  return fault ?? "vSphere does not report which adapters the hosts contribute to the switch";
}

function uplinksOf(
  object: ManagedObject,
  host: ManagedObject | undefined,
  member: Tree | undefined,
  { source, coverage }: ListContext,
): string[] | undefined {
  const uuid = str(property(object, "uuid")) ?? str(property(object, "config.uuid"));
  if (host !== undefined && uuid !== undefined) {
    const proxy = list(property(host, "config.network.proxySwitch")).find((entry) => str(entry, "dvsUuid") === uuid);
    if (proxy !== undefined) {
      return deviceNames(list(proxy, "pnic"), new ObjectReader(source, coverage, "hosts", host, ""));
    }
  }
  const backing = at(member, "config.backing");
  return backing === undefined ? undefined : list(backing, "pnicSpec").flatMap((spec) => str(spec, "pnicDevice") ?? []);
}

export function distributedPortGroupOf(
  object: ManagedObject,
  name: string,
  { source, coverage, inventoryPaths }: ListContext,
): DistributedPortGroup {
  const reader = new ObjectReader(source, coverage, "distributed_port_groups", object, name);
  const setting = "config.defaultPortConfig";
  const order = `${setting}.uplinkTeamingPolicy.uplinkPortOrder`;
  const uplinks = (field: string, key: string) =>
    reader.take(field, order, (value) => list(value, key).flatMap((uplink) => str(uplink) ?? []));
  const [active, standby] = [
    uplinks("active_uplinks", "activeUplinkPort"),
    uplinks("standby_uplinks", "standbyUplinkPort"),
  ];
  const distributedSwitch = source.objects.get(reference(reader.get("config.distributedVirtualSwitch")) ?? "");
  return known({
    name,
    datacenter: reader.orMissing(
      "datacenter",
      inventoryPaths.datacenterOf(distributedSwitch) ?? inventoryPaths.datacenterOf(object),
      () => inventoryPaths.whyNoDatacenter(object, source),
    ),
    distributed_switch: reader.orMissing("distributed_switch", inventoryPaths.nameOf(distributedSwitch?.id), () => {
      const target = reader.get("config.distributedVirtualSwitch");
      return target === undefined
        ? reader.reason("config.distributedVirtualSwitch")
        : whyUnreadable(target, source, "its distributed switch");
    }),
    vlan: reader.take("vlan", `${setting}.vlan`, vlanOf),
    teaming_policy: reader.take("teaming_policy", `${setting}.uplinkTeamingPolicy.policy.value`, (value) =>
      oneOf(TEAMING_POLICIES, value),
    ),
    active_uplinks: active,
    standby_uplinks: standby,
    unused_uplinks:
      active === undefined || standby === undefined
        ? undefined
        : uplinkNames(distributedSwitch)?.filter((uplink) => !active.includes(uplink) && !standby.includes(uplink)),
    ingress_shaping_enabled: reader.take("ingress_shaping_enabled", `${setting}.inShapingPolicy.enabled.value`, bool),
    egress_shaping_enabled: reader.take("egress_shaping_enabled", `${setting}.outShapingPolicy.enabled.value`, bool),
    port_teaming_override_allowed: reader.take(
      "port_teaming_override_allowed",
      "config.policy.uplinkTeamingOverrideAllowed",
      bool,
    ),
  });
}

/** The uplinks and LAGs of a distributed switch; undefined if it does not list its uplinks. */
function uplinkNames(object: ManagedObject | undefined): readonly string[] | undefined {
  if (object === undefined) return undefined;
  const names = list(property(object, "config.uplinkPortPolicy.uplinkPortName")).flatMap((name) => str(name) ?? []);
  if (names.length === 0) return undefined;
  return [...names, ...list(property(object, "config.lacpGroupConfig")).flatMap((lag) => str(lag, "name") ?? [])];
}

/** One VLAN, the ranges of a trunk, or the VLAN of a private one (VlanIdSpec, TrunkVlanSpec, PvlanSpec). */
function vlanOf(vlan: Tree): number | string | undefined {
  const single = int(vlan, "vlanId") ?? int(vlan, "pvlanId");
  if (single !== undefined) return single >= 0 && single <= 4095 ? single : undefined;
  const ranges = list(vlan, "vlanId").flatMap((range) => {
    const [start, end] = [int(range, "start"), int(range, "end")];
    return start === undefined || end === undefined ? [] : [start === end ? String(start) : `${start}-${end}`];
  });
  return ranges.length === 0 ? undefined : ranges.join(",");
}
