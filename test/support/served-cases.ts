import type { RuleCase } from "./rule-tester.ts";
import { ntpReply, type Script, servedCertificate } from "./scripted-answers.ts";

const DAY = 24 * 60 * 60 * 1000;

/** The three NTP servers of a deployment that ends in this, and a node that uses them. */
export const NTP_SERVERS = `
ntp_servers: [10.0.0.5, 10.0.0.6, 10.0.0.7]
management_node: { name: m, hostname: m }
`;

/** Clocks of these servers, in days ahead of this machine's; null does not answer. */
function clocks(...days: readonly (number | null)[]): Script {
  return Object.fromEntries(
    days.flatMap((ahead, index) => {
      const reply = ahead === null ? null : ntpReply({ offset_ms: ahead * DAY });
      return reply === null ? [] : [[`ntp 10.0.0.${5 + index} 123`, { status: "answered", reason: "ok", reply }]];
    }),
  );
}

/** How the dates of a served certificate are evaluated, for whichever rule serves one. */
export function validityCases(
  make: (name: string, answer: Script[string], expected: RuleCase["expect"][string]) => RuleCase,
): readonly RuleCase[] {
  const until = (valid_until: string | null) => ({ ...servedCertificate(), valid_until });
  const from = (not_before: string, started_at: string) => {
    const answer = servedCertificate(["not-yet-valid"]);
    if (answer.certificate == null) throw new Error("the answer has no certificate");
    const certificate = { ...answer.certificate, not_before };
    return { ...answer, started_at, certificate, valid_until: "2030-01-01T00:00:00.000Z" };
  };
  return [
    make("warns of a certificate that expires within 30 days", until("2026-12-22T11:59:58.000Z"), {
      verdict: "fail",
      severity: "warn",
      findings: [["expires-soon", "«address»", "or one of its issuers, expires on 2026-12-22, in less than 30 days."]],
    }),
    make("passes a certificate that is valid for 30 days", until("2026-12-22T12:00:00.000Z"), { verdict: "pass" }),
    make("fails a recorded certificate that has expired since", until("2026-11-22T11:59:58.000Z"), {
      verdict: "fail",
      severity: "error",
      findings: [["expired", "«address»", "expired on 2026-11-22"]],
    }),
    make(
      "fails a certificate that is not valid yet, recorded or not",
      from("2026-11-22T12:00:01.000Z", "2026-11-20T12:00:00.000Z"),
      { verdict: "fail", severity: "error", findings: [["not-yet-valid", "«address»", "leaf valid from 2026-11-22"]] },
    ),
    make(
      "does not fail one that has become valid since it was recorded, nor pass it",
      from("2026-11-22T12:00:00.000Z", "2026-11-20T12:00:00.000Z"),
      { verdict: "inconclusive", reason: "was not yet valid when it was recorded but is valid now; record it again" },
    ),
    make(
      "evaluates one that was recorded after the time of evaluation for when it was recorded",
      from("2026-11-24T12:00:00.000Z", "2026-11-25T12:00:00.000Z"),
      {
        verdict: "fail",
        findings: [["not-yet-valid", "«address»", "or one of its issuers, is not valid yet"]],
      },
    ),
    make("does not pass a certificate above which a date cannot be read", until(null), {
      verdict: "inconclusive",
      reason: "a date of the certificate, or of one of its issuers, cannot be read",
    }),
  ];
}

/** What a wrong clock of this machine does to verdicts about dates, and to no others. */
export function clockCases(
  make: (
    name: string,
    given: { readonly answer: Script[string]; readonly clocks: Script },
    expected: RuleCase["expect"][string],
  ) => RuleCase,
): readonly RuleCase[] {
  const inconclusive = (days: number) =>
    ({
      verdict: "inconclusive",
      reason: `the validity of the certificate cannot be evaluated: the clock of this machine is off by ${days} days according to the NTP servers`,
    }) as const;
  const fresh = servedCertificate();
  const expired = servedCertificate(["expired"]);
  return [
    make(
      "does not pass a certificate by a clock that is behind",
      { answer: fresh, clocks: clocks(400, 400, 400) },
      inconclusive(399),
    ),
    make(
      "does not fail one by a clock that is ahead",
      { answer: expired, clocks: clocks(-9.5, -9.5, null) },
      inconclusive(9),
    ),
    make(
      "takes the clock for right when it is off by less than a day",
      { answer: expired, clocks: clocks(0.9, 0.9, 0.9) },
      { verdict: "fail", findings: [["expired", "«address»"]] },
    ),
    make(
      "takes the clock for right when most of the servers do not say otherwise",
      { answer: expired, clocks: clocks(400, 0, null) },
      { verdict: "fail", findings: [["expired", "«address»"]] },
    ),
    make(
      "takes the clock for right when the servers disagree",
      { answer: fresh, clocks: clocks(400, -400, 0) },
      { verdict: "pass" },
    ),
    make(
      "reports the name whatever the clock is",
      { answer: servedCertificate(["expired", "name-mismatch"]), clocks: clocks(400, 400, 400) },
      { verdict: "fail", findings: [["name-mismatch", "«address»"]] },
    ),
  ];
}
