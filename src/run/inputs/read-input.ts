import type { ReportInput } from "../../schema/report.generated.ts";

/** A file that was read; the report adds where it lies in the repository. */
export type ReadInput = Omit<ReportInput, "uri">;
