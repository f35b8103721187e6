import { closeSync, constants, fstatSync, openSync } from "node:fs";
import { dirname, resolve } from "node:path";
import type { CertificateFile, CertificateProblem } from "../../site/deployment/certificate.ts";
import type { Deployment } from "../../schema/deployment.generated.ts";
import { isOutOfDescriptors } from "../source/out-of-descriptors.ts";
import { readDescriptor } from "../source/read-descriptor.ts";
import { isHandedOver } from "../source/read-pipe.ts";
import { boundaryOf, UntrustedPath } from "../source/untrusted-path.ts";

/** A chain has a few thousand bytes, a bundle of all public CAs about 200,000. */
const MAX_BYTES = 1024 * 1024;

export interface CertificateContext {
  /** As given; `-` for standard input. Paths in it start from its folder; from `cwd` where it has none. */
  readonly deploymentPath: string;
  readonly cwd: string;
  /** Whether files outside the repository of the deployment may be read. A deployment may come from an untrusted author. */
  readonly allowOutsidePaths: boolean;
}

/**
 * Reads every certificate file that the deployment names, each once, by the path that is written there. What is wrong
 * with a file is part of the result: it is a verdict of `tls/certificate-readable`, not an error in the input.
 */
export async function readCertificates(
  deployment: Deployment,
  context: CertificateContext,
): Promise<ReadonlyMap<string, CertificateFile>> {
  const paths = certificatePaths(deployment);
  const files = new Map<string, CertificateFile>();
  if (paths.length === 0) return files;
  const folder = folderOf(context);
  const boundary = context.allowOutsidePaths ? null : boundaryOf(folder);
  for (const path of paths) {
    const file = await readOne(path, new UntrustedPath({ written: path, folder, boundary, location: null }));
    files.set(file.path, file);
  }
  return files;
}

/** The folder of relative paths; a deployment from a pipe of the shell has none. */
function folderOf({ deploymentPath, cwd }: CertificateContext): string {
  return deploymentPath === "-" || isHandedOver(deploymentPath) ? cwd : dirname(resolve(cwd, deploymentPath));
}

/** The certificate files that a deployment refers to: paths as written, without duplicates. */
export function certificatePaths({
  management_node,
  conferencing_nodes,
  ca_certificates,
}: Deployment): readonly string[] {
  const nodes = [management_node, ...(conferencing_nodes ?? [])];
  const named = nodes.flatMap((node) => node?.tls_certificate ?? []);
  return [...new Set([...named, ...(ca_certificates ?? [])])];
}

/** The absolute paths of the certificate files that a deployment refers to, whether they exist or not. */
export function certificateSources(deployment: Deployment, context: CertificateContext): readonly string[] {
  const folder = folderOf(context);
  return certificatePaths(deployment).map((path) => resolve(folder, path));
}

async function readOne(path: string, file: UntrustedPath): Promise<CertificateFile> {
  // Loaded only when there is a certificate to read: most of it is the X.509 part of node:crypto.
  const { parseCertificates, unreadableFile } = await import("./parse-certificates.ts");
  let bytes: Buffer | CertificateProblem;
  try {
    bytes = bytesOf(path, file);
  } catch (error) {
    bytes = problemOf(error);
  }
  return typeof bytes === "string" ? unreadableFile(path, bytes) : parseCertificates(path, bytes);
}

function bytesOf(written: string, path: UntrustedPath): Buffer | CertificateProblem {
  if (written.trim() === "") return "noName";
  const real = path.toOpen();
  if (real === null) return "outside";
  // Without O_NONBLOCK, opening a FIFO waits for a writer that may never come. (Undefined on Windows, where | reads it as 0.)
  const file = openSync(real, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const kind = fstatSync(file);
    if (kind.isDirectory()) return "folder";
    if (!kind.isFile()) return "notAFile";
    return readDescriptor(file, kind.size, MAX_BYTES) ?? "tooLarge";
  } finally {
    closeSync(file);
  }
}

function problemOf(error: unknown): CertificateProblem {
  if (isOutOfDescriptors(error)) throw error;
  switch (error instanceof Error && "code" in error ? error.code : null) {
    case "ENOENT":
    case "ENOTDIR":
      return "noSuchFile";
    case "EACCES":
    case "EPERM":
      return "denied";
    case "EISDIR":
      return "folder";
    case "ENXIO":
      return "notAFile";
    case null:
      throw error;
    default:
      return "unreadable";
  }
}
