import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { findConfig } from "../../input/policy/find-config.ts";
import type { ConfigChoice } from "../../run/config/load-config.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { RunArguments } from "./invocation.ts";
import type { CliContext } from "../cli-context.ts";

type Where = Pick<CliContext, "cwd" | "env">;

/** Which config is to be followed: what `--config` or `--no-config` says, else PREFLIGHT_CONFIG, else the nearest. */
export function configOption(
  { config, "no-config": isNone }: Pick<RunArguments, "config" | "no-config">,
  { cwd, env }: Where,
): ConfigChoice {
  if (isNone) return { config: false };
  if (config !== undefined) return { config };
  const named = env["PREFLIGHT_CONFIG"] ?? "";
  if (named === "") return {};
  if (existsSync(resolve(cwd, named))) return { config: named };
  const message = `The environment variable PREFLIGHT_CONFIG names ${escapeForMessage(named)}, which is not there.`;
  const hint = "correct it, unset it, or name a config with --config FILE";
  throw new PreflightErrors([new PreflightError("no-such-file", message, null, hint)]);
}

/** The files that a run reads and no report may overwrite, as far as options and the search for a config tell. */
export function inputFiles(options: RunArguments, context: Where): readonly string[] {
  return [options.deployment, ...options.inventory, ...configFiles(options, context)];
}

function configFiles(options: RunArguments, context: Where): readonly string[] {
  const { config } = configOption(options, context);
  if (config === false) return [];
  if (config !== undefined) return [config];
  try {
    return [findConfig(options.deployment, context.cwd).file ?? []].flat();
  } catch (error) {
    // Two in one folder: the run itself says so.
    if (error instanceof PreflightError) return [];
    throw error;
  }
}
