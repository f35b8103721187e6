import type { PathSegment } from "../../values/location.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import type { PortGroup } from "./networks-in-use.ts";
import type {
  DistributedPortGroup,
  DistributedSwitch,
  DistributedSwitchRecord,
  Host,
  HostRecord,
  StandardPortGroup,
  VirtualSwitch,
} from "../estate/estate-objects.ts";
import type { Missing } from "../core/missing.ts";
import { complete, type PartialList, union } from "../core/partial-list.ts";
import { derivedTable, type EntryOf, type Field, known, ownName, SiteObject, unknown } from "../core/site-object.ts";
import { keptIn } from "../core/kept-reads.ts";

/** A link aggregation group of a distributed switch. */
type Lag = SiteObject<EntryOf<DistributedSwitchRecord["lags"]>>;
export type PhysicalNic = SiteObject<EntryOf<HostRecord["physical_nics"]>>;
type TeamingPolicy = NonNullable<EntryOf<HostRecord["virtual_switches"]>["teaming_policy"]>;

/** An effective setting of a port group, with its source location. */
export interface Policy<T> {
  readonly value: T;
  readonly at: readonly [object: SiteObject, field: string, ...rest: readonly PathSegment[]];
  /** The switch that the port group inherits it from; null when it is the port group's own. */
  readonly inheritedFrom: VirtualSwitch | null;
}

export interface NetworkAttachmentFields {
  readonly teaming?: Policy<TeamingPolicy>;
  /** Names of the physical adapters that carry the port group on the host, active and standby alike. */
  readonly uplinks?: Policy<readonly string[]>;
  /** Whether there is more than one of them to choose from. */
  readonly hasSeveralUplinks?: boolean;
  /** Whether single ports may have a teaming policy of their own, which no inventory shows. */
  readonly portsMayOverrideTeaming?: boolean;
  /** The LAGs that carry it, active and standby: while there is one, its algorithm is in force and the teaming policy is not. */
  readonly lags?: readonly Lag[];
  /** MTU of the switch, in bytes. */
  readonly mtu?: Policy<number>;
}

/** The attachment of a network on one host: a port group of a standard switch, or a distributed one. */
export class NetworkAttachment extends SiteObject<NetworkAttachmentFields> {
  constructor(
    readonly kindOfGroup: "standard" | "distributed",
    readonly group: SiteObject,
    readonly host: Host,
    /** Whether traffic is shaped: in one direction on a standard switch, in both on a distributed one. */
    readonly shaping: PartialList<Policy<boolean>>,
    { name, sourceRef }: PortGroup,
    fields: { readonly [K in keyof NetworkAttachmentFields]-?: () => Field<NonNullable<NetworkAttachmentFields[K]>> },
  ) {
    const missing = () => ({ what: `port group ${name} is not in the inventory`, sourceRef });
    const { descriptions, sourceRef: at } = group;
    const derived = derivedTable<NetworkAttachmentFields>(fields);
    super({ kind: "port-group", name, descriptions, sourceRef: at, missing, derived });
  }

  /** The physical adapters behind `uplinks`; a gap for each that the host does not describe. */
  get nics(): PartialList<PhysicalNic> {
    const uplinks = this.read("uplinks");
    if (!uplinks.known) return { items: [], missing: uplinks.missing };
    const names = uplinks.value.value;
    if (names.length === 0) return complete([]);
    const found = names.map((name) => ({ name, nic: this.host.entryNamed("physical_nics", name) }));
    return union(
      found.map(({ name, nic }): PartialList<PhysicalNic> => {
        if (!nic.known) return { items: [], missing: nic.missing };
        if (nic.value !== null) return complete([nic.value]);
        const what = `physical adapter ${name} of host ${this.host.name} is not in the inventory`;
        return { items: [], missing: [{ what, sourceRef: this.host.sourceRefOf("physical_nics") }] };
      }),
    );
  }
}

/**
 * How a network in use is carried on its host. A name that is both a standard and a distributed port group has several
 * attachments. Where one side shows the network, a list that the inventory lacks on the other side is no gap (an estate
 * without distributed switches need not say so); a network that neither side shows is one.
 */
export function attachmentsOf(portGroup: PortGroup): PartialList<NetworkAttachment> {
  return keptIn(attachmentsByPortGroup, portGroup, () => findAttachments(portGroup));
}

/** Kept, because five rules use it. */
const attachmentsByPortGroup = new WeakMap<PortGroup, PartialList<NetworkAttachment>>();

function findAttachments(portGroup: PortGroup): PartialList<NetworkAttachment> {
  const standard = portGroup.read("standard");
  const distributed = portGroup.read("distributed");
  const items = [
    ...(standard.known && standard.value !== null ? [onStandardSwitch(standard.value, portGroup)] : []),
    ...(distributed.known ? distributed.value.map((group) => onDistributedSwitch(group, portGroup)) : []),
  ];
  if (items.length > 0) return complete(items);
  const missing = [standard, distributed].flatMap((side) => (side.known ? [] : side.missing));
  return { items, missing: missing.length === 0 ? [nowhere(portGroup)] : missing };
}

function nowhere({ host, sourceRef }: PortGroup): Missing {
  return { what: `no port group of this name is in the inventory of ${host.name}`, sourceRef };
}

