import { expect, it } from "vitest";
import type { Answer, Question } from "../../../src/engine/api/question.ts";
import { whyUnasked } from "../../../src/engine/evaluation/why-unasked.ts";
import { answerTo } from "../../../src/plugin/scripted-answers.ts";
import { dns, ntp } from "../tiny-rules.ts";

const unasked = (reason: Answer["reason"], result?: string) => ({
  ...{ status: "not-asked" as const, reason },
  attempts: result === undefined ? [] : [{ transport: "tcp" as const, duration_ms: 0, result }],
});

it.each<readonly [string, Question, object, string | null]>([
  ["a deadline", ntp("10.0.0.5"), unasked("deadline"), "10.0.0.5: deadline reached; see --deadline, --concurrency"],
  [
    "a deadline, DNS",
    dns("a.example"),
    unasked("deadline"),
    "10.0.0.53: deadline reached; see --deadline, --concurrency",
  ],
  ["an interruption", ntp("10.0.0.5"), unasked("aborted"), "interrupted; run again"],
  [
    "a server that may not be contacted",
    ntp("10.0.0.5"),
    unasked("denied", "denied by --deny"),
    "10.0.0.5: denied by --deny",
  ],
  ["one without a reason", ntp("10.0.0.5"), unasked("denied"), "10.0.0.5: not contacted"],
  ["a server that was silent before", dns("a.example"), unasked("server-silent"), null],
  ["an answer that was not recorded", dns("a.example"), unasked("not-recorded"), null],
  ["a query that was sent", ntp("10.0.0.5"), {}, null],
  ["a query that was sent and interrupted", ntp("10.0.0.5"), { status: "no-answer", reason: "aborted" }, null],
])("why a query was not sent: %s", (_, question, changes, expected) => {
  expect(whyUnasked(question, { ...answerTo(question, {}), ...changes })).toBe(expected);
});
