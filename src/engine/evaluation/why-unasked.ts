import type { Answer, Question } from "../api/question.ts";

/** The address that a query is sent to. */
export function serverOf(question: Question): string {
  return question.kind === "dns" ? question.server : question.address;
}

/**
 * Why a server was not contacted and the option that helps, as `10.44.0.11: deadline reached; see --deadline`; null for
 * a query that was sent, and for reasons that a rule explains: an unresponsive server, a family without a route, an
 * answer that was not recorded.
 */
export function whyUnasked(question: Question, { status, reason, attempts }: Answer): string | null {
  if (status !== "not-asked") return null;
  switch (reason) {
    case "deadline":
      return `${serverOf(question)}: deadline reached; see --deadline, --concurrency`;
    case "aborted":
      return "interrupted; run again";
    case "denied":
      return `${serverOf(question)}: ${attempts[0]?.result ?? "not contacted"}`;
    default:
      return null;
  }
}
