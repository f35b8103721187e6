import { createRequire } from "node:module";
import type * as TreeSitter from "@vscode/tree-sitter-wasm";

const require = createRequire(import.meta.url);
let parser: Promise<TreeSitter.Parser> | null = null;

async function load(): Promise<TreeSitter.Parser> {
  const { Parser, Language } = require("@vscode/tree-sitter-wasm") as typeof TreeSitter;
  await Parser.init();
  const made = new Parser();
  made.setLanguage(await Language.load(require.resolve("@vscode/tree-sitter-wasm/wasm/tree-sitter-powershell.wasm")));
  return made;
}

/** A script as PowerShell's grammar reads it. */
export interface ParsedScript {
  /** Where it does not read it, each with the text there. */
  readonly errors: readonly string[];
  /** The commands that it calls, once each, in order of first use. */
  readonly commands: readonly string[];
}

/** Reads a script with the grammar of PowerShell that editors use; there is no PowerShell to run it with. */
export async function parsedPowerShell(script: string): Promise<ParsedScript> {
  parser ??= load();
  const tree = (await parser).parse(script);
  if (tree === null) throw new Error("the script was not parsed");
  const errors: string[] = [];
  const commands = new Set<string>();
  const visit = (node: TreeSitter.Node) => {
    const { row, column } = node.startPosition;
    if (node.isError || node.isMissing) errors.push(`${row + 1}:${column + 1} ${node.text.slice(0, 60)}`);
    if (node.type === "command_name") commands.add(node.text);
    for (const child of node.children) if (child !== null) visit(child);
  };
  visit(tree.rootNode);
  return { errors, commands: [...commands] };
}
