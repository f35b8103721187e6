import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { compile } from "json-schema-to-typescript";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { reportSchema } from "../../src/schema/report.schema.ts";
import { type JsonSchema, withoutKeywords } from "../../src/values/json-schema.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "schema-types-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** What the compiler says about a text, under the project's own strictness. */
async function complaintsAbout(name: string, text: string): Promise<readonly string[]> {
  const path = join(folder, `${name}.mts`);
  await writeFile(path, text);
  const { options } = ts.parseJsonConfigFileContent(
    ts.readConfigFile(join(root, "tsconfig.json"), (file) => ts.sys.readFile(file)).config,
    ts.sys,
    root,
  );
  const program = ts.createProgram([path], { ...options, types: [] });
  return ts.getPreEmitDiagnostics(program).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n"));
}

/** A program that compiles only if the types of a schema and RunReport fit each other both ways. */
async function agreement(schema: JsonSchema): Promise<string> {
  const plain = withoutKeywords(schema, () => []) as Parameters<typeof compile>[0];
  const types = await compile(plain, "RunReport", { bannerComment: "", format: false });
  return `${types}
    import type { RunReport as Written } from ${JSON.stringify(join(root, "src/engine/run-report.ts"))};
    type Deep<T> = T extends object ? { readonly [K in keyof T]: Deep<T[K]> } : T;
    export const toSchema = (report: Deep<Written>): Deep<RunReport> => report;
    export const fromSchema = (report: Deep<RunReport>): Deep<Written> => report;`;
}

describe("the report schema", () => {
  it("and the type RunReport say the same", { timeout: 60_000 }, async () => {
    expect(await complaintsAbout("report", await agreement(reportSchema))).toEqual([]);
  });

  it("would not pass with a field less or another type", { timeout: 60_000 }, async () => {
    const properties = { ...reportSchema.properties };
    delete properties["profile"];
    const required = reportSchema.required?.filter((key) => key !== "profile") ?? [];
    expect(await complaintsAbout("less", await agreement({ ...reportSchema, properties, required }))).toHaveLength(1);
    const changed = { ...reportSchema.properties, profile: { type: "integer" } } as const;
    expect(await complaintsAbout("other", await agreement({ ...reportSchema, properties: changed }))).toHaveLength(2);
  });
});

describe("the generated types", () => {
  const imports = ["Deployment", "Inventory"].map((name) => {
    const path = join(root, `src/schema/${name.toLowerCase()}.generated.ts`);
    return `import type { ${name} } from ${JSON.stringify(path)};\n`;
  });

  it("take what the format allows", { timeout: 60_000 }, async () => {
    const text = `${imports.join("")}
      export const deployment: Deployment = {
        vm_manager: null,
        conferencing_nodes: [{ name: "a", hostname: "b", vm: { hardware_version: "vmx-14" }, node_type: "PROXYING" }],
      };
      export const inventory: Inventory = {
        clusters: [{ name: "c", evc_mode: null }],
        hosts: [{ name: "h", options: { a: 1, b: "x", c: true }, port_groups: [{ name: "p", teaming_policy: null }] }],
      };`;
    expect(await complaintsAbout("good", text)).toEqual([]);
  });

  it.each([
    ["an unknown key", "Deployment", "{ platfrom: {} }"],
    ["a missing key", "Deployment", '{ conferencing_nodes: [{ name: "a" }] }'],
    ["a value outside an enum", "Deployment", '{ platform: { environment: "lab" } }'],
    ["an optional key that is undefined", "Deployment", "{ expected_calls: undefined }"],
    ["a secret", "Deployment", '{ vm_manager: { password: "x" } }'],
    ["null where nothing can be off", "Inventory", '{ virtual_machines: [{ name: "v", memory_mb: null }] }'],
  ])("refuse %s", { timeout: 60_000 }, async (what, type, value) => {
    const text = `${imports.join("")}export type All = [Deployment, Inventory];\nexport const value: ${type} = ${value};`;
    expect(await complaintsAbout(what.replaceAll(" ", "-"), text)).toHaveLength(1);
  });
});
