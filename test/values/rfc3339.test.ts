import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseRfc3339 } from "../../src/values/rfc3339.ts";

describe("parseRfc3339", () => {
  // The first four are the examples of RFC 3339 section 5.8 that are no leap seconds.
  it.each([
    ["1985-04-12T23:20:50.52Z", Date.UTC(1985, 3, 12, 23, 20, 50, 520)],
    ["1996-12-19T16:39:57-08:00", Date.UTC(1996, 11, 20, 0, 39, 57)],
    ["1937-01-01T12:00:27.87+00:20", Date.UTC(1937, 0, 1, 11, 40, 27, 870)],
    ["1996-12-20T00:39:57Z", Date.UTC(1996, 11, 20, 0, 39, 57)],
    ["2026-11-22t08:00:00z", Date.UTC(2026, 10, 22, 8)],
    ["2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["2000-02-29T00:00:00Z", Date.UTC(2000, 1, 29)],
    ["2026-01-01T00:00:00-00:00", Date.UTC(2026, 0, 1)],
    ["2026-01-01T00:00:00.123456789Z", Date.UTC(2026, 0, 1, 0, 0, 0, 123)],
  ])("%s", (text, time) => {
    expect(parseRfc3339(text)).toBe(time);
  });

  it.each(["1990-12-31T23:59:60Z", "1990-12-31T15:59:60-08:00"])(
    "takes the leap second %s for the next one",
    (text) => {
      expect(parseRfc3339(text)).toBe(Date.UTC(1991, 0, 1));
    },
  );

  it.each([
    "",
    "2026-11-22",
    "2026-11-22T08:00:00",
    "2026-11-22 08:00:00Z",
    "2026-11-22T08:00Z",
    "2026-11-22T08:00:00+0100",
    "2026-11-22T08:00:00+24:00",
    "2026-11-22T08:00:00+01:60",
    "2026-11-22T24:00:00Z",
    "2026-11-22T08:60:00Z",
    "2026-11-22T08:00:60Z",
    "2026-11-22T08:00:61Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-11-00T00:00:00Z",
    "2026-11-31T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "1900-02-29T00:00:00Z",
    "20261-11-22T08:00:00Z",
    "2026-11-22T08:00:00Z\n",
    "Sun, 22 Nov 2026 08:00:00 GMT",
  ])("refuses %j", (text) => {
    expect(parseRfc3339(text)).toBeNull();
  });

  it("reads back every time that a date writes", () => {
    const dates = fc.date({
      noInvalidDate: true,
      min: new Date("0100-01-01T00:00:00Z"),
      max: new Date("9999-12-31T23:59:59Z"),
    });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseRfc3339(date.toISOString())).toBe(date.getTime());
      }),
    );
  });
});
