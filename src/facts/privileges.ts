/** A vSphere privilege that automatic deployment needs. */
export interface Privilege {
  /** As the vSphere API calls it. */
  readonly id: string;
  /** As the guide and the vSphere client call it. */
  readonly label: string;
  /** False where id and label were matched by their words, not read from a table of VMware's. */
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

// The same guide section: the Administrator role includes them all. The API calls that role Admin.
const ALL_POWERFUL = ["admin", "administrator"];

/** Whether a role has every privilege by its nature. */
export function isAdministrator(role: string): boolean {
  return ALL_POWERFUL.includes(role.trim().toLowerCase());
}
