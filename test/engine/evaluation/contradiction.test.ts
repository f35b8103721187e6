import { describe, expect, it } from "vitest";
import type { Answer, AnswerStatus, Question, TlsProblem } from "../../../src/engine/api/question.ts";
import { answerStatus } from "../../../src/engine/evaluation/answer-status.ts";
import { contradictionIn } from "../../../src/engine/evaluation/contradiction.ts";
import { NOT_ASKED_REASONS, questionDefinitions } from "../../../src/schema/question.schema.ts";
import { answerTo, dnsRecords, ntpReply, servedCertificate } from "../../../src/plugin/scripted-answers.ts";

type Kind = Answer["kind"];

const QUESTIONS: { readonly [K in Kind]: Extract<Question, { readonly kind: K }> } = {
  dns: { kind: "dns", server: "10.0.0.1", port: 53, name: "a.example", type: "A" },
  ntp: { kind: "ntp", address: "10.0.0.5", port: 123 },
  tcp: { kind: "tcp", address: "10.0.0.6", port: 443 },
  tls: { kind: "tls", address: "10.0.0.6", port: 443, name: "a.example" },
  vsphere: { kind: "vsphere", address: "10.0.0.6", port: 443, name: "a.example" },
};

const tried = (...results: readonly string[]) => ({
  attempts: results.map((result) => ({ transport: "udp" as const, duration_ms: 1, result })),
});

/** Answers that fit together, one for each kind. */
const SOUND: Readonly<Record<Kind, Partial<Answer>>> = {
  dns: { ...dnsRecords("a.example", ["A", "10.0.0.5"]), ...tried("noerror for a.example") },
  ntp: { status: "answered", reason: "ok", reply: ntpReply(), ...tried("ok") },
  tcp: { status: "answered", reason: "open", ...tried("open") },
  tls: { ...servedCertificate(), ...tried("handshake done") },
  vsphere: { status: "answered", reason: "ok", api_version: "7.0.3.0", ...tried("HTTP 200") },
};

const of = (kind: Kind, changes: object = {}) =>
  contradictionIn(QUESTIONS[kind], { ...answerTo(QUESTIONS[kind], SOUND[kind]), ...changes }, "local");

const silent = (reason: string, ...results: readonly string[]) => ({
  status: "no-answer",
  reason,
  ...tried(...results),
});
const nothing = (reason: string) => ({ status: "not-asked", reason, ...tried() });
const problems: readonly TlsProblem[] = [
  ...(["expired", "not-yet-valid", "name-mismatch", "wrong-usage", "incomplete-chain"] as const),
  ...(["untrusted", "weak-key", "weak-signature", "unusual-usage"] as const),
];
const UNSYNCHRONIZED = { reason: "unsynchronised", ...tried("unsynchronised") };

