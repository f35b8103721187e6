import type { Inventory } from "../../../src/schema/inventory.generated.ts";

const NEW_DATACENTER = "Bergen";

/** The clean example with equal names for its clusters vc-core and vc-edge, the latter in a separate datacenter. */
export function withTwinClusters(
  deployment: string,
  estate: Inventory,
): { readonly deployment: string; readonly estate: Inventory } {
  const moved = <T extends { readonly cluster?: string | null; readonly datacenter?: string }>(object: T): T =>
    object.cluster === "vc-edge" ? { ...object, cluster: "vc-core", datacenter: NEW_DATACENTER } : object;
  const { hosts = [], clusters = [], virtual_machines: machines = [], datacenters = [] } = estate;
  return {
    deployment: deployment.replaceAll(
      /datacenter: .*(\n *)cluster: vc-edge/g,
      `datacenter: ${NEW_DATACENTER}$1cluster: vc-core`,
    ),
    estate: {
      ...estate,
      datacenters: [...datacenters, { name: NEW_DATACENTER }],
      clusters: clusters.map((cluster) =>
        cluster.name === "vc-edge" ? { ...cluster, name: "vc-core", datacenter: NEW_DATACENTER } : cluster,
      ),
      hosts: hosts.map(moved),
      virtual_machines: machines.map(moved),
    },
  };
}
