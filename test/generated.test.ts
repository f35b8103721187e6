import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { generatedFiles, ruleIds, ruleIndex, staleFiles } from "../scripts/generate.ts";

const root = join(dirname(fileURLToPath(import.meta.url)), "..");

describe("generated files", () => {
  let folder: string;
  let files: ReadonlyMap<string, string>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "generated-"));
    for (const path of [
      "rules/vm/thick-disk.ts",
      "rules/vm/index.ts",
      "rules/dns/srv.ts",
      "rules/vm/notes.md",
      "rules/x.ts",
    ]) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), "");
    }
    files = await generatedFiles(root);
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("are fresh: `npm run generate` changes nothing", async () => {
    expect(files.size).toBeGreaterThanOrEqual(8);
    expect(await staleFiles(root, files)).toEqual([]);
  });

  it("are stale when they are missing or differ by a byte", async () => {
    await mkdir(join(folder, "schema"));
    const deployment = files.get("schema/deployment.schema.json") ?? "";
    await writeFile(join(folder, "schema/deployment.schema.json"), deployment);
    await writeFile(join(folder, "schema/report.schema.json"), `${files.get("schema/report.schema.json")} `);
    const stale = await staleFiles(folder, files);
    expect(stale).not.toContain("schema/deployment.schema.json");
    expect(stale).toContain("schema/report.schema.json");
    expect(stale).toContain("src/schema/inventory.generated.ts");
  });

  it("come out the same every time", async () => {
    expect(await generatedFiles(root)).toEqual(files);
  });

  it("contain nothing but rule files in the index", async () => {
    const index = ruleIndex(await ruleIds(folder));
    expect(index).toContain('import dnsSrv from "./dns/srv.ts";\nimport vmThickDisk from "./vm/thick-disk.ts";\n');
    expect(index).toContain("export const rules = [\n  dnsSrv,\n  vmThickDisk,\n] as const;\n");
    expect(index.match(/import/g)).toHaveLength(2);
  });
});

describe("ruleIndex", () => {
  it("is an empty list without rules", () => {
    expect(ruleIndex([])).toContain("export const rules = [] as const;");
  });

  it("makes identifiers of ids with digits", () => {
    expect(ruleIndex(["network/port-443-vm-manager"])).toContain("import networkPort443VmManager from");
  });

  it("refuses ids that would have the same identifier", () => {
    expect(() => ruleIndex(["vm/a-b", "vm-a/b"])).toThrow("vm-a/b");
  });
});
