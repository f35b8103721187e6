import type { ReportInput } from "../../engine/run-report.ts";

/** A file that was read; the report adds where it lies in the repository. */
export type ReadInput = Omit<ReportInput, "uri">;
