import { expect, it } from "vitest";
import rule from "../../../rules/time/ntp-server-address.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = (server: string) => `
management_node: { name: m, hostname: m }
ntp_servers:
  - «${server}»
`;

const evaluated = (name: string, server: string, subject: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deployment(server),
  expect: { [`ntp-server:${subject}`]: expected },
});

const passes = (name: string, server: string, subject = server): RuleCase =>
  evaluated(name, server, subject, { verdict: "pass" });

const fails = (name: string, text: string, message: string, words: string): RuleCase =>
  evaluated(name, JSON.stringify(text), text, { verdict: "fail", findings: [[message, words]] });

ruleTester.run(rule, [
  {
    name: "fixes URLs and several servers in one entry",
    deployment: `management_node: { name: m, hostname: m }
ntp_servers: ["«ntp://ntp1.example.com/»", "«ntp2.example.com ntp3.example.com»", "«ntp4.example.com, prefer»"]`.replaceAll(
      /"«(.*?)»"/g,
      '«"$1"»',
    ),
    fixed: `management_node: { name: m, hostname: m }
ntp_servers: ["ntp1.example.com", "ntp2.example.com", "ntp3.example.com", "ntp4.example.com, prefer"]`,
    expect: {
      "ntp-server:ntp://ntp1.example.com/": { verdict: "fail", findings: [["url"]] },
      "ntp-server:ntp2.example.com ntp3.example.com": { verdict: "fail", findings: [["several"]] },
      "ntp-server:ntp4.example.com, prefer": { verdict: "fail", findings: [["several"]] },
    },
  },
  {
    name: "fixes a URL that is a server and nothing else",
    deployment: `management_node: { name: m, hostname: m }
ntp_servers:
  - «https://ntp1.example.com»
  - «ntp://ntp2.example.com»
  - «' HTTP://ntp3.example.com '»
  - «pool http://ntp4.example.com»
  - «http://ntp5.example.com/path»
  - «http://ntp6»
  - «http://a:b@ntp7.example.com»
`,
    fixed: `management_node: { name: m, hostname: m }
ntp_servers:
  - ntp1.example.com
  - ntp2.example.com
  - 'ntp3.example.com'
  - pool http://ntp4.example.com
  - http://ntp5.example.com/path
  - http://ntp6
  - http://a:b@ntp7.example.com
`,
    expect: Object.fromEntries(
      [
        "https://ntp1.example.com",
        "ntp://ntp2.example.com",
        " HTTP://ntp3.example.com ",
        "pool http://ntp4.example.com",
        "http://ntp5.example.com/path",
        "http://ntp6",
        "http://***@ntp7.example.com",
      ].map((server) => [`ntp-server:${server}`, { verdict: "fail", findings: [["url"]] }]),
    ),
  },
  {
    name: "does not fix what is no server even without its URL or its neighbor",
    deployment: `management_node: { name: m, hostname: m }
ntp_servers:
  - «http://-.example.com»
  - «ntp1.example.com -.example.com»
`,
    fixed: `management_node: { name: m, hostname: m }
ntp_servers:
  - http://-.example.com
  - ntp1.example.com -.example.com
`,
    expect: {
      "ntp-server:http://-.example.com": { verdict: "fail", findings: [["url"]] },
      "ntp-server:ntp1.example.com -.example.com": { verdict: "fail", findings: [["several"]] },
    },
  },
  passes("passes a name", "ntp1.example.com"),
  passes("passes a name of one label", "ntp1"),
  passes("passes a name in capitals with a trailing dot", "NTP1.Example.com.", "ntp1.example.com"),
  passes("passes an IPv4 address", "10.44.0.5"),
  passes("passes an IPv6 address", '"2001:db8::5"', "2001:db8::5"),
  passes("passes a port, for labs", '"127.0.0.1:1123"', "127.0.0.1:1123"),
  passes("passes a bracketed address with a port", '"[::1]:1123"', "[::1]:1123"),
  fails(
    "fails a URL",
    "ntp://ntp1.example.com",
    "url",
    'NTP server "ntp://ntp1.example.com" has a scheme, path or prefix; enter only the name or address of the server.',
  ),
  fails("fails a path", "ntp1.example.com/time", "url", "enter only the name"),
  fails("fails a list with commas", "ntp1.example.com, ntp2.example.com", "several", "more than one name or address"),
  fails("fails a list with blanks, as the wizard takes it", "10.0.0.5 10.0.0.6", "several", "one entry per server,"),
  fails("fails options", "ntp1.example.com iburst", "several", "without options"),
  fails("fails an address out of range", "10.44.0.256", "invalid", '"10.44.0.256" is neither'),
  fails("fails an address that is too short", "10.44.5", "invalid", "neither a valid hostname nor an IP address"),
  fails("fails a prefix length", "10.44.0.5/24", "url", "only the name or address"),
  fails("fails a port out of range", "ntp1.example.com:70000", "invalid", "neither"),
  fails("fails a label that begins with a hyphen", "-ntp1.example.com", "invalid", "neither"),
  fails("fails a label of 64 letters", `${"a".repeat(64)}.example.com`, "invalid", "neither"),
  fails("fails a blank entry", " ", "blank", "An NTP server entry is blank; enter a server or remove the entry."),
  {
    name: "judges a server that several lists name once, and only lists that are used",
    deployment: `
ntp_servers: [ntp1.example.com, "http://unused"]
management_node: { name: m, hostname: m, ntp_servers: [ntp2.example.com, «"a,b"»] }
system_locations:
  - name: Oslo
    ntp_servers: [ntp2.example.com]
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
    expect: {
      "ntp-server:ntp2.example.com": { verdict: "pass" },
      "ntp-server:a,b": { verdict: "fail", findings: [["several"]] },
    },
  },
  {
    name: "does not apply where no server is used",
    deployment: "ntp_servers: [a b]\nconferencing_nodes: []",
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no NTP server is in use" } },
  },
  {
    name: "is inconclusive where a list that is used is empty",
    deployment: "management_node: { name: m, hostname: m }",
    expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["no NTP server is declared"] } },
  },
]);

it("shows what is written on one line, cut, with control characters escaped", async () => {
  const text = `a\u202eb\n${"x".repeat(5000)}`;
  const [check] = await checksOf(rule, { deployment: deployment(JSON.stringify(text)) });
  const message = check?.findings[0]?.message ?? "";
  expect(message).toContain(String.raw`"a\u{202e}b\nxxx`);
  expect(message.length).toBeLessThan(250);
});
