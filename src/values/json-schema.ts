/** A JSON Schema (draft-07), as far as this program uses the language. */
export interface JsonSchema {
  readonly $schema?: "http://json-schema.org/draft-07/schema#";
  readonly $id?: string;
  readonly $ref?: string;
  readonly title?: string;
  readonly description?: string;
  readonly examples?: readonly unknown[];
  readonly default?: unknown;
  readonly definitions?: Readonly<Record<string, JsonSchema>>;
  readonly type?: JsonType | readonly JsonType[];
  readonly enum?: readonly (string | number | boolean | null)[];
  readonly const?: string | number | boolean | null;
  readonly anyOf?: readonly JsonSchema[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly pattern?: string;
  readonly items?: JsonSchema;
  readonly minItems?: number;
  readonly minProperties?: number;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly patternProperties?: Readonly<Record<string, JsonSchema>>;
  readonly additionalProperties?: boolean | JsonSchema;
  readonly required?: readonly string[];
}

export type JsonType = "string" | "integer" | "number" | "boolean" | "null" | "array" | "object";

/** The schema without the keywords that `drop` returns at each level; names of properties are never treated as keywords. */
export function withoutKeywords(schema: JsonSchema, drop: (schema: JsonSchema) => readonly string[]): JsonSchema {
  const each = (schemas: Readonly<Record<string, JsonSchema>>): Record<string, JsonSchema> =>
    Object.fromEntries(Object.entries(schemas).map(([name, part]) => [name, withoutKeywords(part, drop)]));
  const dropped = new Set(drop(schema));
  const kept = Object.fromEntries(Object.entries(schema).filter(([keyword]) => !dropped.has(keyword))) as JsonSchema;
  return {
    ...kept,
    ...(kept.definitions && { definitions: each(kept.definitions) }),
    ...(kept.properties && { properties: each(kept.properties) }),
    ...(kept.patternProperties && { patternProperties: each(kept.patternProperties) }),
    ...(kept.items && { items: withoutKeywords(kept.items, drop) }),
    ...(kept.anyOf && { anyOf: kept.anyOf.map((part) => withoutKeywords(part, drop)) }),
    ...(typeof kept.additionalProperties === "object" && {
      additionalProperties: withoutKeywords(kept.additionalProperties, drop),
    }),
  };
}
