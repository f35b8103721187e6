import { statSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { terminal } from "../../report/text/escape.ts";
import { jsonText } from "../../report/text/json-text.ts";
import type { Imported } from "../../inventory/files/imported.ts";
import { redactor } from "../../run/inputs/redact-inventory.ts";
import { importInventory } from "../../run/inputs/import-inventory.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { OptionValues } from "../arguments/options.ts";
import { outputFile, outputOption, refuseOverwriting } from "../output/destinations.ts";
import { printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { unwritable, writeReport } from "../output/write-report.ts";

interface ImportArguments extends OptionValues<"collected-at" | "redact" | "output" | "color"> {
  /** Files and folders. */
  readonly paths: readonly string[];
}

type Inventory = Imported["inventories"][number];

/** `preflight inventory import`: creates an inventory from an RVTools export, or from output of govc. */
export async function inventoryImportCommand(options: ImportArguments, context: CliContext): Promise<ExitCode> {
  const folder = folderOf(options.output, context.cwd);
  const file = folder === null ? outputFile(options.output, context.cwd, options.paths) : null;
  const { value, inputs } = await importInventory({
    paths: options.paths,
    cwd: context.cwd,
    stdin: context.stdin,
    collectedAt: options["collected-at"],
  });
  await context.stderr.write(
    value.notes.flatMap(({ title, lines }) => [title, ...lines.map((line) => `  ${line}`)].map(asLine)),
  );
  if (inputs.errors.length > 0) {
    await printInputErrors(inputs, context, options);
    return 2;
  }
  const redact = await redactor(options.redact, context.cwd);
  const inventories = value.inventories.map((each) => ({ ...each, value: redact(each.value) }));
  if (folder !== null) {
    await writeEach(inventories, folder, options.paths, context);
    return 0;
  }
  const [only, ...others] = inventories;
  if (only === undefined || others.length > 0) throw severalInventories(inventories);
  if (file === null) await context.stdout.writeDocument(inventoryText(only));
  else {
    writeReport(file, context.cwd, inventoryText(only), "inventory");
    await context.stderr.write([`written to ${terminal(file)}\n`]);
  }
  return 0;
}

function asLine(text: string): string {
  return `${terminal(text)}\n`;
}

function* inventoryText({ value }: Inventory): Generator<string> {
  yield* jsonText(value, 2);
  yield "\n";
}

/** The folder given by `--output`; null if it is a file, or not given. */
function folderOf(output: string | undefined, cwd: string): string | null {
  if (output === undefined || output === "-") return null;
  return isFolder(resolve(cwd, output)) || /[\\/]$/.test(output) ? output : null;
}

function isFolder(path: string): boolean {
  try {
    return statSync(path).isDirectory();
  } catch {
    // If it cannot be written, the write reports why.
    return false;
  }
}

/** One file for each server, named after it. */
async function writeEach(
  inventories: readonly Inventory[],
  folder: string,
  given: readonly string[],
  context: CliContext,
): Promise<void> {
  const files = fileNames(inventories).map((name) => join(folder, name));
  refuseOverwriting(files.map(outputOption), context.cwd)([...given, ...inventories.map(({ path }) => path)]);
  const failures = files.flatMap((file) => unwritable(file, context.cwd, "inventory") ?? []);
  if (failures.length > 0) throw new PreflightErrors(failures);
  for (const [index, inventory] of inventories.entries()) {
    const file = files[index] ?? "";
    writeReport(file, context.cwd, inventoryText(inventory), "inventory");
    await context.stderr.write([`written to ${terminal(file)}\n`]);
  }
}

/** Unique names that are valid file names, regardless of the server's name in an export. */
function fileNames(inventories: readonly Inventory[]): readonly string[] {
  const taken = new Set<string>();
  return inventories.map(({ path, value }) => {
    const source = value.vcenter?.address ?? basename(path).replace(/\.[a-z0-9]+$/i, "");
    const base =
      source
        .replaceAll(/[^\w.-]/g, "_")
        .replace(/^[.-]+/, "")
        .slice(0, 100) || "inventory";
    let name = `${base}.json`;
    for (let count = 2; taken.has(name.toLowerCase()); count++) name = `${base}-${count}.json`;
    taken.add(name.toLowerCase());
    return name;
  });
}

function severalInventories(inventories: readonly Inventory[]): PreflightError {
  const names = inventories.map(({ path, value }) => `${value.vcenter?.address ?? "an unnamed server"} (${path})`);
  const message = `These exports contain ${inventories.length} inventories, but a file contains one: ${names.join(", ")}.`;
  return new PreflightError("usage", message, null, "give a folder: --output FOLDER/ writes one file per inventory");
}
