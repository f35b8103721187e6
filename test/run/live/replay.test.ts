import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import type { EvidenceFile } from "../../../src/schema/evidence.generated.ts";
import { jsonText } from "../../../src/report/text/json-text.ts";
import { check, type CheckOptions, probe } from "../../../src/run/index.ts";
import { answering, serve } from "../../probe/servers/dns-lab.ts";
import { a, reply, soa } from "../../probe/servers/dns-responder.ts";
import { healthyReply, refid, startNtpResponder } from "../../probe/servers/ntp-responder.ts";
import { closedTcpPort } from "../../probe/servers/tcp-responder.ts";
import { CertificateMaker, serverExtensions } from "../../probe/servers/tls-certificates.ts";
import { startTlsResponder } from "../../probe/servers/tls-responder.ts";

/** A DNS server that knows some addresses, and no other name. */
async function zone(addresses: Readonly<Record<string, string>>) {
  return serve({
    udp: (query, send) => {
      const { name, type } = query.question;
      const address = addresses[name];
      const isThere = address !== undefined && type === "A";
      const nothing = { rcode: address === undefined ? 3 : 0, authorities: [soa("vc.example.com")] };
      send(reply(query, isThere ? { answers: [a(name, address)] } : nothing));
    },
  });
}

/** A site whose servers fail in many ways; every finding quotes what was measured. */
async function troubledSite(): Promise<CheckOptions> {
  const node = { "conf01.vc.example.com": "10.44.10.21" };
  const dns = await zone({ ...node, "ntp1.vc.example.com": "127.0.0.1" });
  const stale = await zone({ "conf01.vc.example.com": "10.44.10.99", "ntp1.vc.example.com": "127.0.0.1" });
  const refusing = await serve({ udp: answering({ rcode: 5 }) });
  const fast = await startNtpResponder(({ packet, send }) => send(healthyReply(packet, {}, 5000)));
  const good = await startNtpResponder(({ packet, send }) => send(healthyReply(packet)));
  const lost = await startNtpResponder(({ packet, send }) => send(healthyReply(packet, { leap: 3, stratum: 0 })));
  const kiss = await startNtpResponder(({ packet, send }) =>
    send(healthyReply(packet, { stratum: 0, refid: refid("DENY") })),
  );
  const silent = await startNtpResponder(() => undefined);
  const ntp = [fast, good, lost, kiss, silent].map(({ port }) => `"127.0.0.1:${port}"`);
  const folder = await mkdtemp(join(tmpdir(), "preflight-replay-"));
  onTestFinished(() => rm(folder, { recursive: true }));
  await writeFile(
    join(folder, "deployment.yaml"),
    `platform: { version: "25" }
dns_servers: [${[dns, stale, refusing].map(({ port }) => `"127.0.0.1:${port}"`).join(", ")}]
ntp_servers: ["ntp1.vc.example.com:${good.port}", nosuch.vc.example.com, ${ntp.join(", ")}]
domains: [{ name: vc.example.com, services: [sips] }]
vm_manager: { address: "127.0.0.1:${await closedTcpPort()}", type: vcenter, verify_tls: true }
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com, address: 10.44.10.5 }
conferencing_nodes:
  - { name: conf01, hostname: conf01, domain: vc.example.com, address: 10.44.10.21, system_location: Oslo }
system_locations: [{ name: Oslo }]
`,
  );
  return {
    ...{ deployment: "deployment.yaml", inventories: [], cwd: folder, live: true, only: [], severities: [] },
    ...{ inconclusive: "fail", maxWarnings: null, now: Date.now(), from: "lab" },
    allowProbe: ["127.0.0.0/8"],
    probe: { timeout_ms: 2000, retries: 0, deadline_ms: 120_000 },
  };
}

it("reports the same as the live run with its answers, byte for byte", async () => {
  const options = await troubledSite();
  const { report } = await check(options);
  expect(report.mode).toBe("live");
  const recording: EvidenceFile = {
    ...{ schema_version: 1, tool: report.tool, from: "lab", recorded_at: report.started_at },
    answers: report.evidence.map(({ question, answer }) => ({ question, answer })),
  };
  await writeFile(join(options.cwd, "evidence.json"), JSON.stringify(recording));
  const { report: replayed } = await check({ ...options, evidence: ["evidence.json"] });

  expect(JSON.stringify(replayed.checks)).toBe(JSON.stringify(report.checks));
  expect(JSON.stringify(replayed.evidence)).toBe(JSON.stringify(report.evidence));
  expect(replayed.summary).toEqual(report.summary);
  expect(replayed.mode).toBe("replay");
  // The comparison is about something: live rules failed, passed and were inconclusive.
  const live = new Set(report.rules.filter((rule) => rule.live).map(({ id }) => id));
  const verdicts = report.checks.filter(({ rule }) => live.has(rule)).map(({ verdict }) => verdict);
  expect(new Set(verdicts)).toEqual(new Set(["pass", "fail", "inconclusive", "not-applicable"]));
});

it("sends the same queries with probe as with check", async () => {
  const options = await troubledSite();
  const { report } = await check(options);
  const { evidence, unasked, crashed, inputs } = await probe(options);
  expect({ unasked: [...unasked], crashed, errors: inputs.errors }).toEqual({ unasked: [], crashed: [], errors: [] });
  const inOrder = (questions: readonly unknown[]) => questions.map((question) => JSON.stringify(question)).sort();
  expect(inOrder(evidence?.answers.map(({ question }) => question) ?? [])).toEqual(
    inOrder(report.evidence.map(({ question }) => question)),
  );
  const reasons = (answers: EvidenceFile["answers"]) =>
    new Map(answers.map(({ question, answer }) => [JSON.stringify(question), answer.reason]));
  expect(reasons(evidence?.answers ?? [])).toEqual(reasons(report.evidence));
});

it("reads what it recorded of a certificate whose name contains characters that no text file may contain", async () => {
  const maker = new CertificateMaker();
  const name = "vcenter\ufffe\uffff";
  const leaf = maker.issue({ subject: `/CN=${name}`, issuer: null, extensions: serverExtensions("IP:127.0.0.1") });
  maker.remove();
  const { port } = await startTlsResponder([leaf]);
  const cwd = await mkdtemp(join(tmpdir(), "preflight-replay-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(
    join(cwd, "deployment.yaml"),
    `vm_manager: { address: "127.0.0.1:${port}", type: vcenter, verify_tls: true }\n`,
  );
  const run = { deployment: "deployment.yaml", inventories: [], cwd, only: ["tls/vm-manager-certificate"], now: null };
  const { evidence } = await probe({ ...run, severities: [], allowProbe: ["127.0.0.0/8"] });
  await writeFile(join(cwd, "evidence.json"), [...jsonText(evidence, 2)]);

  const { report } = await check({
    ...{ ...run, live: true, severities: [], evidence: ["evidence.json"] },
    ...{ inconclusive: "fail", maxWarnings: null },
  });
  expect(report.errors).toEqual([]);
  expect(report.evidence.map(({ answer }) => answer)).toEqual([
    expect.objectContaining({ kind: "tcp", reason: "open" }),
    expect.objectContaining({
      kind: "tls",
      certificate: expect.objectContaining({ subject: `CN=${name}` }) as unknown,
    }),
  ]);
});
