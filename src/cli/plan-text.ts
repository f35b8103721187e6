import type { Question } from "../engine/question.ts";
import { terminal } from "../report/escape.ts";
import type { PlanEntry, RunPlan } from "../run/plan.ts";

/** The plan for people: each rule with its subjects, what it asks first, and the totals. */
export function* planText(plan: RunPlan): Iterable<string> {
  let rule: string | null = null;
  for (const entry of plan.checks) {
    if (entry.rule !== rule)
      yield `${rule === null ? "" : "\n"}${entry.rule} (${entry.severity}${entry.live ? ", live" : ""})\n`;
    rule = entry.rule;
    yield `  ${terminal(`${entry.subject.kind}:${entry.subject.name}`)}${outlook(entry)}\n`;
    for (const question of entry.questions) yield `    asks ${terminal(questionText(question))}\n`;
  }
  yield `\n${totals(plan)}\n`;
}

function outlook({ outlook, reason }: PlanEntry): string {
  if (outlook === "judge") return "";
  const word = { skip: "skipped", "not-applicable": "not applicable", inconclusive: "not decided" }[outlook];
  return `  ${word}${reason === null ? "" : `: ${terminal(reason)}`}`;
}

/** A question as a person would ask it. */
export function questionText(question: Question): string {
  switch (question.kind) {
    case "dns":
      return `DNS server ${question.server} port ${question.port} for ${question.name} ${question.type}`;
    case "ntp":
      return `NTP server ${question.address} port ${question.port} for the time`;
    case "tcp":
      return `${question.address} whether TCP port ${question.port} accepts connections`;
    case "tls":
      return `${question.address} port ${question.port} for its certificate, as ${question.name}`;
  }
}

function totals({ profile, planned, checks, questions }: RunPlan): string {
  const rules = new Set(checks.map(({ rule }) => rule)).size;
  const live = checks.filter((entry) => entry.live && entry.outlook === "judge").length;
  const lines = [`${planned} checks of ${rules} rules planned (profile ${profile}), ${live} of them ask servers.`];
  if (questions.length > 0) {
    lines.push(
      `${questions.length} questions are asked first. What follows depends on their answers: addresses of names lead to`,
      "the servers themselves, SRV records to their targets.",
    );
  }
  return lines.join("\n");
}
