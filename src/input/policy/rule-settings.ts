import type { Origin, RuleLevel, RuleSetting, RuleSettings, Sourced } from "../../engine/api/config-layer.ts";
import type { Rule } from "../../engine/api/rule.ts";
import { unknownRule } from "../../engine/api/rule-catalogue.ts";
import type { JsonSchema, JsonType } from "../../values/json-schema.ts";
import type { Path } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { escapeForMessage, word } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { LEVELS } from "../../schema/config.schema.ts";
import { isFields, valueAt } from "../source/plain-data.ts";
import type { ParsedSource } from "../source/parsed-source.ts";
import { pathInWords, typesOf } from "../validation/schema-lookup.ts";
import { valueError, writtenValue } from "../validation/value-sentences.ts";

/** The rule settings of a mapping, and its errors. */
export interface ReadRuleSettings {
  readonly settings: RuleSettings;
  readonly errors: readonly PreflightError[];
}

/** A config that is read: its source, and the lines of its text. */
export interface ConfigText {
  readonly source: ParsedSource;
  readonly lines: readonly string[];
}

const LEVEL: JsonSchema = { type: "string", enum: LEVELS };
/** As ESLint counts them. */
const BY_NUMBER: readonly string[] = ["off", "warn", "error"];

/**
 * Reads the mapping from rule ids to settings at `path`. A schema cannot know the rules of plugins, so this checks what
 * the published one requires: every id must be known, every option declared, every value allowed; also of rules that
 * are off.
 */
export function readRuleSettings(config: ConfigText, path: Path, rules: ReadonlyMap<string, Rule>): ReadRuleSettings {
  const written = valueAt(config.source.value, path);
  const settings = new Map<string, RuleSetting>();
  const errors: PreflightError[] = [];
  // The schema reports everything that is not a mapping.
  for (const [id, value] of Object.entries(isFields(written) ? written : {})) {
    const rule = rules.get(id);
    const at = [...path, id];
    if (rule === undefined) errors.push(unknownRule(id, [...rules.values()], config.source.locateKey(at)));
    const read = isFields(value) ? settingOf(config, at, value, rule) : levelOf(config, at);
    if (Array.isArray(read)) errors.push(...read);
    else if (rule !== undefined) settings.set(id, "level" in read ? read : { level: read, options: new Map() });
  }
  return { settings, errors };
}

/** The setting in a mapping; `rule` is undefined if it is unknown, and its options are then unknown too. */
function settingOf(
  config: ConfigText,
  path: Path,
  value: Readonly<Record<string, unknown>>,
  rule: Rule | undefined,
): RuleSetting | PreflightError[] {
  const errors = Object.keys(value)
    .filter((key) => key !== "severity" && key !== "options")
    .map((key) => unknownKey(config, path, key, rule));
  if (errors.length === 0 && Object.keys(value).length === 0) {
    const message = `${pathText(path)} sets nothing.`;
    const hint = "Give it a severity, options or both.";
    errors.push(new PreflightError("empty-setting", message, config.source.locate(path), hint));
  }
  const level = "severity" in value ? levelOf(config, [...path, "severity"]) : null;
  if (Array.isArray(level)) errors.push(...level);
  const options = new Map<string, Sourced<unknown>>();
  if ("options" in value) errors.push(...readOptions(config, [...path, "options"], rule, options));
  return errors.length > 0 ? errors : { level: Array.isArray(level) ? null : level, options };
}

function levelOf(config: ConfigText, path: Path): Sourced<RuleLevel> | PreflightError[] {
  const value = valueAt(config.source.value, path);
  const level = LEVELS.find((candidate) => candidate === value);
  if (level !== undefined) return { value: level, origin: originOf(config, path) };
  const { code, message, hint } = valueError(
    pathText(path),
    "severity",
    LEVEL,
    writtenValue(config.source, path, config.lines),
  );
  return [new PreflightError(code, message, config.source.locate(path), hint ?? levelFix(value))];
}

