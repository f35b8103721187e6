import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import { junitDocument, type Suite, suiteOf, suitesOf } from "../junit.ts";
import { escapeForTerminal, locationText, sentence } from "../text/wording.ts";

/** JUnit XML with the suites of every site, named `site/group`, after a suite for the cross-site findings. */
export function* projectJunit(report: ProjectReport): Generator<string> {
  const sites = report.sites.map(({ name, report: site }) => ({
    report: site,
    suites: suitesOf(site, escapeForTerminal(name)),
  }));
  const across = report.cross_site === null ? [] : [{ report: null, suites: [acrossSuite(report)] }];
  yield* junitDocument(report, [...across, ...sites]);
}

function acrossSuite({ cross_site }: ProjectReport): Suite {
  const findings = cross_site?.findings ?? [];
  return suiteOf("across sites", [
    ...findings.map(({ kind, rule, severity, value, message, nodes }) => {
      const text = sentence(escapeForTerminal(message));
      const where = nodes.flatMap(({ location }) => (location === null ? [] : [locationText(location)]));
      return {
        className: escapeForTerminal(`across sites/${rule}`),
        name: escapeForTerminal(`${kind} ${value}`),
        outcome: {
          // JUnit has one kind of failure; a warning must not break the build.
          element: severity === "error" ? ("failure" as const) : ("skipped" as const),
          ...{ type: severity, message: text, text: [text, ...where].join("\n") },
        },
      };
    }),
    ...(findings.length === 0 ? [{ className: "across sites", name: "unique values", outcome: null }] : []),
  ]);
}
