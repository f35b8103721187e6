import type { Effect, Explanation, ExplainedValue } from "../../schema/proof/explanation.generated.ts";
import type { Answer, Question } from "../../schema/question.generated.ts";
import type { Verdict } from "../../schema/report.generated.ts";
import { wrap } from "../text/flow.ts";
import { painter, type Style } from "../text/paint.ts";
import { counted, escapeForTerminal, locationText, messageText, sentence, subjectName } from "../text/wording.ts";
import type { ProofView } from "./proof-view.ts";

const STYLES: Readonly<Partial<Record<Verdict, Style>>> = {
  pass: "green",
  fail: "red",
  crashed: "red",
  inconclusive: "yellow",
};

/** The explanation of a check for people: verdict, requirement, limits, values, facts, queries. */
export function* explanationText(explanation: Explanation, view: ProofView): Generator<string> {
  const { check, requirement, counterexamples, values, facts, options, queries, would_decide } = explanation;
  const paint = painter(view.color);
  const lines = (text: string, indent: number) =>
    wrap(text, view.width - indent - 2).map(
      (line, index) => `${" ".repeat(index === 0 ? indent : indent + 2)}${line}\n`,
    );
  const heading = (text: string) => `\n${paint(text, "bold")}\n`;

  const style = STYLES[check.verdict];
  const verdict = style === undefined ? check.verdict : paint(check.verdict, style);
  yield* lines(`${verdict}  ${escapeForTerminal(check.rule)}, ${subjectName(check.subject)}`, 0);
  for (const { message, location } of check.findings) yield* lines(withLocation(messageText(message), location), 2);
  if (check.reason !== null) yield* lines(sentence(messageText(check.reason)), 2);

  yield heading("Requirement");
  const { title, document, section, wording, quote } = requirement;
  yield* lines(sentence(escapeForTerminal(title)), 2);
  yield* lines(
    `${escapeForTerminal(document)}, "${escapeForTerminal(section)}" (${wording})${quote === null ? "" : `: ${messageText(quote)}`}`,
    2,
  );

  if (would_decide.length > 0) {
    yield heading("What would decide it");
    for (const { what, location } of would_decide) yield* lines(withLocation(messageText(what), location), 2);
  }
  if (counterexamples.length > 0) {
    yield heading("It would fail");
    for (const { changes, message } of counterexamples) {
      const changed = changes.map(({ path, value }) => (value === "" ? `without ${path}` : `${path} = ${value}`));
      const how =
        changes.length > MOST_CHANGES
          ? [...changed.slice(0, MOST_CHANGES), `${changes.length - MOST_CHANGES} more changes`]
          : changed;
      yield* lines(`${escapeForTerminal(how.join(", ") || "with another certificate")} → ${messageText(message)}`, 2);
    }
  }

  const decisive = values.filter((value) => value.decisive === true);
  if (decisive.length > 0) {
    yield heading("Values that decide it");
    const direct = view.isBrief ? decisive.filter(isDirect) : decisive;
    for (const value of direct) yield* valueLines(value);
    // Names, placement and links between objects: another value makes the check inconclusive.
    for (const [field, those] of byField(decisive.filter((value) => !direct.includes(value)))) {
      yield* lines(
        `${escapeForTerminal(field)}: ${counted(those.length, "value")}, wrong ones make it inconclusive`,
        2,
      );
    }
  }
  // With a large inventory, only some of the values are tried.
  const untried = values.filter((value) => value.decisive === null);
  const others = [
    [
      "Values that it read, none of which alone changes the verdict",
      values.filter(({ decisive }) => decisive === false),
    ],
    [untried.length < values.length ? "Values that it read and that were not tried" : "Values that it read", untried],
  ] as const;
  for (const [title, those] of others) {
    if (those.length === 0) continue;
    yield heading(title);
    const shown = view.isBrief ? those.slice(0, MOST_OTHERS) : those;
    for (const value of shown) yield* valueLines(value);
    if (shown.length < those.length) {
      yield* lines(`and ${counted(those.length - shown.length, "more value")}; --all lists them`, 2);
    }
  }
  if (explanation.untried > 0) {
    yield* lines(`${counted(explanation.untried, "value")} of other objects that only link them were not tried.`, 2);
  }
  if (explanation.certificates.length > 0) {
    yield heading("Certificate files");
    for (const file of explanation.certificates) yield* lines(escapeForTerminal(file), 2);
  }
  if (facts.length > 0) {
    yield heading("Facts");
    for (const { table, key, value, source, confirmed } of facts) {
      const doubt = confirmed ? "" : ", not confirmed";
      yield* lines(
        escapeForTerminal(`${table}: ${key} = ${value === "null" ? "not in the table" : value} (${source}${doubt})`),
        2,
      );
    }
  }
  if (options.length > 0) {
    yield heading("Options");
    for (const option of options) {
      const standard = option.value === option.default ? "the default" : `default ${option.default}`;
      yield* lines(escapeForTerminal(`${option.name} = ${option.value} (${standard})`), 2);
    }
  }
  if (explanation.reads_time) yield* lines(`\nEvaluated as of ${explanation.as_of}.`.trimStart(), 0);
  if (queries.length > 0) {
    yield heading(queries.every(({ answer }) => answer === null) ? "Queries that would be sent" : "Queries");
    for (const { question, answer } of queries) {
      yield* lines(
        `${escapeForTerminal(questionText(question))}${answer === null ? "" : `: ${escapeForTerminal(answerText(answer))}`}`,
        2,
      );
    }
  }

  function* valueLines({ location, file, path, value, request, removed, changed }: ExplainedValue): Generator<string> {
    const where = location === null ? escapeForTerminal(file) : locationText(location);
    const asked = request === null ? "" : ` (${escapeForTerminal(request)})`;
    yield* lines(
      `${paint(where, "dim")}  ${escapeForTerminal(path)} ${value === null ? "is not set" : `= ${escapeForTerminal(value)}`}${asked}`,
      2,
    );
    if (removed !== null) yield* lines(`without it: ${effectText(removed)}`, 6);
    if (changed !== null) yield* lines(`${escapeForTerminal(changed.to)}: ${effectText(changed)}`, 6);
  }
}

