import type { OptionValues } from "../arguments/options.ts";

/** The value of `--color`. */
export type ColorChoice = OptionValues<"color">["color"];

/**
 * Whether to color the output to a stream: depends on the option, then FORCE_COLOR, NO_COLOR, and whether it is a
 * terminal.
 */
export function useColor(
  choice: ColorChoice,
  env: Readonly<Record<string, string | undefined>>,
  isTerminal: boolean,
): boolean {
  if (choice !== "auto") return choice === "always";
  const force = env["FORCE_COLOR"];
  if (force !== undefined && force !== "") return force !== "0" && force !== "false";
  if (env["NO_COLOR"] !== undefined && env["NO_COLOR"] !== "") return false;
  return isTerminal && env["TERM"] !== "dumb";
}
