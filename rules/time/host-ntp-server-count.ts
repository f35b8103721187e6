import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { ntpServerEntries } from "../../src/values/network/ntp-server-entry.ts";
import { quoted } from "../../src/values/text/quoted.ts";
import { isWithoutNtp, WITHOUT_NTP } from "../shared/time-service.ts";

const FEWEST = 3;

/**
 * The guide: "We strongly recommend that you configure at least three distinct NTP servers or NTP server pools on all
 * your host servers and the Management Node itself" (L118). A host without any server is reported by
 * time/host-ntp-configured.
 */
export default defineRule({
  id: "time/host-ntp-server-count",
  title: "Require three distinct NTP servers on every host",
  severity: "warn",
  since: "0.1.0",
  source: guide("Synchronizing time", "strongly-recommended"),
  subject: "runnable-host",
  messages: {
    none: "Host {{host}} has no NTP server; configure at least {{fewest}}.",
    tooFew: "Host {{host}} has too few distinct NTP servers ({{count}}: {{servers}}); configure at least {{fewest}}.",
  },
  remediation: "Add NTP servers until the host has three independent ones, then restart its NTP service.",
  commands: (host) => [
    command("host/add-ntp-server", { host: ownName(host) }),
    command("host/restart-service", { host: ownName(host), service: "ntpd" }),
  ],
  mutations: [
    { edit: (host) => set(host.ntp, "servers", ["a.example.com", "A.example.com.", "b.example.com iburst"]) },
  ],
  check(host, { need, known, fail, notApplicable, inconclusive }) {
    if (isWithoutNtp(host, { need, known })) return notApplicable(WITHOUT_NTP);
    const { servers, unreadable } = ntpServerEntries(need(host.ntp, "servers"));
    need(host, "timeProtocol");
    if (servers.length >= FEWEST) return;
    const [odd] = unreadable;
    if (odd !== undefined)
      return inconclusive(`entry ${quoted(odd)} is not a valid server, so the number of servers is unknown`);
    const at = [host.ntp, "servers"] as const;
    if (servers.length === 0) {
      fail("none", { at, dependsOn: [at], data: { host: host.name, fewest: FEWEST } });
      return;
    }
    fail("tooFew", {
      at,
      data: { host: host.name, count: servers.length, servers: servers.join(", "), fewest: FEWEST },
    });
  },
});
