import type { Host, PhysicalNic, PortGroup, VirtualSwitch } from "../../schema/inventory.generated.ts";
import type { ObjectReader } from "./object-reader.ts";
import { at, bool, int, isObject, known, list, oneOf, str, type Tree } from "./tree.ts";

/** Load balancing across uplinks, by its name in the API. */
export const TEAMING_POLICIES = [
  "loadbalance_srcid",
  "loadbalance_srcmac",
  "loadbalance_ip",
  "failover_explicit",
  "loadbalance_loadbased",
] as const;

export function physicalNicsOf(reader: ObjectReader): PhysicalNic[] | undefined {
  return reader.take("physical_nics", "config.network.pnic", (nics) =>
    list(nics).flatMap((nic): PhysicalNic[] => {
      const name = str(nic, "device");
      if (name === undefined) return [];
      // PhysicalNic.linkSpeed: "If this object is not set, then the link is down."
      const speed = at(nic, "linkSpeed") === undefined ? null : int(nic, "linkSpeed.speedMb");
      return [known({ name, speed_mbps: speed, full_duplex: bool(nic, "linkSpeed.duplex") })];
    }),
  );
}

export function virtualSwitchesOf(reader: ObjectReader): VirtualSwitch[] | undefined {
  return reader.take("virtual_switches", "config.network.vswitch", (switches) =>
    list(switches).flatMap((entry): VirtualSwitch[] => {
      const name = str(entry, "name");
      if (name === undefined) return [];
      const teaming = policyOf(entry, "spec.policy.nicTeaming.policy");
      const shaping = bool(entry, "spec.policy.shapingPolicy.enabled");
      if (teaming === undefined)
        reader.noteMissing("virtual_switches.teaming_policy", "vSphere does not report the switch policy");
      if (shaping === undefined)
        reader.noteMissing("virtual_switches.shaping_enabled", "vSphere does not report the switch policy");
      const mtu = int(entry, "mtu");
      return [
        known({
          name,
          mtu: mtu === undefined || mtu < 1 ? undefined : mtu,
          uplinks: uplinksOf(entry, reader),
          teaming_policy: teaming,
          shaping_enabled: shaping,
        }),
      ];
    }),
  );
}

/**
 * `spec.policy` contains the port group's own settings, `computedPolicy` the effective ones. If the port group has no
 * setting of its own and the same effective value as its switch, it inherits.
 */
export function portGroupsOf(reader: ObjectReader): Host["port_groups"] {
  const switches = new Map(
    list(reader.get("config.network.vswitch")).map((entry) => [str(entry, "name") ?? "", entry] as const),
  );
  return reader.take("port_groups", "config.network.portgroup", (groups) =>
    list(groups).flatMap((group): PortGroup[] => {
      const name = str(group, "spec.name");
      if (name === undefined) return [];
      const switchName = str(group, "spec.vswitchName");
      const carrier = switches.get(switchName ?? "");
      const vlan = int(group, "spec.vlanId");
      return [
        known({
          name,
          virtual_switch: switchName,
          vlan: vlan !== undefined && vlan >= 0 && vlan <= 4095 ? vlan : undefined,
          teaming_policy: inForce(group, carrier, "nicTeaming.policy", policyOf),
          shaping_enabled: inForce(group, carrier, "shapingPolicy.enabled", bool),
          uplinks: ownUplinks(group, carrier, reader),
        }),
      ];
    }),
  );
}

/** Null if the port group inherits the value. */
function inForce<T>(
  group: Tree,
  carrier: Tree | undefined,
  path: string,
  read: (tree: Tree | undefined, path: string) => T | undefined,
): T | null | undefined {
  const own = at(group, `spec.policy.${path}`);
  const computed = read(group, `computedPolicy.${path}`);
  // An effective value that cannot be read is not the port group's own.
  if (computed === undefined && at(group, `computedPolicy.${path}`) !== undefined) return undefined;
  // A source without any policies is no evidence of inheritance.
  if (own === undefined && at(group, "computedPolicy") === undefined && !hasPolicy(group)) return undefined;
  if (own !== undefined) return computed ?? read(group, `spec.policy.${path}`);
  return computed === undefined || computed === read(carrier, `spec.policy.${path}`) ? null : computed;
}

function hasPolicy(group: Tree): boolean {
  const spec = at(group, "spec");
  return isObject(spec) && "policy" in spec;
}

/** The adapters used by a port group, active and standby, if they are not all of its switch. */
function ownUplinks(group: Tree, carrier: Tree | undefined, reader: ObjectReader): string[] | undefined {
  const order = at(group, "computedPolicy.nicTeaming.nicOrder") ?? at(group, "spec.policy.nicTeaming.nicOrder");
  if (order === undefined) return undefined;
  const used = [...list(order, "activeNic"), ...list(order, "standbyNic")].flatMap((nic) => str(nic) ?? []);
  const all = carrier === undefined ? undefined : uplinksOf(carrier, reader);
  const isSame = all?.length === used.length && all.every((nic) => used.includes(nic));
  return isSame ? undefined : used;
}

function uplinksOf(entry: Tree, reader: ObjectReader): string[] {
  return deviceNames(list(entry, "pnic"), reader);
}

/** The names of physical adapters by key: `key-vim.host.PhysicalNic-vmnic0`. */
export function deviceNames(keys: readonly Tree[], reader: ObjectReader): string[] {
  const nics = list(reader.get("config.network.pnic"));
  return keys.flatMap((key) => {
    const text = str(key);
    if (text === undefined) return [];
    const nic = nics.find((candidate) => str(candidate, "key") === text);
    return str(nic, "device") ?? text.replace(/^key-vim\.host\.PhysicalNic-/, "");
  });
}

function policyOf(tree: Tree | undefined, path: string): (typeof TEAMING_POLICIES)[number] | undefined {
  return oneOf(TEAMING_POLICIES, tree, path);
}
