import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { suggest } from "../../values/text/suggest.ts";
import { COMMAND_NAMES, type CommandName, SCHEMA_NAMES, SHELLS } from "./commands.ts";
import { unexpected, usageError } from "./usage-error.ts";

/** Errors in the words that are not options. `command` is a word that is not a command, and so may be a typo. */
export function commandWordErrors(
  name: CommandName,
  words: readonly string[],
  command: string | null,
): PreflightError[] {
  const [first, second, third, fourth] = words;
  switch (name) {
    case "check":
      // They are resolved when the sites are selected.
      return [];
    case "plan":
    case "probe":
    case "datasheet":
    case "selftest":
      if (first === undefined) {
        return [
          usageError(`preflight ${name} requires a deployment file.`, `preflight ${name} --help shows the usage`),
        ];
      }
      if (second === undefined) return [];
      if (command !== null && commandLike(command) !== null) return [unknownCommand(command)];
      return [unexpected(second, "give one deployment file, and inventories with --inventory FILE")];
    case "why": {
      const example = "write preflight why vm/thick-disk node:conf01 deployment.yaml";
      if (first === undefined) return [usageError("preflight why requires a rule.", example)];
      if (second === undefined) return [usageError("preflight why requires a subject.", example)];
      if (third === undefined) return [usageError("preflight why requires a deployment file.", example)];
      return fourth === undefined ? [] : [unexpected(fourth, "give one rule, one subject and one deployment file")];
    }
    case "report":
    case "remediate":
      if (first === undefined) {
        const hint = `write preflight ${name} FILE, or - for standard input`;
        return [usageError(`preflight ${name} requires a saved report.`, hint)];
      }
      return second === undefined ? [] : [unexpected(second, "give one report")];
    case "compare": {
      const hint = "write preflight compare BEFORE.json AFTER.json";
      if (second === undefined) return [usageError("preflight compare requires two saved reports.", hint)];
      return third === undefined ? [] : [unexpected(third, hint)];
    }
    case "inventory":
      if (first === "pull") {
        // The word may be a URL that contains a password, and is not printed.
        return second === undefined
          ? []
          : [
              usageError(
                "preflight inventory pull does not accept a file or name.",
                "give the server with --server URL",
              ),
            ];
      }
      if (first !== "import") {
        const hint = "write preflight inventory pull --server URL, or preflight inventory import PATH";
        return [usageError("preflight inventory requires pull or import.", hint)];
      }
      return second === undefined
        ? [
            usageError(
              "preflight inventory import requires an export.",
              "give an RVTools workbook, a folder of its CSV files, or output of govc",
            ),
          ]
        : [];
    case "deployment": {
      const hint = "write preflight deployment import PATH";
      if (first !== "import") return [usageError("preflight deployment requires import.", hint)];
      return second === undefined ? [usageError("preflight deployment import requires a file.", hint)] : [];
    }
    case "init":
      return first === undefined ? [] : [unexpected(first, "preflight init writes to the working directory")];
    case "rules":
      if (first === "show") {
        if (second === undefined)
          return [usageError("preflight rules show requires a rule id.", "preflight rules list lists the rules")];
        return third === undefined ? [] : [unexpected(third, "give one rule")];
      }
      if (first !== "list") {
        return [
          usageError(
            "preflight rules requires list or show.",
            "write preflight rules list, or preflight rules show ID",
          ),
        ];
      }
      return second === undefined ? [] : [unexpected(second, "write preflight rules list")];
    case "schema": {
      if (first === undefined)
        return [usageError("preflight schema requires a name.", `the schemas are ${SCHEMA_NAMES.join(", ")}`)];
      if (second !== undefined) return [unexpected(second, "give one schema")];
      if (SCHEMA_NAMES.some((schema) => schema === first)) return [];
      const near = suggest(first, SCHEMA_NAMES);
      const hint = near === null ? `the schemas are ${SCHEMA_NAMES.join(", ")}` : `did you mean ${near}?`;
      return [usageError(`There is no schema ${quoted(first)}.`, hint)];
    }
    case "lsp":
      return first === undefined ? [] : [unexpected(first, "name the files in the editor; see docs/editors.md")];
    case "completion": {
      const hint = `the shells are ${SHELLS.join(", ")}`;
      if (first === undefined) return [usageError("preflight completion requires a shell.", hint)];
      if (second !== undefined) return [unexpected(second, "give one shell")];
      return SHELLS.some((shell) => shell === first)
        ? []
        : [usageError(`There is no completion for ${quoted(first)}.`, hint)];
    }
  }
}

/** What was probably meant by a word that is neither a command nor a file: `rules`, or `--help` for `help`. */
export function commandLike(word: string): string | null {
  if (!/^[A-Za-z-]+$/.test(word)) return null;
  const near = suggest(word, [...COMMAND_NAMES, "help", "version"]);
  return near === "help" || near === "version" ? `--${near}` : near;
}

/**
 * The error for a word that is neither a command nor a file.
 *
 * @param isCommand whether other words follow, as after a command
 */
export function unknownCommand(word: string, isCommand = false): PreflightError {
  const near = commandLike(word);
  const hint = near === null ? "preflight --help lists the commands" : `did you mean preflight ${near}?`;
  const message = isCommand ? `Unknown command ${quoted(word)}.` : `There is no command or file ${quoted(word)}.`;
  return new PreflightError("unknown-command", message, null, hint);
}
