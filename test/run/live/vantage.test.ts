import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import type { Deployment } from "../../../src/schema/deployment.generated.ts";
import type { Check, EvidenceRecord, RunReport } from "../../../src/schema/report.generated.ts";
import { check, type CheckOptions, probe } from "../../../src/run/index.ts";
import { vantageNotes } from "../../../src/run/live/vantage.ts";
import { closedTcpPort, startTcpResponder } from "../../probe/servers/tcp-responder.ts";

const DEPLOYMENT = {
  management_node: { name: "mgr", hostname: "mgr" },
  system_locations: [{ name: "Oslo" }],
  conferencing_nodes: [{ name: "conf01", hostname: "conf01", system_location: "Oslo" }],
} as unknown as Deployment;

const row = (kind: string, evidence: readonly string[] = ["e1"]): Check => ({
  ...{ rule: "a/b", subject: { kind, name: "x" }, severity: "error", verdict: "pass", reason: null, missing: [] },
  ...{ because: [], findings: [], root_causes: [], evidence, waiver: null, remediation: null, location: null },
});

const from = (place: string): EvidenceRecord => ({
  id: "e1",
  question: { kind: "tcp", address: "192.0.2.1", port: 443 },
  answer: {
    ...{ kind: "tcp", status: "answered", reason: "open", attempts: [], duration_ms: 1, from: place },
    started_at: "2026-01-01T00:00:00Z",
  },
});

function notes(vantage_points: Record<string, string> | undefined, checks: readonly Check[] = CHECKS) {
  const deployment = vantage_points === undefined ? DEPLOYMENT : { ...DEPLOYMENT, vantage_points };
  return vantageNotes(checks, { deployment, evidence: [from("jump")], isRequired: false });
}

const CHECKS = [row("vm-manager"), row("host"), row("ntp-server"), row("node")];

describe("live verdicts", () => {
  it("are counted in one line for each network that they are about and were not obtained in", () => {
    expect(notes({})).toEqual([
      "2 checks probed from jump, not from the Management Node's network.",
      "1 check probed from jump, not from a node's network.",
    ]);
  });

  it.each<[Record<string, string>, number]>([
    [{ jump: "mgr" }, 0],
    [{ jump: "Oslo" }, 1],
    [{ jump: "conf01" }, 1],
    [{ jump: "Bergen" }, 2],
    [{ other: "mgr" }, 2],
    [{ toString: "mgr" }, 2],
  ])("of a vantage point that is mapped as %j leave %i lines", (vantage_points, lines) => {
    expect(notes(vantage_points)).toHaveLength(lines);
  });

  it("leave no line without a map, or if no answer was read", () => {
    expect(notes(undefined)).toEqual([]);
    expect(notes({}, [row("vm-manager", [])])).toEqual([]);
  });
});

/** A VM manager at a port, a DNS server that is not there, and a node whose name cannot be looked up. */
async function site({ port, map = "" }: { readonly port: number; readonly map?: string }): Promise<CheckOptions> {
  const cwd = await mkdtemp(join(tmpdir(), "preflight-vantage-"));
  onTestFinished(() => rm(cwd, { recursive: true }));
  await writeFile(
    join(cwd, "deployment.yaml"),
    `${map}dns_servers: ["127.0.0.1:${await closedTcpPort()}"]
vm_manager: { address: "127.0.0.1:${port}", type: vcenter, verify_tls: true }
management_node: { name: mgr, hostname: mgmt01, domain: vc.example.com, address: 10.44.10.5 }
system_locations: [{ name: Oslo }]
`,
  );
  return {
    ...{ deployment: "deployment.yaml", inventories: [], cwd, live: true, severities: [], now: Date.now() },
    only: [
      "dns/server-reachable",
      "dns/node-address-record",
      "network/port-443-vm-manager",
      "tls/vm-manager-certificate",
    ],
    ...{ allowProbe: ["127.0.0.0/8"], probe: { timeout_ms: 1000, retries: 0, deadline_ms: 60_000 } },
    ...{ inconclusive: "fail", maxWarnings: null },
  };
}

