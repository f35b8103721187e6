import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Answer, Question } from "../../../src/engine/api/question.ts";
import { evidenceDigest } from "../../../src/engine/evaluation/evidence-digest.ts";
import { readEvidence } from "../../../src/input/files/read-evidence.ts";
import { isTextLocation } from "../../../src/values/location.ts";
import { answerTo } from "../../../src/plugin/scripted-answers.ts";
import { dnsRecords, ntpReply, servedCertificate } from "../../support/scripted-answers.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "preflight-read-evidence-"));
});
afterAll(() => rm(cwd, { recursive: true }));

const NAME = "ntp1.example.com";
const QUESTIONS: Readonly<Record<Question["kind"], Question>> = {
  dns: { kind: "dns", server: "10.0.0.1", port: 53, name: NAME, type: "A" },
  ntp: { kind: "ntp", address: "10.0.0.5", port: 123 },
  tcp: { kind: "tcp", address: "10.0.0.6", port: 443 },
  tls: { kind: "tls", address: "10.0.0.6", port: 443, name: "vcenter.example.com" },
  vsphere: { kind: "vsphere", address: "10.0.0.6", port: 443, name: "vcenter.example.com" },
};

const attempt = (transport: "udp" | "tcp", result: string) => ({ transport, duration_ms: 1, result });
const silence = [attempt("udp", "timeout"), attempt("udp", "timeout"), attempt("tcp", "timeout")];

/** Answers as servers that are well give them. */
const WELL: Readonly<Record<Question["kind"], Partial<Answer>>> = {
  dns: { ...dnsRecords(NAME, ["A", "10.0.0.5"]), attempts: [attempt("udp", `noerror for ${NAME}`)] },
  ntp: { status: "answered", reason: "ok", reply: ntpReply(), attempts: [attempt("udp", "ok")] },
  tcp: { status: "answered", reason: "open", attempts: [attempt("tcp", "open")] },
  tls: { ...servedCertificate(), attempts: [attempt("tcp", "handshake done")] },
  vsphere: { status: "answered", reason: "ok", api_version: "7.0.3.0", attempts: [attempt("tcp", "HTTP 200")] },
};

const KINDS = ["dns", "ntp", "tcp", "tls", "vsphere"] as const;

/** A recording in which answers of some kinds are changed, after which its digest was computed anew. */
function recording(changes: Partial<Record<Question["kind"], object>> = {}) {
  const answers = KINDS.map((kind) => {
    const question = QUESTIONS[kind];
    return { question, answer: { ...answerTo(question, { ...WELL[kind] }), ...changes[kind] } };
  });
  const content = {
    schema_version: 1,
    tool: { name: "infinity-preflight", version: "0" },
    from: "local",
    ...{ recorded_at: "2026-11-22T12:00:00Z", answers },
  } as const;
  return { ...content, digest: evidenceDigest(content) };
}

async function read(text: string) {
  await writeFile(join(cwd, "evidence.json"), text);
  return readEvidence("evidence.json", { cwd });
}

/** The one error of a file, and the text of the line that it points to. */
async function errorOf(text: string): Promise<readonly [code: string, message: string, line: string]> {
  const { value, inputs } = await read(text);
  expect(value).toBeNull();
  const [error] = inputs.errors;
  if (error === undefined || !isTextLocation(error.location)) return expect.fail("there is no error with a line");
  return [error.code, error.message, text.split("\n")[error.location.line - 1] ?? ""];
}

