import type { Readable } from "node:stream";
import { readDocument, type ReadDocument } from "../input/read-document.ts";
import type { Deployment } from "../site/deployment.generated.ts";
import type { Document } from "../site/document.ts";
import type { Inventory } from "../site/inventory.generated.ts";
import type { ReportInput } from "../engine/run-report.ts";
import { PreflightError } from "../values/preflight-error.ts";

/** Which files a run reads; `-` is standard input. Paths are relative to `cwd`. */
export interface InputFiles {
  readonly deployment: string;
  readonly inventories: readonly string[];
  readonly cwd: string;
  readonly stdin?: Readable;
}

/** What was read: the documents, or every mistake of every file. */
export interface ReadInputs {
  readonly documents: {
    readonly deployment: Document<Deployment>;
    readonly inventories: readonly Document<Inventory>[];
  } | null;
  readonly inputs: readonly ReportInput[];
  /** Text by path, secrets blanked. */
  readonly sources: ReadonlyMap<string, string>;
  readonly errors: readonly PreflightError[];
}

/** Reads and validates every input file once. */
export async function readInputs(files: InputFiles): Promise<ReadInputs> {
  const { cwd, stdin } = files;
  const repeated = repeatedInput(files);
  if (repeated !== null) return { documents: null, inputs: [], sources: new Map(), errors: [repeated] };
  const context = { cwd, ...(stdin !== undefined && { stdin }) };
  const deployment = await readDocument<Deployment>("deployment", files.deployment, context);
  const inventories: ReadDocument<Inventory>[] = [];
  for (const path of files.inventories) inventories.push(await readDocument<Inventory>("inventory", path, context));

  const all: readonly ReadDocument<unknown>[] = [deployment, ...inventories];
  const found = inventories.flatMap(({ document }) => document ?? []);
  return {
    documents:
      deployment.document !== null && found.length === inventories.length
        ? { deployment: deployment.document, inventories: found }
        : null,
    inputs: all.flatMap(({ kind, path, sha256 }) => (sha256 === null ? [] : [{ kind, path, sha256 }])),
    sources: new Map(all.map(({ path, text }) => [path, text])),
    errors: all.flatMap(({ errors }) => errors),
  };
}

function repeatedInput({ deployment, inventories }: InputFiles): PreflightError | null {
  const all = [deployment, ...inventories];
  const repeated = all.find((path, index) => all.indexOf(path) !== index);
  if (repeated === undefined) return null;
  const what = repeated === "-" ? "Standard input is" : `${repeated} is`;
  return new PreflightError("usage", `${what} given twice.`, null, "give each input once");
}
