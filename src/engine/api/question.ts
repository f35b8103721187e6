import type {
  DnsAnswer,
  DnsQuestion,
  NtpAnswer,
  NtpQuestion,
  Question,
  TcpAnswer,
  TcpQuestion,
  TlsAnswer,
  TlsQuestion,
  VSphereAnswer,
} from "../../schema/question.generated.ts";
import type { NOT_ASKED_REASONS } from "../../schema/question.schema.ts";

// Queries of rules and their answers: data with types generated from the schema.
export type * from "../../schema/question.generated.ts";

export type NotAskedReason = (typeof NOT_ASKED_REASONS)[number];

/** The type of answer to a question. */
export type AnswerTo<Q extends Question> = Q extends DnsQuestion
  ? DnsAnswer
  : Q extends NtpQuestion
    ? NtpAnswer
    : Q extends TcpQuestion
      ? TcpAnswer
      : Q extends TlsQuestion
        ? TlsAnswer
        : VSphereAnswer;

/** The identity of a question: equal keys are the same question. */
export function questionKey(question: Question): string {
  switch (question.kind) {
    case "dns":
      return `dns ${question.server} ${question.port} ${question.name} ${question.type}${question.transport === undefined ? "" : ` ${question.transport}`}`;
    case "ntp":
    case "tcp":
      return `${question.kind} ${question.address} ${question.port}`;
    case "tls":
    case "vsphere":
      return `${question.kind} ${question.address} ${question.port} ${question.name}`;
  }
}

/** Whether the answer shows if the record exists. */
export function isDecisive({ reason }: DnsAnswer): boolean {
  return reason === "ok" || reason === "nodata" || reason === "nxdomain" || reason === "cname-loop";
}
