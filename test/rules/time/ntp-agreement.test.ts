import { expect, it } from "vitest";
import rule from "../../../rules/time/ntp-agreement.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";
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

/** A server of the list by its last octet: its clock's offset, and the error. */
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

/** A list in which some servers do not answer. */
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

const NAME = "ntp1.example.com";

/** A name with addresses of both families beside two servers that agree. */
const withName = (
  name: string,
  readings: Readonly<Record<string, Script[string]>>,
  expected: RuleCase["expect"][string],
  others: readonly Reading[] = [
    [2, 0],
    [3, 2],
  ],
): RuleCase => {
  const addresses = Object.keys(readings);
  const records = (type: "A" | "AAAA") =>
    dnsRecords(
      NAME,
      ...addresses.filter((address) => address.includes(":") === (type === "AAAA")).map((one) => [type, one] as const),
    );
  return {
    name,
    deployment: deployment([NAME, ...others.map(([octet]) => `10.0.0.${octet}`)]),
    answers: {
      [`dns 10.0.0.1 53 ${NAME} A`]: records("A"),
      [`dns 10.0.0.1 53 ${NAME} AAAA`]: records("AAAA"),
      ...Object.fromEntries(addresses.map((address) => [`ntp ${address} 123`, readings[address] ?? clock(0)])),
      ...clocks(others),
    },
    expect: { [SUBJECT]: expected },
  };
};

const SILENT = { status: "no-answer", reason: "no-reply" } as const;

const namedCases: readonly RuleCase[] = [
  withName(
    "passes a name whose addresses have the same time",
    { "10.0.0.8": clock(1), "2001:db8::8": clock(-3) },
    {
      verdict: "pass",
    },
  ),
  withName(
    "fails a name that is 10 s off over IPv6 alone",
    { "10.0.0.8": clock(1), "2001:db8::8": clock(10_000) },
    {
      verdict: "fail",
      findings: [
        [
          "addressesDiffer",
          "«1»",
          "Addresses of NTP server ntp1.example.com differ by 9999 ms; offsets from this vantage point: 10.0.0.8 +1 ms (±1 ms), 2001:db8::8 +10000 ms (±1 ms).",
        ],
      ],
    },
  ),
  withName(
    "fails a name with four addresses of which one is off, even where it is the only server",
    { "10.0.0.5": clock(0), "10.0.0.6": clock(1), "10.0.0.7": clock(-10_000), "10.0.0.8": clock(2) },
    { verdict: "fail", findings: [["addressesDiffer", "«1»", "differ by 10002 ms"]] },
    [],
  ),
  withName(
    "passes one server whose addresses agree",
    { "10.0.0.8": clock(1), "10.0.0.9": clock(0) },
    { verdict: "pass" },
    [],
  ),
  withName(
    "gives a name with addresses that differ no vote",
    { "10.0.0.8": clock(5000), "10.0.0.9": clock(0) },
    {
      verdict: "fail",
      findings: [
        ["addressesDiffer", "«1»"],
        ["divided", "«list»", "10.0.0.2 +0 ms (±1 ms), 10.0.0.3 +5000 ms"],
      ],
    },
    [
      [2, 0],
      [3, 5000],
    ],
  ),
  withName(
    "gives a name with many addresses one vote",
    { "10.0.0.5": clock(0), "10.0.0.6": clock(0), "10.0.0.7": clock(0), "10.0.0.8": clock(0) },
    {
      verdict: "fail",
      findings: [["outlier", "«1»", "ntp1.example.com differs by -5000 ms from the time of 10.0.0.2, 10.0.0.3"]],
    },
    [
      [2, 5000],
      [3, 5001],
    ],
  ),
  withName(
    "takes what the intervals of all addresses share for the server's clock",
    { "10.0.0.8": clock(0, 450), "10.0.0.9": clock(500, 60) },
    { verdict: "fail", findings: [["divided", "«list»", "ntp1.example.com +445 ms (±5 ms)"]] },
    [[2, -200]],
  ),
  withName(
    "leaves a silent address to another rule",
    { "10.0.0.8": SILENT, "10.0.0.9": clock(5) },
    { verdict: "pass" },
  ),
  withName(
    "passes over an address that this machine has no route to",
    { "10.0.0.8": clock(0), "2001:db8::8": { status: "not-asked", reason: "own-network-error" } },
    { verdict: "pass" },
  ),
  withName(
    "does not pass while an address of a server was not queried",
    { "10.0.0.8": clock(0), "2001:db8::8": { status: "not-asked", reason: "deadline" } },
    { verdict: "inconclusive", reason: "not every address of ntp1.example.com was queried (2001:db8::8: deadline)" },
  ),
  withName(
    "does not pass an address that is measured to more than the limit, whatever its sibling is",
    { "10.0.0.8": clock(0), "10.0.0.9": clock(0, 901) },
    { verdict: "inconclusive", reason: "the measurement error of 10.0.0.9, ±901 ms, exceeds the tolerance of 500 ms" },
  ),
];

