import { type Document as YamlDocument, parseDocument, Scalar, visit } from "yaml";
import type { WaiverEntry } from "../../engine/waivers/waiver-entry.ts";
import { escapeControlCharacters, hasControlCharacter } from "../source/decode-text.ts";

/** @param schema the schema of the file as editors find it; null = nowhere */
function headOf(schema: string | null = null): string {
  const first =
    schema === null
      ? "# preflight schema waivers prints the JSON Schema of this file."
      : `# yaml-language-server: $schema=${schema}`;
  return `${first}
# Exceptions that were agreed on. Each counts through its last day; then its check counts again.
waivers: []
`;
}

/**
 * The text of a waivers file with more waivers in it. The existing content is unchanged, including comments.
 *
 * @param text a valid waivers file; null = there is none yet
 * @param schema of a new file, as editors find it; null = nowhere
 */
export function withWaivers(
  text: string | null,
  entries: readonly WaiverEntry[],
  schema: string | null = null,
): string {
  const document = parseDocument(text ?? headOf(schema));
  for (const entry of entries) document.addIn(["waivers"], document.createNode(fieldsOf(entry)));
  const isJson = /^\s*\{/.test(text ?? "");
  // A name can contain what may be written as an escape only.
  return escapeControlCharacters(isJson ? `${JSON.stringify(document.toJS(), null, 2)}\n` : asYaml(document));
}

function asYaml(document: YamlDocument): string {
  // An empty list is written as [], and would keep that style.
  const list = document.get("waivers");
  if (typeof list === "object" && list !== null && "flow" in list) list.flow = false;
  // Escapes are possible in double quotes only.
  visit(document, {
    Scalar(_key, node) {
      if (typeof node.value === "string" && hasControlCharacter(node.value)) node.type = Scalar.QUOTE_DOUBLE;
    },
  });
  return document.toString({ lineWidth: 0 });
}

/** The keys of a waiver in reading order. */
function fieldsOf({ rule, subject, verdict, fingerprints, reason, owner, ticket, expires }: WaiverEntry) {
  return {
    rule,
    subject,
    ...(verdict !== null && { verdict }),
    ...(fingerprints !== null && { fingerprints }),
    reason,
    owner,
    ...(ticket !== null && { ticket }),
    expires,
  };
}
