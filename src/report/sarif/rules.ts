import type { ReportingDescriptor } from "sarif";
import type { RuleDescription, RuleSource, Severity } from "../../schema/report.generated.ts";
import { clip, terminal } from "../text/escape.ts";
import { markdownCode, markdownText } from "../text/markdown-text.ts";
import { sentence } from "../text/wording.ts";

/** GitHub accepts descriptions up to this length. */
const LONGEST_DESCRIPTION = 1000;

export const LEVELS = { error: "error", warn: "warning", info: "note" } as const satisfies Record<Severity, string>;
const PROBLEM_SEVERITIES = { error: "error", warn: "warning", info: "recommendation" } as const;

const BINDING: Readonly<Record<RuleSource["wording"], string>> = {
  must: "a requirement",
  "strongly-recommended": "a strong recommendation",
  recommended: "a recommendation",
  derived: "follows from the text",
  beyond: "from the vendor's other documents",
};

/** Catalog entry for checks of the approved plan that did not take place, which no rule reports. */
export const APPROVED_PLAN = "preflight/approved-plan";

export function approvedPlanRule(): ReportingDescriptor {
  const title = "Require every check of the approved plan.";
  const text =
    "A check that the approved plan has fails the gate when this run does not evaluate it, or when it has been relaxed since.";
  return {
    ...{ id: APPROVED_PLAN, name: pascalCase(APPROVED_PLAN), shortDescription: { text: title } },
    ...{ fullDescription: { text: `${title} ${text}` }, help: { text, markdown: text } },
    defaultConfiguration: { level: "error" },
    properties: { tags: ["plan"], precision: "very-high", "problem.severity": "error" },
  };
}

/** A rule in the catalog of a SARIF run; it does not depend on the results. */
export function sarifRule(rule: RuleDescription, docsUrl: string | null): ReportingDescriptor {
  const title = sentence(clip(terminal(rule.title), LONGEST_DESCRIPTION));
  const { document, section, wording } = rule.source;
  const source = `${terminal(document)}, "${terminal(section)}" (${BINDING[wording]})`;
  const fix = rule.remediation.split("\n").map(terminal).join("\n");
  const full = clip(`${title} Source: ${source}.`, LONGEST_DESCRIPTION);
  return {
    id: rule.id,
    name: pascalCase(rule.id),
    shortDescription: { text: title },
    fullDescription: { text: full },
    // The pages are those of built-in rules; a plugin has its own.
    ...(docsUrl === null || rule.docs !== undefined ? {} : { helpUri: pageUri(docsUrl, rule.id) }),
    help: {
      text: [title, `Source: ${source}.`, ...(fix === "" ? [] : [`How to fix: ${fix}`])].join("\n"),
      markdown: [
        inMarkdown(title),
        `**Source:** ${inMarkdown(source)}.`,
        ...(fix === "" ? [] : [`**How to fix:** ${fix.split("\n").map(inMarkdown).join("  \n")}`]),
        ...(rule.live ? ["This rule contacts servers; `--no-live` skips it."] : []),
        `Rule ${markdownCode(rule.id)}, since version ${inMarkdown(rule.since)}.`,
        // Available if the plugin was loaded in this process; a saved report does not keep it.
        ...(rule.docs === undefined ? [] : [rule.docs.trim()]),
      ].join("\n\n"),
    },
    defaultConfiguration: { level: LEVELS[rule.severity] },
    properties: {
      tags: [...new Set([rule.id.split("/")[0] ?? rule.id, rule.live ? "live" : "static", rule.source.wording])],
      // The content of files is fixed; a server's answer depends on the time and the vantage point.
      precision: rule.live ? "high" : "very-high",
      "problem.severity": PROBLEM_SEVERITIES[rule.severity],
    },
  };
}

/** The page of a rule under the address of the documentation. */
function pageUri(docsUrl: string, id: string): string {
  const path = encodeURI(id);
  return docsUrl.includes("{rule}")
    ? docsUrl.replaceAll("{rule}", path)
    : `${docsUrl.replace(/\/+$/, "")}/rules/${path}.html`;
}

/** `vm/memory-multiple-of-4` as `VmMemoryMultipleOf4`. */
function pascalCase(id: string): string {
  return id.replace(/(?:^|[^a-z0-9]+)([a-z0-9]?)/gi, (_, first: string) => first.toUpperCase()).slice(0, 255);
}

/** An underscore between letters is not markup in GitHub's flavor, and key names often contain one. */
function inMarkdown(text: string): string {
  return markdownText(text).replace(/(?<=\w)\\_(?=\w)/g, "_");
}
