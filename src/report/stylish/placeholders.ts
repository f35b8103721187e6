import type { Check } from "../../schema/report.generated.ts";
import { isTextLocation } from "../../values/location.ts";
import type { OpenFinding } from "../model/open-findings.ts";
import { flow, wrap } from "../text/flow.ts";
import { counted, escapeForTerminal, listed } from "../text/wording.ts";
import type { Page } from "./page.ts";

/** The rule about values that `preflight init` writes. */
const PLACEHOLDER = "deployment/placeholder";

/**
 * Number of placeholders from which a file counts as not filled in: its other errors would concern values of no site.
 */
const UNTOUCHED = 8;

/**
 * What to fill in first, in place of the findings of a deployment that is not filled in; null for any other. All
 * findings still count, and are listed with `--all`.
 */
export function placeholderBlock(
  open: readonly OpenFinding[],
  inconclusive: readonly Check[],
  page: Page,
): readonly string[] | null {
  const placeholders = open.filter(({ check }) => check.rule === PLACEHOLDER);
  if (page.all || placeholders.length < UNTOUCHED) return null;
  const places = placeholders.flatMap(({ finding: { location } }) => (isTextLocation(location) ? [location] : []));
  const files = [...new Set(places.map(({ path }) => path))];
  const rest = [
    ...(open.length > placeholders.length ? [counted(open.length - placeholders.length, "other finding")] : []),
    ...(inconclusive.length > 0 ? [counted(inconclusive.length, "inconclusive check")] : []),
  ];
  const about = `${listed(files.map(escapeForTerminal), 3)} ${files.length === 1 ? "is" : "are"} not filled in yet: replace ${counted(placeholders.length, "placeholder")} first.`;
  const lines = files.flatMap((path) => {
    const own = places.filter((place) => place.path === path);
    const items = own.map(
      (place, index) => page.link(`${place.line}:${place.column}`, place) + (index < own.length - 1 ? "," : ""),
    );
    return flow([`${escapeForTerminal(path)}:`, ...items], page.width - 2).map((line) => `  ${line}`);
  });
  const hidden = rest.length === 0 ? [] : wrap(`Not listed until then: ${listed(rest)}; --all lists them.`, page.width);
  return [...wrap(about, page.width), ...lines, ...hidden];
}
