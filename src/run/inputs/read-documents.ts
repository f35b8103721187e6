import { resolve } from "node:path";
import { certificateSources, readCertificates } from "../../input/certificates/read-certificates.ts";
import { readDocument } from "../../input/files/read-document.ts";
import { displayPath } from "../../input/source/read-source.ts";
import type { CertificateFile } from "../../site/deployment/certificate.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import type { Document } from "../../site/core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { CheckOptions, FileOptions } from "../options.ts";
import type { ReadInput } from "./read-input.ts";
import { readInventories } from "./read-inventories.ts";

/** Files of a run; also those that are read elsewhere, as a file is given once, as whatever. */
type Files = FileOptions & Pick<CheckOptions, "evidence" | "waivers" | "baselinePlan">;

/** What was read: the documents, or every mistake of every file. */
export interface ReadInputs {
  readonly documents: {
    readonly deployment: Document<Deployment>;
    readonly inventories: readonly Document<Inventory>[];
    /** The certificate files that the deployment names, by path as written. */
    readonly certificates: ReadonlyMap<string, CertificateFile>;
  } | null;
  readonly inputs: readonly ReadInput[];
  /** Every file that was read, absolute: certificates too. */
  readonly files: readonly string[];
  /** Text by path, secrets blanked. */
  readonly sources: ReadonlyMap<string, string>;
  readonly errors: readonly PreflightError[];
}

/** Reads and validates every input file once. Throws PreflightErrors when one is given twice. */
export async function readInputs(files: Files): Promise<ReadInputs> {
  const { cwd, stdin } = files;
  assertDistinct(files);
  const context = { cwd, ...(stdin !== undefined && { stdin }) };
  const deployment = await readDocument<Deployment>("deployment", files.deployment, context);
  const inventories = await readInventories(files.inventories, context);
  const { kind, path, sha256, text, errors } = deployment;
  const isWhole = deployment.document !== null && inventories.documents !== null;
  const certificates = {
    deploymentPath: files.deployment,
    ...{ cwd, allowOutsidePaths: files.allowOutsidePaths ?? false },
  };
  const places = deployment.document === null ? [] : certificateSources(deployment.document.value, certificates);
  const inputs = [...(sha256 === null ? [] : [{ kind, path, sha256 }]), ...inventories.inputs];
  return {
    documents: isWhole
      ? {
          deployment: deployment.document,
          inventories: inventories.documents,
          certificates: await readCertificates(deployment.document.value, certificates),
        }
      : null,
    inputs,
    files: [...inputs.flatMap((input) => (input.path === "-" ? [] : resolve(cwd, input.path))), ...places],
    sources: new Map([...(text === "" ? [] : [[path, text] as const]), ...inventories.sources]),
    errors: [...errors, ...inventories.errors],
  };
}

/** An inventory that is read twice would be merged with itself. */
function assertDistinct(files: Files): void {
  const { deployment, inventories, evidence = [], waivers, baselinePlan, cwd } = files;
  const single = [waivers, baselinePlan].filter((path) => typeof path === "string");
  const given = [deployment, ...inventories, ...evidence, ...single];
  const places = given.map((path) => (path === "-" ? path : resolve(cwd, path)));
  const repeated = given.find((_, index) => places.indexOf(places[index] ?? "") !== index);
  if (repeated === undefined) return;
  const what = repeated === "-" ? "Standard input is" : `${displayPath(repeated, cwd)} is`;
  throw new PreflightErrors([new PreflightError("usage", `${what} given twice.`, null, "give each input once")]);
}
