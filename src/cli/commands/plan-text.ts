import type { Question } from "../../engine/api/question.ts";
import { wrap } from "../../report/text/flow.ts";
import { counted, escapeForTerminal, listed, subjectName, thousands } from "../../report/text/wording.ts";
import type { PlanEntry, RunPlan } from "../../run/plan.ts";

/** How to print a plan. */
export interface PlanTextOptions {
  readonly width: number;
  /** Whether to list every check with its queries, and every connection. */
  readonly all: boolean;
}

/** Number of targets listed, unless all are requested; more are counted. */
const MOST_TARGETS = 20;

/**
 * The plan for a person: the totals, the connections of a run, and on request every check with its first queries, by
 * rule.
 */
export function* planText(plan: RunPlan, { width, all }: PlanTextOptions): Generator<string> {
  const lines = (text: string, indent: number) =>
    wrap(text, width - indent - 2).map((line, index) => `${" ".repeat(index === 0 ? indent : indent + 2)}${line}\n`);

  for (const sentence of [...totals(plan), ...skipped(plan)]) yield* lines(sentence, 0);
  yield "\n";
  const targets = targetsOf(plan);
  yield* lines(connectionsTitle(plan, targets.length), 0);
  for (const target of all ? targets : targets.slice(0, MOST_TARGETS)) yield* lines(target, 2);
  if (!all && targets.length > MOST_TARGETS) {
    yield* lines(`… and ${counted(targets.length - MOST_TARGETS, "more target")}; --all lists them`, 2);
  }
  for (const sentence of refused(plan)) yield* lines(sentence, 0);
  if (plan.flows.length > 0) {
    const about = `The deployment itself needs ${counted(plan.flows.length, "connection")}; --format csv or markdown lists all as a firewall request.`;
    yield* lines(about, 0);
  }
  if (!all) {
    yield* lines("--all lists every check with its subjects and first queries.", 0);
    return;
  }
  let rule: string | null = null;
  for (const entry of plan.checks) {
    if (entry.outlook === "skip") continue;
    if (entry.rule !== rule) {
      rule = entry.rule;
      yield "\n";
      yield* lines(`${rule} (${entry.severity}${entry.live ? ", live" : ""})`, 0);
    }
    yield* lines(`${subjectName(entry.subject)}${outlook(entry)}`, 2);
    for (const question of entry.questions) yield* lines(`queries ${escapeForTerminal(questionText(question))}`, 4);
  }
}

function totals({ profile, planned, checks, questions }: RunPlan): string[] {
  const rules = new Set<string>();
  let live = 0;
  for (const entry of checks) {
    rules.add(entry.rule);
    if (entry.live && entry.outlook === "evaluate") live++;
  }
  const planSentence = `${counted(planned, "check")} of ${counted(rules.size, "rule")} planned, ${thousands(live)} of them live (profile ${escapeForTerminal(profile)}).`;
  if (questions.length === 0) return [planSentence];
  return [
    planSentence,
    `${counted(questions.length, "query")} first. Further queries depend on the answers: addresses of names ` +
      "lead to the servers, SRV records to their targets.",
  ];
}

/** One sentence for each reason why checks are skipped. */
function skipped({ checks }: RunPlan): string[] {
  const byReason = new Map<string, { checks: number; readonly rules: Set<string> }>();
  for (const { outlook, reason, rule } of checks) {
    if (outlook !== "skip") continue;
    const group = byReason.get(reason ?? "") ?? { checks: 0, rules: new Set() };
    group.checks++;
    group.rules.add(rule);
    byReason.set(reason ?? "", group);
  }
  return [...byReason].map(
    ([reason, group]) =>
      `Skipped, ${escapeForTerminal(reason)}: ${counted(group.checks, "check")} of ${counted(group.rules.size, "rule")}.`,
  );
}

function connectionsTitle(plan: RunPlan, targets: number): string {
  const made = madeBy(plan);
  if (made.length === 0) return "This run contacts no servers.";
  const ports = `${counted(made.length, "connection")} to ${counted(targets, "target")}`;
  return `This run contacts (${ports}, as far as known beforehand):`;
}

function madeBy({ connections }: RunPlan): RunPlan["connections"] {
  return connections.filter(({ refused: why }) => why === null);
}

/** `10.44.0.10: TCP 53 and UDP 53 (DNS queries)`, one line for each target. */
function targetsOf(plan: RunPlan): readonly string[] {
  const byTarget = new Map<string, { readonly ports: string[]; readonly why: Set<string> }>();
  for (const { to, protocol, port, why } of madeBy(plan)) {
    const target = byTarget.get(to) ?? { ports: [], why: new Set() };
    target.ports.push(`${protocol.toUpperCase()} ${port}`);
    target.why.add(why);
    byTarget.set(to, target);
  }
  return [...byTarget].map(([to, { ports, why }]) =>
    escapeForTerminal(`${to}: ${listed(ports)} (${[...why].join(", ")})`),
  );
}

/** One sentence for each connection that a run refuses to make, with the option that allows it. */
function refused({ connections }: RunPlan): string[] {
  return connections.flatMap(({ to, protocol, port, refused: why }) =>
    why === null
      ? []
      : [`${escapeForTerminal(to)} port ${port} (${protocol.toUpperCase()}) ${escapeForTerminal(why)}.`],
  );
}

function outlook({ outlook, reason }: PlanEntry): string {
  if (outlook !== "not-applicable" && outlook !== "inconclusive") return "";
  const word = { "not-applicable": "not applicable", inconclusive: "inconclusive" }[outlook];
  return `: ${word}${reason === null ? "" : `, ${escapeForTerminal(reason)}`}`;
}

/** What is sent to which server. */
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
