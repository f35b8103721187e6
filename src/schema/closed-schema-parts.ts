import type { JsonSchema } from "../values/json-schema.ts";

/* Short forms for the schemas of what the program writes. */

export type Properties = Readonly<Record<string, JsonSchema>>;

/** An object that has exactly these keys; `optional` ones may be missing. */
export function object(
  title: string,
  description: string,
  properties: Properties,
  optional: readonly string[] = [],
): JsonSchema {
  return {
    title,
    description,
    type: "object",
    required: Object.keys(properties).filter((key) => !optional.includes(key)),
    additionalProperties: false,
    properties,
  };
}

export const text = (description: string): JsonSchema => ({ description, type: "string" });
export const textOrNull = (description: string): JsonSchema => ({ description, type: ["string", "null"] });
export const flag = (description: string): JsonSchema => ({ description, type: "boolean" });
export const number = (description: string): JsonSchema => ({ description, type: "number" });
export const count = (description: string): JsonSchema => ({ description, type: "integer", minimum: 0 });
/** A text of at least one character. */
export const name = (description: string): JsonSchema => ({ description, type: "string", minLength: 1 });
export const pattern = (expression: string, description: string): JsonSchema => ({
  description,
  type: "string",
  pattern: expression,
});
/** Up to what readers of reports hold in 32 bits. */
export const position = (description: string): JsonSchema => ({
  description,
  type: "integer",
  minimum: 1,
  maximum: 2147483647,
});
export const oneOf = (description: string, values: readonly string[]): JsonSchema => ({
  description,
  type: "string",
  enum: values,
});
export const list = (description: string, items: JsonSchema): JsonSchema => ({ description, type: "array", items });
export const constant = (value: string | number | null, description: string): JsonSchema => ({
  description,
  const: value,
});
export const ref = (name: string): JsonSchema => ({ $ref: `#/definitions/${name}` });
