import rule from "../../../rules/time/ntp-synchronised.ts";
import type { NtpAnswer, NtpReply } from "../../../src/engine/api/question.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, ntpReply, type Script } from "../../support/scripted-answers.ts";

const NAME = "ntp1.example.com";

const deployment = (server: string) => `
dns_servers: [10.0.0.1]
management_node:
  name: m
  hostname: m
  ntp_servers: [«1|${server}»]
conferencing_nodes: []
`;

const answered = (reason: NtpAnswer["reason"], changes: Partial<NtpReply> = {}) =>
  ({ status: "answered", reason, reply: ntpReply(changes) }) as const;

const OK = answered("ok");
const UNSYNCHRONISED = answered("unsynchronised", { leap: 3, stratum: 0 });

/** The server 10.0.0.5 with one answer. */
const one = (
  name: string,
  answer: Partial<NtpAnswer>,
  expected: RuleCase["expect"][string],
  options?: RuleCase["options"],
): RuleCase => ({
  name,
  deployment: deployment("«2|10.0.0.5»"),
  answers: { "ntp 10.0.0.5 123": answer },
  expect: { "ntp-server:10.0.0.5": expected },
  ...(options && { options }),
});

/** A server by name with an IPv4 and an IPv6 address. */
const two = (name: string, answers: Script, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deployment(NAME),
  answers: {
    [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.5"]),
    [`dns 10.0.0.1 53 ${NAME} AAAA`]: dnsRecords(NAME, ["AAAA", "2001:db8::5"]),
    ...answers,
  },
  expect: { [`ntp-server:${NAME}`]: expected },
});

