import rule from "../../../rules/time/ntp-agreement.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { dnsRecords, ntpReply, type Script } from "../../support/scripted-answers.ts";

const SUBJECT = "server-list:management_node/ntp";

const deployment = (servers: readonly string[]) => `
dns_servers: [10.0.0.1]
management_node:
  name: m
  hostname: m
  ntp_servers:
${servers.map((server, index) => `    ${index === 0 ? "«list|-»" : "-"} «${index + 1}|"${server}"»`).join("\n")}
conferencing_nodes: []
`;

/** A server of the list by its last octet: what its clock says, and how exact that is. */
type Reading = readonly [octet: number, offset_ms: number, error_ms?: number];

const clock = (offset_ms: number, error_ms = 1) =>
  ({ status: "answered", reason: "ok", reply: ntpReply({ offset_ms, delay_ms: error_ms * 2 }) }) as const;

const clocks = (readings: readonly Reading[]): Script =>
  Object.fromEntries(readings.map(([octet, offset, error]) => [`ntp 10.0.0.${octet} 123`, clock(offset, error)]));

const list = (
  name: string,
  readings: readonly Reading[],
  expected: RuleCase["expect"][string],
  options?: RuleCase["options"],
): RuleCase => ({
  name,
  deployment: deployment(readings.map(([octet]) => `10.0.0.${octet}`)),
  answers: clocks(readings),
  expect: { [SUBJECT]: expected },
  ...(options && { options }),
});

/** A list in which some servers do not tell the time. */
const withSilent = (
  name: string,
  given: { readonly silent: readonly number[]; readonly telling: readonly Reading[]; readonly answers?: Script },
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: deployment([...given.telling.map(([octet]) => octet), ...given.silent].map((octet) => `10.0.0.${octet}`)),
  answers: { ...clocks(given.telling), ...given.answers },
  expect: { [SUBJECT]: expected },
});

