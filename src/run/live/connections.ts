import type { EvaluatedPlan } from "../../engine/evaluation/evaluate.ts";
import type { Responder, Evidence } from "../../engine/evaluation/evidence.ts";
import { type Answer, type Question, questionKey } from "../../engine/api/question.ts";
import { type AllowedTargets, refusalOf } from "../../values/network/probe-targets.ts";

/** A connection that a run makes: a line of a firewall request. */
export interface Connection {
  /** An address, or a name whose addresses are unknown until DNS is queried. */
  readonly to: string;
  readonly protocol: "udp" | "tcp";
  readonly port: number;
  /** Its purpose. */
  readonly why: string;
  /** The rules that require it. */
  readonly rules: readonly string[];
  /** Why a run will not make it and the option that allows it, as `not contacted: …`; null if it is made. */
  readonly refused: string | null;
}

const PURPOSES: Readonly<Record<Question["kind"], string>> = {
  dns: "DNS queries",
  ntp: "NTP queries",
  tcp: "see whether the port accepts connections",
  tls: "read the certificate",
  vsphere: "read the vSphere version",
};

/**
 * The connections that an evaluation with imagined answers (`imagine`) would have made: every name is assumed to have
 * one address, equal to the name. Targets of SRV records are not known in advance; only their addresses are queried,
 * from the same servers.
 *
 * @param allowed addresses that may be contacted besides the usual targets
 */
export function connections(
  { plan, questions: keysByPosition }: EvaluatedPlan,
  evidence: Evidence,
  allowed: readonly AllowedTargets[],
): readonly Connection[] {
  const questions = new Map(evidence.records.map(({ question }) => [questionKey(question), question]));
  const flows = new Map<string, { readonly flow: Flow; readonly why: Set<string>; readonly rules: Set<string> }>();
  let position = 0;
  for (const planned of plan) {
    for (const question of (keysByPosition.get(position++) ?? []).flatMap((key) => questions.get(key) ?? [])) {
      for (const flow of flowsOf(question)) {
        const key = JSON.stringify(flow);
        const entry = flows.get(key) ?? { flow, why: new Set(), rules: new Set() };
        entry.why.add(PURPOSES[question.kind]);
        entry.rules.add(planned.enabled.rule.id);
        flows.set(key, entry);
      }
    }
  }
  return [...flows.values()]
    .map(({ flow, why, rules }) => ({ ...flow, why: [...why].join(", "), rules: [...rules].sort() }))
    .map((connection) => ({ ...connection, refused: refusalOf(connection.to, connection.port, allowed) }))
    .sort((a, b) => compare(a.to, b.to) || a.port - b.port || compare(a.protocol, b.protocol));
}

type Flow = Pick<Connection, "to" | "protocol" | "port">;

function flowsOf(question: Question): readonly Flow[] {
  const { kind, port } = question;
  // A truncated answer is queried again over TCP (RFC 7766 section 5).
  if (kind === "dns") return (["tcp", "udp"] as const).map((protocol) => ({ to: question.server, protocol, port }));
  return [{ to: question.address, protocol: kind === "ntp" ? "udp" : "tcp", port }];
}

/** Answers with which a rule sends all its further queries: every name has one address, equal to the name. */
export const imagine: Responder = (questions) => Promise.resolve(questions.map(imagined));

function imagined(question: Question): Answer {
  const base = { attempts: [], started_at: "1970-01-01T00:00:00Z", duration_ms: 0, from: "imagined" } as const;
  switch (question.kind) {
    case "dns": {
      const { name, type } = question;
      const common = {
        ...base,
        kind: "dns",
        status: "answered",
        chain: [name],
        authoritative: true,
        bogus: 0,
      } as const;
      if (type !== "A") return { ...common, reason: "nodata", records: [] };
      return { ...common, reason: "ok", records: [{ type, name, ttl: 0, address: name }] };
    }
    case "ntp":
      return { ...base, kind: "ntp", status: "no-answer", reason: "no-reply", reply: null, bogus: 0 };
    case "tcp":
      return { ...base, kind: "tcp", status: "answered", reason: "open" };
    case "tls": {
      const nothing = { problems: [], certificate: null, protocol: null, chain: [], detail: null };
      return { ...base, kind: "tls", status: "answered", reason: "trusted", ...nothing };
    }
    case "vsphere": {
      const nothing = { http_status: null, api_version: null, about: null };
      return { ...base, kind: "vsphere", status: "no-answer", reason: "timeout", ...nothing };
    }
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
