import { noted } from "./fact-reads.ts";

/** A vSphere privilege that automatic deployment needs. */
export interface Privilege {
  /** As the vSphere API calls it. */
  readonly id: string;
  /** As the guide and the vSphere Client call it. */
  readonly label: string;
  /** False if id and label were matched by their words instead of read from a table by VMware. */
  readonly confirmed: boolean;
}

// Labels: Pexip Infinity VMware Installation Guide v25, "Permissions in vCenter Server (or on ESXi hosts)".
// Ids: VMware vSphere Security 8.0, "Defined Privileges" (tables Datastore, Resource and vApp).
export const DEPLOYMENT_PRIVILEGES: readonly Privilege[] = [
  { id: "Datastore.AllocateSpace", label: "Datastore > Allocate space", confirmed: true },
  { id: "Datastore.Browse", label: "Datastore > Browse datastore", confirmed: true },
  { id: "Network.Assign", label: "Network > Assign network", confirmed: false },
  { id: "Resource.AssignVMToPool", label: "Resource > Assign virtual machine to resource pool", confirmed: true },
  { id: "VApp.Import", label: "vApp > Import", confirmed: true },
  {
    id: "VirtualMachine.Config.AddNewDisk",
    label: "Virtual Machine > Configuration > Add new disk",
    confirmed: false,
  },
  {
    id: "VirtualMachine.Interact.SetCDMedia",
    label: "Virtual Machine > Interaction > Configure CD media",
    confirmed: false,
  },
  { id: "VirtualMachine.Interact.PowerOn", label: "Virtual Machine > Interaction > Power On", confirmed: false },
];

/** The same; each is recorded when it is compared with the privileges of an account. */
export function deploymentPrivileges(): readonly Privilege[] {
  return DEPLOYMENT_PRIVILEGES.map((privilege) =>
    noted(privilege, ({ id, label, confirmed }) => ({
      ...{ table: "privileges for automatic deployment", key: id, value: label, confirmed },
      source: "VMware Installation Guide v25, Permissions in vCenter Server (or on ESXi hosts)",
    })),
  );
}

// The same guide section: the Administrator role includes them all. The API calls that role Admin.
const ALL_POWERFUL = ["admin", "administrator"];

/** Whether a role implicitly has every privilege. */
export function isAdministrator(role: string | undefined): boolean {
  return role !== undefined && ALL_POWERFUL.includes(role.trim().toLowerCase());
}

// vSphere API, types of managed objects inside a datacenter.
const INSIDE_DATACENTER = [
  "ClusterComputeResource",
  "ComputeResource",
  "Datastore",
  "DistributedVirtualPortgroup",
  "DistributedVirtualSwitch",
  "HostSystem",
  "Network",
  "OpaqueNetwork",
  "ResourcePool",
  "StoragePod",
  "VirtualApp",
  "VirtualMachine",
  "VmwareDistributedVirtualSwitch",
].map((type) => type.toLowerCase());

// vSphere API, Datacenter: its four folders, which contain all other folders of a datacenter. Full paths include them.
const DATACENTER_FOLDERS = ["vm", "host", "datastore", "network"];

/** vCenter's root folder: its name, and its path. */
const ROOT_FOLDERS = ["datacenters", "/", "/datacenters"];

/** Whether an inventory object is vCenter's root folder, which contains every datacenter. */
export function isRootFolder(type: string | undefined, entity: string | undefined): boolean {
  if (type === undefined || entity === undefined) return false;
  return type.trim().toLowerCase() === "folder" && ROOT_FOLDERS.includes(entity.trim().toLowerCase());
}

/**
 * Whether an inventory object lies below a datacenter, by its type and its name or full path; undefined if that does
 * not show it: folders lie above datacenters and below them.
 */
export function isBelowDatacenter(type: string | undefined, entity: string | undefined): boolean | undefined {
  if (type === undefined) return undefined;
  const kind = type.trim().toLowerCase();
  if (kind === "datacenter") return false;
  if (INSIDE_DATACENTER.includes(kind)) return true;
  if (kind !== "folder" || entity === undefined) return undefined;
  const path = entity.trim().toLowerCase();
  if (ROOT_FOLDERS.includes(path)) return false;
  if (path.includes("/")) return path.split("/").some((step) => DATACENTER_FOLDERS.includes(step));
  return DATACENTER_FOLDERS.includes(path) ? true : undefined;
}
