import { describeAddresses, familyOf, hasNoRoute, queryAddresses } from "../shared/ntp-clocks.ts";
import { withFixes } from "../shared/unreachable-fixes.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "The NTP server must be accessible … at the time the startup wizard is run. Installation will fail" (L428). */
export default defineRule({
  id: "time/ntp-reachable",
  title: "Require reachable NTP servers",
  severity: "error",
  since: "0.1.0",
  live: true,
  source: guide("Running the installation wizard", "must"),
  subject: "ntp-server",
  messages: {
    unreachable: "NTP server {{server}} did not return a valid response ({{tried}}).",
    addressSilent:
      "NTP server {{server}} did not return a valid response at some of its addresses ({{tried}}); clients that use them are not synchronized.",
  },
  messageSeverity: { addressSilent: "warn" },
  remediation:
    "Check that the server is running and serves this network, and that UDP port 123 is open to it; or use another server.",
  check(server, context) {
    const { fail, inconclusive } = context;
    const addresses = queryAddresses(server, context);
    const unasked = addresses.filter(({ answer }) => answer.status === "not-asked");
    const silent = addresses.filter(({ answer }) => answer.status === "no-answer");
    if (unasked.length + silent.length === addresses.length) {
      // There is no evidence about the server, so the check is inconclusive.
      if (unasked.length > 0) inconclusive(`not every address could be queried (${describeAddresses(addresses)})`);
      const reasons = silent.map(({ answer }) => answer.reason);
      const tried = withFixes(describeAddresses(silent), reasons);
      fail("unreachable", { at: [server], data: { server: server.name, tried } });
      return;
    }
    for (const family of ["IPv4", "IPv6"] as const) {
      const those = silent.filter(({ address }) => familyOf(address) === family);
      if (those.length === 0) continue;
      const reasons = those.map(({ answer }) => answer.reason);
      const data = { server: server.name, tried: withFixes(describeAddresses(those), reasons) };
      fail("addressSilent", { at: [server], data, key: `${server.name} ${family}` });
    }
    const cut = unasked.filter((one) => !hasNoRoute(one));
    if (cut.length > 0) inconclusive(`not every address could be queried (${describeAddresses(cut)})`);
    const [unroutable] = unasked;
    if (unroutable === undefined) return;
    // The same text for every server, so that reports show it once.
    const family = familyOf(unroutable.address);
    inconclusive(`this machine has no ${family} network, so ${family} addresses of NTP servers were not queried`);
  },
});