/** The syntax for what users of other linters probably meant. */
function levelFix(value: unknown): string | null {
  if (Array.isArray(value)) return "Write { severity: …, options: { … } }.";
  if (value === false) return "Write off.";
  const word = typeof value === "number" ? BY_NUMBER[value] : undefined;
  return word === undefined ? null : `Write ${word}.`;
}

function readOptions(
  config: ConfigText,
  path: Path,
  rule: Rule | undefined,
  into: Map<string, Sourced<unknown>>,
): readonly PreflightError[] {
  const { source, lines } = config;
  const value = valueAt(source.value, path);
  if (!isFields(value)) {
    const { code, message, hint } = valueError(
      pathText(path),
      "options",
      { type: "object" },
      writtenValue(source, path, lines),
    );
    return [new PreflightError(code, message, source.locate(path), hint)];
  }
  if (rule === undefined) return [];
  const declared = rule.options ?? {};
  return Object.entries(value).flatMap(([name, given]) => {
    const at = [...path, name];
    const option = Object.hasOwn(declared, name) ? declared[name] : undefined;
    if (option === undefined) return [unknownOption(config, at, name, rule)];
    if (isAllowed(given, option)) {
      into.set(name, { value: given, origin: originOf(config, at) });
      return [];
    }
    return [wrongValue(config, at, name, option)];
  });
}

/** A value that an option does not accept; in a list, the first such item. */
function wrongValue({ source, lines }: ConfigText, path: Path, name: string, schema: JsonSchema): PreflightError {
  const value = valueAt(source.value, path);
  const { items } = schema;
  const wrong = Array.isArray(value) && items !== undefined ? value.findIndex((item) => !isAllowed(item, items)) : -1;
  const [at, wanted] = wrong >= 0 && items !== undefined ? [[...path, wrong], items] : [path, schema];
  const { code, message, hint } = valueError(pathText(at), name, wanted, writtenValue(source, at, lines));
  return new PreflightError(code, message, source.locate(at), hint);
}

function unknownKey({ source }: ConfigText, path: Path, key: string, rule: Rule | undefined): PreflightError {
  const message = `Unknown key ${word(key)} in ${pathText(path)}.`;
  const near = suggest(key, ["severity", "options"]);
  const hint = Object.hasOwn(rule?.options ?? {}, key)
    ? `It is an option: write options: { ${key}: … }.`
    : near === null
      ? "Known keys are severity, options."
      : `Did you mean ${near}?`;
  return new PreflightError("unknown-key", message, source.locateKey([...path, key]), hint);
}

function unknownOption({ source }: ConfigText, path: Path, name: string, { id, options = {} }: Rule): PreflightError {
  const names = Object.keys(options);
  const near = suggest(name, names);
  const list = names.length === 0 ? "It has no options." : `Its options are ${names.join(", ")}.`;
  const hint = near === null ? list : `Did you mean ${near}?`;
  return new PreflightError("unknown-key", `${id} has no option ${word(name)}.`, source.locateKey(path), hint);
}

function isAllowed(value: unknown, schema: JsonSchema): boolean {
  return typesOf(schema).some((type) => isAllowedAs(type, value, schema));
}

function isAllowedAs(type: JsonType, value: unknown, schema: JsonSchema): boolean {
  const { minimum, maximum, items = {}, enum: words } = schema;
  switch (type) {
    case "integer":
      return (
        Number.isInteger(value) && Number(value) >= (minimum ?? -Infinity) && Number(value) <= (maximum ?? Infinity)
      );
    case "array":
      return Array.isArray(value) && value.every((item) => isAllowed(item, items));
    default:
      return typeof value === type && (words === undefined || words.some((word) => word === value));
  }
}

function originOf({ source }: ConfigText, path: Path): Origin {
  return { by: source.path, location: source.locate(path) };
}

function pathText(path: Path): string {
  return pathInWords(path, escapeForMessage);
}