describe("an evidence file", () => {
  it("is read as it was written, with a digest or, as earlier versions wrote it, without", async () => {
    const { digest, ...content } = recording();
    for (const written of [content, { ...content, digest }]) {
      const { value, inputs } = await read(JSON.stringify(written, null, 2));
      expect(inputs.errors).toEqual([]);
      expect(value).toEqual(written);
    }
  });

  it("may be formatted anew, keys in another order", async () => {
    const { digest, from, answers, ...others } = recording();
    const { inputs } = await read(JSON.stringify({ answers, digest, from, ...others }));
    expect(inputs.errors).toEqual([]);
  });

  it.each<readonly [string, (text: string) => string]>([
    ["a verdict", (text) => text.replace('"open"', '"refused"').replace('"open"', '"refused"')],
    ["a measured value", (text) => text.replace('"offset_ms": 0.5', '"offset_ms": 0.4')],
    ["an address", (text) => text.replace('"address": "10.0.0.5"\n', '"address": "10.0.0.7"\n')],
    ["the time of an answer", (text) => text.replace("2026-01-01", "2026-11-22")],
    ["the time of the recording", (text) => text.replace("2026-11-22T12", "2026-11-23T12")],
    ["the digest itself", (text) => text.replace(/"digest": "./, '"digest": "g').replace('"g', '"0')],
  ])("is refused when %s was edited", async (_, edit) => {
    const text = JSON.stringify(recording(), null, 2);
    const edited = edit(text);
    expect(edited).not.toBe(text);
    const { value, inputs } = await read(edited);
    expect(value).toBeNull();
    expect(["changed-evidence", "contradictory-evidence"]).toContain(inputs.errors[0]?.code);
  });

  it("points to the digest when that is all that is wrong", async () => {
    const text = JSON.stringify(recording(), null, 2).replace('"offset_ms": 0.5', '"offset_ms": 0.4');
    expect(await errorOf(text)).toEqual([
      "changed-evidence",
      "The file was damaged or edited after preflight probe wrote it: its digest does not match its answers.",
      expect.stringContaining('"digest"'),
    ]);
  });

  it.each<readonly [string, Parameters<typeof recording>[0], string, string]>([
    ["ok without a reply", { ntp: { reply: null } }, "the reason is ok without a reply", '"reply": null'],
    ["ok after nothing but silence", { ntp: { attempts: silence } }, "no attempt was answered", '"attempts"'],
    ["an answer without an attempt", { tcp: { attempts: [] } }, "no attempt was answered", '"attempts"'],
    ["ok without a record", { dns: { records: [] } }, "the reason is ok without a record", '"records"'],
    ["no such name, with records", { dns: { reason: "nxdomain" } }, "the reason nxdomain has records", '"records"'],
    ["records of another name", { dns: { chain: ["b.example"] } }, "of another type or name", '"records"'],
    ["another vantage point", { tls: { from: "oslo" } }, "from another vantage point than the file", '"from": "oslo"'],
    [
      "a status of another reason",
      { tcp: { status: "no-answer" } },
      "status of the reason open is answered",
      '"status"',
    ],
    [
      "silence after an answer",
      { ntp: { status: "no-answer", reason: "no-reply", reply: null } },
      "an attempt was answered",
      '"attempts"',
    ],
    [
      "silence with a reply",
      { ntp: { status: "no-answer", reason: "no-reply", attempts: silence } },
      "no-reply has a reply",
      '"reply"',
    ],
    ["ok at stratum 16", { ntp: { reply: ntpReply({ stratum: 16 }) } }, "the server is not synchronized", '"reply"'],
    [
      "ok without an offset",
      { ntp: { reply: ntpReply({ offset_ms: null }) } },
      "without an offset and a delay",
      '"reply"',
    ],
    ["trusted with a problem", { tls: { problems: ["expired"] } }, "not those of the reason trusted", '"problems"'],
    ["expired without the problem", { tls: { reason: "expired" } }, "not those of the reason expired", '"problems"'],
    ["trusted without a certificate", { tls: { certificate: null } }, "trusted without a certificate", '"certificate"'],
    ["a version of nothing", { vsphere: { api_version: null } }, "ok without a version", '"reason"'],
    ["a time that is none", { dns: { started_at: "yesterday" } }, "started_at is not a time", '"started_at"'],
  ])("is refused for %s, with its line, whatever its digest", async (_, changes, what, line) => {
    const [code, message, shown] = await errorOf(JSON.stringify(recording(changes), null, 2));
    expect(code).toBe("contradictory-evidence");
    expect(message).toContain(what);
    expect(shown).toContain(line);
  });

  it("is rejected for two answers to one query", async () => {
    const { digest, ...content } = recording();
    const [first, ...others] = content.answers;
    const twice = { ...content, answers: [first, ...others, first] };
    expect(digest).toHaveLength(64);
    const [code, message] = await errorOf(JSON.stringify(twice, null, 2));
    expect([code, message]).toEqual([
      "contradictory-evidence",
      "Answer 6 contradicts itself: the query already has an answer.",
    ]);
  });
});
