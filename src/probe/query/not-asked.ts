import type { Answer, NotAskedReason, Question } from "../../engine/api/question.ts";

/** The answer to a query that was never sent. */
export function notAsked(question: Question, reason: NotAskedReason, from: string): Answer {
  const base = {
    status: "not-asked",
    reason,
    attempts: [],
    started_at: new Date().toISOString(),
    duration_ms: 0,
    from,
  } as const;
  switch (question.kind) {
    case "dns":
      return { ...base, kind: "dns", records: [], chain: [], authoritative: false, bogus: 0 };
    case "ntp":
      return { ...base, kind: "ntp", reply: null, bogus: 0 };
    case "tcp":
      return { ...base, kind: "tcp" };
    case "tls":
      return { ...base, kind: "tls", problems: [], certificate: null, protocol: null, chain: [], detail: null };
    case "vsphere":
      return { ...base, kind: "vsphere", http_status: null, api_version: null, about: null };
  }
}
