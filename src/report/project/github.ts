import type { CrossSiteFinding, ProjectReport } from "../../schema/project/project-report.generated.ts";
import { fallbackLocation } from "../model/fallback-location.ts";
import { reportPaths } from "../model/report-uris.ts";
import { command, COMMANDS, github, MOST } from "../github.ts";
import type { FormatOptions } from "../format-options.ts";
import { terminal } from "../text/escape.ts";
import { counted, escapeForTerminal, sentence } from "../text/wording.ts";
import { comparisonNotes, GATE_WORDS, projectGate, projectReason } from "./summary.ts";

/**
 * Workflow commands of GitHub Actions. GitHub shows ten annotations of a level per step and silently drops the others,
 * so the order is the gate, the cross-site findings, then the sites in turn; the last annotation counts the omitted
 * ones.
 */
export function* projectGithub(report: ProjectReport, options: Pick<FormatOptions, "quiet">): Generator<string> {
  const gate = projectGate(report);
  const summary = [projectReason(report), ...comparisonNotes(report)].join(" ");
  const title = `Preflight: gate ${GATE_WORDS[gate]}`;
  const across = (report.cross_site?.findings ?? [])
    .filter(({ severity }) => !options.quiet || severity === "error")
    .map((finding) => annotation(report, finding));
  const sites = report.sites.map(({ report: site }) => [...github(site, options)]);
  const room = new Map<string, number>();
  let left = 0;
  const all = [command(gate === "passed" ? "notice" : "error", { title }, [summary]), ...across, ...inTurn(sites)];
  for (const line of all) {
    const level = /^::([a-z]+)/.exec(line)?.[1] ?? "";
    const used = room.get(level) ?? 0;
    // One notice is reserved for the number of omitted annotations.
    if (used >= (level === "notice" ? MOST - 1 : MOST)) left++;
    else yield line;
    room.set(level, used + 1);
  }
  if (left > 0) {
    const text = `GitHub shows ${MOST} annotations of a kind; ${counted(left, "annotation")} more in the report.`;
    yield command("notice", { title: "Preflight: more" }, [text]);
  }
}

/** The last line of each site, which has its gate, then the first lines of all sites, the second ones and so on. */
function* inTurn(sites: readonly (readonly string[])[]): Generator<string> {
  for (const site of sites) yield site.at(-1) ?? "";
  const longest = Math.max(...sites.map((site) => site.length - 1));
  for (let index = 0; index < longest; index++) {
    for (const site of sites) if (index < site.length - 1) yield site[index] ?? "";
  }
}

function annotation({ sites }: ProjectReport, { rule, severity, message, nodes }: CrossSiteFinding): string {
  const [first] = nodes;
  const site = sites.find(({ name }) => name === first?.site)?.report;
  const where = site === undefined ? null : fallbackLocation(site, [first?.location ?? null]);
  const place =
    where === null || site === undefined
      ? {}
      : { file: terminal(reportPaths(site)(where.path)), line: where.line, endLine: where.end_line };
  return command(COMMANDS[severity], { ...place, title: escapeForTerminal(rule) }, [
    sentence(escapeForTerminal(message)),
  ]);
}
