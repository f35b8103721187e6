import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { checkHttps, HTTPS_MESSAGE_SEVERITY, httpsMessages } from "../shared/https-endpoint.ts";

const API_TYPES = { vcenter: "VirtualCenter", esxi: "HostAgent" } as const;

/** The guide: "the Management Node connects to the vCenter Server (or the ESXi host directly) on port 443 (https)" (L165). */
export default defineRule({
  id: "network/port-443-vm-manager",
  title: "Require HTTPS on the VM manager's port",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Management Node network requirements", "must"),
  subject: "vm-manager",
  messages: httpsMessages("VM manager {{manager}}", "vCenter (vpxd)"),
  messageSeverity: HTTPS_MESSAGE_SEVERITY,
  remediation:
    "Open TCP port 443 from the Management Node to the VM manager without TLS inspection, or correct its address.",
  check(manager, context) {
    const endpoint = context.need(manager, "endpoint");
    const type = context.known(manager, "type");
    const expected = type === undefined ? null : API_TYPES[type];
    checkHttps(endpoint, expected, manager.resolvers, context, ({ messageId, address, data }) => {
      context.fail(messageId, { at: [manager, "address"], data: { manager: manager.name, ...data }, key: address });
    });
  },
});
