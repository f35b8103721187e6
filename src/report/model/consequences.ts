import { checksWith } from "../../engine/evaluation/check-table.ts";
import type { Check, CheckReference, RunReport } from "../../schema/report.generated.ts";
import { escapeForTerminal, kindNoun, listed, subjectName, thousands } from "../text/wording.ts";

/** Number of rules named after a root cause. */
const RULES_NAMED = 5;

/** Failed checks by the check that caused them; one with several root causes is listed under each. */
export function consequencesByRoot({ checks }: RunReport): (root: CheckReference) => readonly Check[] {
  const byRoot = new Map<string, Check[]>();
  for (const check of checksWith(checks, "fail")) {
    for (const root of check.root_causes) {
      const found = byRoot.get(keyOf(root));
      if (found === undefined) byRoot.set(keyOf(root), [check]);
      else found.push(check);
    }
  }
  return (root) => byRoot.get(keyOf(root)) ?? [];
}

/** `host/cpu-avx on 4 hosts and vm/evc-mode-avx on node a`, in the order of the run. */
export function consequencesInWords(checks: readonly Check[]): string {
  const byRule = new Map<string, Check[]>();
  for (const check of new Set(checks)) {
    const found = byRule.get(check.rule);
    if (found === undefined) byRule.set(check.rule, [check]);
    else found.push(check);
  }
  const groups = [...byRule].map(([rule, members]) => `${escapeForTerminal(rule)} on ${subjects(members)}`);
  return listed(groups, RULES_NAMED);
}

function subjects(checks: readonly Check[]): string {
  const [first] = checks;
  if (first === undefined) return "";
  return checks.length === 1
    ? subjectName(first.subject)
    : `${thousands(checks.length)} ${kindNoun(first.subject.kind)}s`;
}

function keyOf({ rule, subject }: CheckReference): string {
  return `${rule}\n${subject.kind}\n${subject.name}`;
}
