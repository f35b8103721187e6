import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const FOLDER = join(import.meta.dirname, "../../fixtures/certificates");

/**
 * The files of `fixtures/certificates` as `certs/<name>`: the certificate files to which the examples of rule pages may
 * refer. Their names describe their errors.
 */
export const exampleCertificates: Readonly<Record<string, Buffer>> = Object.fromEntries(
  readdirSync(FOLDER)
    .filter((name) => name !== "README.md")
    .map((name) => [`certs/${name}`, readFileSync(join(FOLDER, name))]),
);
