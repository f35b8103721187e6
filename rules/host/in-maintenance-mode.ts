import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** As `HostSystemConnectionState` of the vSphere API calls them. */
const AWAY = ["disconnected", "notresponding"];

/**
 * Follows from the guide: "You must have a suitable VMware environment already installed" (L107). A host that is in maintenance
 * mode or not connected takes no node now.
 */
export default defineRule({
  id: "host/in-maintenance-mode",
  title: "Disallow hosts in maintenance mode or disconnected",
  severity: "warn",
  since: "0.1.0",
  source: guide("Prerequisites", "derived"),
  subject: "host",
  messages: {
    maintenance: "Host {{host}} is in ESXi maintenance mode; nodes cannot be deployed or started on it.",
    away: "Host {{host}} is not connected to its vCenter ({{state}}); nodes cannot be deployed or started on it.",
  },
  remediation: "Exit ESXi maintenance mode, or reconnect the host, before nodes are deployed to it.",
  mutations: [
    { edit: (host) => set(host, "in_maintenance_mode", true) },
    { edit: (host) => set(host, "connection_state", "notResponding") },
  ],
  check(host, { need, known, fail, inconclusive }) {
    const state = known(host, "connection_state");
    const isAway = state !== undefined && AWAY.includes(state.toLowerCase());
    if (known(host, "in_maintenance_mode") === true) {
      fail("maintenance", { at: [host, "in_maintenance_mode"], data: { host: host.name } });
    }
    if (isAway) fail("away", { at: [host, "connection_state"], data: { host: host.name, state } });
    need(host, "in_maintenance_mode");
    const written = need(host, "connection_state");
    if (!isAway && written.toLowerCase() !== "connected") {
      inconclusive(`${JSON.stringify(written)} is not a connection state of vSphere`);
    }
  },
});
