import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { softwareMajor } from "../../src/facts/version-profiles.ts";

/**
 * Pexip's documentation of later versions (34.2, 35.1) does not support standalone ESXi hosts. Versions 24 and 25 do;
 * the finding there is a hint before an upgrade.
 */
export default defineRule({
  id: "platform/standalone-host",
  title: "Disallow hosts not managed by vCenter",
  severity: "info",
  severityWhen: [{ fromProfile: 34, severity: "error" }],
  since: "0.1.0",
  source: { document: "docs.pexip.com", section: "VMware ESXi administration", wording: "beyond" },
  subject: "host",
  messages: {
    standalone:
      "Host {{host}} is not managed by vCenter; Pexip Infinity 34 and later does not support standalone hosts.",
  },
  remediation: "Add the host to a vCenter Server.",
  mutations: [{ edit: (host) => set(host, "managed_by_vcenter", false) }],
  check(host, { site, need, fail, inconclusive }) {
    const supporting = site.profiles.filter(({ standaloneHosts }) => standaloneHosts);
    const isOpen = supporting.length > 0 && supporting.length < site.profiles.length;
    if (need(host, "managed_by_vcenter", isOpen ? { severity: "warn" } : {})) return;
    if (isOpen) {
      const version = need(site.platform, "version");
      const names = (supports: boolean) =>
        site.profiles.flatMap(({ name, standaloneHosts }) => (standaloneHosts === supports ? name : [])).join(", ");
      return inconclusive(
        `the host is not managed by vCenter, and whether Pexip Infinity ${String(version)} supports that is unknown (${names(true)} does, ${names(false)} does not)`,
        softwareMajor(version) === null ? {} : { severity: "warn" },
      );
    }
    fail("standalone", { at: [host, "managed_by_vcenter"], data: { host: host.name } });
  },
});
