import { splitEntry } from "../shared/entry-fixes.ts";
import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { parseEndpoint } from "../../src/values/network/endpoint.ts";
import { quoted } from "../../src/values/text/quoted.ts";

const DNS_PORT = 53;

/** The guide: "The address of at least one DNS server must be added to your system" (L466): an address, not a name. */
export default defineRule({
  id: "dns/server-address",
  title: "Require valid IP addresses for DNS servers",
  severity: "error",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "dns-server",
  messages: {
    blank: "A DNS server entry is blank; enter an IP address or remove the entry.",
    name: "DNS server {{written}} is a name, which cannot be resolved without a DNS server; use its IP address.",
    several: "DNS server {{written}} contains more than one address; use one entry per server.",
    invalid: "DNS server {{written}} is not an IP address; use an IPv4 or IPv6 address.",
  },
  remediation: "Enter one IPv4 or IPv6 address per DNS server.",
  // Only an entry with several addresses has several parts that are addresses.
  fix: (_, server, { known }) =>
    splitEntry(String(known(server, "written")), (part) => parseEndpoint(part, DNS_PORT)?.isAddress === true),
  mutations: [{ edit: (server) => replace(server.sourceRef, "dns2.vc.example.com") }],
  check(server, { need, fail }) {
    const written = need(server, "written");
    const endpoint = parseEndpoint(written, DNS_PORT);
    if (endpoint?.isAddress === true) return;
    const text = written.trim();
    const message = text === "" ? "blank" : endpoint !== null ? "name" : /[\s,;]/.test(text) ? "several" : "invalid";
    fail(message, { at: [server], data: { written: quoted(written) } });
  },
});
