import { rules as builtIn } from "../../../rules/index.generated.ts";
import type { Rule } from "../../engine/api/rule.ts";
import { unknownRule } from "../../engine/api/rule-catalogue.ts";
import { PreflightErrors } from "../../values/preflight-error.ts";
import { wrap } from "../../report/text/flow.ts";
import { jsonText } from "../../report/text/json-text.ts";
import { locationText, escapeForTerminal } from "../../report/text/wording.ts";
import type { EffectiveSetting, EffectiveValue } from "../../run/config/effective-config.ts";
import type { Arguments } from "../arguments/commands.ts";
import { configOption } from "../arguments/run-options.ts";
import { printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { rulePage } from "../rule-page.ts";

/** Minimum width for titles beside the ids on a terminal; if there is less, titles go below them. */
const TITLE_ROOM = 40;

/** A rule, and its setting if a config was given. */
interface Listed {
  readonly rule: Rule;
  readonly setting: EffectiveSetting | null;
  readonly isOverridden: boolean;
}

/** `preflight rules list`: every rule with its severity, whether it contacts servers, and what it requires. */
export async function listRules(options: Arguments<"rules">, context: CliContext): Promise<ExitCode> {
  const list = await listed(options, context);
  if (list === null) return 2;
  if (!options.json && !options.markdown) return listText(list, context);
  if (options.json) await context.stdout.writeDocument([...jsonText(list.map(facts), 1), "\n"]);
  else await context.stdout.write(markdown(list, list[0]?.setting != null));
  return 0;
}

/** `preflight rules show ID`: the description and documentation page of one rule, without network access. */
export async function showRule(id: string, given: Arguments<"rules">, context: CliContext): Promise<ExitCode> {
  const list = await listed(given, context);
  if (list === null) return 2;
  const found = list.find(({ rule }) => rule.id === id);
  if (found === undefined) {
    const isWhole = list[0]?.setting !== null;
    const hint = `preflight rules list shows every rule${isWhole ? "" : "; add --config FILE for those of a plugin"}`;
    const known = list.map(({ rule }) => rule);
    throw new PreflightErrors([unknownRule(id, known, null, hint)]);
  }
  const { title, severity, live, subject, source, since, waivable, fixable, remediation, options } = facts(found);
  const { setting } = found;
  const lines = [
    `${id} (${severity}${live ? ", live" : ""})`,
    `${escapeForTerminal(title)}.`,
    "",
    `subject      ${subject}`,
    `source       ${escapeForTerminal(source.document)}, "${escapeForTerminal(source.section)}" (${source.wording})`,
    `since        ${escapeForTerminal(since)}`,
    ...(setting === null ? [] : [`in force     ${inForce(found, setting)}`]),
    ...(waivable ? [] : ["waivable     no"]),
    ...(fixable ? ["fixable      with --fix"] : []),
    `remediation  ${escapeForTerminal(remediation)}`,
    ...Object.entries(options).map(([name, option]) => {
      const value = setting?.options[name];
      const now = value === undefined ? "" : `; in force ${JSON.stringify(value.value)}, ${origin(value)}`;
      return `option       ${name} (${option.type}, ${JSON.stringify(option.default)}): ${escapeForTerminal(option.description)}${now}`;
    }),
  ];
  const text = builtIn.some((rule) => rule.id === id) ? rulePage(id) : docsOf(found.rule);
  await context.stdout.write([`${lines.join("\n")}\n`, text === null ? "" : `\n${text}`]);
  return 0;
}

/**
 * The built-in rules; with a config or policy also those of its plugins. Null if it has errors, which are then printed.
 */
async function listed(options: Arguments<"rules">, context: CliContext): Promise<readonly Listed[] | null> {
  const { config, policy } = configOption(options, context);
  if (policy === undefined && (config === undefined || config === false)) {
    return builtIn.map((rule) => ({ rule, setting: null, isOverridden: false }));
  }
  // Loaded on demand: the list is mostly requested without a config.
  const { rulesWith } = await import("../../run/config/rules-with.ts");
  const { rules, inputs } = await rulesWith({ config, policy }, context);
  if (inputs.errors.length === 0) return rules;
  await printInputErrors(inputs, context, options);
  return null;
}

/** `warn, set at policy.yaml:4:5 (error from profile 34; overrides differ for some subjects)` */
function inForce({ isOverridden }: Listed, { severity, varies }: EffectiveSetting): string {
  const notes = [...varies, ...(isOverridden ? ["overrides differ for some subjects"] : [])];
  return `${severity.value}, ${origin(severity)}${notes.length === 0 ? "" : ` (${notes.join("; ")})`}`;
}

function origin({ from, location }: EffectiveValue<unknown>): string {
  return location === null ? `set by ${escapeForTerminal(from)}` : `set at ${locationText(location)}`;
}

/** A rule as `--json` lists it; with a config also its setting. */
function facts({ rule, setting, isOverridden }: Listed) {
  const { id, title, severity, live, subject, source, since, messages, options, remediation } = rule;
  return {
    ...{ id, title, severity, live: live === true, subject, source, since, waivable: rule.waivable !== false },
    fixable: rule.fix !== undefined,
    ...{ messages, options: options ?? {}, remediation },
    ...(setting !== null && {
      in_force: {
        severity: setting.severity,
        varies: setting.varies,
        overridden: isOverridden,
        options: setting.options,
      },
    }),
  };
}

function* markdown(list: readonly Listed[], hasConfig: boolean): Generator<string> {
  const columns = ["rule", "severity", ...(hasConfig ? ["in force"] : []), "live", "title"];
  yield `| ${columns.join(" | ")} |\n| ${columns.map(() => "---").join(" | ")} |\n`;
  for (const one of list) {
    const { rule, setting } = one;
    const now = setting === null ? [] : [inForce(one, setting)];
    const cells = [rule.id, rule.severity, ...now, rule.live === true ? "live" : "", rule.title];
    yield `| ${cells.map((cell) => escapeForTerminal(cell).replaceAll("|", "\\|")).join(" | ")} |\n`;
  }
}

/** The page that a plugin's rule contains; null if it has none. */
function docsOf({ docs }: Rule): string | null {
  return docs === undefined ? null : `${docs.trim().split("\n").map(escapeForTerminal).join("\n")}\n`;
}

async function listText(list: readonly Listed[], { stdout }: CliContext): Promise<ExitCode> {
  const rows = list.map((one) => ({
    id: one.rule.id,
    severity: one.setting?.severity.value ?? one.rule.severity,
    live: one.rule.live === true ? "live" : "",
    title: `${escapeForTerminal(one.rule.title)}${changed(one)}`,
  }));
  const widest = (column: "id" | "severity" | "live") => Math.max(...rows.map((row) => row[column].length));
  const widths = { id: widest("id"), severity: widest("severity"), live: widest("live") };
  const left = widths.id + widths.severity + widths.live + 6;
  // On anything but a terminal, a rule is one line, for grep and similar tools.
  const width = stdout.isTerminal ? stdout.width : Infinity;
  const indent = width - left < TITLE_ROOM ? 4 : left;
  await stdout.write(
    rows.map(({ id, severity, live, title }) => {
      const head = `${id.padEnd(widths.id)}  ${severity.padEnd(widths.severity)}  ${live.padEnd(widths.live)}  `;
      const text = wrap(title, width - indent).map((line) => " ".repeat(indent) + line);
      const lines =
        indent === left ? [head + (text[0] ?? "").trimStart(), ...text.slice(1)] : [head.trimEnd(), ...text];
      return `${lines.join("\n")}\n`;
    }),
  );
  return 0;
}

/** The setting of a rule by a config, in brackets after its title; empty if it is unchanged. */
function changed({ rule, setting, isOverridden }: Listed): string {
  if (setting === null) return "";
  const { severity } = setting;
  const isOwn = severity.value === rule.severity;
  const notes = [
    ...(isOwn ? [] : [`${rule.severity} by itself, ${origin(severity)}`]),
    ...(isOverridden ? ["overrides differ for some subjects"] : []),
  ];
  return notes.length === 0 ? "" : ` (${notes.join("; ")})`;
}
