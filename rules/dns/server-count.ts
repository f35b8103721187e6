import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { usersInWords } from "../../src/site/relations/server-list-users.ts";
import { escapeForMessage } from "../../src/values/text/quoted.ts";

const MOST = 3;

/** Pexip's documentation on enabling DNS: of the servers of a location or the Management Node, only three are used. */
export default defineRule({
  id: "dns/server-count",
  title: "Disallow more than three DNS servers",
  severity: "info",
  since: "0.1.0",
  source: { document: "docs.pexip.com", section: "Enabling DNS", wording: "beyond" },
  subject: "dns-server-list",
  messages: {
    tooMany:
      "{{count}} DNS servers are declared for {{users}}, but only the first {{most}} are used ({{used}}); remove the others.",
  },
  remediation: "Keep the three DNS servers that nodes should query, and remove the others.",
  mutations: [{ edit: (list) => replace(list.sourceRef, ["10.44.0.10", "10.44.0.11", "10.44.0.12", "10.44.0.13"]) }],
  check(list, { needAll, fail }) {
    const servers = needAll(list.servers).map(({ name }) => name);
    if (servers.length <= MOST) return;
    fail("tooMany", {
      at: [list],
      data: {
        users: usersInWords(list),
        count: servers.length,
        most: MOST,
        used: servers.slice(0, MOST).map(escapeForMessage).join(", "),
      },
    });
  },
});
