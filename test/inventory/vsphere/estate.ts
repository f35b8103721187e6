import { ref, type StubObject, text, val } from "./vcenter-stub.ts";

/** What manages permissions and licenses. */
export const managers: readonly StubObject[] = [
  {
    type: "AuthorizationManager",
    id: "AuthorizationManager",
    properties: {
      roleList: val(
        "ArrayOfAuthorizationRole",
        "<AuthorizationRole><roleId>7</roleId><name>pexip-deploy</name><privilege>Datastore.Browse</privilege></AuthorizationRole>",
      ),
    },
  },
  {
    type: "LicenseManager",
    id: "LicenseManager",
    properties: { licenseAssignmentManager: ref("LicenseAssignmentManager", "LicenseAssignmentManager") },
  },
];

/** A host of a cluster. */
export function host(id: string, name: string, properties: Readonly<Record<string, string>> = {}): StubObject {
  return {
    type: "HostSystem",
    id,
    properties: {
      name: text(name),
      parent: ref("ClusterComputeResource", "domain-c8"),
      "runtime.connectionState": val("HostSystemConnectionState", "connected"),
      ...properties,
    },
  };
}

/** A virtual machine on a host. */
export function machine(id: string, name: string, properties: Readonly<Record<string, string>> = {}): StubObject {
  return {
    type: "VirtualMachine",
    id,
    properties: {
      name: text(name),
      "runtime.host": ref("HostSystem", "host-21"),
      "runtime.powerState": val("VirtualMachinePowerState", "poweredOn"),
      "config.uuid": text(`421c5e9f-6a3c-4d8e-9b1f-${id.padStart(12, "0")}`),
      ...properties,
    },
  };
}

/** One datacenter in a folder, with one cluster; hosts (one by default) and machines are added to it. */
export function estate(...objects: readonly StubObject[]): readonly StubObject[] {
  return [
    ...managers,
    { type: "Folder", id: "group-d1", properties: { name: text("Datacenters") } },
    { type: "Folder", id: "group-d2", properties: { name: text("Europe"), parent: ref("Folder", "group-d1") } },
    {
      type: "Datacenter",
      id: "datacenter-3",
      properties: { name: text("Oslo%2fDC"), parent: ref("Folder", "group-d2") },
    },
    { type: "Folder", id: "group-h4", properties: { name: text("host"), parent: ref("Datacenter", "datacenter-3") } },
    {
      type: "ClusterComputeResource",
      id: "domain-c8",
      properties: {
        name: text("vc-cluster"),
        parent: ref("Folder", "group-h4"),
        summary: val("ClusterComputeResourceSummary", "<numHosts>1</numHosts>"),
        configurationEx: val("ClusterConfigInfoEx", "<dasConfig><enabled>true</enabled></dasConfig><drsConfig/>"),
      },
    },
    ...(objects.some(({ type }) => type === "HostSystem") ? [] : [host("host-21", "esxi01.example.com")]),
    ...objects,
  ];
}
