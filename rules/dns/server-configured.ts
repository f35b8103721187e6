import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { usersInWords } from "../../src/site/relations/server-list-users.ts";

/**
 * The guide: "The address of at least one DNS server must be added to your system" (L466). The deployment is what
 * declares the servers: a list that is absent or empty and is used is a failure, not a gap.
 */
export default defineRule({
  id: "dns/server-configured",
  title: "Require at least one DNS server for nodes",
  severity: "error",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "dns-server-list",
  messages: {
    none: "No DNS server is declared for {{users}}; declare at least one.",
  },
  remediation:
    "Add at least one DNS server to dns_servers of the deployment, the system location or the Management Node.",
  mutations: [{ edit: (list) => replace(list.sourceRef, []) }],
  check(list, { fail }) {
    if (list.written.some((entry) => entry.trim() !== "")) return;
    fail("none", { at: [list], data: { users: usersInWords(list) } });
  },
});
