/** TypeScript types of a JSON Schema. */
import type { JsonSchema, JsonType } from "../src/values/json-schema.ts";

/** Types that are declared elsewhere, by name: the module that exports each. */
export type DeclaredElsewhere = Readonly<Record<string, string>>;

const PRINT_WIDTH = 120;

const SEQUENCE_MODULE = "../values/sequence.ts";

/**
 * The types of a schema as the text of a module: everything readonly, descriptions as docstrings. The schema itself, each
 * definition and each titled part become a type of that name (`DNS question` is `DnsQuestion`); equal parts of one title
 * are one type. A named part that may be null is named without the null. Keys of `patternProperties` have no type: they
 * never reach the program.
 *
 * @param sequences lists that may be made item by item, as `Type.key`
 */
export function schemaTypes(
  schema: JsonSchema,
  elsewhere: DeclaredElsewhere = {},
  sequences: readonly string[] = [],
): string {
  const types = new SchemaTypes(schema.definitions ?? {}, elsewhere, sequences);
  types.reference(schema, null);
  return types.module();
}

class SchemaTypes {
  readonly #definitions: Readonly<Record<string, JsonSchema>>;
  readonly #elsewhere: DeclaredElsewhere;
  /** In the order in which they are first referred to. */
  readonly #declarations = new Map<string, string>();
  readonly #sources = new Map<string, string>();
  readonly #imported = new Map<string, Set<string>>();

  constructor(
    definitions: Readonly<Record<string, JsonSchema>>,
    elsewhere: DeclaredElsewhere,
    private readonly sequences: readonly string[],
  ) {
    this.#definitions = definitions;
    this.#elsewhere = elsewhere;
  }

  module(): string {
    const imports = [...this.#imported].map(
      ([path, names]) => `import type { ${[...names].sort().join(", ")} } from "${path}";\n`,
    );
    return [...(imports.length > 0 ? [imports.join("")] : []), ...this.#declarations.values()].join("\n");
  }

  /** How other types refer to a part: by its name, which is declared, or inline where it has none. */
  reference(schema: JsonSchema, key: string | null): string {
    if (schema.$ref !== undefined) {
      const target = schema.$ref.replace("#/definitions/", "");
      const definition = this.#definitions[target];
      if (definition === undefined) throw new Error(`There is no definition ${target}.`);
      return this.reference(definition, target);
    }
    const name = schema.title ?? key;
    if (name === null) return this.#writtenOut(schema);
    const { part, isNullable } = withoutNull(schema);
    return union([this.#declared(typeName(name), part), ...(isNullable ? ["null"] : [])]);
  }

  #declared(name: string, schema: JsonSchema): string {
    const module = this.#elsewhere[name];
    if (module !== undefined) {
      const names = this.#imported.get(module) ?? new Set();
      this.#imported.set(module, names.add(name));
      return name;
    }
    const source = JSON.stringify(schema);
    const known = this.#sources.get(name);
    if (known !== undefined && known !== source) throw new Error(`Two different parts of the schema are ${name}.`);
    if (known !== undefined) return name;
    this.#sources.set(name, source);
    // Reserves its place before the parts that it refers to.
    this.#declarations.set(name, "");
    const { properties } = schema;
    const text =
      properties === undefined
        ? `export type ${name} =${broken(this.#writtenOut(schema), name.length + 14)};\n`
        : `export interface ${name} ${this.#members(name, properties, schema.required ?? [])}\n`;
    this.#declarations.set(name, `${comment(schema.description, "")}${text}`);
    return name;
  }

  #writtenOut(schema: JsonSchema): string {
    if (schema.const !== undefined) return JSON.stringify(schema.const);
    if (schema.enum !== undefined) return union(schema.enum.map((value) => JSON.stringify(value)));
    if (schema.anyOf !== undefined) return union(schema.anyOf.map((part) => this.reference(part, null)));
    const types = [schema.type ?? []].flat();
    return types.length === 0 ? "unknown" : union(types.map((type) => this.#ofType(type, schema)));
  }

  #ofType(type: JsonType, { items, properties, additionalProperties }: JsonSchema): string {
    switch (type) {
      case "integer":
        return "number";
      case "array": {
        const item = items === undefined ? "unknown" : this.reference(items, null);
        return `readonly ${item.includes(" | ") ? `(${item})` : item}[]`;
      }
      case "object": {
        if (properties !== undefined) throw new Error("An object with keys of its own needs a title.");
        const values =
          typeof additionalProperties === "object" ? this.reference(additionalProperties, null) : "unknown";
        return `Readonly<Record<string, ${values}>>`;
      }
      default:
        return type;
    }
  }

  #sequence({ items }: JsonSchema): string {
    if (items === undefined) throw new Error("A sequence needs items of a type.");
    this.#imported.set(SEQUENCE_MODULE, new Set(["Sequence"]));
    return `Sequence<${this.reference(items, null)}>`;
  }

  #members(owner: string, properties: Readonly<Record<string, JsonSchema>>, required: readonly string[]): string {
    const lines = Object.entries(properties).map(([key, part]) => {
      const name = /^[A-Za-z_$][\w$]*$/.test(key) ? key : JSON.stringify(key);
      const head = `  readonly ${name}${required.includes(key) ? "" : "?"}:`;
      const type = this.sequences.includes(`${owner}.${key}`) ? this.#sequence(part) : this.reference(part, null);
      // The description of a titled part is at its own type.
      const about = part.title === undefined ? comment(part.description, "  ") : "";
      return `${about}${head}${broken(type, head.length, "  ")};\n`;
    });
    return `{\n${lines.join("")}}`;
  }
}

/** `DNS record type` is `DnsRecordType`, `vm_manager` is `VmManager`. */
function typeName(title: string): string {
  return title
    .split(/[^A-Za-z0-9]+/)
    .map((word) => (/^[A-Z]+$/.test(word) ? word.toLowerCase() : word))
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join("");
}

/** The part that remains when a value is not null. */
function withoutNull(schema: JsonSchema): { readonly part: JsonSchema; readonly isNullable: boolean } {
  const types = [schema.type ?? []].flat().filter((type) => type !== "null");
  const [type] = types;
  const part: JsonSchema = {
    ...schema,
    ...(type !== undefined && { type: types.length === 1 ? type : types }),
    ...(schema.enum && { enum: schema.enum.filter((value) => value !== null) }),
    ...(schema.anyOf && { anyOf: schema.anyOf.filter((each) => each.type !== "null") }),
  };
  return { part, isNullable: JSON.stringify(part) !== JSON.stringify(schema) };
}

/** Each member once: an integer and a number are the same type. */
function union(members: readonly string[]): string {
  return [...new Set(members)].join(" | ");
}

/** The text after `=` or `:`, one member of the union per line where it is too long for one. */
function broken(type: string, column: number, indent = ""): string {
  if (column + type.length + 2 <= PRINT_WIDTH || !type.includes(" | ") || type.includes("(")) return ` ${type}`;
  return type
    .split(" | ")
    .map((member) => `\n${indent}  | ${member}`)
    .join("");
}

/** A docstring; empty without a description. */
function comment(description: string | undefined, indent: string): string {
  if (description === undefined) return "";
  const text = description.replaceAll("*/", "*\\/");
  if (indent.length + text.length + 7 <= PRINT_WIDTH) return `${indent}/** ${text} */\n`;
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const last = lines.at(-1);
    if (last !== undefined && indent.length + 3 + last.length + 1 + word.length <= PRINT_WIDTH) {
      lines[lines.length - 1] = `${last} ${word}`;
    } else lines.push(word);
  }
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join("")}${indent} */\n`;
}
