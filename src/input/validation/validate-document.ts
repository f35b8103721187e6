import type { DocumentKind } from "../../site/core/document.ts";
import type { JsonSchema } from "../../values/json-schema.ts";
import { isTextLocation, type Path, type TextLocation } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { escapeForMessage, word } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { configSchema } from "../../schema/config.schema.ts";
import { deploymentSchema } from "../../schema/deployment.schema.ts";
import { inventorySchema } from "../../schema/inventory.schema.ts";
import { projectSchema } from "../../schema/project/project.schema.ts";
import { firstOfEachKind } from "./first-errors.ts";
import { isFields, valueAt } from "../source/plain-data.ts";
import type { LeadingZero, ParsedSource } from "../source/parsed-source.ts";
import { MAX_ERRORS } from "../source/limits.ts";
import { parentsByKey, schemaAt, pathInWords, typesOf } from "./schema-lookup.ts";
import type { SchemaError } from "./validator.ts";
import { isConfig, isDeployment, isInventory, isProject, isWaivers } from "./validators.generated.ts";
import { valueError, writtenValue } from "./value-sentences.ts";
import { waiversSchema } from "../../schema/waivers.schema.ts";

/** Further errors are not located: the file is of another kind, and locating them takes time. */
const MOST_LOCATED = 10_000;

/** A longer list of locations is not useful. */
const MAX_PARENTS = 3;

const KINDS: readonly DocumentKind[] = ["deployment", "inventory", "config", "waivers", "project"];
const schemas = {
  deployment: deploymentSchema,
  inventory: inventorySchema,
  config: configSchema,
  waivers: waiversSchema,
  project: projectSchema,
};
const validators = {
  deployment: isDeployment,
  inventory: isInventory,
  config: isConfig,
  waivers: isWaivers,
  project: isProject,
};

/** The errors of a document. */
export interface DocumentErrors {
  /** In the order of the file; if there are more than are listed, some of every kind. */
  readonly errors: readonly PreflightError[];
  /** The number of further errors. */
  readonly omitted: number;
}

/** An error and its location, before it is worded. */
type Fault =
  | {
      readonly kind: "unknown" | "missing";
      readonly parent: Path;
      readonly key: string;
      readonly location: TextLocation;
    }
  | { readonly kind: "value"; readonly path: Path; readonly location: TextLocation };

/**
 * Everything in which a file differs from the schema of its kind, in the order of the file: one error for each wrong
 * value, unknown key and missing key. An error at an anchor is reported once, however many aliases use it. After a
 * hundred errors the rest is counted. A file of the other kind is one error that says so.
 */
export function validateDocument(kind: DocumentKind, source: ParsedSource): DocumentErrors {
  const { errors, omitted } = schemaErrors(kind, source);
  const ambiguous = (source.leadingZeros ?? []).slice(0, MAX_ERRORS).map((number) => ambiguousNumber(source, number));
  return { errors: [...errors, ...ambiguous].sort(byLocation), omitted };
}

function byLocation({ location: a }: PreflightError, { location: b }: PreflightError): number {
  return isTextLocation(a) && isTextLocation(b) ? a.line - b.line || a.column - b.column : 0;
}

/** `020000` is 20000 in YAML 1.2, which this program reads, and 8192 in YAML 1.1, which many other tools read. */
function ambiguousNumber(source: ParsedSource, { path, text }: LeadingZero): PreflightError {
  const digits = text.replace(/^[-+]?0+/, "");
  const sign = text.startsWith("-") ? "-" : "";
  const other = /[89]/.test(digits) ? "text" : `${sign}${Number.parseInt(digits, 8)} (octal)`;
  const message = `${pathInWords(path, escapeForMessage)} is ${text}, which is ${sign}${digits} in YAML 1.2 and ${other} in YAML 1.1.`;
  const hint = `Write ${sign}${digits}, or put it in quotes if text is intended.`;
  return new PreflightError("ambiguous-number", message, source.locate(path), hint);
}

