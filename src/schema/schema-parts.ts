import type { JsonSchema } from "../values/json-schema.ts";

/*
 * Building blocks of all schemas. Each returns a plain JSON Schema (draft-07). The title of a part is the name of its
 * generated type.
 */

export type Properties = Readonly<Record<string, JsonSchema>>;

type Extra = Pick<JsonSchema, "examples" | "default" | "pattern" | "minimum" | "maximum" | "minLength">;

/** An object written by the program, with exactly these keys; `optional` ones may be missing. */
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

/** Keys that are accepted in every mapping of a user's file and that no rule reads. */
const alwaysAccepted: Properties = {
  "^x-": { description: "Your own note. Keys that start with x- are accepted everywhere and ignored." },
  "^(password|ssh_password|web_password|licence_key|license_key|entitlement_key|token|secret|private_key|snmp_community|snmp_.*_password)$":
    {
      description:
        "Secrets have no place in this file. The key is accepted so that access/no-plaintext-secrets can fail at its place; the value is dropped when the file is read.",
    },
};

/** A mapping written by a user: only these keys, `x-` keys, and keys that name a secret. */
export function record(
  title: string,
  description: string,
  properties: Properties,
  required: readonly string[] = [],
): JsonSchema {
  const optional = Object.keys(properties).filter((key) => !required.includes(key));
  return { ...object(title, description, properties, optional), patternProperties: alwaysAccepted };
}

/** The whole document: in addition to its own keys it may refer to its schema, as JSON has no comment for that. */
export function document(title: string, description: string, properties: Properties): JsonSchema {
  const schema = text("Path or URL of the JSON Schema of this file, for editors; no rule reads it.", {
    examples: [`./node_modules/infinity-preflight/schema/${title.toLowerCase()}.schema.json`],
  });
  return record(title, description, { $schema: schema, ...properties });
}

/** The part with a title. */
export function titled(title: string, schema: JsonSchema): JsonSchema {
  return { title, ...schema };
}

export function text(description: string, extra: Extra = {}): JsonSchema {
  return { description, type: "string", ...extra };
}

/** A name by which other objects refer to this one. It must not be empty. */
export function name(description: string, ...examples: readonly string[]): JsonSchema {
  return text(description, { minLength: 1, ...(examples.length > 0 && { examples }) });
}

/** An integer, from 0 unless `extra` sets another minimum, and at most vSphere's own maximum (32 bits). */
export function integer(description: string, extra: Extra = {}): JsonSchema {
  return { description, type: "integer", minimum: 0, maximum: 2_147_483_647, ...extra };
}

/** An integer without an upper bound. */
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

/** A mapping from user-defined names to values of one kind. */
export function map(description: string, values: JsonSchema, extra: Extra = {}): JsonSchema {
  return { description, type: "object", additionalProperties: values, patternProperties: alwaysAccepted, ...extra };
}

/** The same, or `null`: known to be off, not set, or none. The description must state which. */
export function nullable(schema: JsonSchema): JsonSchema {
  const types = [schema.type ?? []].flat();
  return { ...schema, type: [...types, "null"], ...(schema.enum && { enum: [...schema.enum, null] }) };
}

/** A definition, by its key. */
export function ref(key: string): JsonSchema {
  return { $ref: `#/definitions/${key}` };
}

/** The newest known version is 22; the bounds leave room on both sides. vSphere itself writes `vmx-14`. */
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
