import { parseCertificates, unreadableFile } from "../input/certificates/parse-certificates.ts";
import { parseSource } from "../input/syntax/parse-source.ts";
import { certificatePaths } from "../input/certificates/read-certificates.ts";
import { validateDocument } from "../input/validation/validate-document.ts";
import type { CertificateFile } from "../site/deployment/certificate.ts";
import type { Deployment } from "../schema/deployment.generated.ts";
import type { Document, DocumentKind } from "../site/core/document.ts";
import type { Inventory } from "../schema/inventory.generated.ts";
import { Site } from "../site/site.ts";

/** A document from YAML or JSON text, read and validated like a file. Throws with all errors in it. */
export async function documentOf<T>(kind: DocumentKind, text: string, path = `${kind}.yaml`): Promise<Document<T>> {
  const { source, errors } = await parseSource(text, path);
  if (source === null) throw new Error(errors.map(({ message }) => message).join("\n"));
  const invalid = [...errors, ...validateDocument(kind, source).errors];
  if (invalid.length > 0) throw new Error(invalid.map(({ message }) => message).join("\n"));
  return {
    kind,
    path,
    sha256: "",
    value: source.value as T,
    secrets: source.secrets,
    directives: source.directives,
    locate: (at) => source.locate(at),
    locateKey: (at) => source.locateKey(at),
    ...(kind === "deployment" && { edit: (at, change) => source.edit(at, change) }),
  };
}

/** A site from the text of a deployment and of any number of inventories. */
export async function siteOf(deployment: string, ...inventories: readonly string[]): Promise<Site> {
  return siteWith({ deployment, inventories });
}

export interface SiteTexts {
  readonly deployment: string;
  readonly inventories: readonly string[];
  readonly config?: string;
  /** The time of the system's clock, in ms since 1970. */
  readonly systemTime?: number;
  /** Certificate files by their paths as the deployment writes them; a path that is not here has no file. */
  readonly files?: Readonly<Record<string, string | Uint8Array | CertificateFile>>;
}

/** A site from the text of all its files. Without `files`, certificate files count as unread. */
export async function siteWith({ deployment, inventories, config, files, systemTime }: SiteTexts): Promise<Site> {
  const estate = inventories.map((text, index) =>
    documentOf<Inventory>("inventory", text, index === 0 ? "inventory.yaml" : `inventory${index + 1}.yaml`),
  );
  const document = await documentOf<Deployment>("deployment", deployment);
  const read = new Map(
    files === undefined
      ? []
      : certificatePaths(document.value).map((path) => {
          const content = Object.hasOwn(files, path) ? files[path] : undefined;
          return [path, content === undefined ? unreadableFile(path, "noSuchFile") : parse(path, content)] as const;
        }),
  );
  const configs = config === undefined ? [] : [await documentOf("config", config)];
  return new Site({
    ...{ deployment: document, inventories: await Promise.all(estate), certificates: read, configs },
    ...(systemTime !== undefined && { systemTime }),
  });
}

function parse(path: string, content: string | Uint8Array | CertificateFile): CertificateFile {
  if (typeof content === "object" && "certificates" in content) return content;
  return parseCertificates(path, Buffer.from(content));
}
