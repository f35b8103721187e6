import { replace, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { usersInWords } from "../../src/site/relations/server-list-users.ts";

/**
 * The guide: "NTP **must** be enabled on the Management Node VM before you deploy any Conferencing Nodes" (L116). The
 * deployment is what declares the servers: a list that is absent or empty and is used is a failure, not a gap.
 */
export default defineRule({
  id: "time/node-ntp-configured",
  title: "Require NTP servers for nodes",
  severity: "error",
  since: "0.1.0",
  source: guide("Synchronizing time", "must"),
  subject: "ntp-server-list",
  messages: {
    none: "No NTP server is declared for {{users}}; declare at least three.",
  },
  remediation:
    "Add at least three NTP servers to ntp_servers of the deployment, the system location or the Management Node.",
  mutations: [
    { edit: (list) => replace(list.sourceRef, []) },
    {
      edit: (_, { site }) =>
        set(
          site.locations.find((location) => site.relations.nodesIn(location).items.length > 0),
          "ntp_servers",
          [],
        ),
    },
  ],
  check(list, { fail }) {
    if (list.written.some((entry) => entry.trim() !== "")) return;
    fail("none", { at: [list], data: { users: usersInWords(list) } });
  },
});
