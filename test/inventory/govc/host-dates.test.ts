import { describe, expect, it } from "vitest";
import { hostDates } from "../../../src/inventory/govc/host-dates.ts";

const JSON_OUTPUT = (current: string) =>
  JSON.stringify({ timeZone: { key: "UTC", name: "UTC", gmtOffset: 0 }, service: null, current }, null, 2);

const TEXT_OUTPUT = (current: string) => `Current date and time:  ${current}
NTP client status:      Enabled
NTP service status:     Running
NTP servers:            10.0.0.1
`;

const recorded = (body: string, asked = "08:00:00.100Z", answered = "08:00:00.500Z") =>
  `host: /Oslo-DC/host/OSL-C1/esxi01.example.com
asked: 2026-11-22T${asked}
${body}
answered: 2026-11-22T${answered}
`;

const clockOf = (text: string) => hostDates(text)?.map(({ clock }) => clock);

describe("a recording of govc host.date.info", () => {
  it.each([
    ["JSON", JSON_OUTPUT("2026-11-22T08:00:00.3Z"), 0],
    ["JSON with microseconds", JSON_OUTPUT("2026-11-22T08:00:02.300123Z"), 2000],
    ["JSON of a host in another zone", JSON_OUTPUT("2026-11-22T09:00:00.3+01:00"), 0],
    ["Go's names, up to 0.30", JSON.stringify({ TimeZone: {}, Current: "2026-11-22T07:59:00.3Z" }), -60_000],
    ["text, which has whole seconds", TEXT_OUTPUT("Sun Nov 22 08:10:00 UTC 2026"), 600_200],
    ["text of a day with one digit", TEXT_OUTPUT("Mon Nov  2 08:00:00 UTC 2026"), -20 * 86_400_000 + 200],
  ])("is read from %s", (_, body, offset) => {
    expect(clockOf(recorded(body))).toEqual([{ offset_ms: offset }]);
  });

  it("uses the middle of the possible range if date prints whole seconds", () => {
    const body = JSON_OUTPUT("2026-11-22T08:00:00.500Z");
    const [clock] = clockOf(recorded(body, "08:00:00Z", "08:00:00Z")) ?? [];
    expect(clock).toEqual({ offset_ms: 0 });
    expect(clockOf(recorded(body, "08:00:00.3NZ", "08:00:00.NZ"))).toEqual([clock]);
  });

  it("separates several hosts", () => {
    const second = recorded(JSON_OUTPUT("2026-11-22T08:00:01.3Z")).replace("esxi01", "esxi02");
    expect(hostDates(`${recorded(JSON_OUTPUT("2026-11-22T08:00:00.3Z"))}${second}`)).toEqual([
      { host: "/Oslo-DC/host/OSL-C1/esxi01.example.com", clock: { offset_ms: 0 } },
      { host: "/Oslo-DC/host/OSL-C1/esxi02.example.com", clock: { offset_ms: 1000 } },
    ]);
  });

  it.each([
    ["no output", recorded(""), "did not print a valid time"],
    ["an unknown zone", recorded(TEXT_OUTPUT("Sun Nov 22 08:10:00 CET 2026")), "did not print a valid time"],
    [
      "no time of the command",
      recorded(JSON_OUTPUT("2026-11-22T08:00:00Z"), "?"),
      "does not contain the time of the command",
    ],
    [
      "an answer that came late",
      recorded(JSON_OUTPUT("2026-11-22T08:00:00Z"), "08:00:00.000Z", "08:00:05.000Z"),
      "accurate only to 2500 ms",
    ],
    [
      "times in the wrong order",
      recorded(JSON_OUTPUT("2026-11-22T08:00:00Z"), "08:00:09.000Z"),
      "older than the command",
    ],
  ])("leaves an offset unknown: %s", (_, text, reason) => {
    expect(clockOf(text)).toEqual([{ unknown: expect.stringContaining(reason) as string }]);
  });

  it.each([TEXT_OUTPUT("Sun Nov 22 08:10:00 UTC 2026"), JSON_OUTPUT("2026-11-22T08:00:00Z")])(
    "is nothing without host and time",
    (text) => {
      expect(hostDates(text)).toBeNull();
    },
  );
});
