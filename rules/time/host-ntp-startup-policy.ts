import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { timeServiceIn, timeServiceOf } from "../shared/time-service.ts";

/** As the vSphere Client calls them. */
const LABELS = {
  on: "Start and stop with host",
  automatic: "Start and stop with port usage",
  off: "Start and stop manually",
} as const;

/** The guide: "From the **NTP Service Startup Policy** drop-down menu, select **Start and stop with host**" (L131). */
export default defineRule({
  id: "time/host-ntp-startup-policy",
  title: "Require the time service to start and stop with the host",
  severity: "warn",
  since: "0.1.0",
  source: guide("Synchronizing time", "recommended"),
  subject: "runnable-host",
  messages: {
    otherPolicy:
      'The {{protocol}} service of host {{host}} has startup policy "{{actual}}"; set it to "{{wanted}}", so that it runs after every restart.',
  },
  remediation: 'Set the startup policy of the time service to "Start and stop with host".',
  commands: (host, { known }) => [
    command("host/enable-service", { host: ownName(host), service: timeServiceOf(host, { known }).daemon }),
  ],
  mutations: [{ edit: (host) => set(timeServiceIn(host), "startup_policy", "automatic") }],
  check(host, { need, known, fail }) {
    const { object, protocol } = timeServiceOf(host, { known });
    const policy = need(object, "startup_policy");
    need(host, "timeProtocol");
    if (policy === "on") return;
    fail("otherPolicy", {
      at: [object, "startup_policy"],
      data: { host: host.name, protocol, actual: LABELS[policy], wanted: LABELS.on },
    });
  },
});
