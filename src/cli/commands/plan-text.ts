import type { Question } from "../../engine/api/question.ts";
import { wrap } from "../../report/text/flow.ts";
import { counted, escapeForTerminal, subjectName } from "../../report/text/wording.ts";
import type { PlanEntry, RunPlan } from "../../run/plan.ts";

/** The plan for people: each rule with its subjects and what it asks first, then what is left out, and the totals. */
export function* planText(plan: RunPlan, width: number): Generator<string> {
  const lines = (text: string, indent: number) =>
    wrap(text, width - indent - 2).map((line, index) => `${" ".repeat(index === 0 ? indent : indent + 2)}${line}\n`);

  for (const [first, ...others] of byRule(plan.checks.filter(({ outlook }) => outlook !== "skip"))) {
    yield* lines(`${first.rule} (${first.severity}${first.live ? ", live" : ""})`, 0);
    for (const entry of [first, ...others]) {
      yield* lines(`${subjectName(entry.subject)}${outlook(entry)}`, 2);
      for (const question of entry.questions) yield* lines(`queries ${escapeForTerminal(questionText(question))}`, 4);
    }
    yield "\n";
  }
  for (const sentence of [...skipped(plan), ...totals(plan), ...refused(plan)]) yield* lines(sentence, 0);
}

/** One sentence for each connection that a run refuses to make, with the option that allows it. */
function refused({ connections }: RunPlan): string[] {
  return connections.flatMap(({ to, protocol, port, refused: why }) =>
    why === null
      ? []
      : [`${escapeForTerminal(to)} port ${port} (${protocol.toUpperCase()}) ${escapeForTerminal(why)}.`],
  );
}

/** One sentence for each reason why checks are left out. */
function skipped({ checks }: RunPlan): string[] {
  const left = checks.filter(({ outlook }) => outlook === "skip");
  return [...new Set(left.map(({ reason }) => reason ?? ""))].map((reason) => {
    const members = left.filter((entry) => (entry.reason ?? "") === reason);
    const rules = new Set(members.map(({ rule }) => rule)).size;
    return `Skipped, ${escapeForTerminal(reason)}: ${counted(members.length, "check")} of ${counted(rules, "rule")}.`;
  });
}

function byRule(checks: readonly PlanEntry[]): Iterable<[PlanEntry, ...PlanEntry[]]> {
  const rules = new Map<string, [PlanEntry, ...PlanEntry[]]>();
  for (const entry of checks) {
    const group = rules.get(entry.rule);
    if (group === undefined) rules.set(entry.rule, [entry]);
    else group.push(entry);
  }
  return rules.values();
}

function outlook({ outlook, reason }: PlanEntry): string {
  if (outlook !== "not-applicable" && outlook !== "inconclusive") return "";
  const word = { "not-applicable": "not applicable", inconclusive: "inconclusive" }[outlook];
  return `: ${word}${reason === null ? "" : `, ${escapeForTerminal(reason)}`}`;
}

/** A query in words, after "queries". */
function questionText(question: Question): string {
  switch (question.kind) {
    case "dns":
      return `DNS server ${question.server} port ${question.port} for ${question.name} ${question.type}`;
    case "ntp":
      return `NTP server ${question.address} port ${question.port} for the time`;
    case "tcp":
      return `${question.address} whether TCP port ${question.port} accepts connections`;
    case "tls":
      return `${question.address} port ${question.port} for its certificate, as ${question.name}`;
    case "vsphere":
      return `${question.address} port ${question.port} for its vSphere version, as ${question.name}`;
  }
}

function totals({ profile, planned, checks, questions }: RunPlan): string[] {
  const rules = new Set(checks.map(({ rule }) => rule)).size;
  const live = checks.filter((entry) => entry.live && entry.outlook === "evaluate").length;
  const planSentence = `${counted(planned, "check")} of ${counted(rules, "rule")} planned, ${live} of them live (profile ${escapeForTerminal(profile)}).`;
  if (questions.length === 0) return [planSentence];
  return [
    planSentence,
    `${counted(questions.length, "query")} first. Further queries depend on the answers: addresses of names ` +
      "lead to the servers, SRV records to their targets.",
  ];
}
