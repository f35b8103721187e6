import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../../rules/index.generated.ts";
import { command, commandLine, type CommandValue, definitionOf, shownLines } from "../../../src/engine/api/command.ts";
import {
  COMMANDS,
  COMMAND_SHELLS,
  type CommandDefinition,
  type CommandForm,
} from "../../../src/engine/api/command-table.ts";

const ROOT = join(import.meta.dirname, "..", "..", "..");
const rows = Object.entries<CommandDefinition>(COMMANDS);
const linesOf = ({ lines }: CommandDefinition) => Object.entries(lines) as readonly (readonly [CommandForm, string])[];
const namesIn = (line: string) => [...line.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name);

/** The sources of rules and of what they share. */
const sources = readdirSync(join(ROOT, "rules"), { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".ts") && !file.endsWith("generated.ts"))
  .map((file) => [file, readFileSync(join(ROOT, "rules", file), "utf8")] as const);

describe("the table of commands", () => {
  it("has every command of every rule, and none that no rule proposes", () => {
    const named = sources.flatMap(([, text]) => [
      ...text.matchAll(/"((?:vm|host|switch|cluster|account|dns)\/[a-z-]+)"/g),
    ]);
    const used = new Set(named.map(([, id = ""]) => id).filter((id) => definitionOf(id) !== undefined));
    expect([...used].sort()).toEqual(rows.map(([id]) => id).sort());
  });

  it("is the only source of command texts for rules", () => {
    const tools = /[`'"](?:govc|esxcli|Get-[A-Z]\w+|Set-[A-Z]\w+) |(?:power)?[sS]hellQuote/;
    expect(sources.filter(([, text]) => tools.test(text)).map(([file]) => file)).toEqual([]);
    expect(tools.test("`govc vm.change`")).toBe(true);
    expect(rules.filter((rule) => rule.commands !== undefined).length).toBeGreaterThan(20);
  });

  it.each(rows)("%s is complete", (_, definition) => {
    const lines = linesOf(definition);
    expect(lines.length).toBeGreaterThan(0);
    for (const [form, line] of lines) {
      if (form === "govc") expect(line).toMatch(/^govc [a-z]+(\.[a-z]+)+ /);
      if (form === "esxcli") expect(line).toMatch(/^esxcli [a-z]+ /);
      if (form === "powercli") expect(line).toMatch(/^\(?(?:Get|Set)-/);
      expect([...COMMAND_SHELLS, "text"]).toContain(form);
    }
    const all = lines.flatMap(([, line]) => namesIn(line));
    // Grouping by host, power cycles of VMs and the choice of the highest value depend on these names.
    if (definition.scope === "vm") expect(all).toContain("vm");
    if (definition.highest !== undefined) expect(all).toContain(definition.highest);
    for (const text of [definition.warning, definition.before])
      if (text !== undefined) expect(text).toMatch(/^[A-Z].*\.$/);
  });

  it.each(rows)("%s has every value quoted for its shell", (_, definition) => {
    const hostile = "x'; $(reboot) `reboot` \u2019\n\"";
    for (const [form, line] of linesOf(definition)) {
      const values: Record<string, CommandValue> = Object.fromEntries(namesIn(line).map((name) => [name, hostile]));
      const text = commandLine(form, line, values) ?? "";
      if (form === "powercli") expect(outsideOfPowerShellQuotes(text)).not.toMatch(/reboot|;/);
      else if (form !== "text") expect(outsideOfPosixQuotes(text)).not.toMatch(/reboot|;/);
    }
  });

  it("gives no line when a value is missing, and does not take one from what every object has", () => {
    expect(commandLine("govc", "govc vm.change -vm {vm}", {})).toBeNull();
    expect(commandLine("govc", "govc vm.change -vm {constructor}", {})).toBeNull();
    expect(definitionOf("constructor")).toBeUndefined();
  });

  it("shows the first line in reports, and those that a row names", () => {
    expect(shownLines(command("vm/unlimited", { vm: "a b" }))).toEqual([
      "govc vm.change -vm 'a b' -cpu.limit=-1 -mem.limit=-1",
    ]);
    expect(shownLines(command("host/receive-mtu-check-off", { host: "h" })).map((line) => line.split(" ")[0])).toEqual([
      "esxcli",
      "govc",
    ]);
    expect(shownLines(command("account/role", { privileges: ["A.b", "C d"] }))).toEqual([
      "govc role.create pexip-deploy A.b 'C d'",
    ]);
  });
});

/** What a POSIX shell reads outside of single quotes, with escaped characters taken away. */
function outsideOfPosixQuotes(text: string): string {
  return text.replace(/'[^']*'|\\./gs, "");
}

/** What PowerShell reads outside of single quotes; it takes typographic quotes for quotes too, and doubles escape. */
function outsideOfPowerShellQuotes(text: string): string {
  return text.replace(/['\u2018-\u201b](?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*['\u2018-\u201b]/gs, "");
}
