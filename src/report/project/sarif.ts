import type { Log, Result, Run } from "sarif";
import type { CrossSiteFinding, ProjectReport } from "../../schema/project/project-report.generated.ts";
import type { FormatOptions } from "../format-options.ts";
import { sarifLocations } from "../sarif/locations.ts";
import { noLinks } from "../sarif/no-links.ts";
import { LEVELS, sarifRule } from "../sarif/rules.ts";
import { automation, driver, PLAIN, sarifRun } from "../sarif/sarif.ts";
import { jsonText } from "../text/json-text.ts";
import { escapeForTerminal, sentence } from "../text/wording.ts";

/** Category of the run with the cross-site findings, which exists whenever sites were compared. */
const ACROSS = "across-sites";

/** SARIF 2.1.0 with one run for each site under its category, and one for the cross-site findings. */
export function* projectSarif(report: ProjectReport, options: Pick<FormatOptions, "sarif"> = {}): Generator<string> {
  const { include, category: prefix, docsUrl } = options.sarif ?? PLAIN;
  const categoryOf = (name: string) => (prefix === null ? name : `${prefix.replace(/\/+$/, "")}/${name}`);
  const runs = report.sites.map(({ category, report: site }) =>
    sarifRun(site, { include, category: categoryOf(category), docsUrl }),
  );
  const across =
    report.cross_site === null ? [] : [acrossRun(report, report.cross_site.findings, categoryOf(ACROSS), docsUrl)];
  const log: Log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [...runs, ...across],
  };
  yield* jsonText(log, 4);
  yield "\n";
}

function acrossRun(
  report: ProjectReport,
  findings: readonly CrossSiteFinding[],
  category: string,
  docsUrl: string | null,
): Run {
  const { tool, exit_code, started_at, ended_at } = report;
  const ids = [...new Set(findings.map(({ rule }) => rule))];
  const described = ids.flatMap(
    (id) => report.sites.flatMap(({ report: { rules } }) => rules.find((rule) => rule.id === id) ?? [])[0] ?? [],
  );
  return {
    tool: {
      driver: driver(
        tool,
        described.map((rule) => sarifRule(rule, docsUrl)),
        docsUrl,
      ),
    },
    ...automation(category),
    invocations: [{ executionSuccessful: true, exitCode: exit_code, startTimeUtc: started_at, endTimeUtc: ended_at }],
    columnKind: "utf16CodeUnits",
    results: findings.map((finding) =>
      resultOf(
        report,
        finding,
        described.map(({ id }) => id),
      ),
    ),
  };
}

/** Located at the first of the nodes, the others as related locations. */
function resultOf({ sites }: ProjectReport, finding: CrossSiteFinding, ids: readonly string[]): Result {
  const { rule, severity, message, nodes, fingerprint } = finding;
  const placed = nodes.flatMap(({ site, node, location }) => {
    const own = sites.find(({ name }) => name === site)?.report;
    if (own === undefined) return [];
    const places = sarifLocations(own);
    const where = places.home([location]);
    return where === null ? [] : [{ places, where, subject: { kind: "node", name: node } }];
  });
  const [first, ...others] = placed;
  const index = ids.indexOf(rule);
  return {
    ruleId: rule,
    ...(index < 0 ? {} : { ruleIndex: index }),
    level: LEVELS[severity],
    message: { text: noLinks(sentence(escapeForTerminal(message))) },
    ...(first === undefined ? {} : { locations: [first.places.location(first.where, [first.subject])] }),
    partialFingerprints: { "preflight/v1": fingerprint },
    ...(others.length === 0
      ? {}
      : {
          relatedLocations: others.map(({ places, where, subject }, id) => ({
            id: id + 1,
            message: { text: sentence(noLinks(escapeForTerminal(`Also used by node ${subject.name}`))) },
            physicalLocation: places.physical(where),
          })),
        }),
  };
}
