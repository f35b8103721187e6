import { parseThumbprint } from "../../inventory/vsphere/thumbprint.ts";
import { SARIF_INCLUSIONS, type SarifInclusion } from "../../report/format-options.ts";
import { ALLOWED_TARGETS_HINT, parseAllowedTargets } from "../../values/network/probe-targets.ts";
import { endOfDay, parseRfc3339 } from "../../values/rfc3339.ts";
import { parseDuration } from "../../values/duration.ts";
import { suggest } from "../../values/text/suggest.ts";

/** A text that is not a valid value of its option, with what to write instead. */
export class InvalidValue {
  constructor(readonly hint: string) {}
}

/** A value for which any text is valid: a name, a path, a URL. */
export function anyText(text: string): string {
  return text;
}

/** A whole number between bounds. */
export function wholeNumber({ unit = "", least, most }: { unit?: string; least: number; most: number }) {
  return (text: string): number | InvalidValue => {
    const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
    if (value >= least && value <= most) return value;
    return new InvalidValue(`write a whole number${unit}, ${least} to ${most}`);
  };
}

/** `90` seconds, in ms. */
export function seconds(bounds: { readonly least: number; readonly most: number }) {
  const parse = wholeNumber({ unit: " of seconds", ...bounds });
  return (text: string): number | InvalidValue => {
    const count = parse(text);
    return typeof count === "number" ? count * 1000 : count;
  };
}

/** Addresses that live checks may contact: `127.0.0.0/8`, `[::1]/128:53`. */
export function allowedTargets(text: string): string | InvalidValue {
  return parseAllowedTargets(text) === null ? new InvalidValue(ALLOWED_TARGETS_HINT) : text;
}

/** A number of things, 0 or more. */
export function count(text: string): number | InvalidValue {
  return /^\d{1,9}$/.test(text) ? Number(text) : new InvalidValue("write a whole number, 0 or more");
}

/** `4h`, in ms; `none` = any age. */
export function maxAge(text: string): number | InvalidValue {
  const age = text === "none" ? Infinity : parseDuration(text);
  return age ?? new InvalidValue("write a number and a unit, s, m, h or d, such as 4h, or none");
}

/** An RFC 3339 time in ms since 1970. */
export function time(text: string): number | InvalidValue {
  return parseRfc3339(text) ?? new InvalidValue("write an RFC 3339 time with its zone, such as 2026-11-22T08:00:00Z");
}

/** An RFC 3339 time, as an inventory has it. */
export function collectedAt(text: string): string | InvalidValue {
  const read = time(text);
  return typeof read === "number" ? text : read;
}

/** A day as `YYYY-MM-DD`. */
export function day(text: string): string | InvalidValue {
  if (endOfDay(text) !== null) return text;
  return new InvalidValue("write a date, such as 2027-01-31");
}

/** One line of text, as in a waiver. */
export function line(text: string): string | InvalidValue {
  if (text.trim() === "" || /[\p{Cc}\p{Zl}\p{Zp}]/u.test(text)) return new InvalidValue("write one line of text");
  return text.trim();
}

/** The address of the documentation; `{rule}` in it is replaced with the id of a rule. */
export function docsUrl(text: string): string | InvalidValue {
  const url = URL.canParse(text) ? new URL(text) : null;
  const isWeb = url !== null && (url.protocol === "https:" || url.protocol === "http:");
  if (isWeb && url.username === "" && url.password === "") return text;
  return new InvalidValue("write a URL such as https://docs.example.com/preflight/");
}

const LONGEST_NAME = 100;

/** The name of a vantage point, limited to one line. */
export function vantagePoint(text: string): string | InvalidValue {
  if (text.trim() !== "" && text.length <= LONGEST_NAME && !/[\p{C}\p{Zl}\p{Zp}]/u.test(text)) return text.trim();
  return new InvalidValue(`write a name of up to ${LONGEST_NAME} printable characters, such as jump-oslo`);
}

/** A fingerprint of a certificate, in Node's notation. */
export function thumbprint(text: string): string | InvalidValue {
  const hint = "write 64 hexadecimal digits (SHA-256) or 40 (SHA-1), with or without colons";
  return parseThumbprint(text) ?? new InvalidValue(hint);
}

/** A kind of checks that SARIF files contain besides failures. */
export function sarifInclusion(text: string): SarifInclusion | InvalidValue {
  const known = SARIF_INCLUSIONS.find((candidate) => candidate === text);
  if (known !== undefined) return known;
  const near = suggest(text, SARIF_INCLUSIONS);
  const all = `use ${SARIF_INCLUSIONS.join(", ")}; failures and inconclusive errors are always included`;
  return new InvalidValue(near === null ? all : `did you mean ${near}?`);
}

/** Longest category of a SARIF run, which is shown as a name. */
const LONGEST_CATEGORY = 200;

/** A category of a SARIF run. */
export function sarifCategory(text: string): string | InvalidValue {
  if (/[^/\s]/.test(text) && !/[\p{Cc}\p{Cs}]/u.test(text) && text.length <= LONGEST_CATEGORY) return text;
  return new InvalidValue("write a short name, such as oslo or preflight/oslo");
}
