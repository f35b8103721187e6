import type { PreflightError } from "../../values/preflight-error.ts";
import type { Given } from "./command-line.ts";
import { type CommandName, optionsOf } from "./commands.ts";
import type { Option } from "./options.ts";
import { usageError } from "./usage-error.ts";

/** Options that are invalid in combination, or alone, according to the table of options. */
export function optionConflicts(
  command: CommandName,
  words: readonly string[],
  given: readonly Given[],
): PreflightError[] {
  const has = (name: string) => given.some((option) => option.name === name);
  const known = optionsOf(command);
  const options = known.filter(({ name }) => has(name));
  if (command === "inventory" && words[0] === "import") return ofNoImport(options);
  if (command === "inventory" && has("collected-at")) {
    return [
      usageError("--collected-at applies to preflight inventory import only; a pull records its own time.", "omit it"),
    ];
  }
  const idle = new Map<string, PreflightError>();
  for (const { name, needs } of options) {
    const needed = known.find((option) => option.name === needs);
    if (needed === undefined || has(needed.name) || idle.has(needed.name)) continue;
    const call = `--${needed.name}${needed.value === undefined ? "" : ` ${needed.value}`}`;
    idle.set(needed.name, usageError(`--${name} requires --${needed.name}.`, `add ${call}`));
  }
  return [...options.flatMap((option) => [...opposed(option, has), ...lacking(option, has)]), ...idle.values()];
}

type Has = (option: string) => boolean;

function opposed({ name, opposites = [], notWith = {} }: Option, has: Has): PreflightError[] {
  const contrary = opposites
    .filter(has)
    .map((other) => usageError(`--${other} and --${name} cannot be used together.`, "omit one of them"));
  const barred = Object.entries(notWith)
    .filter(([other]) => has(other))
    .slice(0, 1)
    .map(([other, hint]) => usageError(`--${name} and --${other} cannot be used together.`, hint));
  return [...contrary, ...barred];
}

function lacking({ name, requires }: Option, has: Has): PreflightError[] {
  const missing = (requires?.options ?? []).filter((other) => !has(other)).map((other) => `--${other}`);
  return missing.length === 0 ? [] : [usageError(`--${name} requires ${missing.join(" and ")}.`, requires?.hint ?? "")];
}

/** The options for a server, which do not apply to importing a file. */
function ofNoImport(options: readonly Option[]): PreflightError[] {
  return options
    .filter(({ group }) => group === "vSphere")
    .slice(0, 1)
    .map(({ name }) =>
      usageError(`--${name} applies to preflight inventory pull only; an import does not contact servers.`, "omit it"),
    );
}
