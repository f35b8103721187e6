import type { RunReport } from "../../schema/report.generated.ts";
import { breakable, code, hash, joined, markup, type Markup } from "./markup.ts";
import { scrolling, type Section, table } from "./page.ts";
import { ageText } from "../model/comparison-sections.ts";
import { counted, escapeForTerminal, listed } from "../text/wording.ts";

/** What was evaluated, when, and by which version. */
export function titleBlock(report: RunReport): Markup {
  return markup`<header class="top">
<p class="eyebrow">Preflight report</p>
<h1>${titleOf(report)}</h1>
<p class="facts">${facts(report)}</p>
</header>
`;
}

function titleOf({ inputs }: RunReport): Markup {
  const deployment = inputs.find(({ kind }) => kind === "deployment");
  return deployment === undefined ? markup`No deployment` : breakable(deployment.path);
}

function facts(report: RunReport): Markup {
  const { tool, profile, mode, started_at, summary, rules, inputs, evidence, provenance } = report;
  const { ticket = null, run_by = null } = provenance ?? {};
  const asked = evidence.filter(({ answer }) => answer.status !== "not-asked").length;
  const how = {
    static: "no servers were contacted",
    live: `${counted(asked, "query")} sent to live servers`,
    replay: `evaluated with ${counted(asked, "recorded answer")}`,
  }[mode];
  return joined(
    [
      ...(ticket === null ? [] : [markup`for ticket ${breakable(escapeForTerminal(ticket))}`]),
      ...(run_by === null ? [] : [markup`run by ${breakable(escapeForTerminal(run_by))}`]),
      markup`<time datetime="${started_at}">${momentOf(started_at)}</time>`,
      markup`${counted(summary.planned, "check")} of ${counted(rules.length, "rule")} over ${counted(inputs.length, "file")}`,
      markup`${how}`,
      markup`profile ${profile}`,
      markup`${tool.name} ${tool.version}`,
    ],
    " · ",
  );
}

/** `2026-11-22 12:00:00 UTC` */
export function momentOf(time: string): string {
  return escapeForTerminal(time).replace(/^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.\d+)?Z$/, "$1 $2 UTC");
}

const MODES: Readonly<Record<RunReport["mode"], string>> = {
  static: "static: no servers were contacted",
  live: "live: servers were contacted",
  replay: "replay: evaluated with recorded answers, no servers were contacted",
};

/** The exact inputs, version and time of the evaluation: anyone with the same files can repeat it. */
export function runSection(report: RunReport): Section {
  const { inputs, tool, profile, mode, started_at, ended_at, exit_code, rules, sources } = report;
  return {
    id: "run",
    title: "Inputs and run",
    count: null,
    *body() {
      const files = inputs.map(
        ({ kind, path, sha256 }) =>
          markup`<li>${kind} ${code(path)}<br/><span class="meta">SHA-256 ${hash(sha256)}</span></li> `,
      );
      if (files.length === 0) yield markup`<p>No file was read.</p> `;
      else yield markup`<p>Evaluated files:</p><ul>${files}</ul> `;
      if (sources.length > 0) {
        const data = sources.map(
          ({ path, source, server, collected_at, age_s }) =>
            markup`<th scope="row">${code(path)}</th>
            <td>${[source ?? "unknown source", server ?? ""].filter((text) => text !== "").join(", ")}</td>
            <td>${collected_at === null ? "not known" : momentOf(collected_at)}</td>
            <td>${age_s === null ? "not known" : ageText(age_s)}</td>`,
        );
        yield scrolling("Data", table("What the result is based on", ["File", "Source", "Collected", "Age"], data));
      }
      yield markup`<dl>
<dt>Program</dt><dd>${tool.name} ${tool.version}</dd>
<dt>Rules</dt><dd>${counted(rules.length, "rule")} enabled, limits of profile ${profile}</dd>
<dt>Mode</dt><dd>${MODES[mode]}</dd>
<dt>Began</dt><dd><time datetime="${started_at}">${momentOf(started_at)}</time></dd>
<dt>Ended</dt><dd><time datetime="${ended_at}">${momentOf(ended_at)}</time></dd>
${provenanceRows(report)}<dt>Vantage point</dt><dd>${vantagePoints(report)}</dd>
<dt>Policy</dt><dd>${policyText(report)}</dd>
<dt>Tickets of waivers</dt><dd>${tickets(report)}</dd>
<dt>Exit code</dt><dd>${exit_code}</dd>
</dl> `;
    },
  };
}

/** Who ran it, the job and the ticket, if set by options. */
function provenanceRows({ provenance }: RunReport): Markup | null {
  if (provenance === undefined) return null;
  const { run_by, job, ticket } = provenance;
  const rows = [
    ["Run by", run_by],
    ["Job", job],
    ["Ticket of the change", ticket],
  ] as const;
  return joined(
    rows.flatMap(([term, value]) =>
      value === null ? [] : [markup`<dt>${term}</dt><dd>${breakable(escapeForTerminal(value))}</dd>\n`],
    ),
    "",
  );
}

/** The vantage points from which servers were contacted. */
function vantagePoints({ evidence }: RunReport): string {
  const places = [...new Set(evidence.map(({ answer }) => answer.from))];
  return places.length === 0 ? "no servers were contacted" : listed(places.map(escapeForTerminal), 5);
}

function policyText({ policy: { source, changed, ignored } }: RunReport): string {
  const file = source === null ? "config and waivers that were found" : (source.path ?? "built-in defaults");
  const changes = changed.length === 0 ? "nothing relaxed" : `${counted(changed.length, "setting")} relaxed`;
  return `${file}; ${changes}; ${counted(ignored.length, "setting")} of the checked files ignored`;
}

function tickets({ waivers }: RunReport): string {
  const all = [...new Set(waivers.flatMap(({ ticket }) => ticket ?? []))];
  return all.length === 0 ? "none" : listed(all.map(escapeForTerminal), 10);
}
