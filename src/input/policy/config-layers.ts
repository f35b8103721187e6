import type { ConfigLayer, Override, Sourced } from "../../engine/api/config-layer.ts";
import type { RuleCatalogue } from "../../engine/api/rule-catalogue.ts";
import type { Rule } from "../../engine/api/rule.ts";
import { ID_KINDS, subjectKinds } from "../../site/subjects.ts";
import { matchesPattern } from "../../values/text/name-pattern.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { isFields } from "../source/plain-data.ts";
import { onlyErrors, type Read } from "../source/run-inputs.ts";
import { firstErrors } from "../validation/first-errors.ts";
import type { ConfigFile, ConfigPart } from "./config-parts.ts";
import { type ConfigText, readRuleSettings } from "./rule-settings.ts";
import { valueAt } from "../source/plain-data.ts";

/** The rule settings of the parts of a config, in order, for the known rules and presets. */
export function configLayers(parts: readonly ConfigPart[], catalogue: RuleCatalogue): Read<readonly ConfigLayer[]> {
  const rules = new Map(catalogue.rules.map((rule) => [rule.id, rule]));
  const layers: ConfigLayer[] = [];
  const errors: PreflightError[] = [];
  for (const part of parts) {
    if (part.kind === "file") {
      const read = layerOf(part.config, rules);
      layers.push(read.layer);
      errors.push(...firstErrors(part.config.path, read.errors));
      continue;
    }
    const preset = catalogue.presets.get(part.name);
    if (preset === undefined) errors.push(unknownPreset(part, [...catalogue.presets.keys()]));
    else layers.push({ rules: preset, overrides: [] });
  }
  return { value: layers, inputs: onlyErrors(errors) };
}

function layerOf({ source }: ConfigFile, rules: ReadonlyMap<string, Rule>) {
  const errors: PreflightError[] = [];
  if (source === null) return { layer: { rules: new Map<string, never>(), overrides: [] }, errors };
  const config = { source, lines: source.text.split(/\r\n|\r|\n/) };
  const own = readRuleSettings(config, ["rules"], rules);
  errors.push(...own.errors);
  const overrides: Override[] = [];
  const list = valueAt(source.value, ["overrides"]);
  for (const [index, entry] of (Array.isArray(list) ? list : []).entries()) {
    // The schema reports everything that is not a mapping.
    if (!isFields(entry)) continue;
    const read = overrideAt(config, index, rules);
    overrides.push(read.override);
    errors.push(...read.errors);
  }
  return { layer: { rules: own.settings, overrides }, errors };
}

function overrideAt(config: ConfigText, index: number, rules: ReadonlyMap<string, Rule>) {
  const { source } = config;
  const path = ["overrides", index] as const;
  const errors: PreflightError[] = [];
  const patterns: Sourced<string>[] = [];
  const written = valueAt(source.value, [...path, "subjects"]);
  for (const [item, pattern] of (Array.isArray(written) ? (written as unknown[]) : []).entries()) {
    if (typeof pattern !== "string") continue;
    const location = source.locate([...path, "subjects", item]);
    const fault = patternFault(pattern);
    if (fault === null) patterns.push({ value: pattern, origin: { by: source.path, location } });
    else errors.push(new PreflightError("not-a-subject", fault.message, location, fault.hint));
  }
  const read = readRuleSettings(config, [...path, "rules"], rules);
  errors.push(...read.errors);
  for (const id of patterns.length === 0 ? [] : read.settings.keys()) {
    const kinds = kindsOf(rules.get(id));
    if (patterns.some(({ value }) => kinds.some((kind) => matchesPattern(kind, kindOf(value))))) continue;
    const location = source.locateKey([...path, "rules", id]);
    const message = `${id} evaluates subjects of kind ${kinds[0] ?? ""}, and no pattern of this override matches one.`;
    const hint = `Add a pattern such as "${kinds[0] ?? ""}:*" to its subjects, or remove the rule.`;
    errors.push(new PreflightError("not-its-subject", message, location, hint));
  }
  return { override: { patterns, rules: read.settings }, errors };
}

/**
 * The kinds of subject ids in checks of a rule; checks on behalf of unknown subjects have the deployment as subject.
 */
function kindsOf(rule: Rule | undefined): readonly string[] {
  return rule === undefined ? [] : [...subjectKinds[rule.subject].ids, "deployment"];
}

function kindOf(pattern: string): string {
  return pattern.split(":", 1)[0] ?? "";
}

/** Why no subject can match a pattern; null if one can. */
function patternFault(pattern: string): { readonly message: string; readonly hint: string } | null {
  const example = "Write a kind, a colon and a name, such as node:oslo-* or host:*.lab.example.com";
  if (!pattern.includes(":")) {
    return { message: `${quoted(pattern)} has no kind, so it matches no subject.`, hint: `${example}.` };
  }
  const kind = kindOf(pattern);
  if (ID_KINDS.some((known) => matchesPattern(known, kind))) return null;
  const near = suggest(kind, ID_KINDS);
  const hint = near === null ? `${example}; kinds are ${ID_KINDS.join(", ")}.` : `Did you mean ${near}?`;
  return { message: `There are no subjects of kind ${quoted(kind)}.`, hint };
}

/** The error for an id that no subject can have; null if one can. */
export function subjectFault(id: string): PreflightError | null {
  const fault = patternFault(id);
  return fault === null ? null : new PreflightError("not-a-subject", fault.message, null, fault.hint);
}

function unknownPreset(
  { name, location }: Extract<ConfigPart, { kind: "preset" }>,
  presets: readonly string[],
): PreflightError {
  const near = suggest(name, presets);
  const hint =
    near === null
      ? `Presets are ${presets.join(", ")}; the name of a file ends in .yaml, .yml or .json.`
      : `Did you mean ${near}?`;
  return new PreflightError("unknown-preset", `There is no preset ${quoted(name)}.`, location, hint);
}
