import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, RunReport } from "../../schema/report.generated.ts";
import { isTextLocation, type Location, type TextLocation } from "../../values/location.ts";
import type { ExcerptLocation } from "./excerpts.ts";
import { fallbackLocation } from "./fallback-location.ts";

type Placed = Pick<RunReport, "inputs" | "checks" | "waivers" | "policy" | "errors">;

/**
 * The locations whose lines a reader of the report may need, the most important first: errors, failed, inconclusive,
 * crashed and waived checks, and the waivers. None for a check that passed.
 */
export function excerptLocations(report: Placed): ExcerptLocation[] {
  const of = (verdict: "inconclusive" | "crashed" | "waived") => checksWith(report.checks, verdict);
  const failures = checksWith(report.checks, "fail");
  const failed = (["error", "warn", "info"] as const).flatMap((level) =>
    failures.filter(({ severity }) => severity === level),
  );
  return [
    ...report.errors.flatMap(({ location }) => plain(location)),
    ...failed.flatMap((check) => findingPlaces(check, report)),
    ...of("inconclusive").flatMap((check) => gapPlaces(check, report)),
    ...of("crashed").flatMap(({ location }) => plain(location)),
    ...of("waived").flatMap((check) => [
      ...findingPlaces(check, report),
      ...gapPlaces(check, report),
      ...plain(check.waiver?.location ?? null),
    ]),
    ...report.waivers.flatMap(({ location }) => plain(location)),
    ...report.policy.unmatched.flatMap(({ location }) => plain(location)),
  ];
}

function findingPlaces({ findings, location }: Check, report: Placed): ExcerptLocation[] {
  return findings.flatMap((finding) => [
    ...hashed(fallbackLocation(report, [finding.location, location])),
    ...finding.related.flatMap((related) => plain(related.location)),
  ]);
}

function gapPlaces(check: Check, report: Placed): ExcerptLocation[] {
  if (check.findings.length > 0) return [];
  // Like `lacksOf`, without the words.
  const places = check.because.length > 0 || check.missing.length === 0 ? NOWHERE : check.missing;
  return places.flatMap(({ location }) => hashed(fallbackLocation(report, [location, check.location])));
}

const NOWHERE = [{ location: null }] as const;

function hashed(location: TextLocation | null): ExcerptLocation[] {
  return location === null ? [] : [{ location, isHashed: true }];
}

function plain(location: Location | null): ExcerptLocation[] {
  return isTextLocation(location) ? [{ location, isHashed: false }] : [];
}
