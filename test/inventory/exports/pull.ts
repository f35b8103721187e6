import { pullInventory } from "../../../src/inventory/vsphere/pull.ts";
import { PROPERTIES, requestedAs } from "../../../src/inventory/vsphere/properties.ts";
import { parseServerAddress } from "../../../src/inventory/vsphere/server-address.ts";
import type { Tree, TreeObject } from "../../../src/inventory/mapping/tree.ts";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { managers } from "../vsphere/estate.ts";
import { PASSWORD, startVcenter, type StubObject, USER } from "../vsphere/vcenter-stub.ts";
import { govcXml } from "./govc.ts";
import { type ManagedObject, vsphereObjects } from "./vsphere-objects.ts";

/** The inventory that pull reads, from a server that sends a few objects per page. */
export async function pulled(estate: Inventory): Promise<Inventory> {
  const { api_type: apiType = "VirtualCenter", version = "6.7.0" } = estate.vcenter ?? {};
  const stub = await startVcenter({
    objects: [...managers, ...vsphereObjects(estate).map(served)],
    page: 5,
    about: { apiType, version },
    answers: { QueryAssignedLicenses: assigned(estate) },
  });
  const inventory = await pullInventory({
    server: parseServerAddress(stub.url, "--server"),
    username: USER,
    password: PASSWORD,
    trust: { ca: null, thumbprints: [], insecure: true },
    datacenter: null,
    toolVersion: "0.1.0",
    signal: new AbortController().signal,
  });
  // The server and the time of the example; the stub has an address of this machine.
  const { address } = estate.vcenter ?? {};
  return {
    ...inventory,
    ...(estate.collected_at !== undefined && { collected_at: estate.collected_at }),
    vcenter: { ...inventory.vcenter, ...(address !== undefined && { address }) },
  };
}

/** The properties that pull requests, as SOAP has them. */
function served({ type, id, properties }: ManagedObject): StubObject {
  const values = (PROPERTIES[requestedAs(type)] ?? []).flatMap((path) => {
    const value = valueAt(properties, path);
    if (value === undefined) return [];
    const [xml] = /<val[\s\S]*<\/val>|<val[^>]*\/>/.exec(govcXml([{ type, id, properties: { [path]: value } }])) ?? [];
    return xml === undefined ? [] : [[path, xml] as const];
  });
  return { type, id, properties: Object.fromEntries(values) };
}

/** A property that an object has, or that is a part of one. */
function valueAt(properties: ManagedObject["properties"], path: string): Tree | undefined {
  const steps = path.split(".");
  for (let length = steps.length; length > 0; length--) {
    const whole = properties[steps.slice(0, length).join(".")];
    if (whole === undefined) continue;
    return steps
      .slice(length)
      .reduce<Tree | undefined>((value, step) => (value as TreeObject | undefined)?.[step], whole);
  }
  return undefined;
}

function assigned({ hosts = [] }: Inventory): string {
  const licences = hosts.map(({ edition }, index) => {
    const name = edition === "standard" ? "VMware vSphere 6 Standard" : "VMware vSphere 6 Enterprise Plus";
    return `<returnval><entityId>host-${index + 21}</entityId><assignedLicense><name>${name}</name></assignedLicense></returnval>`;
  });
  return `<QueryAssignedLicensesResponse xmlns="urn:vim25">${licences.join("")}</QueryAssignedLicensesResponse>`;
}
