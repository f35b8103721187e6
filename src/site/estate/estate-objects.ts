import type { EsxiVersion } from "../../facts/esxi-version.ts";
import type { NewestHardware } from "../../facts/hardware-versions.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { PartialList } from "../core/partial-list.ts";
import { SiteObject, type SiteObjectInit } from "../core/site-object.ts";

type Item<T> = NonNullable<T> extends readonly (infer R)[] ? R : never;

export type HostRecord = Item<Inventory["hosts"]>;
export type ClusterRecord = Item<Inventory["clusters"]>;
export type VirtualMachineRecord = Item<Inventory["virtual_machines"]>;
type VirtualSwitchRecord = Item<HostRecord["virtual_switches"]>;
type PortGroupRecord = Item<HostRecord["port_groups"]>;
export type DistributedSwitchRecord = Item<Inventory["distributed_switches"]>;
type DistributedPortGroupRecord = Item<Inventory["distributed_port_groups"]>;
type CpuRecord = NonNullable<HostRecord["cpu"]>;

/** Whether a virtual machine on the host can use a CPU feature, and the evidence. */
export interface CpuFeature {
  readonly present: boolean;
  /** In words: CPU features, an EVC mode, a CPU model. */
  readonly from: string;
  /** False where the fact tables mark their row as unconfirmed. */
  readonly confirmed: boolean;
  /** Its source location. */
  readonly at: readonly [object: SiteObject, field: string];
  /** The cluster whose EVC mode hides it from virtual machines, as far as is known the only reason for its absence. */
  readonly hiddenBy?: Cluster;
}

export interface HostFields extends Omit<HostRecord, "name" | "cpu" | "ntp" | "ptp" | "autostart"> {
  /** The cluster of the host; null if it is standalone. */
  readonly inCluster?: Cluster | null;
  readonly esxi?: EsxiVersion;
  readonly newestHardware?: NewestHardware;
  /** What keeps its clock. Before ESXi 7.0 there was NTP alone, whether the inventory says so or not. */
  readonly timeProtocol?: "ntp" | "ptp";
  /** AVX, AVX2 and AVX-512F as virtual machines see them, after EVC masking. */
  readonly avx?: CpuFeature;
  readonly avx2?: CpuFeature;
  readonly avx512f?: CpuFeature;
}

/** An ESXi host. Its nested records are objects of their own. */
export class Host extends SiteObject<HostFields> {
  readonly cpu: SiteObject<Omit<CpuRecord, "features" | "features_unmasked">>;
  readonly features: SiteObject<NonNullable<CpuRecord["features"]>>;
  readonly ntp: SiteObject<NonNullable<HostRecord["ntp"]>>;
  readonly ptp: SiteObject<NonNullable<HostRecord["ptp"]>>;
  readonly autostart: SiteObject<NonNullable<HostRecord["autostart"]>>;

  constructor(init: SiteObjectInit<HostFields>) {
    super(init);
    this.cpu = this.part("cpu");
    this.features = this.part("cpu", "features");
    this.ntp = this.part("ntp");
    this.ptp = this.part("ptp");
    this.autostart = this.part("autostart");
  }
}

export type ClusterFields = Omit<ClusterRecord, "name">;

/** A vSphere cluster. */
export class Cluster extends SiteObject<ClusterFields> {
  readonly #hosts: () => PartialList<Host>;

  constructor(init: SiteObjectInit<ClusterFields>, hosts: () => PartialList<Host>) {
    super(init);
    this.#hosts = hosts;
  }

  /** Its hosts; incomplete when a host does not say which cluster it is in. */
  get hosts(): PartialList<Host> {
    return this.#hosts();
  }
}

export interface VirtualMachineFields extends Omit<VirtualMachineRecord, "name"> {
  readonly onHost?: Host;
  readonly inCluster?: Cluster | null;
}

/** A virtual machine of the inventory. */
export class VirtualMachine extends SiteObject<VirtualMachineFields> {}

export type VirtualSwitch = SiteObject<Omit<VirtualSwitchRecord, "name">>;
export interface DistributedSwitchFields extends Omit<DistributedSwitchRecord, "name"> {
  /** The hosts in `hosts` by canonical name; "" is a member whose name is missing. */
  readonly memberNames?: ReadonlySet<string>;
}

export type DistributedSwitch = SiteObject<DistributedSwitchFields>;

export interface StandardPortGroupFields extends Omit<PortGroupRecord, "name"> {
  readonly onSwitch?: VirtualSwitch;
}

/** A port group of a standard switch on one host. */
export type StandardPortGroup = SiteObject<StandardPortGroupFields>;

export interface DistributedPortGroupFields extends Omit<DistributedPortGroupRecord, "name"> {
  readonly onSwitch?: DistributedSwitch;
}

/** A distributed port group; it exists on every host of its switch. */
export type DistributedPortGroup = SiteObject<DistributedPortGroupFields>;