function schemaErrors(kind: DocumentKind, source: ParsedSource): DocumentErrors {
  const validate = validators[kind];
  if (validate(source.value)) return { errors: [], omitted: 0 };
  const swapped = otherKind(kind, source);
  if (swapped !== null) return { errors: [swapped], omitted: 0 };
  const all = onePerLocation(validate.errors ?? []);
  const located = all.slice(0, MOST_LOCATED).map((error) => faultOf(error, source));
  const faults = withoutConsequences(kind, withoutRepeats(located)).sort(
    (a, b) => a.location.line - b.location.line || a.location.column - b.location.column,
  );
  const lines = source.text.split(/\r\n|\r|\n/);
  const errors = firstOfEachKind(faults, kindOfFault, MAX_ERRORS).map((fault) => explain(kind, fault, source, lines));
  const omitted = faults.length - errors.length + Math.max(0, all.length - MOST_LOCATED);
  return { errors, omitted };
}

/** Its path without the indexes of list items. */
function kindOfFault(fault: Fault): string {
  const path = fault.kind === "value" ? fault.path : [...fault.parent, fault.key];
  return JSON.stringify([fault.kind, path.map((step) => (typeof step === "number" ? "#" : step))]);
}

/** Whether null is allowed at a path of a document. */
export function takesNull(kind: DocumentKind, path: Path): boolean {
  return typesOf(schemaAt(schemas[kind], path) ?? {}).includes("null");
}

/** One error for each value, unknown key and missing key, however many keywords it violates. */
function onePerLocation(errors: readonly SchemaError[]): readonly SchemaError[] {
  const byLocation = new Map<string, SchemaError>();
  for (const error of errors) {
    const { additionalProperty, missingProperty } = error.params;
    byLocation.set(JSON.stringify([error.instancePath, additionalProperty ?? null, missingProperty ?? null]), error);
  }
  return [...byLocation.values()];
}

function faultOf({ instancePath, params }: SchemaError, source: ParsedSource): Fault {
  const path = pathOf(instancePath, source.value);
  const { additionalProperty: unknown, missingProperty: missing } = params;
  if (unknown !== undefined) {
    return { kind: "unknown", parent: path, key: unknown, location: source.locateKey([...path, unknown]) };
  }
  if (missing !== undefined) {
    return { kind: "missing", parent: path, key: missing, location: source.locate([...path, missing]) };
  }
  return { kind: "value", path, location: source.locate(path) };
}

/** The steps of a JSON pointer (RFC 6901) into `value`. */
function pathOf(pointer: string, value: unknown): Path {
  let at = value;
  return pointer
    .split("/")
    .slice(1)
    .map((part) => {
      const name = part.replaceAll("~1", "/").replaceAll("~0", "~");
      const step = Array.isArray(at) ? Number(name) : name;
      at = valueAt(at, [step]);
      return step;
    });
}

/** Omits repetitions by aliases and merge keys: the same error at the same location in the file. */
function withoutRepeats(faults: readonly Fault[]): readonly Fault[] {
  const seen = new Set<string>();
  return faults.filter((fault) => {
    const { line, column } = fault.location;
    const key = fault.kind === "value" ? fault.path.findLast((step) => typeof step === "string") : fault.key;
    const identity = JSON.stringify([fault.kind, line, column, key]);
    return !seen.has(identity) && seen.add(identity);
  });
}

/** Omits missing keys that are present under a misspelled name, since the unknown key is reported. */
function withoutConsequences(kind: DocumentKind, faults: readonly Fault[]): Fault[] {
  if (faults.length > MAX_ERRORS) return [...faults];
  const misspelt = new Set<string>();
  for (const fault of faults) {
    if (fault.kind !== "unknown") continue;
    const meant = suggest(fault.key, keysAt(schemas[kind], fault.parent));
    if (meant !== null) misspelt.add(JSON.stringify([...fault.parent, meant]));
  }
  return faults.filter(
    (fault) => fault.kind !== "missing" || !misspelt.has(JSON.stringify([...fault.parent, fault.key])),
  );
}

function keysAt(schema: JsonSchema, path: Path): readonly string[] {
  return Object.keys(schemaAt(schema, path)?.properties ?? {});
}

