import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { timeServiceIn, timeServiceOf } from "../shared/time-service.ts";

/**
 * The guide: "All host servers **must** be synchronized with accurate time before you install the Management Node or
 * Conferencing Nodes on them" (L115). Servers that are configured but not queried synchronize nothing.
 */
export default defineRule({
  id: "time/host-ntp-running",
  title: "Require a running time service on every host",
  severity: "error",
  since: "0.1.0",
  source: guide("Synchronizing time", "must"),
  subject: "runnable-host",
  messages: {
    stopped: "The {{protocol}} service ({{daemon}}) of host {{host}} is not running, so the clock drifts; start it.",
  },
  remediation: "Start the time service of the host, and set it to start and stop with the host.",
  commands: (host, { known }) => [
    command("host/start-service", { host: ownName(host), service: timeServiceOf(host, { known }).daemon }),
  ],
  mutations: [{ edit: (host) => set(timeServiceIn(host), "running", false) }],
  check(host, { need, known, fail }) {
    const { object, protocol, daemon } = timeServiceOf(host, { known });
    const running = need(object, "running");
    need(host, "timeProtocol");
    if (!running) fail("stopped", { at: [object, "running"], data: { host: host.name, protocol, daemon } });
  },
});
