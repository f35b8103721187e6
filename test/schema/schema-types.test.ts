import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { schemaTypes } from "../../scripts/schema-types.ts";
import { reportSchema } from "../../src/schema/report.schema.ts";
import { constant, count, integer, list, nullable, object, oneOf, ref } from "../../src/schema/schema-parts.ts";
import type { JsonSchema } from "../../src/values/json-schema.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "../..");

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "schema-types-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The compiler's messages for a text, with the project's own strictness. */
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

describe("types of a schema", () => {
  const typesOf = (properties: Readonly<Record<string, JsonSchema>>, rest: JsonSchema = {}) =>
    schemaTypes({ title: "Root", ...object("Root", "All of it.", properties), ...rest });

  it("are readonly through and through, with descriptions as docstrings", () => {
    const part = object("Inner part", "One of them.", { "a-key": nullable(integer("A number.")) }, ["a-key"]);
    expect(typesOf({ parts: list("Several.", part), any: { description: "Any.", type: "object" } }))
      .toBe(`/** All of it. */
export interface Root {
  /** Several. */
  readonly parts: readonly InnerPart[];
  /** Any. */
  readonly any: Readonly<Record<string, unknown>>;
}

/** One of them. */
export interface InnerPart {
  /** A number. */
  readonly "a-key"?: number | null;
}
`);
  });

  it("have the name of a title or definition, and without the null that a part may be", () => {
    const definitions = { tls_part: nullable(object("TLS part", "A part.", {})), vm: constant("A VM.", "vm") };
    const types = typesOf({ first: ref("tls_part"), second: ref("vm"), third: ref("tls_part") }, { definitions });
    expect(types).toContain(
      "  readonly first: TlsPart | null;\n  readonly second: Vm;\n  readonly third: TlsPart | null;",
    );
    expect(types).toContain("export interface TlsPart {\n}\n");
    expect(types).toContain('export type Vm = "vm";\n');
  });

  it("write a list of alternatives in parentheses, and a long one a line each", () => {
    const values = Array.from({ length: 12 }, (_, index) => `alternative-${index}`);
    const types = typesOf({ one: list("Either.", oneOf("It.", ["a", "b"])), many: oneOf("Many.", values) });
    expect(types).toContain('  readonly one: readonly ("a" | "b")[];\n');
    expect(types).toContain('  readonly many:\n    | "alternative-0"\n    | "alternative-1"\n');
  });

  it("are imported if another module declares them", () => {
    const types = schemaTypes(object("Root", "All of it.", { part: object("Part", "A part.", {}) }), {
      Part: "./part.ts",
    });
    expect(types).toMatch(/^import type \{ Part \} from "[.]\/part[.]ts";\n\n/);
    expect(types).not.toContain("interface Part");
  });

  it("cannot be written when two parts have one name, or an object has none", () => {
    const part = (description: string) => object("Part", description, {});
    expect(typesOf({ one: part("The same."), two: part("The same.") }).match(/interface Part/g)).toHaveLength(1);
    expect(() => typesOf({ one: part("This."), two: part("That.") })).toThrow("Two different parts");
    const nameless: JsonSchema = { description: "It.", type: "object", properties: { key: count("A number.") } };
    expect(() => typesOf({ part: nameless })).toThrow("needs a title");
    expect(() => typesOf({ part: ref("nowhere") })).toThrow("There is no definition nowhere.");
  });
});

describe("a location in the report schema", () => {
  it("is what the program takes for one", { timeout: 60_000 }, async () => {
    const schema = { ...(reportSchema.definitions?.["location"] ?? {}), definitions: reportSchema.definitions ?? {} };
    const text = (location: JsonSchema) => `${schemaTypes({ title: "Written", ...location })}
      import type { Location } from ${JSON.stringify(join(root, "src/values/location.ts"))};
      export const toSchema = (location: Location): Written => location;
      export const fromSchema = (location: Written): Location => location;`;
    expect(await complaintsAbout("location", text(schema))).toEqual([]);
    const changed = {
      ...schema.definitions,
      cell_location: object("Cell location", "A cell.", { cell: count("B7.") }),
    };
    expect(await complaintsAbout("other-location", text({ ...schema, definitions: changed }))).toHaveLength(2);
  });
});

describe("the generated types", () => {
  const imports = ["Deployment", "Inventory", "Config", "Waivers"].map((name) => {
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
      };
      export const config: Config = { extends: "strict", rules: { "a/b": "off" }, max_warnings: null, probe: { retries: 2 } };
      export const waivers: Waivers = {
        waivers: [{ rule: "a/b", subject: "node:a", reason: "agreed", owner: "us", expires: "2027-01-31" }],
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
    ["a setting of another type", "Config", '{ max_warnings: "none" }'],
    [
      "a waiver without a reason",
      "Waivers",
      '{ waivers: [{ rule: "a/b", subject: "node:a", owner: "us", expires: "2027-01-31" }] }',
    ],
  ])("refuse %s", { timeout: 60_000 }, async (what, type, value) => {
    const text = `${imports.join("")}export type All = [Deployment, Inventory, Config, Waivers];\nexport const value: ${type} = ${value};`;
    expect(await complaintsAbout(what.replaceAll(" ", "-"), text)).toHaveLength(1);
  });
});
