import { powerShellQuote, shellQuote } from "../../values/text/shell-quote.ts";
import {
  COMMANDS,
  type CommandDefinition,
  type CommandForm,
  type CommandId,
  type CommandTable,
} from "./command-table.ts";

/** A text, a number, or several words. */
export type CommandValue = string | number | readonly string[];

/** Names of the `{placeholders}` in a line. */
type PlaceholdersIn<Line> = Line extends `${string}{${infer Name}}${infer Rest}` ? Name | PlaceholdersIn<Rest> : never;
type LinesOf<Id extends CommandId> = CommandTable[Id]["lines"];
type ValueNames<Id extends CommandId> = PlaceholdersIn<LinesOf<Id>[keyof LinesOf<Id>]>;

/** A fix for one subject: a row of the table, and the values of its placeholders. */
export interface Command {
  readonly id: CommandId;
  readonly values: Readonly<Record<string, CommandValue>>;
}

/** A row of the table with its values; every placeholder needs one. The host is given even if no line contains it. */
export function command<const Id extends CommandId>(
  id: Id,
  values: Readonly<Record<ValueNames<Id>, CommandValue>> & { readonly host?: CommandValue },
): Command {
  return { id, values };
}

/** The row with this id, which may come from a file; undefined if there is none. */
export function definitionOf(id: string): CommandDefinition | undefined {
  return Object.hasOwn(COMMANDS, id) ? COMMANDS[id as CommandId] : undefined;
}

/** A line with its values, each quoted for its shell; null if one is missing. */
export function commandLine(
  form: CommandForm,
  line: string,
  values: Readonly<Record<string, CommandValue>>,
): string | null {
  const names = [...line.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);
  if (names.some((name) => !Object.hasOwn(values, name))) return null;
  return line.replaceAll(/\{(\w+)\}/g, (_, name: string) => quote(form, values[name] ?? ""));
}

/** The lines of a fix that reports show. */
export function shownLines({ id, values }: Command): readonly string[] {
  const { lines, alsoShown = [] }: CommandDefinition = COMMANDS[id];
  const [first] = Object.keys(lines) as readonly CommandForm[];
  const forms = first === undefined ? alsoShown : [first, ...alsoShown];
  return forms.flatMap((form) => commandLine(form, lines[form] ?? "", values) ?? []);
}

function quote(form: CommandForm, value: CommandValue): string {
  if (typeof value === "number") return String(value);
  if (typeof value !== "string") return value.map((word) => quote(form, word)).join(" ");
  if (form === "text") return value;
  return form === "powercli" ? powerShellQuote(value) : shellQuote(value);
}