ruleTester.run(
  rule,
  [
    list(
      "passes servers that tell the same time",
      [
        [1, 0],
        [2, 3],
        [3, -2],
      ],
      { verdict: "pass" },
    ),
    list(
      "passes servers that are far from the asking machine, together",
      [
        [1, 7_200_000],
        [2, 7_200_004],
        [3, 7_199_998],
      ],
      {
        verdict: "pass",
      },
    ),
    list(
      "passes two servers that agree",
      [
        [1, 0],
        [2, 400],
      ],
      { verdict: "pass" },
    ),
    list(
      "passes a difference at the limit",
      [
        [1, 0, 0],
        [2, 500, 0],
      ],
      { verdict: "pass" },
    ),
    list(
      "fails a difference above the limit",
      [
        [1, 0, 0],
        [2, 500.5, 0],
      ],
      {
        verdict: "fail",
        findings: [["divided", "«list»"]],
      },
    ),
    list(
      "passes a difference that both error bounds explain",
      [
        [1, 0, 40],
        [2, 590, 50],
      ],
      { verdict: "pass" },
    ),
    list(
      "fails a difference beyond both error bounds",
      [
        [1, 0, 40],
        [2, 591, 50],
      ],
      {
        verdict: "fail",
        findings: [["divided", "«list»"]],
      },
    ),
    list(
      "names the one that differs from the others, at its place",
      [
        [1, 0],
        [2, 3_600_000],
        [3, 10],
      ],
      {
        verdict: "fail",
        findings: [["outlier", "«2»", "NTP server 10.0.0.2 is +3600000 ms off the time of 10.0.0.1, 10.0.0.3."]],
      },
    ),
    list(
      "names one that is behind",
      [
        [1, -2000],
        [2, 0],
        [3, 10],
      ],
      {
        verdict: "fail",
        findings: [["outlier", "«1»", "10.0.0.1 is -2000 ms off the time of 10.0.0.2, 10.0.0.3"]],
      },
    ),
    list(
      "names two that differ, each at its place, from the three that agree",
      [
        [1, 0],
        [2, 9000],
        [3, 1],
        [4, -9000],
        [5, 2],
      ],
      {
        verdict: "fail",
        findings: [
          ["outlier", "«2»", "10.0.0.2 is +8999 ms off the time of 10.0.0.1, 10.0.0.3, 10.0.0.5"],
          ["outlier", "«4»", "10.0.0.4 is -9001 ms off"],
        ],
      },
    ),
    list(
      "names two that agree with each other, and not with the three",
      [
        [1, 0],
        [2, 1],
        [3, 2],
        [4, 5000],
        [5, 5001],
      ],
      {
        verdict: "fail",
        findings: [
          ["outlier", "«4»"],
          ["outlier", "«5»"],
        ],
      },
    ),
    list(
      "names both of two servers that differ",
      [
        [1, 0],
        [2, 3000, 25],
      ],
      {
        verdict: "fail",
        findings: [
          [
            "divided",
            "«list»",
            "The NTP servers for the Management Node do not agree on the time, and no majority does; against the asking machine: 10.0.0.1 +0 ms (exact to 1 ms), 10.0.0.2 +3000 ms (exact to 25 ms).",
          ],
        ],
      },
    ),
    list(
      "accuses nobody when two stand against two",
      [
        [1, 0],
        [2, 1],
        [3, 5000],
        [4, 5001],
      ],
      {
        verdict: "fail",
        findings: [["divided", "«list»", "10.0.0.1 +0 ms (exact to 1 ms), 10.0.0.2 +1 ms"]],
      },
    ),
    list(
      "accuses nobody when everybody says something else",
      [
        [1, 0],
        [2, 5000],
        [3, -5000],
      ],
      {
        verdict: "fail",
        findings: [["divided", "«list»"]],
      },
    ),
    list(
      "accuses nobody when the middle one agrees with either side",
      [
        [1, 0],
        [2, 400],
        [3, 800],
      ],
      {
        verdict: "fail",
        findings: [["divided", "«list»", "10.0.0.1 +0 ms (exact to 1 ms), 10.0.0.2 +400 ms"]],
      },
    ),
    list(
      "accuses nobody when the one in the middle is too inexact to decide",
      [
        [1, 0],
        [2, 1000, 600],
        [3, 2000],
      ],
      {
        verdict: "fail",
        findings: [["divided", "«list»"]],
      },
    ),
    list(
      "does not hold a slow path against a server",
      [
        [1, 0],
        [2, -900, 450],
        [3, 2],
      ],
      { verdict: "pass" },
    ),
    list(
      "takes the limit from its option: below",
      [
        [1, 0, 0],
        [2, 40, 0],
      ],
      { verdict: "pass" },
      { tolerance_ms: 40 },
    ),
    list(
      "takes the limit from its option: above",
      [
        [1, 0, 0],
        [2, 41, 0],
      ],
      { verdict: "fail", findings: [["divided", "«list»"]] },
      { tolerance_ms: 40 },
    ),
    list(
      "allows error bounds alone with a limit of 0",
      [
        [1, 0, 5],
        [2, 10, 5],
      ],
      { verdict: "pass" },
      { tolerance_ms: 0 },
    ),

    list("has nothing to compare one server with", [[1, 3_600_000]], {
      verdict: "not-applicable",
      reason: "the list has one server, so there is nothing to compare it with",
    }),
    {
      name: "takes a server that is written twice for one",
      deployment: deployment(["10.0.0.1", "10.0.0.1:123"]),
      answers: clocks([[1, 0]]),
      expect: { [SUBJECT]: { verdict: "not-applicable", reason: "the list has one server" } },
    },
    {
      name: "takes two names that lead to one address for one server",
      deployment: deployment(["ntp1.example.com", "10.0.0.1"]),
      answers: {
        ...clocks([[1, 0]]),
        "dns 10.0.0.1 53 ntp1.example.com A": dnsRecords("ntp1.example.com", ["A", "10.0.0.1"]),
      },
      expect: { [SUBJECT]: { verdict: "not-applicable", reason: "all servers of the list are one" } },
    },
    {
      name: "gives a server with two names one voice",
      deployment: deployment(["ntp1.example.com", "10.0.0.1", "10.0.0.2"]),
      answers: {
        ...clocks([
          [1, 0],
          [2, 5000],
        ]),
        "dns 10.0.0.1 53 ntp1.example.com A": dnsRecords("ntp1.example.com", ["A", "10.0.0.1"]),
      },
      expect: {
        [SUBJECT]: {
          verdict: "fail",
          findings: [["divided", "«list»", "ntp1.example.com = 10.0.0.1 +0 ms (exact to 1 ms), 10.0.0.2 +5000 ms"]],
        },
      },
    },
    {
      name: "tells servers at two ports of one address apart",
      deployment: deployment(["10.0.0.1:1123", "10.0.0.1:2123"]),
      answers: { "ntp 10.0.0.1 1123": clock(0), "ntp 10.0.0.1 2123": clock(5000) },
      expect: { [SUBJECT]: { verdict: "fail", findings: [["divided", "«list»", "10.0.0.1:1123 +0 ms"]] } },
    },
    {
      name: "takes the first address of a name that tells the time",
      deployment: deployment(["ntp1.example.com", "10.0.0.2"]),
      answers: {
        "dns 10.0.0.1 53 ntp1.example.com A": dnsRecords("ntp1.example.com", ["A", "10.0.0.8"], ["A", "10.0.0.9"]),
        ...clocks([
          [9, 5],
          [2, 0],
        ]),
      },
      expect: { [SUBJECT]: { verdict: "pass" } },
    },

    withSilent(
      "does not pass while a server is silent",
      {
        silent: [3],
        telling: [
          [1, 0],
          [2, 1],
        ],
      },
      {
        verdict: "inconclusive",
        reason: "10.0.0.3 does not tell the time (10.0.0.3: no-reply)",
      },
    ),
    withSilent(
      "says nothing when only one server tells the time",
      { silent: [2, 3], telling: [[1, 0]] },
      {
        verdict: "inconclusive",
        reason: "10.0.0.2 does not tell the time",
      },
    ),
    withSilent("says nothing when none tells the time", { silent: [2, 3], telling: [] }, { verdict: "inconclusive" }),
    withSilent(
      "fails two that differ although a third is silent, and accuses neither",
      {
        silent: [3],
        telling: [
          [1, 0],
          [2, 5000],
        ],
      },
      {
        verdict: "fail",
        findings: [["divided", "«list»"]],
      },
    ),
    withSilent(
      "names an outlier that most of the list stands against, silent ones counted",
      {
        silent: [5],
        telling: [
          [1, 0],
          [2, 1],
          [3, 2],
          [4, 5000],
        ],
      },
      { verdict: "fail", findings: [["outlier", "«4»", "10.0.0.4 is +4999 ms off"]] },
    ),
    withSilent(
      "accuses nobody by half of the list",
      {
        silent: [4],
        telling: [
          [1, 0],
          [2, 1],
          [3, 5000],
        ],
      },
      {
        verdict: "fail",
        findings: [["divided", "«list»"]],
      },
    ),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      withSilent(
        `does not pass while a server was not asked (${reason})`,
        {
          silent: [3],
          telling: [
            [1, 0],
            [2, 1],
          ],
          answers: { "ntp 10.0.0.3 123": { status: "not-asked", reason } },
        },
        { verdict: "inconclusive", reason: `10.0.0.3 does not tell the time (10.0.0.3: ${reason})` },
      ),
    ),
    ...(["unsynchronised", "kiss-of-death"] as const).map((reason) =>
      withSilent(
        `does not ask a server that says that it has no time (${reason})`,
        {
          silent: [3],
          telling: [
            [1, 0],
            [2, 1],
          ],
          answers: { "ntp 10.0.0.3 123": { status: "answered", reason, reply: ntpReply({ offset_ms: 9_999_999 }) } },
        },
        { verdict: "inconclusive", reason: `10.0.0.3: ${reason}` },
      ),
    ),
    {
      name: "goes on when a name does not resolve",
      deployment: deployment(["ntp1.example.com", "10.0.0.1", "10.0.0.2"]),
      answers: clocks([
        [1, 0],
        [2, 5000],
      ]),
      expect: { [SUBJECT]: { verdict: "fail", findings: [["divided", "«list»"]] } },
    },
    {
      name: "does not pass while an entry is neither a name nor an address",
      deployment: deployment(["ntp://10.0.0.3", "10.0.0.1", "10.0.0.2"]),
      answers: clocks([
        [1, 0],
        [2, 1],
      ]),
      expect: { [SUBJECT]: { verdict: "inconclusive", missing: ["is neither an address nor a host name"] } },
    },
    {
      name: "judges each list that is used by itself",
      deployment: `
ntp_servers: «[10.0.0.1, 10.0.0.2]»
system_locations:
  - { name: Oslo, ntp_servers: [10.0.0.1, 10.0.0.3] }
  - { name: Bergen, ntp_servers: [10.0.0.1, 10.0.0.4] }
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: clocks([
        [1, 0],
        [2, 5000],
        [3, 1],
      ]),
      expect: {
        "server-list:deployment/ntp": { verdict: "fail", findings: [["divided"]] },
        "server-list:location/Oslo/ntp": { verdict: "pass" },
      },
    },
    {
      name: "does not take a missing list for one without servers",
      deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
      expect: {
        "server-list:deployment/ntp": {
          verdict: "inconclusive",
          missing: ["no NTP server is declared where one is used"],
        },
      },
    },
    {
      name: "does not apply where nobody uses a list",
      deployment: "ntp_servers: [10.0.0.5]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node uses a list of NTP servers" } },
    },
  ],
  { sharedAnswers: true },
);
