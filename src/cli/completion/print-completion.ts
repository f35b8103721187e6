import { rules } from "../../../rules/index.generated.ts";
import type { Shell } from "../arguments/commands.ts";
import { bashCompletion } from "./bash.ts";
import { fishCompletion } from "./fish.ts";
import { type CompletedCommand, completedCommands } from "./words.ts";
import { zshCompletion } from "./zsh.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";

const SCRIPTS: Readonly<Record<Shell, (commands: readonly CompletedCommand[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
};

/** `preflight completion SHELL`: prints a script that does not call this program during completion. */
export async function printCompletion(shell: Shell, { stdout }: CliContext): Promise<ExitCode> {
  await stdout.writeDocument([SCRIPTS[shell](completedCommands(rules.map(({ id }) => id)))]);
  return 0;
}
