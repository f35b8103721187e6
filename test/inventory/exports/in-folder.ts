import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isInventory } from "../../../src/input/validation/validators.generated.ts";
import type { RunInputs } from "../../../src/input/source/run-inputs.ts";
import { importFiles } from "../../../src/inventory/import-files.ts";
import type { Imported } from "../../../src/inventory/files/imported.ts";

/**
 * Imports files with these contents, or those given by path. The result is always a valid inventory, or one error that
 * is a sentence with its fix.
 */
export async function importing(
  files: Readonly<Record<string, string | Buffer>>,
  paths: readonly string[] = Object.keys(files),
): Promise<Imported & Pick<RunInputs, "errors">> {
  const cwd = mkdtempSync(join(tmpdir(), "preflight-import-"));
  try {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(cwd, name)), { recursive: true });
      writeFileSync(join(cwd, name), content);
    }
    const { value, inputs } = await importFiles(paths, { cwd });
    const imported = { ...value, errors: inputs.errors };
    for (const { value } of imported.inventories) {
      if (!isInventory(value)) throw new Error(JSON.stringify(isInventory.errors?.slice(0, 5)));
      if (/undefined|NaN/.test(JSON.stringify(value))) throw new Error("undefined got into an inventory");
    }
    for (const { message } of imported.errors) {
      if (!/^[^\n]+\.$/.test(message) || /undefined/.test(message)) throw new Error(`no sentence: ${message}`);
    }
    if ((imported.errors.length === 0) === (imported.inventories.length === 0)) throw new Error("neither nor");
    return imported;
  } finally {
    rmSync(cwd, { recursive: true, force: true });
  }
}
