import { list, type Tree } from "../mapping/tree.ts";
import { xmlTree } from "../mapping/xml-tree.ts";

/** What `govc collect -xml` prints for each object; one never stands inside another. */
const UPDATE_END = "</ObjectUpdate>";

/**
 * The XML documents of a text, one after the other, as trees: `govc -xml` prints one for each object, with nothing
 * between them. A declaration may stand before any of them. Throws XmlError.
 */
export function* xmlDocuments(text: string): Generator<Tree> {
  let start = 0;
  for (let end = text.indexOf(UPDATE_END); end !== -1; end = text.indexOf(UPDATE_END, start)) {
    yield* documentsIn(text.slice(start, end + UPDATE_END.length));
    start = end + UPDATE_END.length;
  }
  if (/\S/.test(text.slice(start))) yield* documentsIn(text.slice(start));
}

function* documentsIn(text: string): Generator<Tree> {
  const { value } = xmlTree(`<all>${text.replaceAll(/<\?xml[^>]*\?>|\uFEFF/g, "")}</all>`);
  if (typeof value !== "object" || value === null) return;
  for (const name of Object.keys(value)) yield* list(value, name);
}
