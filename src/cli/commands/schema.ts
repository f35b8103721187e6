import { rules } from "../../../rules/index.generated.ts";
import { evidenceSchema } from "../../schema/evidence.schema.ts";
import { publishedConfigSchema } from "../../schema/config.schema.ts";
import { deploymentSchema } from "../../schema/deployment.schema.ts";
import { inventorySchema } from "../../schema/inventory.schema.ts";
import { waiversSchema } from "../../schema/waivers.schema.ts";
import { explanationSchema } from "../../schema/proof/explanation.schema.ts";
import { selftestSchema } from "../../schema/proof/selftest.schema.ts";
import { projectSchema } from "../../schema/project/project.schema.ts";
import { projectReportSchema } from "../../schema/project/project-report.schema.ts";
import { projectComparisonSchema } from "../../schema/project/project-comparison.schema.ts";
import { comparisonSchema, reportSchema } from "../../schema/report.schema.ts";
import type { SchemaName } from "../arguments/commands.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";

const SCHEMAS: Readonly<Record<SchemaName, () => object>> = {
  deployment: () => deploymentSchema,
  inventory: () => inventorySchema,
  config: () => publishedConfigSchema(rules),
  waivers: () => waiversSchema,
  evidence: () => evidenceSchema,
  project: () => projectSchema,
  report: () => reportSchema,
  explanation: () => explanationSchema,
  selftest: () => selftestSchema,
  "project-report": () => projectReportSchema,
  comparison: () => comparisonSchema,
  "project-comparison": () => projectComparisonSchema,
};

/** `preflight schema NAME`: the JSON Schema of a document, for editors and other tools. */
export async function printSchema(name: SchemaName, { stdout }: CliContext): Promise<ExitCode> {
  await stdout.writeDocument([schemaText(name)]);
  return 0;
}

/** The same schema as text. */
export function schemaText(name: SchemaName): string {
  return `${JSON.stringify(SCHEMAS[name](), null, 2)}\n`;
}