const summary = ({ checks }: RunReport) =>
  Object.fromEntries(
    checks
      .filter(({ verdict }) => verdict !== "skipped")
      .map(({ rule, verdict, because, root_causes }) => [rule, [verdict, because.length + root_causes.length]]),
  );

describe("--require-vantage", () => {
  it("makes failures from elsewhere inconclusive before they become the cause of other checks", async () => {
    const options = await site({ port: await closedTcpPort() });
    expect(summary((await check(options)).report)).toEqual({
      "dns/node-address-record": ["inconclusive", 1],
      "dns/server-reachable": ["fail", 0],
      "network/port-443-vm-manager": ["fail", 0],
      "tls/vm-manager-certificate": ["inconclusive", 1],
    });
    const { report } = await check({ ...options, requireVantage: true });
    expect(summary(report)).toEqual({
      "dns/node-address-record": ["inconclusive", 0],
      "dns/server-reachable": ["inconclusive", 0],
      "network/port-443-vm-manager": ["inconclusive", 0],
      "tls/vm-manager-certificate": ["inconclusive", 0],
    });
    expect(report.checks.find(({ rule }) => rule === "dns/server-reachable")).toMatchObject({
      reason:
        "probed from local, not from a node's network; map a vantage point there in vantage_points, or omit --require-vantage",
      findings: [],
    });
    expect(report.summary).toMatchObject({ gate: "failed", fail: 0 });
  });

  it("changes nothing if the vantage point is in the network", async () => {
    const options = await site({ port: await closedTcpPort(), map: "vantage_points: { here: mgr }\n" });
    const there = { ...options, from: "here" };
    const verdicts = summary((await check(there)).report);
    expect(verdicts).toMatchObject({ "network/port-443-vm-manager": ["fail", 0] });
    expect(summary((await check({ ...there, requireVantage: true })).report)).toEqual(verdicts);
  });

  it.each([
    ["first", ["jump", "mgmt"]],
    ["last", ["mgmt", "jump"]],
  ])("lets the right network decide where the wrong one comes %s, and shows both", async (_, order) => {
    let place = "";
    const { port } = await startTcpResponder((socket) =>
      place === "mgmt" ? socket.resetAndDestroy() : socket.end("?"),
    );
    const options = {
      ...(await site({ port, map: "vantage_points: { mgmt: mgr }\n" })),
      only: ["network/port-443-vm-manager"],
    };
    for (place of ["mgmt", "jump"]) {
      const { evidence } = await probe({ ...options, from: place });
      await writeFile(join(options.cwd, `${place}.json`), JSON.stringify(evidence));
    }
    const evidence = order.map((name) => `${name}.json`);
    const both = async (requireVantage: boolean) => {
      const { report } = await check({ ...options, evidence, requireVantage });
      return { row: report.checks.find(({ verdict }) => verdict !== "skipped"), vantage: report.vantage };
    };
    const seenFrom = (name: string) => expect.stringContaining(`(Seen from ${name}.)`) as unknown;
    const verdictsOf = (jump: string) =>
      order.map((name) => ({ from: name, verdict: name === "jump" ? jump : "fail" }));
    const required = await both(true);
    expect(required.row).toMatchObject({
      verdict: "fail",
      findings: [{ message: seenFrom("mgmt") }],
      vantage_points: verdictsOf("inconclusive"),
    });
    expect(required.vantage).toBeUndefined();
    // Both fail, in other words: of equal verdicts that of the right network counts.
    const free = await both(false);
    expect(free.row).toMatchObject({
      verdict: "fail",
      findings: [{ message: seenFrom("mgmt") }],
      vantage_points: verdictsOf("fail"),
    });
    expect(free.vantage).toBeUndefined();
  });
});
