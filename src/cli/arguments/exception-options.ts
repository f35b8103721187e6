import type { WaiverTerms } from "../../engine/waivers/new-waivers.ts";
import type { ExceptionOptions } from "../../run/config/exceptions.ts";
import { endOfDay } from "../../values/calendar-day.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { ExceptionArguments } from "./invocation.ts";

/** What options say of waivers and of the approved plan. Throws PreflightErrors. */
export function exceptionOptions(options: ExceptionArguments, now: number | null): ExceptionOptions {
  const { waivers, "no-waivers": isNone, "no-inline": noInline, "baseline-plan": baselinePlan } = options;
  const terms = options["write-waivers"] ? waiverTerms(options, now ?? Date.now()) : null;
  return {
    ...(isNone ? { waivers: false } : waivers !== undefined && { waivers }),
    inline: !noInline,
    ...(baselinePlan !== undefined && { baselinePlan }),
    ...(terms !== null && { newWaivers: terms }),
  };
}

function waiverTerms({ reason = "", owner = "", ticket, expires = "" }: ExceptionArguments, now: number): WaiverTerms {
  const end = endOfDay(expires);
  const errors: PreflightError[] = [];
  const wrong = (name: string, text: string, hint: string) => {
    errors.push(new PreflightError("usage", `--${name} cannot be ${quoted(text)}.`, null, hint));
  };
  for (const [name, text] of Object.entries({ reason, owner, ...(ticket !== undefined && { ticket }) })) {
    if (text.trim() === "" || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) wrong(name, text, "write one line of text");
  }
  if (end === null) wrong("expires", expires, "write the last day on which it is fine, such as 2027-01-31");
  else if (end <= now) wrong("expires", expires, "that day is over; name a later one");
  if (errors.length > 0) throw new PreflightErrors(errors);
  return { reason: reason.trim(), owner: owner.trim(), ticket: ticket?.trim() ?? null, expires };
}
