import { parseSource } from "../../src/input/parse-source.ts";
import { validateDocument } from "../../src/input/validate-document.ts";
import type { Deployment } from "../../src/site/deployment.generated.ts";
import type { Document, DocumentKind } from "../../src/site/document.ts";
import type { Inventory } from "../../src/site/inventory.generated.ts";
import { Site } from "../../src/site/site.ts";

/** A document from YAML or JSON text, read and validated as a file would be. Throws with every mistake in it. */
export async function documentOf<T>(kind: DocumentKind, text: string, path = `${kind}.yaml`): Promise<Document<T>> {
  const { source, errors } = await parseSource(text, path);
  if (source === null) throw new Error(errors.map(({ message }) => message).join("\n"));
  const invalid = [...errors, ...validateDocument(kind, source)];
  if (invalid.length > 0) throw new Error(invalid.map(({ message }) => message).join("\n"));
  return {
    kind,
    path,
    sha256: "",
    text: source.text,
    value: source.value as T,
    secrets: source.secrets,
    locate: (at) => source.locate(at),
    locateKey: (at) => source.locateKey(at),
  };
}

/** A site from the text of a deployment and of any number of inventories. */
export async function siteOf(deployment: string, ...inventories: readonly string[]): Promise<Site> {
  const estate = inventories.map((text, index) =>
    documentOf<Inventory>("inventory", text, index === 0 ? "inventory.yaml" : `inventory${index + 1}.yaml`),
  );
  return new Site(await documentOf<Deployment>("deployment", deployment), await Promise.all(estate));
}