describe("a recorded answer that fits together", () => {
  it.each<readonly [string, Kind, object]>([
    ["DNS records", "dns", {}],
    ["a DNS reply without the record", "dns", { reason: "nodata", records: [], ...tried("noerror for a.example") }],
    ["a DNS error", "dns", { reason: "other-rcode", records: [], ...tried("rcode 11 for a.example") }],
    [
      "an alias whose target is not answered",
      "dns",
      { ...silent("timeout", "noerror for a.example", "timeout"), records: [], chain: ["a.example", "b.example"] },
    ],
    ["a DNS server that is silent", "dns", { ...silent("timeout", "timeout"), records: [] }],
    ["a DNS server that was not queried", "dns", { ...nothing("server-silent"), records: [] }],
    ["an NTP reply", "ntp", {}],
    ["an NTP reply without a round trip", "ntp", { reply: ntpReply({ delay_ms: 0 }) }],
    ["NTP at the last stratum", "ntp", { reply: ntpReply({ stratum: 15 }) }],
    [
      "an NTP server without the time, by its leap indicator",
      "ntp",
      { ...UNSYNCHRONIZED, reply: ntpReply({ leap: 3 }) },
    ],
    ["an NTP server without the time, by its stratum", "ntp", { ...UNSYNCHRONIZED, reply: ntpReply({ stratum: 16 }) }],
    [
      "an NTP server that is starting",
      "ntp",
      { ...UNSYNCHRONIZED, reply: ntpReply({ stratum: 0, kiss_code: "INIT", offset_ms: null }) },
    ],
    [
      "a kiss of death",
      "ntp",
      {
        ...{ reason: "kiss-of-death", ...tried("kiss-of-death") },
        reply: ntpReply({ stratum: 0, kiss_code: "RATE", offset_ms: null, delay_ms: null }),
      },
    ],
    ["an NTP server that is silent", "ntp", { ...silent("no-reply", "no-reply"), reply: null }],
    ["an open port", "tcp", {}],
    ["an open port behind a reset", "tcp", tried("reset")],
    ["a refused connection, as a reset", "tcp", silent("refused", "reset")],
    ["a port that was not probed", "tcp", nothing("name-not-resolved")],
    ["a trusted certificate", "tls", {}],
    ["a handshake that failed", "tls", { ...silent("protocol", "no common protocol"), certificate: null }],
    ["a vSphere API by its version", "vsphere", {}],
    [
      "a vSphere API by its description",
      "vsphere",
      { api_version: null, about: { api_type: "HostAgent", version: "6.7.0", build: null } },
    ],
    ["a web server", "vsphere", { reason: "not-vsphere", api_version: null }],
    ["a vCenter that is starting", "vsphere", { reason: "starting", api_version: null }],
    ["a refused API", "vsphere", { ...silent("refused", "refused"), api_version: null }],
  ])("is accepted: %s", (_, kind, changes) => {
    expect(of(kind, changes)).toBeNull();
  });

  it.each(problems)("is accepted with the certificate problem %s, alone or before others", (problem) => {
    expect(of("tls", servedCertificate([problem]))).toBeNull();
    expect(of("tls", servedCertificate([problem, ...problems.filter((other) => other !== problem)]))).toBeNull();
  });
});

