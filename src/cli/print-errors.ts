import type { PreflightError } from "../values/preflight-error.ts";
import { type ColorChoice, useColor } from "./color.ts";
import type { Surroundings } from "./surroundings.ts";

/** Mistakes on stderr, with code frames where a file is concerned. */
export async function printErrors(
  errors: readonly PreflightError[],
  sources: ReadonlyMap<string, string>,
  { stderr, env }: Surroundings,
  choice: ColorChoice,
): Promise<void> {
  const { renderErrors } = await import("../report/errors.ts");
  const color = useColor(choice, env, stderr.isTerminal);
  await stderr.write([renderErrors(errors, { color, width: stderr.width, sources })]);
}
