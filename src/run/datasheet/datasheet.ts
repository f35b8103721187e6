import type { Datasheet } from "../../report/datasheet/datasheet.ts";
import type { RunReport } from "../../schema/report.generated.ts";
import type { RunInputs } from "../../input/source/run-inputs.ts";
import { checkWithSite } from "../check.ts";
import type { CheckOptions } from "../options.ts";
import { SheetLines } from "./sheet-lines.ts";

/** A completed form, or only the report if files have errors. */
export interface DatasheetResult {
  readonly datasheet: Datasheet | null;
  readonly report: RunReport;
  readonly inputs: RunInputs;
}

/** Evaluates the files, and fills in the guide's checklist and datasheet. Contacts no servers. */
export async function datasheetRun(
  options: Omit<CheckOptions, "live" | "newWaivers" | "vcenter">,
): Promise<DatasheetResult> {
  const { site, report, inputs } = await checkWithSite({ ...options, live: false });
  if (site === null) return { datasheet: null, report, inputs };
  const lines = new SheetLines(site, report.checks);
  return { datasheet: { checklist: lines.checklist(), datasheet: lines.datasheet(), report }, report, inputs };
}
