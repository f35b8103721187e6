import { describe, expect, it } from "vitest";

import type { RecordedAnswer } from "../../src/schema/question.generated.ts";
import type { NtpQuestion, TcpAnswer, TcpQuestion } from "../../src/engine/api/question.ts";
import { replay } from "../../src/probe/replay.ts";

const NOON = Date.parse("2026-11-22T12:00:00Z");
const MINUTE = 60_000;

const question = (port = 443): TcpQuestion => ({ kind: "tcp", address: "192.0.2.1", port });
const recorded = (reason: TcpAnswer["reason"], started_at: string, port = 443): RecordedAnswer => {
  const status = reason === "open" ? "answered" : reason === "timeout" ? "no-answer" : "not-asked";
  return {
    question: question(port),
    answer: { kind: "tcp", status, reason, attempts: [], started_at, duration_ms: 1, from: "oslo" },
  };
};
const query = async (answers: readonly RecordedAnswer[], maxAge_ms: number | null = null) =>
  (await replay(answers, { from: "oslo", now: NOON, maxAge_ms })([question()]))[0];

describe("replay", () => {
  it("answers in the order of the queries, as often as they are sent", async () => {
    const responder = replay(
      [recorded("open", "2026-11-22T11:00:00.000Z", 1), recorded("timeout", "2026-11-22T11:00:00.000Z", 2)],
      { from: "oslo", now: NOON, maxAge_ms: null },
    );
    const answers = await responder([question(2), question(1), question(3), question(2)]);
    expect(answers.map(({ reason }) => reason)).toEqual(["timeout", "open", "not-recorded", "timeout"]);
  });

  it("reports queries without a recording as not-asked, in their kind, at the time of evaluation", async () => {
    const ntp: NtpQuestion = { kind: "ntp", address: "192.0.2.1", port: 443 };
    const responder = replay([recorded("open", "2026-11-22T11:00:00.000Z")], {
      from: "oslo",
      now: NOON,
      maxAge_ms: null,
    });
    expect(await responder([ntp])).toMatchObject([
      {
        ...{ kind: "ntp", status: "not-asked", reason: "not-recorded", reply: null, from: "oslo" },
        started_at: "2026-11-22T12:00:00.000Z",
      },
    ]);
  });

  it.each([[[0, 1, 2]], [[2, 1, 0]], [[1, 2, 0]]])("takes the newest of several answers (order %j)", async (order) => {
    const answers = [
      recorded("open", "2026-11-22T09:00:00.000Z"),
      recorded("timeout", "2026-11-22T11:00:00.000Z"),
      recorded("open", "2026-11-22T10:00:00.000Z"),
    ];
    expect(await query(order.flatMap((index) => answers[index] ?? []))).toMatchObject({ reason: "timeout" });
  });

  it("uses the later in the files if both are equally old", async () => {
    const [open, timeout] = [
      recorded("open", "2026-11-22T09:00:00.000Z"),
      recorded("timeout", "2026-11-22T09:00:00.000Z"),
    ];
    expect(await query([open, timeout])).toMatchObject({ reason: "timeout" });
    expect(await query([timeout, open])).toMatchObject({ reason: "open" });
  });

  it("never hides an answer behind a query that was not sent", async () => {
    const answers = [
      recorded("open", "2026-11-22T09:00:00.000Z"),
      recorded("own-network-error", "2026-11-22T11:00:00.000Z"),
    ];
    expect(await query(answers)).toMatchObject({ reason: "open" });
    expect(await query(answers.toReversed())).toMatchObject({ reason: "open" });
    expect(await query(answers.slice(1))).toMatchObject({ status: "not-asked", reason: "own-network-error" });
  });

  it.each([
    ["2026-11-22T11:01:00.000Z", "open"],
    ["2026-11-22T11:00:00.000Z", "open"],
    ["2026-11-22T10:59:59.999Z", "not-recorded"],
    ["2026-11-22T13:00:00.000Z", "open"],
    ["2026-11-22T13:00:00.001Z", "not-recorded"],
    ["no time at all", "not-recorded"],
    ["", "not-recorded"],
  ])("takes an answer of %s for an hour around noon: %s", async (started_at, reason) => {
    expect(await query([recorded("open", started_at)], 60 * MINUTE)).toMatchObject({ reason });
    expect(await query([recorded("open", started_at)])).toMatchObject({ reason: "open" });
  });

  it("takes an unreadable time for the oldest", async () => {
    const answers = [recorded("open", "yesterday"), recorded("timeout", "1970-01-01T00:00:00Z")];
    expect(await query(answers)).toMatchObject({ reason: "timeout" });
    expect(await query(answers.toReversed())).toMatchObject({ reason: "timeout" });
  });
});
