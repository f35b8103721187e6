import type { JsonSchema } from "../values/json-schema.ts";

/*
 * The words in which all schemas are written. Each returns a plain JSON Schema (draft-07). The title of a part is the name
 * of its generated type.
 */

export type Properties = Readonly<Record<string, JsonSchema>>;

type Extra = Pick<JsonSchema, "examples" | "default" | "pattern" | "minimum" | "maximum" | "minLength">;

/** An object that the program writes: exactly these keys; `optional` ones may be missing. */
export function object(
  title: string,
  description: string,
  properties: Properties,
  optional: readonly string[] = [],
): JsonSchema {
  const required = Object.keys(properties).filter((key) => !optional.includes(key));
  return {
    title,
    description,
    type: "object",
    ...(required.length > 0 && { required }),
    additionalProperties: false,
    properties,
  };
}

/** Keys that every mapping in a file of a user accepts and no rule reads. */
const alwaysAccepted: Properties = {
  "^x-": { description: "Your own note. Keys that start with x- are accepted everywhere and ignored." },
  "^(password|ssh_password|web_password|licence_key|license_key|entitlement_key|token|secret|private_key|snmp_community|snmp_.*_password)$":
    {
      description:
        "Secrets have no place in this file. The key is accepted so that access/no-plaintext-secrets can fail at its place; the value is dropped when the file is read.",
    },
};

/** A mapping that a user writes: these keys and no others, but for `x-` keys and keys that name a secret. */
export function record(
  title: string,
  description: string,
  properties: Properties,
  required: readonly string[] = [],
): JsonSchema {
  const optional = Object.keys(properties).filter((key) => !required.includes(key));
  return { ...object(title, description, properties, optional), patternProperties: alwaysAccepted };
}

/** The whole document: besides its own keys it may name its schema, as JSON has no comment for it. */
export function document(title: string, description: string, properties: Properties): JsonSchema {
  const schema = text("Where the JSON Schema of this file is, for editors; no rule reads it.", {
    examples: [`./node_modules/infinity-preflight/schema/${title.toLowerCase()}.schema.json`],
  });
  return record(title, description, { $schema: schema, ...properties });
}

/** The part under a name of its own. */
export function titled(title: string, schema: JsonSchema): JsonSchema {
  return { title, ...schema };
}

export function text(description: string, extra: Extra = {}): JsonSchema {
  return { description, type: "string", ...extra };
}

/** A name by which other things refer to this one. An empty one names nothing. */
export function name(description: string, ...examples: readonly string[]): JsonSchema {
  return text(description, { minLength: 1, ...(examples.length > 0 && { examples }) });
}

/** A whole number, from 0 unless `extra` says otherwise, and no larger than vSphere's own integers (32 bits). */
export function integer(description: string, extra: Extra = {}): JsonSchema {
  return { description, type: "integer", minimum: 0, maximum: 2_147_483_647, ...extra };
}

/** A whole number without an upper bound. */
export function count(description: string): JsonSchema {
  return { description, type: "integer", minimum: 0 };
}

export function number(description: string): JsonSchema {
  return { description, type: "number" };
}

export function flag(description: string, extra: Extra = {}): JsonSchema {
  return { description, type: "boolean", ...extra };
}

export function oneOf(description: string, values: readonly string[], extra: Extra = {}): JsonSchema {
  return { description, type: "string", enum: values, ...extra };
}

export function constant(description: string, value: string | number): JsonSchema {
  return { description, const: value };
}

export function texts(description: string, extra: Extra = {}): JsonSchema {
  return { description, type: "array", items: { type: "string" }, ...extra };
}

export function list(description: string, items: JsonSchema): JsonSchema {
  return { description, type: "array", items };
}

/** A mapping from names that only the user knows to values of one kind. */
export function map(description: string, values: JsonSchema, extra: Extra = {}): JsonSchema {
  return { description, type: "object", additionalProperties: values, patternProperties: alwaysAccepted, ...extra };
}

/** The same, or `null`: known to be off, not set, or none. The description must say which. */
export function nullable(schema: JsonSchema): JsonSchema {
  const types = [schema.type ?? []].flat();
  return { ...schema, type: [...types, "null"], ...(schema.enum && { enum: [...schema.enum, null] }) };
}

/** A definition, by its key. */
export function ref(key: string): JsonSchema {
  return { $ref: `#/definitions/${key}` };
}

/** Newest known is 22; the bounds leave room on both sides. vSphere itself writes `vmx-14`. */
export function hardwareVersion(description: string): JsonSchema {
  return {
    description,
    type: ["integer", "string"],
    minimum: 3,
    maximum: 99,
    pattern: "^vmx-(0[3-9]|[1-9][0-9])$",
    examples: [14, "vmx-14"],
  };
}
