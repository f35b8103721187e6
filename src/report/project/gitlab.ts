import type { CrossSiteFinding, ProjectReport } from "../../schema/project/project-report.generated.ts";
import { fallbackLocation } from "../model/fallback-location.ts";
import { digest } from "../model/problems.ts";
import { reportPaths } from "../model/report-uris.ts";
import { gitlabIssues, type GitlabIssue } from "../gitlab.ts";
import { jsonText } from "../text/json-text.ts";
import { escapeForTerminal, sentence } from "../text/wording.ts";

const SEVERITIES = { error: "critical", warn: "minor", info: "info" } as const;

/** GitLab Code Quality: the issues of all sites in one list, each with the name of its site. */
export function* projectGitlab(report: ProjectReport): Generator<string> {
  const across = (report.cross_site?.findings ?? []).map((finding) => issueOf(report, finding));
  const ofSites = report.sites.flatMap(({ name, report: site }) =>
    gitlabIssues(site).map((issue) => ({
      ...issue,
      description: `${escapeForTerminal(name)}: ${issue.description}`,
      fingerprint: digest([name, issue.fingerprint]),
    })),
  );
  yield* jsonText([...across, ...ofSites], 1);
  yield "\n";
}

function issueOf(
  { sites }: ProjectReport,
  { rule, severity, message, nodes, fingerprint }: CrossSiteFinding,
): GitlabIssue {
  const [first] = nodes;
  const site = sites.find(({ name }) => name === first?.site)?.report;
  const where = site === undefined ? null : fallbackLocation(site, [first?.location ?? null]);
  return {
    description: sentence(escapeForTerminal(message)),
    check_name: escapeForTerminal(rule),
    fingerprint,
    severity: SEVERITIES[severity],
    location: {
      path: where === null || site === undefined ? "unknown" : reportPaths(site)(where.path),
      lines: { begin: where?.line ?? 1 },
    },
  };
}
