import type { JsonSchema, JsonType } from "../../values/json-schema.ts";
import type { Path } from "../../values/location.ts";

/** The schema itself, or the definition of `root` that it refers to. */
function resolved(root: JsonSchema, schema: JsonSchema): JsonSchema {
  const definition = schema.$ref?.replace("#/definitions/", "");
  return definition === undefined ? schema : (root.definitions?.[definition] ?? schema);
}

/** The part of a document's schema that applies at `path`, or null if the schema does not define it. */
export function schemaAt(root: JsonSchema, path: Path): JsonSchema | null {
  let schema = root;
  for (const step of path) {
    const next =
      typeof step === "number" ? schema.items : (own(schema.properties, step) ?? schema.additionalProperties);
    if (typeof next !== "object") return null;
    schema = resolved(root, next);
  }
  return schema;
}

/** The types that a schema allows. */
export function typesOf(schema: JsonSchema): readonly JsonType[] {
  return typeof schema.type === "string" ? [schema.type] : (schema.type ?? []);
}

/** In which mappings a document has each key: `evc_mode` in `clusters[]` and `hosts[].cpu`; `""` is the document itself. */
export function parentsByKey(root: JsonSchema): ReadonlyMap<string, readonly string[]> {
  const parents = new Map<string, string[]>();
  const visit = (part: JsonSchema, parent: string): void => {
    const schema = resolved(root, part);
    if (schema.items !== undefined) visit(schema.items, `${parent}[]`);
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      parents.set(key, [...(parents.get(key) ?? []), parent]);
      visit(value, parent === "" ? key : `${parent}.${key}`);
    }
  };
  visit(root, "");
  return parents;
}

/** A path as in messages: `conferencing_nodes[2].vm.hardware_version`. */
export function pathInWords(path: Path, key: (name: string) => string): string {
  return path.reduce<string>((before, step) => {
    if (typeof step === "number") return `${before}[${step}]`;
    return before === "" ? key(step) : `${before}.${key(step)}`;
  }, "");
}

function own<T>(map: Readonly<Record<string, T>> | undefined, key: string): T | undefined {
  return map !== undefined && Object.hasOwn(map, key) ? map[key] : undefined;
}
