import type { RunReport } from "../../schema/report.generated.ts";
import { breakable, code, markup, type Markup } from "./markup.ts";
import { scrolling, type Section, table } from "./page.ts";
import { turnedOff } from "../model/turned-off.ts";
import { counted, locationText, thousands } from "../text/wording.ts";

/** What nobody looked at because its rule is off, and who said so; null when every rule took part. */
export function offSection({ policy }: RunReport): Section | null {
  const groups = turnedOff(policy);
  if (groups.length === 0) return null;
  return {
    id: "off",
    title: "Turned off",
    count: new Set(groups.flatMap(({ rules }) => rules)).size,
    *body() {
      const rows = groups.flatMap(({ by, records }) =>
        records.map(
          ({ rule, checks, location }) =>
            markup`<th scope="row">${code(rule)}</th>
              <td class="number">${thousands(checks)}</td>
              <td>${breakable(location === null ? by : locationText(location))}</td>`,
        ),
      );
      const caption = "Rules that are off, for every subject or for some, and the checks that are not made for it";
      yield scrolling("Turned off", table(caption, ["Rule", "Checks", "By"], rows));
    },
  };
}

/** One line beside the gate, which speaks of nothing that is off. */
export function offLine({ policy }: RunReport): Markup | null {
  const groups = turnedOff(policy);
  if (groups.length === 0) return null;
  const rules = new Set(groups.flatMap((group) => group.rules)).size;
  const checks = groups.reduce((sum, group) => sum + group.checks, 0);
  const [one] = groups;
  const by = groups.length === 1 && one !== undefined ? markup` by ${breakable(one.by)}` : null;
  return markup`<p class="partial"><a href="#off">Turned off</a>${by}: ${counted(rules, "rule")}, which would have made ${counted(checks, "check")}.</p>
`;
}
