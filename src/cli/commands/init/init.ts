import { lstatSync, mkdirSync, rmdirSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { listed } from "../../../report/text/wording.ts";
import { displayPath } from "../../../input/source/read-source.ts";
import type { Inventory } from "../../../schema/inventory.generated.ts";
import { PreflightError, PreflightErrors } from "../../../values/preflight-error.ts";
import { schemaText } from "../schema.ts";
import { choiceComments } from "./estate-choices.ts";
import { type CiSystem, pipelineOf } from "./pipelines.ts";
import { SCHEMA_FOLDER, STARTER, starterFor } from "./starter.ts";
import { escapeForMessage } from "../../../values/text/quoted.ts";
import type { Arguments } from "../../arguments/commands.ts";
import type { ExitCode, CliContext } from "../../cli-context.ts";
import { systemReason } from "../../system-reason.ts";

/**
 * `preflight init`: writes a deployment, an inventory and a config to be filled in, with their schemas for editors,
 * into the working directory; with an inventory, a deployment that lists the names in it; with `--ci`, only a pipeline.
 * Writes all files or none; an existing file is never changed. On a terminal without options, it prompts for them.
 */
export async function init(given: Arguments<"init">, context: CliContext): Promise<ExitCode> {
  const options = await answered(given, context);
  if (options.ci !== undefined) return initPipeline(options.ci, context);
  const { cwd, stdout } = context;
  // Before a login that would be useless.
  if (options.vcenter !== undefined) {
    refuseExisting(cwd, [...starterFor(() => "").map(({ path }) => path), PULLED_INVENTORY]);
  }
  const estate = await estateOf(options, context);
  const starter =
    estate === null ? STARTER : starterFor((indent) => choiceComments(estate.inventory, estate.path, indent));
  const files = new Map(starter.map(({ path, text }) => [path, text] as const));
  if (estate?.text !== undefined) files.set(estate.path, estate.text);
  // The waivers file is written later, by --write-waivers.
  for (const schema of [...starter.map((file) => file.schema), "waivers" as const]) {
    files.set(join(SCHEMA_FOLDER, `${schema}.schema.json`), schemaText(schema));
  }
  refuseExisting(cwd, [...files.keys()]);
  const written = [...files.keys()].filter((path) => !path.startsWith(SCHEMA_FOLDER));
  writeAll(cwd, files);
  const inventory = estate?.path ?? "inventory.yaml";
  await stdout.write([
    `Written: ${listed(written)}, and the schemas for editors in ${SCHEMA_FOLDER}/.\n`,
    "Replace every replace-me, fill in what you know, then run:\n",
    `  preflight deployment.yaml --inventory ${shellWord(inventory)} --no-live\n`,
  ]);
  return 0;
}

/** The options, with answers from the terminal if none are given; does not prompt if the files already exist. */
async function answered(options: Arguments<"init">, context: CliContext): Promise<Arguments<"init">> {
  const { askForOptions, canAsk } = await import("./init-questions.ts");
  if (!canAsk(options, context)) return options;
  refuseExisting(context.cwd, [STARTER[0]?.path ?? "deployment.yaml"]);
  return { ...options, ...(await askForOptions(context)) };
}

async function initPipeline(system: CiSystem, { cwd, stdout }: CliContext): Promise<ExitCode> {
  const { path, text } = pipelineOf(system);
  refuseExisting(cwd, [path]);
  writeAll(cwd, new Map([[path, text]]));
  await stdout.write([
    `Written: ${path}. Its first lines list what to commit to the default branch first.\n`,
    "Try what the job runs:\n",
    "  preflight . --no-live\n",
  ]);
  return 0;
}

/** Rejects existing files, and a link in place of the folder, which would lead elsewhere. */
function refuseExisting(cwd: string, paths: readonly string[]): void {
  const present = paths.filter((path) => isThere(join(cwd, path)));
  if (present.length > 0) throw alreadyThere(present);
  const links = [...new Set(paths.flatMap(foldersOf))].filter((folder) => isLink(join(cwd, folder)));
  if (links.length === 0) return;
  const message = `${listed(links)} is a link, so nothing was written.`;
  const hint = "replace the link by a folder, or run preflight init in another folder";
  throw new PreflightErrors([new PreflightError("already-there", message, null, hint)]);
}

/** The folders of a path below the working directory: `.github` and `.github/workflows`. */
function foldersOf(path: string): readonly string[] {
  const folder = dirname(path);
  return folder === "." ? [] : [...foldersOf(folder), folder];
}

function isLink(path: string): boolean {
  return lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true;
}

/** An inventory from which a deployment is created; its text if it is to be written. */
interface Estate {
  readonly path: string;
  readonly inventory: Inventory;
  readonly text?: string;
}

const PULLED_INVENTORY = "inventory.json";

/** Reads the inventory from a file or a server; null if none is given. Throws PreflightErrors. */
async function estateOf(options: Arguments<"init">, context: CliContext): Promise<Estate | null> {
  const { cwd, stdin } = context;
  const [path] = options.inventory;
  if (options.vcenter !== undefined) {
    const { vsphereAccess } = await import("../../vsphere/vsphere-access.ts");
    const access = await vsphereAccess(options, options.vcenter, "--vcenter", context);
    const { pull } = await import("../../../run/pull.ts");
    const inventory = await context.interruptible(() => pull({ ...access, signal: context.signal }));
    return { path: PULLED_INVENTORY, inventory, text: `${JSON.stringify(inventory, null, 2)}\n` };
  }
  if (path === undefined) return null;
  const { readInventories } = await import("../../../run/inputs/read-inventories.ts");
  const { value, inputs } = await readInventories(options.inventory, { cwd, stdin });
  if (value === null) throw new PreflightErrors(inputs.errors);
  const all = value.map((document) => document.value);
  const inventory: Inventory = {
    hosts: all.flatMap(({ hosts = [] }) => hosts),
    clusters: all.flatMap(({ clusters = [] }) => clusters),
    datastores: all.flatMap(({ datastores = [] }) => datastores),
    distributed_port_groups: all.flatMap(({ distributed_port_groups = [] }) => distributed_port_groups),
  };
  return { path: escapeForMessage(displayPath(path, cwd)), inventory };
}

/** A path that can be pasted into a shell. */
function shellWord(text: string): string {
  return /^[\w./@%+=:,-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

/** Creates each file; if one cannot be written, removes those that were. */
function writeAll(cwd: string, files: ReadonlyMap<string, string>): void {
  const undo: (() => void)[] = [];
  let current = "";
  try {
    for (const [path, text] of files) {
      current = path;
      const file = join(cwd, path);
      const made = mkdirSync(dirname(file), { recursive: true });
      if (made !== undefined) undo.push(() => rmdirSync(made));
      create(file, path);
      undo.push(() => unlinkSync(file));
      writeFileSync(file, text);
    }
  } catch (error) {
    for (const step of undo.reverse()) attempt(step);
    if (error instanceof PreflightErrors) throw error;
    const message = `${current} cannot be written: ${systemReason(error)}.`;
    const hint = "nothing was written; run preflight init in a writable folder";
    throw new PreflightErrors([new PreflightError("unwritable", message, null, hint)]);
  }
}

/** Creates an empty file; also rejects one that has appeared in the meantime, and a link. */
function create(file: string, path: string): void {
  try {
    writeFileSync(file, "", { flag: "wx" });
  } catch (error) {
    throw error instanceof Error && "code" in error && error.code === "EEXIST" ? alreadyThere([path]) : error;
  }
}

function attempt(step: () => void): void {
  try {
    step();
  } catch {
    // The first failure is the one to report.
  }
}

function isThere(path: string): boolean {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch {
    return false;
  }
}

function alreadyThere(paths: readonly string[]): PreflightErrors {
  const verb = paths.length === 1 ? "is" : "are";
  const message = `${listed(paths)} ${verb} already in this folder, so nothing was written.`;
  const hint = "preflight init never overwrites; run it in an empty folder and copy what you need";
  return new PreflightErrors([new PreflightError("already-there", message, null, hint)]);
}
