import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/**
 * Follows from the guide's wizard, which takes NTP servers as names or addresses, several "if separated by a space"
 * (L418): each entry of a list is one of them.
 */
export default defineRule({
  id: "time/ntp-server-address",
  title: "Require valid names or addresses for NTP servers",
  severity: "error",
  since: "0.1.0",
  source: guide("Running the installation wizard", "derived"),
  subject: "ntp-server",
  messages: {
    blank: "An entry of the NTP servers is blank; name a server there or remove the entry.",
    url: "NTP server {{written}} is written with a scheme, path or prefix; give only the name or address of the server.",
    several:
      "NTP server {{written}} is more than one name or address; give each server an entry of its own, without options.",
    invalid: "NTP server {{written}} is neither a valid host name nor an IP address.",
  },
  remediation: "Give each NTP server as one entry: a DNS name, an IPv4 address or an IPv6 address.",
  mutations: [{ edit: (server) => replace(server.sourceRef, "http://ntp2.vc.example.com") }],
  check(server, { need, known, fail }) {
    const written = need(server, "written");
    if (known(server, "endpoint") !== undefined) return;
    const text = written.trim();
    const message = text === "" ? "blank" : text.includes("/") ? "url" : /[\s,;]/.test(text) ? "several" : "invalid";
    fail(message, { at: [server], data: { written: quoted(written) } });
  },
});
