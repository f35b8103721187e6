import type { Excerpt, ReportError } from "../../schema/report.generated.ts";
import type { RunInputs } from "../../input/source/run-inputs.ts";
import { isTextLocation } from "../../values/location.ts";
import type { PreflightError } from "../../values/preflight-error.ts";
import { type ColorChoice, useColor } from "./color.ts";
import type { CliContext } from "../cli-context.ts";

/**
 * Prints errors on stderr, with code frames for errors in a file.
 *
 * @param known the text of the files, or the excerpts in a report
 */
export async function printErrors(
  errors: readonly (PreflightError | ReportError)[],
  known: ReadonlyMap<string, string> | readonly Excerpt[],
  { stderr, env }: CliContext,
  { color: choice, all }: { readonly color: ColorChoice; readonly all?: boolean },
  word: "error" | "warning" = "error",
): Promise<void> {
  const { renderErrors } = await import("../../report/errors.ts");
  const color = useColor(choice, env, stderr.isTerminal);
  const shown = "size" in known ? await excerptsOf(errors, known) : known;
  await stderr.write([renderErrors(errors, { color, width: stderr.width, excerpts: shown, word, all })]);
}

/** The errors of what was read, on stderr. */
export function printInputErrors(
  { errors, texts }: Pick<RunInputs, "errors" | "texts">,
  context: CliContext,
  options: Parameters<typeof printErrors>[3],
): Promise<void> {
  return printErrors(errors, texts, context, options);
}

async function excerptsOf(
  errors: readonly (PreflightError | ReportError)[],
  sources: ReadonlyMap<string, string>,
): Promise<readonly Excerpt[]> {
  const { excerpts } = await import("../../report/model/excerpts.ts");
  const places = errors.flatMap(({ location }) => (isTextLocation(location) ? [{ location, isHashed: false }] : []));
  return excerpts(places, sources);
}
