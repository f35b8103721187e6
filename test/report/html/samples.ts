import type { Check, EvidenceRecord, RunReport, Topology } from "../../../src/schema/report.generated.ts";
import type { Answer, DnsAnswer, NtpAnswer, NtpReply, Question, TlsAnswer } from "../../../src/engine/api/question.ts";
import { check, failed, finding, report, RULES } from "../sample-report.ts";

const BASE = {
  attempts: [{ transport: "udp", duration_ms: 3, result: "answered" }],
  started_at: "2025-03-01T09:00:00.100Z",
  duration_ms: 3,
  from: "local",
} as const;

function clock(offset: number, delay: number): NtpAnswer {
  const reply: NtpReply = {
    ...{ leap: 0, version: 4, stratum: 2, precision: -20, root_delay_ms: 1, root_dispersion_ms: 1 },
    ...{ refid: "10.0.0.1", kiss_code: null, offset_ms: offset, delay_ms: delay },
  };
  return { ...BASE, kind: "ntp", status: "answered", reason: "ok", reply, bogus: 0 };
}

const names: Pick<DnsAnswer, "kind" | "chain" | "authoritative" | "bogus"> = {
  ...{ kind: "dns", chain: ["conf01.vc.example.com"], authoritative: true, bogus: 0 },
};

const certificate: TlsAnswer = {
  ...BASE,
  ...{ kind: "tls", status: "answered", reason: "expired", problems: ["expired"], protocol: "TLSv1.3", chain: [] },
  ...{ duration_ms: 41.5, detail: "the certificate ended on 2025-02-28" },
  certificate: {
    ...{ subject: "CN=vcenter01.vc.example.com", issuer: "CN=CA", not_before: null },
    ...{ not_after: "2025-02-28T00:00:00Z", dns_names: [], ip_addresses: [], self_signed: false },
  },
};

const ANSWERS: readonly (readonly [Question, Answer])[] = [
  [{ kind: "ntp", address: "10.44.0.20", port: 123 }, clock(0.8, 1.2)],
  [{ kind: "ntp", address: "10.44.0.21", port: 123 }, clock(-1.6, 2.4)],
  [{ kind: "ntp", address: "10.44.0.22", port: 123 }, clock(3_720_000, 2)],
  [
    { kind: "ntp", address: "2001:db8::23", port: 1123 },
    { ...BASE, kind: "ntp", status: "no-answer", reason: "no-reply", duration_ms: 4000, reply: null, bogus: 0 },
  ],
  [
    { kind: "dns", server: "10.44.0.10", port: 53, name: "conf01.vc.example.com", type: "A" },
    {
      ...{ ...BASE, ...names, status: "answered", reason: "ok" },
      records: [{ type: "A", name: "conf01.vc.example.com", ttl: 60, address: "10.44.10.21" }],
    },
  ],
  [
    { kind: "dns", server: "10.44.0.10", port: 53, name: "_sips._tcp.vc.example.com", type: "SRV" },
    { ...BASE, ...names, status: "answered", reason: "nxdomain", duration_ms: 12, records: [] },
  ],
  [
    { kind: "tcp", address: "10.44.0.30", port: 443 },
    { ...BASE, kind: "tcp", status: "no-answer", reason: "timeout", duration_ms: 3000 },
  ],
  [
    { kind: "tcp", address: "10.44.0.31", port: 443 },
    { ...BASE, kind: "tcp", status: "not-asked", reason: "deadline", duration_ms: 0, attempts: [] },
  ],
  [{ kind: "tls", address: "10.44.0.30", port: 443, name: "vcenter01.vc.example.com" }, certificate],
];

/** Answers of every kind: good, bad, missing, not queried, and a clock that is an hour off. */
export function liveReport(): RunReport {
  const evidence = ANSWERS.map(([question, answer], index): EvidenceRecord => ({
    id: `e${index + 1}`,
    question,
    answer,
  }));
  const silent = failed("time/ntp-reachable", "ntp-server 2001:db8::23", finding("2001:db8::23 gives no answer."), {
    evidence: ["e5", "e4"],
  });
  const checks = [
    check("time/ntp-reachable", "ntp-server ntp1.vc.example.com", { evidence: ["e5", "e1", "e2"] }),
    silent,
    check("dns/srv-record", "domain-service vc.example.com/_sips._tcp", {
      verdict: "inconclusive",
      because: [{ rule: silent.rule, subject: silent.subject }],
      evidence: ["e6"],
    }),
  ];
  return report(
    checks,
    { gate: "failed", gate_reason: "1 error, 1 required check inconclusive" },
    { mode: "live", evidence },
  );
}

/**
 * A deployment with a number of nodes, four on a host and ten hosts in a cluster, where one node in a hundred fails.
 */
export function largeReport(nodes: number): RunReport {
  const name = (kind: string, index: number) => `${kind}-${index}.vc.example.com`;
  const list = <T>(count: number, make: (index: number) => T) =>
    Array.from({ length: Math.ceil(count) }, (_, at) => make(at));
  const topology: Topology = {
    locations: list(nodes / 25, (index) => ({ name: name("location", index) })),
    nodes: list(nodes, (index) => ({
      ...{ name: name("node", index), role: "conferencing", location: name("location", Math.floor(index / 25)) },
      ...{ host: name("host", Math.floor(index / 4)), cluster: name("cluster", Math.floor(index / 40)), certain: true },
    })),
    hosts: list(nodes / 4, (index) => ({
      name: name("host", index),
      cluster: name("cluster", Math.floor(index / 10)),
    })),
    clusters: list(nodes / 40, (index) => ({ name: name("cluster", index) })),
  };
  const rules = list(60, (index) => ({ ...RULES[index % RULES.length], id: `group/rule-${index}` })).filter(isRule);
  const checks = rules.flatMap(({ id }, row) =>
    topology.nodes.map(({ name: node }, index): Check => {
      const subject = `node ${node}`;
      if (index % 100 === row)
        return failed(id, subject, finding(`Node ${node} is invalid.`), {
          remediation: `Mend it.\nmend ${node}`,
        });
      if (index % 7 === row)
        return check(id, subject, {
          verdict: "inconclusive",
          missing: [{ what: `field ${row} of ${node} is missing`, location: null }],
        });
      return check(id, subject);
    }),
  );
  return report(checks, { gate: "failed", gate_reason: "some errors" }, { topology, rules });
}

function isRule(rule: Partial<RunReport["rules"][number]>): rule is RunReport["rules"][number] {
  return rule.title !== undefined;
}
