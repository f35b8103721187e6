import { isTextLocation } from "../values/location.ts";
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
  const [{ renderErrors }, { excerpts }] = await Promise.all([
    import("../report/errors.ts"),
    import("../report/excerpts.ts"),
  ]);
  const places = errors.flatMap(({ location }) => (isTextLocation(location) ? [{ location, isHashed: false }] : []));
  const color = useColor(choice, env, stderr.isTerminal);
  await stderr.write([renderErrors(errors, { color, width: stderr.width, excerpts: excerpts(places, sources) })]);
}
