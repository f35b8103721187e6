import type { LiveOptions } from "../../run/live/observe.ts";
import type { ProbeLimits } from "../../run/live/probe-settings.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { LiveArguments, VantagePointArguments } from "./invocation.ts";

const LONGEST_NAME = 100;
/** A day. */
const LONGEST_DEADLINE_S = 86_400;

/** What options say of the place that asks. Throws PreflightErrors. */
export async function vantagePointOptions(
  options: VantagePointArguments,
): Promise<Pick<LiveOptions, "from" | "systemResolvers">> {
  const from = nameOfPlace(options.from);
  return {
    ...(from !== undefined && { from }),
    ...(options["system-resolver"] && { systemResolvers: await ownResolvers() }),
  };
}

/** How servers are asked, as far as options say it. Throws PreflightErrors for all values that make no sense at once. */
export function probeLimits(options: LiveArguments): ProbeLimits {
  const errors: PreflightError[] = [];
  const number = (name: keyof LiveArguments, unit: string, least: number, most: number) => {
    const text = options[name];
    if (typeof text !== "string") return null;
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    const hint = `write a whole number${unit}, ${least} to ${most}`;
    errors.push(new PreflightError("usage", `--${name} cannot be ${quoted(text)}.`, null, hint));
    return null;
  };
  const timeout = number("timeout", " of milliseconds", 1, 60_000);
  const retries = number("retries", "", 0, 5);
  const deadline = number("deadline", " of seconds", 1, LONGEST_DEADLINE_S);
  const most = number("concurrency", "", 1, 1000);
  if (errors.length > 0) throw new PreflightErrors(errors);
  return {
    ...(timeout !== null && { timeout_ms: timeout }),
    ...(retries !== null && { retries }),
    ...(deadline !== null && { deadline_ms: deadline * 1000 }),
    ...(most !== null && { concurrency: most }),
  };
}

const UNIT_MS = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** `4h` in ms; null when nothing is said. Throws PreflightErrors for what is no duration. */
export function maxAge(text: string | undefined): number | null {
  if (text === undefined) return null;
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  if (count !== undefined && unit !== undefined && Number(count) > 0) {
    return Number(count) * UNIT_MS[unit as keyof typeof UNIT_MS];
  }
  const hint = "write a number and a unit, s, m, h or d, such as 4h";
  throw new PreflightErrors([new PreflightError("usage", `--max-age cannot be ${quoted(text)}.`, null, hint)]);
}

/** A name is shown in one line of text, so it must be fit for one. */
function nameOfPlace(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (text.trim() !== "" && text.length <= LONGEST_NAME && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return text.trim();
  const hint = `name the place in up to ${LONGEST_NAME} printable characters, such as jump-oslo`;
  throw new PreflightErrors([new PreflightError("usage", `--from cannot be ${quoted(text)}.`, null, hint)]);
}

async function ownResolvers(): Promise<readonly string[]> {
  const { systemResolvers } = await import("../../probe/dns/system-resolvers.ts");
  const found = systemResolvers();
  if (found.length > 0) return found;
  const message = "This machine is configured with no DNS server that could be asked.";
  const hint = "leave --system-resolver away and add dns_servers to the deployment";
  throw new PreflightErrors([new PreflightError("no-system-resolver", message, null, hint)]);
}