function explain(kind: DocumentKind, fault: Fault, source: ParsedSource, lines: readonly string[]): PreflightError {
  if (fault.kind === "value") return explainValue(kind, fault.path, fault.location, source, lines);
  const parent = fault.parent.length === 0 ? `the ${kind}` : pathText(fault.parent);
  if (fault.kind === "missing") {
    const schema = schemaAt(schemas[kind], fault.parent);
    const title = schema?.title === undefined ? "" : `, which is required in every ${schema.title.toLowerCase()}`;
    return new PreflightError("missing-key", `${capital(parent)} has no ${fault.key}${title}.`, fault.location);
  }
  const message = `Unknown key ${word(fault.key)} in ${parent}.`;
  return new PreflightError("unknown-key", message, fault.location, whereItBelongs(kind, fault.parent, fault.key));
}

function explainValue(
  kind: DocumentKind,
  path: Path,
  location: TextLocation,
  source: ParsedSource,
  lines: readonly string[],
): PreflightError {
  const what = path.length === 0 ? `The ${kind}` : pathText(path);
  const key = path.findLast((step) => typeof step === "string") ?? "";
  const { code, message, hint } = valueError(
    what,
    key,
    schemaAt(schemas[kind], path) ?? {},
    writtenValue(source, path, lines),
  );
  return new PreflightError(code, message, location, hint);
}

/** Suggestions for an unknown key. */
function whereItBelongs(kind: DocumentKind, parent: Path, key: string): string | null {
  const here = pathText(parent.map((step) => (typeof step === "number" ? 0 : step))).replaceAll("[0]", "[]");
  const parents = parentsByKey(schemas[kind]).get(key) ?? [];
  const below = parents.filter((parent) => here !== "" && parent.startsWith(`${here}.`));
  const own = below.length > 0 ? below : parents;
  if (own.length > 0 && own.length <= MAX_PARENTS) return `${word(key)} belongs in ${joined(own, kind)}.`;
  const known = keysAt(schemas[kind], parent);
  const near = suggest(key, known);
  if (near !== null) return `Did you mean ${near}?`;
  for (const other of own.length === 0 ? KINDS.filter((candidate) => candidate !== kind) : []) {
    const foreign = parentsByKey(schemas[other]).get(key) ?? [];
    if (foreign.includes("")) return `${word(key)} belongs in the ${other}.`;
    if (foreign.length > 0 && foreign.length <= MAX_PARENTS) {
      return `${word(key)} belongs in ${joined(foreign, other)} of the ${other}.`;
    }
  }
  return known.length <= 15 ? `Known keys are ${known.join(", ")}.` : null;
}

function joined(parents: readonly string[], kind: DocumentKind): string {
  return parents.map((parent) => (parent === "" ? `the ${kind} itself` : parent)).join(" or ");
}

/** An error if most keys of the file are those of another kind of document, otherwise null. */
function otherKind(kind: DocumentKind, source: ParsedSource): PreflightError | null {
  if (!isFields(source.value)) return null;
  const has = (schema: JsonSchema, key: string): boolean => Object.hasOwn(schema.properties ?? {}, key);
  const keys = Object.keys(source.value);
  for (const other of KINDS.filter((candidate) => candidate !== kind)) {
    const foreign = keys.filter((key) => has(schemas[other], key) && !has(schemas[kind], key));
    const first = foreign[0];
    if (first === undefined || foreign.length * 2 <= keys.length) continue;
    return new PreflightError(
      "wrong-document",
      `This looks like ${article(other)}, not ${article(kind)}: it has ${foreign.slice(0, 3).join(", ")}.`,
      source.locateKey([first]),
      `The deployment is the argument; ${[...new Set(["inventory", kind, other] as const)].flatMap(givenBy).join(", ")}.`,
    );
  }
  return null;
}

function article(kind: DocumentKind): string {
  return kind === "inventory" ? "an inventory" : kind === "waivers" ? "a waivers file" : `a ${kind}`;
}

/** `an inventory is given with --inventory FILE` */
function givenBy(kind: DocumentKind): readonly string[] {
  if (kind === "deployment") return [];
  return [`${article(kind)} ${kind === "inventory" ? "is given " : ""}with --${kind} FILE`];
}

function pathText(path: Path): string {
  return pathInWords(path, word);
}

function capital(text: string): string {
  return text.startsWith("the ") ? `T${text.slice(1)}` : text;
}
