import { resolve } from "node:path";
import { certificateSources, readCertificates } from "../../input/certificates/read-certificates.ts";
import { readDocument } from "../../input/files/read-document.ts";
import { Budget } from "../../input/source/budget.ts";
import { merge, NO_INPUTS, type Read } from "../../input/source/run-inputs.ts";
import { displayPath } from "../../input/source/read-source.ts";
import type { CertificateFile } from "../../site/deployment/certificate.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import type { Document } from "../../site/core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { CheckOptions, FileOptions } from "../options.ts";
import { readInventories } from "./read-inventories.ts";

/** Files of a run, including those that are read elsewhere, as a file may be given only once, in any role. */
type Files = FileOptions & Pick<CheckOptions, "evidence" | "waivers" | "baselinePlan">;

/** The documents from which a site is linked. */
export interface SiteDocuments {
  readonly deployment: Document<Deployment>;
  readonly inventories: readonly Document<Inventory>[];
  /** The certificate files to which the deployment refers, by path as written. */
  readonly certificates: ReadonlyMap<string, CertificateFile>;
}

/**
 * Reads and validates deployment, inventories and certificates; null if one of them has errors. Throws PreflightErrors
 * if a file is given twice.
 */
export async function readDocuments(files: Files): Promise<Read<SiteDocuments | null>> {
  const { cwd, stdin, allowOutsidePaths = false } = files;
  assertDistinct(files);
  const context = { cwd, stdin, budget: new Budget() };
  const { value: deployment, inputs: ofDeployment } = await readDocument<Deployment>("deployment", files.deployment, {
    ...context,
    bytes: files.deploymentBytes,
  });
  const { value: inventories, inputs: ofInventories } = await readInventories(inventoriesOf(files), context);
  if (deployment === null) return { value: null, inputs: merge(ofDeployment, ofInventories) };
  const from = { deploymentPath: files.deployment, cwd, allowOutsidePaths };
  const certificates = { ...NO_INPUTS, reserved: certificateSources(deployment.value, from) };
  const inputs = merge(ofDeployment, ofInventories, certificates);
  if (inventories === null) return { value: null, inputs };
  return { value: { deployment, inventories, certificates: await readCertificates(deployment.value, from) }, inputs };
}

function inventoriesOf({ inventories, foundInventory }: Files): readonly string[] {
  return foundInventory === undefined ? inventories : [...inventories, foundInventory];
}

/** An inventory that is read twice would be merged with itself. */
function assertDistinct(files: Files): void {
  const { deployment, evidence = [], waivers, baselinePlan, cwd } = files;
  const single = [waivers, baselinePlan].filter((path) => typeof path === "string");
  const given = [deployment, ...inventoriesOf(files), ...evidence, ...single];
  const places = given.map((path) => (path === "-" ? path : resolve(cwd, path)));
  const repeated = given.find((_, index) => places.indexOf(places[index] ?? "") !== index);
  if (repeated === undefined) return;
  const what = repeated === "-" ? "Standard input is" : `${displayPath(repeated, cwd)} is`;
  throw new PreflightErrors([new PreflightError("usage", `${what} given twice.`, null, "give each input only once")]);
}
