import { parseEndpoint } from "../../values/network/endpoint.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import { type Server, VmManager, type VmManagerFields } from "./deployment-objects.ts";
import { recordOf } from "../core/description.ts";
import type { PartialList } from "../core/partial-list.ts";
import { derivedTable, known, unknown } from "../core/site-object.ts";

/** The declared VM manager, or null; `resolvers` are the DNS servers of the management node, which connects to it. */
export function vmManagerOf(gaps: DeploymentGaps, resolvers: PartialList<Server>): VmManager | null {
  const record = gaps.document.value.vm_manager;
  if (record === undefined || record === null) return null;
  const sourceRef = gaps.sourceRef(["vm_manager"]);
  const manager: VmManager = new VmManager(
    {
      kind: "vm-manager",
      name: record.address ?? "vm_manager",
      descriptions: [{ record: recordOf(record), sourceRef }],
      sourceRef,
      missing: gaps.absentIn(sourceRef.path),
      defaults: { verify_tls: true },
      derived: derivedTable<VmManagerFields>({
        endpoint: () => {
          const address = manager.read("address");
          if (!address.known) return address;
          const endpoint = parseEndpoint(address.value, 443);
          if (endpoint !== null) return known(endpoint);
          const what = `vm_manager.address ${JSON.stringify(address.value)} is neither an address nor a host name`;
          return unknown({ what, sourceRef: manager.sourceRefOf("address") });
        },
      }),
    },
    resolvers,
  );
  return manager;
}
