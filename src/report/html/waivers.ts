import type { CheckWaiver, RunReport, WaiverRecord } from "../../schema/report.generated.ts";
import { markup, breakable, code, type Markup, prose } from "./markup.ts";
import type { Ledger } from "./ledger.ts";
import { icon, type Mark } from "./marks.ts";
import { foldout, scrolling, type Section, table } from "./page.ts";
import { counted, locationText, sentence, subjectName } from "../text/wording.ts";

const STATES: Readonly<Record<WaiverRecord["state"], { readonly word: string; readonly mark: Mark }>> = {
  expired: { word: "expired", mark: "failed" },
  refused: { word: "refused", mark: "failed" },
  incomplete: { word: "incomplete", mark: "failed" },
  unmatched: { word: "matches nothing", mark: "warning" },
  "not-evaluated": { word: "not evaluated", mark: "warning" },
  unneeded: { word: "not needed", mark: "warning" },
  used: { word: "in use", mark: "waived" },
};
const ORDER = Object.keys(STATES) as readonly WaiverRecord["state"][];

/** Number of waivers, and of waived checks, that are shown. */
const SHOWN = 500;

/** Waivers: first those without effect, then those in use, then the checks that they cover. */
export function waiversSection({ waivers }: RunReport, { waived }: Ledger): Section {
  return {
    id: "waivers",
    title: "Waivers",
    count: waivers.length,
    *body() {
      if (waivers.length === 0 && waived.length === 0) {
        yield markup`<p>There are no waivers.</p> `;
        return;
      }
      if (waivers.length > 0) {
        const rows = [...waivers]
          .sort((a, b) => ORDER.indexOf(a.state) - ORDER.indexOf(b.state))
          .slice(0, SHOWN)
          .map(waiverRow);
        const caption = `${counted(waivers.length, "waiver")}; those that need attention come first`;
        yield scrolling("Waivers", table(caption, ["State", "For", "Reason", "Owner", "Expires"], rows));
        if (waivers.length > SHOWN)
          yield markup`<p>${counted(waivers.length - SHOWN, "more waiver")}: see the JSON report.</p> `;
      }
      if (waived.length > 0) yield waivedChecks(waived);
    },
  };
}

function waiverRow(waiver: WaiverRecord): Markup {
  const { word, mark } = STATES[waiver.state];
  const about =
    waiver.message === null ? null : markup`<br /><span class="meta">${prose(sentence(waiver.message))}</span>`;
  return markup`<th scope="row">${icon(mark)} ${word}</th>
    <td>${code(waiver.rule)}<br />${waiver.subject === null ? null : breakable(waiver.subject)}${placeOf(waiver)}</td>
    <td>${prose(sentence(waiver.reason))}${about}</td>
    ${ownerAndEnd(waiver)}`;
}

function ownerAndEnd({ owner, ticket, expires }: WaiverRecord | CheckWaiver): Markup {
  return markup`<td>${owner ?? "–"}${ticket === null ? null : markup`<br />${breakable(ticket)}`}</td>
    <td class="time">${expires}</td>`;
}

function placeOf({ location }: WaiverRecord): Markup | null {
  return location === null
    ? null
    : markup` <span class="meta"><code>${breakable(locationText(location))}</code></span>`;
}

function waivedChecks(waived: Ledger["waived"]): Markup {
  const rows = waived.slice(0, SHOWN).map(({ rule, subject, findings, missing, waiver }) => {
    const through = waiver?.through ?? null;
    const what =
      findings.length > 0
        ? findings.map(({ message }) => markup`${prose(sentence(message))} `)
        : missing.map(({ what: gap }) => markup`Inconclusive: ${prose(sentence(gap))} `);
    const waits =
      through === null
        ? null
        : markup`Depends on ${code(through.rule)} on ${breakable(subjectName(through.subject))}, which is waived.`;
    return markup`<th scope="row">${code(rule)}<br />${breakable(subjectName(subject))}</th>
      <td>${what}${waits}</td>
      <td>${waiver?.reason ?? ""}</td>
      ${
        waiver === null
          ? markup`<td></td>
              <td></td>`
          : ownerAndEnd(waiver)
      }`;
  });
  const caption = `${counted(waived.length, "waived check")}, with the finding that each waiver covers`;
  const left = waived.length - rows.length;
  return foldout(
    caption,
    markup`${scrolling(caption, table(caption, ["Check", "Found", "Reason for the waiver", "Owner", "Expires"], rows))}${
      left === 0 ? null : markup`<p>${counted(left, "more waived check")}: see the JSON report.</p> `
    }`,
  );
}
