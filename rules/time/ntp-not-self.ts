import { given, replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * Follows from the guide: "Pexip Infinity uses NTP servers to obtain accurate system time" (L113). A node that takes the
 * time from this deployment gets back its own error.
 */
export default defineRule({
  id: "time/ntp-not-self",
  title: "Disallow the deployment's own nodes as NTP servers",
  severity: "warn",
  since: "0.1.0",
  source: guide("Synchronizing time", "derived"),
  subject: "ntp-server",
  messages: {
    own: "NTP server {{server}} is node {{node}} of this deployment; use a server outside the deployment.",
  },
  remediation: "Use an NTP server that does not get its time from this deployment.",
  mutations: [
    {
      edit: (server, { site }) => {
        const address = given(site.nodes[0], "address");
        return address === undefined ? null : replace(server.sourceRef, address);
      },
    },
  ],
  check(server, { site, need, needAll, fail }) {
    const found = site.relations.nodesAt(need(server, "endpoint"));
    const [node] = found.items;
    if (node === undefined) {
      needAll(found);
      return;
    }
    const conflict = site.relations.addressConflicts.withServer(server);
    fail("own", {
      at: [server],
      dependsOn: conflict === undefined ? [] : [conflict.wrong.at],
      data: { server: server.name, node: node.name },
      related: [{ message: `node ${node.name}`, at: [node, "name"] }],
    });
  },
});
