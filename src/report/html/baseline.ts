import type { RunReport } from "../../schema/report.generated.ts";
import { markup, breakable, code } from "./markup.ts";
import { scrolling, type Section, table } from "./page.ts";
import { counted, sentence, subjectName } from "../text/wording.ts";

const SHOWN = 500;

/** What the approved plan promised and this run did not do; null when it was held against none. */
export function baselineSection({ baseline }: RunReport): Section | null {
  if (baseline === null) return null;
  const { path, planned, missing } = baseline;
  return {
    id: "approved-plan",
    title: "Approved plan",
    count: missing.length,
    *body() {
      yield markup`<p>
        Held against ${code(path)}, by which ${counted(planned, "check")} ${planned === 1 ? "was" : "were"} to be
        judged:
        ${missing.length === 0 ? "every one of them was." : `${counted(missing.length, "check")} of them ${missing.length === 1 ? "was" : "were"} not, and that closes the gate.`}
      </p> `;
      if (missing.length === 0) return;
      const rows = missing.slice(0, SHOWN).map(
        ({ rule, subject, reason }) =>
          markup`<th scope="row">${code(rule)}</th>
            <td>${breakable(subjectName(subject))}</td>
            <td>${sentence(reason)}</td>`,
      );
      yield scrolling("Approved plan", table("Planned and not judged", ["Rule", "Subject", "Why not"], rows));
      if (missing.length > SHOWN)
        yield markup`<p>${counted(missing.length - SHOWN, "more check")}: see the JSON report.</p> `;
    },
  };
}
