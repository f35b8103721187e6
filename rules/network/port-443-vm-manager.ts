import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { closedAddresses } from "../shared/tcp-open.ts";

/** The guide: "the Management Node connects to the vCenter Server (or the ESXi host directly) on port 443" (L165). */
export default defineRule({
  id: "network/port-443-vm-manager",
  title: "Require the VM manager to accept connections on its HTTPS port",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Management Node network requirements", "must"),
  subject: "vm-manager",
  messages: {
    closed: "VM manager {{manager}} does not accept TCP connections at {{address}} port {{port}} ({{reason}}).",
  },
  remediation: "Open TCP port 443 from the Management Node to the VM manager, or correct its address.",
  check(manager, context) {
    const endpoint = context.need(manager, "endpoint");
    for (const { address, reason } of closedAddresses(endpoint, manager.resolvers, context)) {
      context.fail("closed", {
        at: [manager, "address"],
        data: { manager: manager.name, address, port: endpoint.port, reason },
        key: address,
      });
    }
  },
});
