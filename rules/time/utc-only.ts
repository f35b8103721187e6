import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/** UTC and its other names in the IANA time zone database (files etcetera and backward). */
const UTC = ["utc", "uct", "universal", "zulu", "etc/utc", "etc/uct", "etc/universal", "etc/zulu"];

/**
 * The guide: "The VMs hosting the Management Node and Conferencing Nodes use the UTC timezone, and all logs are in UTC.
 * Do not attempt to change the timezone on these systems" (L120).
 */
export default defineRule({
  id: "time/utc-only",
  title: "Disallow time zones other than UTC on nodes",
  severity: "error",
  since: "0.1.0",
  source: guide("Synchronizing time", "must"),
  subject: "node",
  messages: {
    otherZone: "Node {{node}} has time zone {{timezone}}; nodes must run in UTC, so remove the time zone.",
  },
  remediation: "Remove the time zone from the deployment, and reset it to UTC if it was changed on the node.",
  mutations: [{ edit: (node) => set(node, "timezone", "Europe/Oslo") }],
  check(node, { known, fail }) {
    // Nodes are delivered in UTC: a time zone that is not declared is not changed.
    const timezone = (known(node, "timezone") ?? "").trim();
    if (timezone === "" || UTC.includes(timezone.toLowerCase())) return;
    fail("otherZone", { at: [node, "timezone"], data: { node: node.name, timezone: quoted(timezone) } });
  },
});