describe("a recorded answer that contradicts itself", () => {
  it.each<readonly [string, Kind, object, string, string]>([
    ["another kind", "dns", { kind: "ntp" }, "kind", "it answers a question of another kind (dns)"],
    ["another vantage point", "tcp", { from: "oslo" }, "from", "it is from another vantage point than the file"],
    ["no time", "tcp", { started_at: "soon" }, "started_at", "started_at is not a time"],
    [
      "the status of another reason",
      "tcp",
      { reason: "timeout" },
      "status",
      "the status of the reason timeout is no-answer",
    ],
    ["a status though unasked", "tcp", { reason: "denied" }, "status", "the status of the reason denied is not-asked"],
    ["an answer to no attempt", "tcp", tried(), "attempts", "no attempt was answered"],
    ["an answer to failed attempts", "ntp", tried("no-reply", "bad-reply"), "attempts", "no attempt was answered"],
    ["an answer in other words", "dns", tried("not noerror"), "attempts", "no attempt was answered"],
    ["silence after an open port", "tcp", silent("timeout", "timeout", "open"), "attempts", "an attempt was answered"],
    [
      "silence after a reply",
      "ntp",
      { ...silent("no-reply", "no-reply", "ok"), reply: null },
      "attempts",
      "an attempt was answered",
    ],
    ["no record", "dns", { records: [] }, "records", "the reason is ok without a record"],
    ["records of no name", "dns", { reason: "nxdomain" }, "records", "the reason nxdomain has records"],
    [
      "a record of another name among others",
      "dns",
      { chain: ["a.example", "b.example"] },
      "records",
      "a record is of another type or name than the question and its alias chain",
    ],
    [
      "a record of another type among others",
      "dns",
      dnsRecords("a.example", ["A", "10.0.0.5"], ["AAAA", "2001:db8::1"]),
      "records",
      "a record is of another type or name than the question and its alias chain",
    ],
    ["no reply", "ntp", { reply: null }, "reply", "the reason is ok without a reply"],
    ["a reply to a silent query", "ntp", silent("bad-reply", "bad-reply"), "reply", "the reason bad-reply has a reply"],
    [
      "ok with leap 3",
      "ntp",
      { reply: ntpReply({ leap: 3 }) },
      "reply",
      "the reason is ok, and the server is not synchronized",
    ],
    [
      "ok at stratum 0",
      "ntp",
      { reply: ntpReply({ stratum: 0 }) },
      "reply",
      "the reason is ok, and the server is not synchronized",
    ],
    [
      "ok at stratum 16",
      "ntp",
      { reply: ntpReply({ stratum: 16 }) },
      "reply",
      "the reason is ok, and the server is not synchronized",
    ],
    [
      "ok without an offset",
      "ntp",
      { reply: ntpReply({ offset_ms: null }) },
      "reply",
      "the reason is ok without an offset and a delay",
    ],
    [
      "ok without a delay",
      "ntp",
      { reply: ntpReply({ delay_ms: null }) },
      "reply",
      "the reason is ok without an offset and a delay",
    ],
    [
      "ok with a delay below zero",
      "ntp",
      { reply: ntpReply({ delay_ms: -1 }) },
      "reply",
      "the reason is ok without an offset and a delay",
    ],
    ["unsynchronized with the time", "ntp", UNSYNCHRONIZED, "reply", "the server is synchronized"],
    [
      "a kiss of death without a code",
      "ntp",
      { reason: "kiss-of-death", reply: ntpReply({ stratum: 0 }), ...tried("kiss-of-death") },
      "reply",
      "a kiss of death has no code",
    ],
    [
      "trusted without a certificate",
      "tls",
      { certificate: null },
      "certificate",
      "the reason is trusted without a certificate",
    ],
    [
      "trusted with a problem",
      "tls",
      { problems: ["expired"] },
      "problems",
      "the problems are not those of the reason trusted",
    ],
    [
      "a reason without its problem",
      "tls",
      { ...servedCertificate(["expired"]), problems: ["untrusted"] },
      "problems",
      "the problems are not those of the reason expired",
    ],
    ["a version of nothing", "vsphere", { api_version: null }, "reason", "the reason is ok without a version"],
  ])("is rejected: %s", (_, kind, changes, key, what) => {
    expect(of(kind, changes)).toEqual({ path: ["answer", key], what });
  });
});

describe("the status of an answer", () => {
  const reasonsOf = (kind: Kind): readonly Answer["reason"][] => {
    const { properties } = questionDefinitions[`${kind}_answer`] ?? {};
    return properties?.["reason"]?.enum as readonly Answer["reason"][];
  };
  const withStatus = (kind: Kind, status: AnswerStatus) =>
    reasonsOf(kind).filter((reason) => answerStatus(kind, reason) === status);

  it.each<readonly [Kind, string]>([
    ["dns", "ok nodata nxdomain servfail refused notimp formerr other-rcode lame referral cname-loop"],
    ["ntp", "ok kiss-of-death unsynchronised"],
    ["tcp", "open"],
    ["tls", `trusted untrusted ${problems.filter((problem) => problem !== "untrusted").join(" ")}`],
    ["vsphere", "ok not-vsphere starting http-status"],
  ])(
    "of %s is `answered` for what the server decided, and `no-answer` for all else that was sent",
    (kind, answered) => {
      expect(withStatus(kind, "answered").toSorted()).toEqual(answered.split(" ").toSorted());
      expect(withStatus(kind, "not-asked")).toEqual(NOT_ASKED_REASONS);
      expect(withStatus(kind, "no-answer")).toEqual(
        reasonsOf(kind).filter((reason) => ![...answered.split(" "), ...NOT_ASKED_REASONS].includes(reason)),
      );
    },
  );
});
