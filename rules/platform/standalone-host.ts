import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";

/**
 * Pexip's documentation of later versions (34.2, 35.1) does not support standalone ESXi hosts. Version 25 does: there they are
 * worth a remark, before the upgrade.
 */
export default defineRule({
  id: "platform/standalone-host",
  title: "Disallow hosts that no vCenter manages",
  severity: "info",
  severityWhen: [{ fromProfile: 34, severity: "error" }],
  since: "0.1.0",
  source: { document: "docs.pexip.com", section: "VMware ESXi administration", wording: "beyond" },
  subject: "host",
  messages: {
    standalone:
      "Host {{host}} is managed by no vCenter; Pexip Infinity 34 and later does not support standalone hosts.",
  },
  remediation: "Add the host to a vCenter Server.",
  mutations: [{ edit: (host) => set(host, "managed_by_vcenter", false) }],
  check(host, { need, fail }) {
    if (need(host, "managed_by_vcenter")) return;
    fail("standalone", { at: [host, "managed_by_vcenter"], data: { host: host.name } });
  },
});