/** Whether removing the value changes the verdict, or another value gives a verdict other than inconclusive. */
function isDirect({ changed, removed }: ExplainedValue): boolean {
  return removed !== null || (changed !== null && changed.verdict !== "inconclusive");
}

/** Values by their path without positions: `hosts[].cluster`. */
function byField(values: readonly ExplainedValue[]): ReadonlyMap<string, readonly ExplainedValue[]> {
  const groups = new Map<string, ExplainedValue[]>();
  for (const value of values) {
    const field = value.path.replaceAll(/\[\d+\]/g, "[]");
    const group = groups.get(field);
    if (group === undefined) groups.set(field, [value]);
    else group.push(value);
  }
  return groups;
}

const MOST_CHANGES = 3;
/** Number of non-decisive values listed; more are counted. */
const MOST_OTHERS = 8;

function effectText({ verdict, message }: Effect): string {
  return `${verdict}${message === null ? "" : `, ${messageText(message)}`}`;
}

function withLocation(text: string, location: ExplainedValue["location"]): string {
  return location === null ? text : `${text} (${locationText(location)})`;
}

function questionText(question: Question): string {
  switch (question.kind) {
    case "dns":
      return `DNS server ${question.server} port ${question.port}: ${question.name} ${question.type}`;
    case "ntp":
      return `NTP server ${question.address} port ${question.port}`;
    case "tcp":
      return `TCP ${question.address} port ${question.port}`;
    case "tls":
      return `TLS ${question.address} port ${question.port}, certificate of ${question.name}`;
    case "vsphere":
      return `vSphere API ${question.address} port ${question.port}, as ${question.name}`;
  }
}

function answerText(answer: Answer): string {
  const { reason, from, started_at } = answer;
  const said = detailOf(answer);
  return `${reason}${said === "" ? "" : ` (${said})`}, from ${from} at ${started_at}`;
}

function detailOf(answer: Answer): string {
  switch (answer.kind) {
    case "dns":
      return answer.records
        .map((record) => {
          if ("address" in record) return record.address;
          if ("port" in record) return `${record.target} port ${record.port}`;
          return "target" in record ? record.target : record.mname;
        })
        .join(", ");
    case "ntp":
      return answer.reply?.offset_ms == null
        ? ""
        : `offset ${answer.reply.offset_ms} ms, stratum ${answer.reply.stratum}`;
    case "tls":
      return answer.certificate === null
        ? ""
        : `${answer.certificate.subject} until ${answer.certificate.not_after ?? "?"}`;
    case "vsphere":
      return answer.about?.version ?? "";
    case "tcp":
      return "";
  }
}
