import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { findConfig } from "../../input/policy/find-config.ts";
import { foundInventory } from "../../input/project/found-inventory.ts";
import { policyFiles } from "../../input/policy/find-policy.ts";
import type { ExceptionOptions, ProbeLimits, RuleOptions } from "../../run/options.ts";
import { endOfDay } from "../../values/rfc3339.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { escapeForMessage, quoted } from "../../values/text/quoted.ts";
import type { CliContext } from "../cli-context.ts";
import { commandLike, unknownCommand } from "./command-words.ts";
import type { Arguments, RunArguments } from "./commands.ts";
import type { OptionValues } from "./options.ts";
import { usageError } from "./usage-error.ts";

type Where = Pick<CliContext, "cwd" | "env">;

/** The options shared by `check`, `plan` and `probe`, in the form of a run's options. Throws PreflightErrors. */
export async function runOptions(options: RunArguments, context: Where & Pick<CliContext, "stdin" | "pluginWatch">) {
  const { cwd } = context;
  // Only if a file is `-`: Node loads its network code for a pipe.
  const stdin = Object.values(options).flat().includes("-") ? context.stdin : undefined;
  assertNoCommand(options.deployment, cwd);
  const found = inventoryBeside(options, cwd);
  return {
    ...configOption(options, context),
    deployment: options.deployment,
    inventories: options.inventory,
    ...(found !== null && { foundInventory: found }),
    allowOutsidePaths: options["allow-outside-paths"],
    cwd,
    ...(stdin && { stdin }),
    pluginWatch: context.pluginWatch,
    only: options.only ?? [],
    severities: options.rule,
    now: options.now ?? null,
    from: options.from,
    systemResolvers: options["system-resolver"] === true ? await ownResolvers() : [],
  };
}

/**
 * The inventory beside the deployment, unless an option gives one: neither a file nor a server, whose data an old file
 * would contradict.
 */
function inventoryBeside(options: RunArguments, cwd: string): string | null {
  const { inventory, deployment, "no-inventory": isNone, "allow-outside-paths": allowOutsidePaths } = options;
  const isNamed = inventory.length > 0 || ("vcenter" in options && options.vcenter !== undefined);
  return isNamed || isNone ? null : foundInventory(deployment, cwd, allowOutsidePaths);
}

/** `preflight ruls` is read as a file; if there is no such file, it is probably a mistyped command. */
function assertNoCommand(deployment: string, cwd: string): void {
  if (commandLike(deployment) === null || existsSync(resolve(cwd, deployment))) return;
  throw new PreflightErrors([unknownCommand(deployment)]);
}

async function ownResolvers(): Promise<readonly string[]> {
  const { systemResolvers } = await import("../../probe/dns/system-resolvers.ts");
  const found = systemResolvers();
  if (found.length > 0) return found;
  const message = "This machine has no DNS server that can be queried.";
  const hint = "omit --system-resolver and add dns_servers to the deployment";
  throw new PreflightErrors([new PreflightError("no-system-resolver", message, null, hint)]);
}

/**
 * The config in effect: the one of `--policy`, `--config` or `--no-config`, else PREFLIGHT_CONFIG, else the nearest.
 */
export function configOption(
  { config, "no-config": isNone, policy }: OptionValues<"config" | "no-config"> & Partial<OptionValues<"policy">>,
  { cwd, env }: Where,
): Pick<RuleOptions, "config" | "policy"> {
  if (policy !== undefined) return { policy: policy === "none" ? false : policy };
  if (isNone) return { config: false };
  if (config !== undefined) return { config };
  const named = env["PREFLIGHT_CONFIG"] ?? "";
  if (named === "") return {};
  if (existsSync(resolve(cwd, named))) return { config: named };
  const message = `The environment variable PREFLIGHT_CONFIG refers to ${escapeForMessage(named)}, which does not exist.`;
  const hint = "correct or unset it, or give a config with --config FILE";
  throw new PreflightErrors([new PreflightError("no-such-file", message, null, hint)]);
}

/** The files that a run reads and no report may overwrite, as far as options and the config lookup determine them. */
export function inputFiles(options: RunArguments, context: Where): readonly string[] {
  const found = inventoryBeside(options, context.cwd);
  return [
    options.deployment,
    ...options.inventory,
    ...(found === null ? [] : [found]),
    ...configFiles(options, context),
  ];
}

function configFiles(options: RunArguments, context: Where): readonly string[] {
  const { config, policy } = configOption(options, context);
  if (config === false || policy === false) return [];
  if (config !== undefined) return [config];
  try {
    if (policy === undefined) return [findConfig(options.deployment, context.cwd) ?? []].flat();
    const { config: file, waivers, plan } = policyFiles(policy, context.cwd);
    return [file, waivers, plan].filter((path) => path !== null);
  } catch (error) {
    // Two in one folder, or no policy: the run reports it.
    if (error instanceof PreflightError) return [];
    throw error;
  }
}

/** Limits for contacting servers that options set; the config determines the others. */
export function probeLimits(options: OptionValues<"timeout" | "retries" | "deadline" | "concurrency">): ProbeLimits {
  const { timeout, retries, deadline, concurrency } = options;
  return { timeout_ms: timeout, retries, deadline_ms: deadline, concurrency };
}

/** The options for waivers and for the approved plan. Throws PreflightErrors. */
export function exceptionOptions(options: Arguments<"check">): ExceptionOptions {
  const { waivers, "no-waivers": isNone, "no-inline": noInline, "baseline-plan": baselinePlan } = options;
  const { reason = "", owner = "", expires = "", ticket = null } = options;
  const isWritten = options["write-waivers"];
  if (isWritten && (endOfDay(expires) ?? 0) <= (options.now ?? Date.now())) {
    const message = `--expires does not accept ${quoted(expires)}.`;
    throw new PreflightErrors([usageError(message, "the day has passed; give a later one")]);
  }
  return {
    waivers: isNone ? false : waivers,
    inline: noInline ? false : undefined,
    baselinePlan,
    newWaivers: isWritten ? { reason, owner, ticket, expires, all: options.all } : undefined,
  };
}