ruleTester.run(
  rule,
  [
    one("fails a kiss of death without a code", answered("kiss-of-death", { stratum: 0, kiss_code: null }), {
      verdict: "fail",
      findings: [["kissOfDeath", "«2»", "kiss code unknown"]],
    }),
    two(
      "names each address with the same problem once",
      {
        [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.5"], ["A", "10.0.0.6"]),
        [`dns 10.0.0.1 53 ${NAME} AAAA`]: dnsRecords(NAME),
        "ntp 10.0.0.5 123": UNSYNCHRONISED,
        "ntp 10.0.0.6 123": UNSYNCHRONISED,
      },
      {
        verdict: "fail",
        findings: [["unsynchronised", "«1»", "leap indicator 3, stratum 0, 10.0.0.6: leap indicator 3, stratum 0"]],
      },
    ),
    one("passes a synchronised server", OK, { verdict: "pass" }),
    one("passes a server that announces a leap second", answered("ok", { leap: 1 }), { verdict: "pass" }),
    one("passes stratum 14", answered("ok", { stratum: 14 }), { verdict: "pass" }),
    one("warns of stratum 15: its clients are not synchronized", answered("ok", { stratum: 15, refid: "10.0.0.9" }), {
      verdict: "fail",
      findings: [
        [
          "lastStratum",
          "«2»",
          "NTP server 10.0.0.5 is at stratum 15, so its clients are not synchronized (10.0.0.5: reference ID 10.0.0.9).",
        ],
      ],
    }),
    one(
      "warns of a Windows server on its own clock, whatever dispersion it claims",
      answered("ok", { stratum: 1, refid: "LOCL", root_delay_ms: 0, root_dispersion_ms: 0 }),
      {
        verdict: "fail",
        findings: [
          [
            "ownClock",
            "«2»",
            "NTP server 10.0.0.5 has no time source other than its own clock (10.0.0.5: reference ID LOCL, stratum 1).",
          ],
        ],
      },
    ),
    ...(
      [
        ["ntpd with its local clock", "127.127.1.0", 11],
        ["chronyd with `local`", "127.127.1.1", 10],
        ["chronyd with `local stratum 1`", String.raw`\x7f\x7f\x01\x01`, 1],
        ["ntpd in orphan mode", "127.0.0.1", 6],
      ] as const
    ).map(([what, refid, stratum]) =>
      one(`warns of ${what}`, answered("ok", { stratum, refid }), {
        verdict: "fail",
        findings: [["ownClock", "«2»", `reference ID ${refid}, stratum ${stratum}`]],
      }),
    ),
    one("passes the name of a reference clock", answered("ok", { stratum: 1, refid: "GPS" }), { verdict: "pass" }),
    one("passes a server that follows another of this network", answered("ok", { refid: "127.128.1.0" }), {
      verdict: "pass",
    }),
    one("says both of a server at stratum 15 on its own clock", answered("ok", { stratum: 15, refid: "127.127.1.0" }), {
      verdict: "fail",
      findings: [
        ["ownClock", "«2»"],
        ["lastStratum", "«2»"],
      ],
    }),
    one("passes a root distance at ESXi's limit", answered("ok", { root_delay_ms: 1000, root_dispersion_ms: 1000 }), {
      verdict: "pass",
    }),
    one(
      "warns of a root distance above ESXi's limit",
      answered("ok", { root_delay_ms: 1002, root_dispersion_ms: 1000 }),
      {
        verdict: "fail",
        findings: [
          [
            "aboveEsxiLimit",
            "«2»",
            "NTP server 10.0.0.5 exceeds the root distance that ESXi accepts, 1500 ms (`tos maxdist`): 10.0.0.5: root distance 1501 ms, of which root dispersion 1000 ms;",
          ],
        ],
      },
    ),
    one("passes a clock that is hours off: another rule compares it", answered("ok", { offset_ms: 3_600_000 }), {
      verdict: "pass",
    }),
    one("fails leap indicator 3", answered("unsynchronised", { leap: 3 }), {
      verdict: "fail",
      findings: [
        ["unsynchronised", "«2»", "NTP server 10.0.0.5 is not synchronized (10.0.0.5: leap indicator 3, stratum 2)."],
      ],
    }),
    ...[0, 16].map((stratum) =>
      one(`fails stratum ${stratum}`, answered("unsynchronised", { stratum }), {
        verdict: "fail",
        findings: [["unsynchronised", "«2»", `leap indicator 0, stratum ${stratum}`]],
      }),
    ),
    one(
      "fails a server that has no time at all to give",
      answered("unsynchronised", { leap: 3, stratum: 0, offset_ms: null, delay_ms: null, refid: "INIT" }),
      { verdict: "fail", findings: [["unsynchronised", "«2»"]] },
    ),
    ...["DENY", "RSTR", "RATE"].map((code) =>
      one(
        `fails the kiss of death ${code}`,
        answered("kiss-of-death", { leap: 3, stratum: 0, kiss_code: code, offset_ms: null, delay_ms: null }),
        {
          verdict: "fail",
          findings: [
            [
              "kissOfDeath",
              "«2»",
              `NTP server 10.0.0.5 refuses to serve this client (10.0.0.5: kiss code ${code}); allow`,
            ],
          ],
        },
      ),
    ),
    one(
      "only warns of a root distance at the limit",
      answered("ok", { root_delay_ms: 2000, root_dispersion_ms: 2000 }),
      {
        verdict: "fail",
        findings: [["aboveEsxiLimit", "«2»"]],
      },
    ),
    one("fails a root distance above the limit", answered("ok", { root_delay_ms: 2002, root_dispersion_ms: 2000 }), {
      verdict: "fail",
      findings: [
        [
          "tooFar",
          "«2»",
          "NTP server 10.0.0.5 may be more than 3000 ms off its reference clock (10.0.0.5: root distance 3001 ms, of which root dispersion 2000 ms).",
        ],
      ],
    }),
    one(
      "takes the limit from its option: below",
      answered("ok", { root_delay_ms: 0, root_dispersion_ms: 100 }),
      { verdict: "pass" },
      { root_distance_ms: 100 },
    ),
    one(
      "takes the limit from its option: above",
      answered("ok", { root_delay_ms: 0, root_dispersion_ms: 101 }),
      { verdict: "fail", findings: [["tooFar", "«2»", "root distance 101 ms"]] },
      { root_distance_ms: 100 },
    ),
    one(
      "says one thing of an unsynchronised server, however far it is off",
      {
        ...UNSYNCHRONISED,
        reply: ntpReply({ leap: 3, root_dispersion_ms: 16_000 }),
      },
      { verdict: "fail", findings: [["unsynchronised", "«2»"]] },
    ),
    ...(["no-reply", "port-unreachable", "admin-prohibited", "bad-reply"] as const).map((reason) =>
      one(
        `leaves a server that did not return a valid response (${reason}) to another rule`,
        { status: "no-answer", reason },
        { verdict: "inconclusive", reason: `it did not return a valid response (10.0.0.5: ${reason})` },
      ),
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      one(
        `says nothing of a server that was not asked (${reason})`,
        { status: "not-asked", reason },
        { verdict: "inconclusive", reason: `10.0.0.5: ${reason}` },
      ),
    ),

    two(
      "passes a name when each of its addresses is synchronised",
      { "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": OK },
      {
        verdict: "pass",
      },
    ),
    two("passes a name of which one address is silent", { "ntp 2001:db8::5 123": OK }, { verdict: "pass" }),
    two(
      "passes over an address that this machine has no route to",
      { "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": { status: "not-asked", reason: "own-network-error" } },
      { verdict: "pass" },
    ),
    two(
      "fails for one bad address among good ones",
      { "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": UNSYNCHRONISED },
      { verdict: "fail", findings: [["unsynchronised", "«1»", "(2001:db8::5: leap"]] },
    ),
    two(
      "has one finding for each family with a bad address",
      {
        "ntp 10.0.0.5 123": answered("kiss-of-death", { stratum: 0, kiss_code: "DENY" }),
        "ntp 2001:db8::5 123": UNSYNCHRONISED,
      },
      {
        verdict: "fail",
        findings: [
          ["kissOfDeath", "«1»"],
          ["unsynchronised", "«1»"],
        ],
      },
    ),
    ...(["deadline", "aborted", "not-recorded"] as const).map((reason) =>
      two(
        `does not pass while an address was not asked (${reason})`,
        { "ntp 10.0.0.5 123": OK, "ntp 2001:db8::5 123": { status: "not-asked", reason } },
        { verdict: "inconclusive", reason: `not every address was queried (10.0.0.5: ok, 2001:db8::5: ${reason})` },
      ),
    ),
    two(
      "fails for what is proven although an address was not asked",
      { "ntp 10.0.0.5 123": UNSYNCHRONISED, "ntp 2001:db8::5 123": { status: "not-asked", reason: "deadline" } },
      { verdict: "fail", findings: [["unsynchronised", "«1»"]] },
    ),

    {
      name: "does not judge a name that does not resolve",
      deployment: deployment(NAME),
      expect: {
        [`ntp-server:${NAME}`]: { verdict: "inconclusive", reason: `${NAME} does not resolve to an address` },
      },
    },
    {
      name: "does not ask what is neither a name nor an address",
      deployment: deployment('"http://ntp1.example.com/"'),
      expect: {
        "ntp-server:http://ntp1.example.com/": {
          verdict: "inconclusive",
          missing: ["is neither an address nor a host name"],
        },
      },
    },
    {
      name: "asks the port that is written",
      deployment: deployment('"10.0.0.5:1123"'),
      answers: { "ntp 10.0.0.5 123": UNSYNCHRONISED, "ntp 10.0.0.5 1123": OK },
      expect: { "ntp-server:10.0.0.5:1123": { verdict: "pass" } },
    },
    {
      name: "does not apply where nobody uses a server",
      deployment: "ntp_servers: [10.0.0.5]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no NTP server is in use" } },
    },
  ],
  { sharedAnswers: true },
);
