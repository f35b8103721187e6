import type { SchemaName } from "./invocation.ts";
import type { ExitCode, Surroundings } from "./surroundings.ts";

const SCHEMAS: Readonly<Record<SchemaName, () => Promise<object>>> = {
  deployment: async () => (await import("../input/deployment.schema.ts")).deploymentSchema,
  inventory: async () => (await import("../input/inventory.schema.ts")).inventorySchema,
  config: async () => {
    const { publishedConfigSchema } = await import("../input/config.schema.ts");
    return publishedConfigSchema((await import("../../rules/index.generated.ts")).rules);
  },
  waivers: async () => (await import("../input/waivers.schema.ts")).waiversSchema,
  evidence: async () => (await import("../engine/evidence.schema.ts")).evidenceSchema,
  report: async () => (await import("../report/report.schema.ts")).reportSchema,
};

/** `preflight schema NAME`: the JSON Schema of a document, for editors and other tools. */
export async function printSchema(name: SchemaName, { stdout }: Surroundings): Promise<ExitCode> {
  await stdout.write([await schemaText(name)]);
  return 0;
}

/** The same as text. */
export async function schemaText(name: SchemaName): Promise<string> {
  return `${JSON.stringify(await SCHEMAS[name](), null, 2)}\n`;
}