function onStandardSwitch(group: StandardPortGroup, portGroup: PortGroup): NetworkAttachment {
  const ofSwitch = <T>(field: string, read: (virtualSwitch: VirtualSwitch) => Field<T>) =>
    onSwitch(group, (virtualSwitch) => policy([virtualSwitch, field], read(virtualSwitch), virtualSwitch));
  /** `null` means that the port group inherits from its switch; a missing key means nothing. */
  const ownOrInherited = <T>(field: string, own: Field<T | null>, read: (virtualSwitch: VirtualSwitch) => Field<T>) => {
    if (!own.known) return own;
    return own.value === null ? ofSwitch(field, read) : policy([group, field], known(own.value));
  };
  const shaping = ownOrInherited("shaping_enabled", group.read("shaping_enabled"), (it) => it.read("shaping_enabled"));
  const uplinks = () => {
    const own = group.read("uplinks");
    const isOwn = own.known || group.isGiven("uplinks");
    return isOwn ? policy([group, "uplinks"], own) : ofSwitch("uplinks", (it) => it.read("uplinks"));
  };
  return new NetworkAttachment("standard", group, portGroup.host, partialListOf([shaping]), portGroup, {
    teaming: () => ownOrInherited("teaming_policy", group.read("teaming_policy"), (it) => it.read("teaming_policy")),
    uplinks,
    hasSeveralUplinks: () => several(uplinks()),
    portsMayOverrideTeaming: () => known(false),
    lags: () => known([]),
    mtu: () => ofSwitch("mtu", (it) => it.read("mtu")),
  });
}

function onDistributedSwitch(group: DistributedPortGroup, portGroup: PortGroup): NetworkAttachment {
  const shaping = (["ingress_shaping_enabled", "egress_shaping_enabled"] as const).map((field) =>
    policy([group, field], group.read(field)),
  );
  const uplinksOfHost = () => onSwitch(group, (it) => uplinksOfMember(it, portGroup.host));
  return new NetworkAttachment("distributed", group, portGroup.host, partialListOf(shaping), portGroup, {
    teaming: () => policy([group, "teaming_policy"], group.read("teaming_policy")),
    uplinks: uplinksOfHost,
    hasSeveralUplinks: () => (usesOneUplink(group) ? known(false) : several(uplinksOfHost())),
    portsMayOverrideTeaming: () => group.read("port_teaming_override_allowed"),
    lags: () => onSwitch(group, (distributedSwitch) => lagsOf(group, distributedSwitch)),
    mtu: () => onSwitch(group, (it) => policy([it, "mtu"], it.read("mtu"))),
  });
}

/**
 * The LAGs of its switch that a port group uses. Those that it does not use do not count; with basic LACP the switch has
 * none. A switch with LAGs and a port group whose uplinks are not known is a gap.
 */
function lagsOf(group: DistributedPortGroup, distributedSwitch: DistributedSwitch): Field<readonly Lag[]> {
  if (distributedSwitch.valueOrUndefined("lacp_api_version") === "singleLag") return known([]);
  const lags = distributedSwitch.entries("lags");
  if (!lags.known) return lags;
  const [active, standby] = [group.read("active_uplinks"), group.read("standby_uplinks")];
  const used = new Set([active, standby].flatMap((names) => (names.known ? names.value.map(canonicalName) : [])));
  const unused = new Set((group.valueOrUndefined("unused_uplinks") ?? []).map(canonicalName));
  const inUse = lags.value.filter((lag) => used.has(canonicalName(ownName(lag))));
  if (inUse.length > 0) return known(inUse);
  if (lags.value.every((lag) => unused.has(canonicalName(ownName(lag))))) return known([]);
  const missing = [active, standby].flatMap((names) => (names.known ? [] : names.missing));
  return missing.length > 0 ? unknown(...missing) : known([]);
}

/** Whether a port group uses at most one uplink of its switch, and that is not a LAG. */
function usesOneUplink(group: DistributedPortGroup): boolean {
  const [active, standby] = [group.read("active_uplinks"), group.read("standby_uplinks")];
  if (!active.known || !standby.known || active.value.length + standby.value.length > 1) return false;
  const lags = onSwitch(group, (distributedSwitch) => lagsOf(group, distributedSwitch));
  return lags.known && lags.value.length === 0;
}

function several(uplinks: Field<Policy<readonly string[]>>): Field<boolean> {
  return uplinks.known ? known(uplinks.value.value.length > 1) : uplinks;
}

/** The adapters that the host gives to the distributed switch. */
function uplinksOfMember(distributedSwitch: DistributedSwitch, host: Host): Field<Policy<readonly string[]>> {
  const member = distributedSwitch.entryNamed("hosts", ownName(host));
  if (!member.known) return member;
  if (member.value?.isGiven("uplinks") === true) {
    return policy([member.value, "uplinks"], member.value.read("uplinks"));
  }
  const what = `the uplinks of ${host.name} on the distributed switch are not in the inventory`;
  return unknown({ what, sourceRef: member.value?.sourceRefOf("uplinks") ?? distributedSwitch.sourceRefOf("hosts") });
}

function onSwitch<S, T>(
  group: SiteObject<{ readonly onSwitch?: S }>,
  read: (onSwitch: NonNullable<S>) => Field<T>,
): Field<T> {
  const found: Field<unknown> = group.read("onSwitch");
  return found.known ? read(found.value as NonNullable<S>) : found;
}

function policy<T>(at: Policy<T>["at"], field: Field<T>, inheritedFrom: VirtualSwitch | null = null): Field<Policy<T>> {
  return field.known ? known({ value: field.value, at, inheritedFrom }) : field;
}

function partialListOf<T>(fields: readonly Field<T>[]): PartialList<T> {
  return union(fields.map((field) => (field.known ? complete([field.value]) : { items: [], missing: field.missing })));
}
