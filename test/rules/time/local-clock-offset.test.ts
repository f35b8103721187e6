import rule from "../../../rules/time/local-clock-offset.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { ntpReply, type Script } from "../../support/scripted-answers.ts";

/** The offset of a server's clock from this machine's, and its error; null for an unresponsive server. */
type Reading = readonly [offset_ms: number, error_ms?: number] | null;

const addressOf = (index: number) => `10.0.0.${index + 1}`;

const clocks = (readings: readonly Reading[]): Script =>
  Object.fromEntries(
    readings.flatMap((reading, index) => {
      if (reading === null) return [];
      const [offset_ms, error_ms = 1] = reading;
      const reply = ntpReply({ offset_ms, delay_ms: error_ms * 2 });
      return [[`ntp ${addressOf(index)} 123`, { status: "answered", reason: "ok", reply } as const]];
    }),
  );

const servers = (
  name: string,
  readings: readonly Reading[],
  expected: RuleCase["expect"][string],
  given: Pick<RuleCase, "options" | "answers"> = {},
): RuleCase => ({
  name,
  deployment: `
ntp_servers: «[»${readings.map((_, index) => addressOf(index)).join(", ")}]
management_node: { name: m, hostname: m }
conferencing_nodes: []
`,
  ...given,
  answers: { ...clocks(readings), ...given.answers },
  expect: { "deployment:deployment": expected },
});

ruleTester.run(
  rule,
  [
    servers("passes a clock that agrees with the servers", [[0], [2], [-3]], { verdict: "pass" }),
    servers(
      "passes a clock at the limit",
      [
        [1000, 0],
        [1000, 0],
        [1000, 0],
      ],
      { verdict: "pass" },
    ),
    servers("fails a clock that is behind", [[3_600_000], [3_600_002], [3_599_999]], {
      verdict: "fail",
      severity: "info",
      findings: [
        [
          "off",
          "The clock of the machine that sent the queries is 3600000 ms behind the time that 3 of 3 NTP servers agree on;",
        ],
      ],
    }),
    servers(
      "fails a clock that is ahead",
      [
        [-1001, 0],
        [-1001, 0],
      ],
      {
        verdict: "fail",
        findings: [["off", "is 1001 ms ahead of the time that 2 of 2 NTP servers agree on"]],
      },
    ),
    servers(
      "does not count what the error bound explains",
      [
        [1050, 50],
        [1050, 50],
        [1050, 50],
      ],
      { verdict: "pass" },
    ),
    servers("does not pass a clock that is measured to more than the limit", [[0, 1001]], {
      verdict: "inconclusive",
      reason: "the measurement error of ±1001 ms exceeds the limit of 1000 ms",
    }),
    servers(
      "takes the limit from its option",
      [
        [30, 0],
        [30, 0],
      ],
      { verdict: "fail" },
      { options: { limit_ms: 29 } },
    ),
    servers("believes the majority, whatever one server says", [[0], [1], [3_600_000]], { verdict: "pass" }),
    servers("fails by the majority, although one server agrees with the clock", [[0], [5000], [5001]], {
      verdict: "fail",
      findings: [["off", "is 5000 ms behind the time that 2 of 3 NTP servers agree on"]],
    }),
    servers("believes a single server", [[5000]], {
      verdict: "fail",
      findings: [["off", "1 of 1 NTP servers"]],
    }),
    servers("does not take servers that are off to both sides for a majority", [[7_200_000], [-7_200_000]], {
      verdict: "inconclusive",
      reason: "no majority of the NTP servers agrees on the time",
    }),
    servers("cannot tell when two stand against two", [[0], [1], [5000], [5001]], { verdict: "inconclusive" }),
    servers("does not pass while a server is silent", [[0], [1], null], {
      verdict: "inconclusive",
      reason: "10.0.0.3 returned no time (10.0.0.3: no-reply)",
    }),
    servers("fails by the majority although a server is silent", [[5000], [5001], null], {
      verdict: "fail",
      findings: [["off", "2 of 3 NTP servers"]],
    }),
    servers("does not take one of two for a majority", [[5000], null], { verdict: "inconclusive" }),
    ...(["deadline", "aborted", "not-recorded", "own-network-error"] as const).map((reason) =>
      servers(
        `says nothing while the server was not asked (${reason})`,
        [null],
        { verdict: "inconclusive", reason: `10.0.0.1 returned no time (10.0.0.1: ${reason})` },
        { answers: { "ntp 10.0.0.1 123": { status: "not-asked", reason } } },
      ),
    ),
    {
      name: "asks the servers of all lists, each once",
      deployment: `
ntp_servers: «[10.0.0.1]»
system_locations: [{ name: Oslo, ntp_servers: [10.0.0.1, 10.0.0.2, 10.0.0.3] }]
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: clocks([[5000], [5001], [0]]),
      expect: {
        "deployment:deployment": { verdict: "fail", findings: [["off", "2 of 3 NTP servers"]] },
      },
    },
    {
      name: "does not pass while a node's servers are unknown",
      deployment: `
ntp_servers: [10.0.0.1]
management_node: { name: m, hostname: m }
conferencing_nodes: [{ name: a, hostname: a, system_location: Oslo }]
`,
      answers: clocks([[0]]),
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["system location Oslo is not declared in system_locations"],
        },
      },
    },
    {
      name: "does not take a missing list for one without servers",
      deployment: "management_node: { name: m, hostname: m }\nconferencing_nodes: []",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["no NTP server is declared where one is used"] },
      },
    },
    {
      name: "does not apply where nobody uses a server",
      deployment: "ntp_servers: [10.0.0.5]\nconferencing_nodes: []",
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no NTP server is in use" } },
    },
  ],
  { sharedAnswers: true },
);
