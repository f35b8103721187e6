import { ntpServerEntries } from "../../src/values/network/ntp-server-entry.ts";
import { splitEntry } from "../shared/entry-fixes.ts";
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
    blank: "An NTP server entry is blank; enter a server or remove the entry.",
    url: "NTP server {{written}} has a scheme, path or prefix; enter only the name or address of the server.",
    several:
      "NTP server {{written}} contains more than one name or address; use one entry per server, without options.",
    invalid: "NTP server {{written}} is neither a valid hostname nor an IP address.",
  },
  remediation: "Enter one DNS name, IPv4 address or IPv6 address per NTP server.",
  fix: ({ messageId }, server, { known }) => {
    const written = String(known(server, "written"));
    if (messageId === "several") return splitEntry(written, isQualified);
    const host = /^(?:https?|ntp):\/\/([^/?#@\s]+)\/?$/i.exec(written.trim())?.[1];
    return host !== undefined && isQualified(host) ? { value: host } : null;
  },
  mutations: [{ edit: (server) => replace(server.sourceRef, "http://ntp2.vc.example.com") }],
  check(server, { need, known, fail }) {
    const written = need(server, "written");
    if (known(server, "endpoint") !== undefined) return;
    const text = written.trim();
    const message = text === "" ? "blank" : text.includes("/") ? "url" : /[\s,;]/.test(text) ? "several" : "invalid";
    fail(message, { at: [server], data: { written: quoted(written) } });
  },
});

/** An address, or a name with a dot: a word without one may be an option, as in `ntp.example.com iburst`. */
function isQualified(text: string): boolean {
  return /[.:]/.test(text) && ntpServerEntries([text]).unreadable.length === 0;
}
