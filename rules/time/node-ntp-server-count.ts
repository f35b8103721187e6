import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { usersInWords } from "../../src/site/relations/server-list-users.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { ntpServerEntries } from "../../src/values/network/ntp-server-entry.ts";
import { quoted } from "../../src/values/text/quoted.ts";

const FEWEST = 3;

/** What the installation wizard chooses two of (L418). */
const WIZARD = [0, 1, 2, 3].map((number) => `${number}.pexip.pool.ntp.org`);

/**
 * The guide: "We strongly recommend that you configure at least three distinct NTP servers or NTP server pools on all
 * your host servers and the Management Node itself" (L118), and, as the wizard's default is two of four pools (L418),
 * "configure at least 2 additional NTP servers or NTP server pools" (L455).
 */
export default defineRule({
  id: "time/node-ntp-server-count",
  title: "Require three distinct NTP servers for nodes",
  severity: "warn",
  since: "0.1.0",
  source: guide("Synchronizing time", "strongly-recommended"),
  subject: "ntp-server-list",
  messages: {
    none: "No NTP server is declared for {{users}}; declare at least {{fewest}}.",
    tooFew:
      "Too few distinct NTP servers ({{count}}: {{servers}}) are declared for {{users}}; declare at least {{fewest}}.",
    wizardDefault:
      "NTP servers of {{users}} are the installation wizard's defaults ({{servers}}), which count as two at most; at least {{fewest}} are required, so add {{others}}.",
  },
  remediation: "Add NTP servers until the list has three independent ones.",
  mutations: [{ edit: (list) => replace(list.sourceRef, list.written.slice(0, FEWEST - 1)) }],
  check(list, { need, fail, inconclusive }) {
    const { servers, unreadable } = ntpServerEntries(list.written);
    if (servers.length >= FEWEST) return;
    const [odd] = unreadable;
    if (odd !== undefined) {
      const entry = list.servers.items.find((server) => need(server, "written").trim() === odd) ?? list;
      return inconclusive(`entry ${quoted(odd)} is not a valid server, so the number of servers is unknown`, {
        at: [entry],
      });
    }
    if (servers.length === 0) {
      fail("none", { at: [list], dependsOn: [[list]], data: { users: usersInWords(list), fewest: FEWEST } });
      return;
    }
    const names = servers.map(canonicalName);
    const others = WIZARD.filter((name) => !names.includes(name));
    const data = { users: usersInWords(list), count: servers.length, servers: servers.join(", "), fewest: FEWEST };
    if (names.every((name) => WIZARD.includes(name))) {
      const added = others.slice(0, FEWEST - servers.length).join(" and ");
      fail("wizardDefault", { at: [list], data: { ...data, others: added } });
    } else {
      fail("tooFew", { at: [list], data });
    }
  },
});
