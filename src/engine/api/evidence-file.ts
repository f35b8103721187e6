import type { Answer, Question } from "./question.ts";

/** What servers answered at one place: written by `preflight probe`, read by `check --evidence`. */
export interface EvidenceFile {
  readonly schema_version: 1;
  readonly tool: { readonly name: "infinity-preflight"; readonly version: string };
  /** The place that asked. */
  readonly from: string;
  /** RFC 3339, UTC: when the asking began. */
  readonly recorded_at: string;
  /**
   * The DNS servers of the machine that asked, where they stood in for servers that the deployment does not declare. A
   * replay resolves names by them: those of the machine that judges may be others.
   */
  readonly system_resolvers?: readonly string[];
  readonly answers: readonly RecordedAnswer[];
}

export interface RecordedAnswer {
  readonly question: Question;
  readonly answer: Answer;
}
