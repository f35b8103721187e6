import { describe, expect, it } from "vitest";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { formats } from "../../src/report/format.ts";
import { json } from "../../src/report/json.ts";
import {
  cleanReport,
  crashedReport,
  failingReport,
  hostileReport,
  inconclusiveReport,
  waivedReport,
} from "./sample-report.ts";

const SAMPLES = { cleanReport, failingReport, inconclusiveReport, crashedReport, hostileReport, waivedReport };
const NAMES = Object.keys(formats) as (keyof typeof formats)[];

describe.each(NAMES)("%s", (name) => {
  it.each(Object.entries(SAMPLES))(
    "shows the same for a saved report as for the report itself: %s",
    async (_, sample) => {
      const format = await formats[name]();
      const text = (report: RunReport) => [...format(report, { color: false, width: 80, quiet: false })].join("");
      const saved = JSON.parse([...json(sample())].join("")) as RunReport;
      expect(text(saved)).toBe(text(sample()));
      expect(saved).toEqual(sample());
    },
  );
});