ruleTester.run(
  rule,
  [
    list(
      "passes a measurement error that is the tolerance itself",
      [
        [1, 0, 500],
        [2, 0, 500],
        [3, 0, 500],
      ],
      { verdict: "pass" },
    ),
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
        findings: [
          ["outlier", "«2»", "NTP server 10.0.0.2 differs by +3600000 ms from the time of 10.0.0.1, 10.0.0.3."],
        ],
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
        findings: [["outlier", "«1»", "10.0.0.1 differs by -2000 ms from the time of 10.0.0.2, 10.0.0.3"]],
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
          ["outlier", "«2»", "10.0.0.2 differs by +8999 ms from the time of 10.0.0.1, 10.0.0.3, 10.0.0.5"],
          ["outlier", "«4»", "10.0.0.4 differs by -9001 ms from"],
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
            "NTP servers for the Management Node do not agree on the time, and there is no majority; offsets from this vantage point: 10.0.0.1 +0 ms (±1 ms), 10.0.0.2 +3000 ms (±25 ms).",
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
        findings: [["divided", "«list»", "10.0.0.1 +0 ms (±1 ms), 10.0.0.2 +1 ms"]],
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
        findings: [["divided", "«list»", "10.0.0.1 +0 ms (±1 ms), 10.0.0.2 +400 ms"]],
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
      "cannot pass a limit that is smaller than the error bounds",
      [
        [1, 0, 5],
        [2, 10, 5],
      ],
      { verdict: "inconclusive", reason: "10.0.0.1, ±5 ms, exceeds the tolerance of 0 ms" },
      { tolerance_ms: 0 },
    ),
    list(
      "does not pass a clock that is measured to more than the limit",
      [
        [1, 0],
        [2, 3],
        [3, 0, 901],
      ],
      { verdict: "inconclusive", reason: "10.0.0.3, ±901 ms, exceeds the tolerance of 500 ms" },
    ),
    list(
      "names a clock that differs by more than its error bound, however large that is",
      [
        [1, 0],
        [2, 3],
        [3, 5000, 901],
      ],
      { verdict: "fail", findings: [["outlier", "«3»"]] },
    ),
    list(
      "passes clocks on both sides of a majority that are within the limit of it",
      [
        [1, 0],
        [2, 0],
        [3, 0],
        [4, 450],
        [5, -450],
      ],
      { verdict: "pass" },
    ),
    list(
      "names the one beyond the limit, of two on both sides of a majority",
      [
        [1, 0],
        [2, 0],
        [3, 0],
        [4, 450],
        [5, -950],
      ],
      { verdict: "fail", findings: [["outlier", "«5»", "10.0.0.5 differs by -950 ms from"]] },
    ),
    list(
      "does not report a clock that is within the limit of the majority's middle",
      [
        [1, 0],
        [2, 0],
        [3, 0],
        [4, 450],
        [5, 450],
        [6, -450],
      ],
      { verdict: "pass" },
    ),
    list(
      "has no majority where half of the clocks is on either side",
      [
        [1, 0],
        [2, 0],
        [3, 450],
        [4, -450],
      ],
      { verdict: "fail", findings: [["divided", "«list»"]] },
    ),

    list("has nothing to compare one server with", [[1, 3_600_000]], {
      verdict: "not-applicable",
      reason: "the list has only one server",
    }),
    {
      name: "takes a server that is written twice for one",
      deployment: deployment(["10.0.0.1", "10.0.0.1:123"]),
      answers: clocks([[1, 0]]),
      expect: { [SUBJECT]: { verdict: "not-applicable", reason: "the list has only one server" } },
    },
    {
      name: "takes two names that lead to one address for one server",
      deployment: deployment(["ntp1.example.com", "10.0.0.1"]),
      answers: {
        ...clocks([[1, 0]]),
        "dns 10.0.0.1 53 ntp1.example.com A": dnsRecords("ntp1.example.com", ["A", "10.0.0.1"]),
      },
      expect: { [SUBJECT]: { verdict: "not-applicable", reason: "all entries of the list are the same server" } },
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
          findings: [["divided", "«list»", "ntp1.example.com = 10.0.0.1 +0 ms (±1 ms), 10.0.0.2 +5000 ms"]],
        },
      },
    },
    {
      name: "tells servers at two ports of one address apart",
      deployment: deployment(["10.0.0.1:1123", "10.0.0.1:2123"]),
      answers: { "ntp 10.0.0.1 1123": clock(0), "ntp 10.0.0.1 2123": clock(5000) },
      expect: { [SUBJECT]: { verdict: "fail", findings: [["divided", "«list»", "10.0.0.1:1123 +0 ms"]] } },
    },
    ...namedCases,

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
        reason: "10.0.0.3 returned no time (10.0.0.3: no-reply)",
      },
    ),
    withSilent(
      "says nothing when only one server tells the time",
      { silent: [2, 3], telling: [[1, 0]] },
      {
        verdict: "inconclusive",
        reason: "10.0.0.2 returned no time",
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
      { verdict: "fail", findings: [["outlier", "«4»", "10.0.0.4 differs by +4999 ms from"]] },
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
        { verdict: "inconclusive", reason: `10.0.0.3 returned no time (10.0.0.3: ${reason})` },
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

it("keeps the fingerprint of addresses that differ when the name gets other ones of the same family", async () => {
  const offAt = async (address: string) => {
    const checks = await checksOf(rule, {
      ...withName("", { "10.0.0.8": clock(0), [address]: clock(9000) }, { verdict: "fail" }),
    });
    return checks.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint));
  };
  const [first, ...others] = await offAt("2001:db8::5");
  expect(others).toEqual([]);
  expect(await offAt("2001:db8::6")).toEqual([first]);
  expect(await offAt("10.0.0.9")).not.toEqual([first]);
});
