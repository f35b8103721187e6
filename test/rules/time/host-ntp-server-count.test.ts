import { expect, it } from "vitest";
import rule from "../../../rules/time/host-ntp-server-count.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const deployment = "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]";

const inventory = (ntp: string) => `
hosts:
  - name: esxi01
    cluster: null
    ntp: ${ntp}
virtual_machines: []
`;

const evaluated = (name: string, ntp: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment,
  inventory: inventory(ntp),
  expect: { "host:esxi01": expected },
});

const servers = (name: string, list: string, expected: RuleCase["expect"][string]): RuleCase =>
  evaluated(name, `{ protocol: ntp, servers: «[»${list}] }`, expected);

const one = (shown: string): RuleCase["expect"][string] => ({
  verdict: "fail",
  findings: [["tooFew", `(1: ${shown})`]],
});

ruleTester.run(rule, [
  servers("passes three", "a.example.com, b.example.com, c.example.com", { verdict: "pass" }),
  servers("passes more than three", "a, b, c, d", { verdict: "pass" }),
  servers("fails two", "a.example.com, b.example.com", {
    verdict: "fail",
    findings: [["tooFew", "too few distinct NTP servers (2: a.example.com, b.example.com)"]],
    severity: "warn",
  }),
  servers("fails one", "a.example.com", one("a.example.com")),
  servers("counts pools of one provider each", "0.pool.ntp.org, 1.pool.ntp.org, 2.pool.ntp.org", { verdict: "pass" }),
  servers("folds case, a trailing dot and options", "a, A., a iburst", one("a")),
  servers("folds several options, with numbers", "a prefer, a minpoll 4 maxpoll 10 iburst, A key 1", one("a")),
  servers(
    "folds the ways to write an address",
    '"2001:db8::1", "2001:0DB8:0:0::1", "[2001:db8::1]:123"',
    one("2001:db8::1"),
  ),
  servers("keeps servers on different ports apart", '"127.0.0.1:1123", "127.0.0.1:2123", "127.0.0.1:3123"', {
    verdict: "pass",
  }),
  servers("does not count blank entries", 'a, b, " "', {
    verdict: "fail",
    findings: [["tooFew", "(2: a, b)"]],
  }),
  servers("cannot tell how many servers one text of several is", '"a.example.com, b.example.com, c.example.com"', {
    verdict: "inconclusive",
    reason: "number of servers is unknown",
  }),
  servers("cannot tell it where blanks part them either", '"a.example.com b.example.com c.example.com"', {
    verdict: "inconclusive",
  }),
  servers("passes three beside one that cannot be read", '"http://d", a, b, c', { verdict: "pass" }),
  servers("fails a host without any", "", {
    verdict: "fail",
    findings: [["none"]],
  }),
  evaluated(
    "does not apply to PTP without NTP as its fallback",
    "{ protocol: ptp, servers: [a] }\n    ptp: { fallback_to_ntp: false }",
    { verdict: "not-applicable", reason: "host is synchronized by PTP, without NTP fallback" },
  ),
  evaluated(
    "counts the servers of NTP as the fallback of PTP",
    "{ protocol: ptp, servers: «[a]» }\n    ptp: { fallback_to_ntp: true }",
    { verdict: "fail", findings: [["tooFew"]] },
  ),
  evaluated("does not take a missing list for an empty one", "{ protocol: ntp }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.servers is not in the inventory"],
  }),
  evaluated("does not guess the protocol", "{ servers: [a, b, c] }", {
    verdict: "inconclusive",
    missing: ["hosts.ntp.protocol is not in the inventory"],
  }),
]);

it("prints commands for this host", async () => {
  const [check] = await checksOf(rule, { deployment, inventory: inventory("{ protocol: ntp, servers: [a] }") });
  expect(check?.remediation?.split("\n").slice(1)).toEqual([
    "Get-VMHost -Name 'esxi01' | Add-VMHostNtpServer -NtpServer '<NTP server>'",
    "govc host.service -host esxi01 restart ntpd",
  ]);
});
