import type { JsonSchema } from "../src/values/json-schema.ts";
import { markdownTable } from "./markdown-table.ts";

/** An object of a document: its position and its keys. */
interface Section {
  readonly path: string;
  readonly schema: JsonSchema;
}

/**
 * The keys of a document as Markdown: a heading and a table for each object in it, with the texts of the schema. A
 * shape that occurs at several places is described once. Headings begin with the name of the document.
 */
export function fieldTablesMarkdown(name: string, root: JsonSchema): string {
  const sections: Section[] = [];
  const collect = (path: string, schema: JsonSchema): void => {
    sections.push({ path, schema });
    for (const [key, property] of Object.entries(schema.properties ?? {})) {
      const object = objectIn(property, root);
      if (object === null || sections.some((known) => known.schema === object)) continue;
      collect(`${path}.${key}${property.type === "array" ? "[]" : ""}`, object);
    }
  };
  collect(name, root);
  return sections.map((section) => sectionMarkdown(section, sections, root)).join("\n");
}

function sectionMarkdown({ path, schema }: Section, sections: readonly Section[], root: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    const isRequired = schema.required?.includes(key) === true;
    const target = sections.find((section) => section.schema === objectIn(property, root));
    const description = property.description ?? resolved(property, root).description ?? "";
    const more = target === undefined ? "" : ` See [\`${target.path}\`](#${anchor(target.path)}).`;
    return [`\`${key}\`${isRequired ? " **required**" : ""}`, typeText(property, root), `${description}${more}`];
  });
  const about = schema.description === undefined ? "" : `${schema.description}\n\n`;
  return `### \`${path}\`\n\n${about}${markdownTable(["key", "type", "meaning"], rows)}`;
}

/** Anchors as GitHub generates them from headings. */
function anchor(path: string): string {
  return path.toLowerCase().replaceAll(/[^a-z0-9_-]/g, "");
}

/** The object at a key, or the objects of a list at a key; null when there is neither. */
function objectIn(property: JsonSchema, root: JsonSchema): JsonSchema | null {
  const schema = resolved(property, root);
  if (schema.items !== undefined) return objectIn(schema.items, root);
  return schema.properties === undefined ? null : schema;
}

function resolved(schema: JsonSchema, root: JsonSchema): JsonSchema {
  const name = /^#\/definitions\/(.+)$/.exec(schema.$ref ?? "")?.[1];
  if (name === undefined) return schema;
  const definition = root.definitions?.[name];
  if (definition === undefined) throw new Error(`The schema has no definition ${name}.`);
  return definition;
}

function typeText(property: JsonSchema, root: JsonSchema): string {
  const schema = resolved(property, root);
  const values = schema.enum?.filter((value) => value !== null);
  const types = [schema.type ?? []].flat();
  const isNullable = types.includes("null");
  const names = types.filter((type) => type !== "null").map((type) => typeName(type, schema, root));
  const what = values === undefined ? names.join(" or ") : values.map((value) => `\`${String(value)}\``).join(", ");
  return isNullable ? `${what} or \`null\`` : what;
}

function typeName(type: string, schema: JsonSchema, root: JsonSchema): string {
  if (type === "object") return schema.properties === undefined ? "mapping" : "object";
  if (type !== "array") return type;
  const items = schema.items === undefined ? "" : typeText(schema.items, root);
  return items.startsWith("`") ? `list of ${items}` : `list of ${items}s`;
}
