import { subjectKinds } from "../../site/subjects.ts";
import { suggest } from "../../values/text/suggest.ts";
import type { RuleLevel, RuleSetting, RuleSettings } from "./config-layer.ts";
import type { Rule } from "./rule.ts";
import type { Severity } from "../../schema/report.generated.ts";

/** Additional rules and presets, as a file or package exports them. */
export interface Plugin {
  readonly meta: {
    /** Begins the names of the plugin's presets: `lab` in `lab/strict`. */
    readonly name: string;
    readonly version?: string;
  };
  readonly rules: readonly Rule[];
  /** Severities by rule id, under a name; a config extends them as `NAME/PRESET`. Of built-in rules too. */
  readonly presets?: Readonly<Record<string, Readonly<Record<string, Severity | "off">>>>;
}

const LEVELS: readonly unknown[] = ["off", "info", "warn", "error"];
const WORDINGS: readonly unknown[] = ["must", "strongly-recommended", "recommended", "derived", "beyond"];

/** The errors of a plugin, as phrases; empty if it is valid. It is third-party code, so nothing is assumed. */
export function pluginErrors(value: unknown, known: ReadonlySet<string>): readonly string[] {
  if (!isRecord(value)) return ["it does not export an object with meta and rules"];
  const { meta, rules, presets = {} } = value;
  const errors: string[] = [];
  const name = isRecord(meta) ? meta["name"] : undefined;
  if (typeof name !== "string" || !/^[a-z0-9-]+$/.test(name)) {
    errors.push("meta.name must consist of lowercase letters, digits and hyphens");
  }
  if (!Array.isArray(rules)) return [...errors, "rules must be a list"];
  const ids = new Set(known);
  const groups = new Set([...known].map(groupOf));
  for (const [index, rule] of (rules as readonly unknown[]).entries()) {
    const wrong = ruleError(rule, ids, groups);
    const label = isRecord(rule) && typeof rule["id"] === "string" ? rule["id"] : `rules[${index}]`;
    if (wrong !== null) errors.push(`${label}: ${wrong}`);
    else if (isRecord(rule)) ids.add(String(rule["id"]));
  }
  if (!isRecord(presets)) return [...errors, "presets must be an object"];
  for (const [preset, settings] of Object.entries(presets)) {
    if (!/^[a-z0-9-]+$/.test(preset))
      errors.push(`preset ${preset}: its name must consist of lowercase letters, digits and hyphens`);
    for (const [id, level] of Object.entries(isRecord(settings) ? settings : { [preset]: null })) {
      if (!ids.has(id)) errors.push(`preset ${preset}: there is no rule ${id}`);
      else if (!LEVELS.includes(level)) errors.push(`preset ${preset}: ${id} must be off, info, warn or error`);
    }
  }
  return errors;
}

function ruleError(rule: unknown, ids: ReadonlySet<string>, groups: ReadonlySet<string>): string | null {
  if (!isRecord(rule)) return "a rule is an object, as defineRule returns it";
  const { id, subject, source, messages, options = {} } = rule;
  if (typeof id !== "string" || !/^[a-z0-9-]+\/[a-z0-9-]+$/.test(id)) return "its id must be group/name";
  if (ids.has(id)) return "a rule of that id already exists";
  if (groups.has(groupOf(id))) return `the group ${groupOf(id)} is already in use; use another group`;
  for (const field of ["title", "remediation", "since"]) {
    if (typeof rule[field] !== "string" || rule[field].trim() === "") return `${field} must be a string`;
  }
  if (!LEVELS.slice(1).includes(rule["severity"])) return "severity must be info, warn or error";
  if (typeof subject !== "string" || !Object.hasOwn(subjectKinds, subject)) return subjectError(subject);
  if (!isRecord(source) || typeof source["document"] !== "string" || typeof source["section"] !== "string") {
    return "source must name a document and a section";
  }
  if (!WORDINGS.includes(source["wording"])) return `source.wording must be one of ${WORDINGS.join(", ")}`;
  if (!isRecord(messages) || !Object.values(messages).every((text) => typeof text === "string")) {
    return "messages must be an object of strings";
  }
  if (!isRecord(options)) return "options must be an object";
  if (rule["fix"] !== undefined && typeof rule["fix"] !== "function") return "fix must be a function";
  if (rule["fix"] !== undefined && rule["live"] === true) {
    return "a live rule cannot have a fix: the answer of a server is not a certain value";
  }
  for (const [name, option] of Object.entries(options)) {
    if (!isRecord(option) || !fitsType(option["default"], option))
      return `option ${name} requires a type and a default of that type`;
  }
  if (rule["docs"] !== undefined && typeof rule["docs"] !== "string") return "docs must be a string";
  if (rule["live"] !== undefined && rule["live"] !== true) return "live is true or absent";
  if (rule["waivable"] !== undefined && rule["waivable"] !== false) return "waivable is false or absent";
  if (rule["commands"] !== undefined && typeof rule["commands"] !== "function") return "commands must be a function";
  return typeof rule["check"] === "function" ? null : "check must be a function";
}

function subjectError(subject: unknown): string {
  const kinds = Object.keys(subjectKinds);
  const near = typeof subject === "string" ? suggest(subject, kinds) : null;
  return `there is no subject ${JSON.stringify(subject)}; ${near === null ? `the kinds are ${kinds.join(", ")}` : `did you mean ${near}?`}`;
}

function fitsType(value: unknown, { type, enum: words }: Readonly<Record<string, unknown>>): boolean {
  if (words !== undefined && !(Array.isArray(words) && words.includes(value))) return false;
  if (type === "integer") return Number.isInteger(value);
  if (type === "array") return Array.isArray(value) && value.every((item) => typeof item === "string");
  return (type === "boolean" || type === "string") && typeof value === type;
}

function groupOf(id: string): string {
  return id.split("/")[0] ?? "";
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/**
 * The built-in presets and those of plugins, by the names under which configs extend them. The default without a preset
 * includes the rules of plugins, because a plugin is configured for its rules.
 */
export function presetsWith(
  builtIn: ReadonlyMap<string, RuleSettings>,
  plugins: readonly Plugin[],
): ReadonlyMap<string, RuleSettings> {
  const presets = new Map(builtIn);
  const recommended = new Map(builtIn.get("recommended"));
  for (const { meta, rules, presets: own = {} } of plugins) {
    for (const { id } of rules) recommended.set(id, setting("own", `plugin ${meta.name}`));
    for (const [preset, levels] of Object.entries(own)) {
      const name = `${meta.name}/${preset}`;
      const settings = Object.entries(levels).map(([id, level]) => [id, setting(level, `preset ${name}`)] as const);
      presets.set(name, new Map(settings));
    }
  }
  return presets.set("recommended", recommended);
}

function setting(level: RuleLevel, by: string): RuleSetting {
  return { level: { value: level, origin: { by, location: null } }, options: new Map() };
}
