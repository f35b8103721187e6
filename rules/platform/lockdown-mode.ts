import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { atLeast } from "../../src/facts/esxi-version.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/** The guide on hosts that vCenter Server manages: "you should put them in Lockdown mode" (L109). */
export default defineRule({
  id: "platform/lockdown-mode",
  title: "Require lockdown mode on hosts managed by vCenter",
  severity: "warn",
  since: "0.1.0",
  source: guide("Prerequisites", "strongly-recommended"),
  subject: "host",
  messages: {
    off: "Host {{host}} is managed by vCenter but not in lockdown mode; changes made directly on the host may be lost.",
  },
  remediation:
    "Put the host in normal lockdown mode (vSphere Client: Configure, Security Profile, Lockdown Mode), with exception users for accounts that need direct access. Automatic deployment requires the Management Node to reach the host directly; whether it works in lockdown mode is not documented.",
  commands: (host, { known }) => {
    const esxi = known(host, "esxi");
    // HostAccessManager.ChangeLockdownMode came with vSphere API 6.0.
    if (esxi === undefined || !atLeast(esxi, 6, 0)) return [];
    return [command("host/lockdown", { host: ownName(host) })];
  },
  mutations: [{ edit: (host) => set(host, "lockdown_mode", "lockdownDisabled") }],
  check(host, { need, fail, notApplicable }) {
    if (!need(host, "managed_by_vcenter")) return notApplicable("the host is not managed by vCenter");
    if (need(host, "lockdown_mode") !== "lockdownDisabled") return;
    fail("off", { at: [host, "lockdown_mode"], data: { host: host.name } });
  },
});
