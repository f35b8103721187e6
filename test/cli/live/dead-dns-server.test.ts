import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvidenceFile } from "../../../src/schema/evidence.generated.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { type ExampleNetwork, exampleNetwork } from "../../support/example-network.ts";
import { pretendNetwork, type Routes } from "../../support/pretend-network.ts";
import { CLEAN_LIVE as CLEAN, preflight } from "../program.ts";

/** One try each, and time enough for the servers that live. */
const LIMITS = ["--timeout", "1500", "--retries", "0"];
const DEAD = "10.44.0.11";

let folder: string;
let network: ExampleNetwork;
let dead: Routes;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-dead-dns-"));
  network = await exampleNetwork();
  dead = { ...network.routes, [`udp ${DEAD}:53`]: "silent", [`tcp ${DEAD}:53`]: "silent" };
});
afterAll(async () => {
  await network.close();
  await rm(folder, { recursive: true });
});

const run = (args: readonly string[], routes: Routes) =>
  preflight(args, { cwd: folder, env: { ...pretendNetwork({ routes }), COLUMNS: "300" } });

async function evaluated(args: readonly string[], routes: Routes): Promise<RunReport> {
  return JSON.parse((await run([...CLEAN, ...args, "--format", "json"], routes)).stdout) as RunReport;
}

const differing = (a: RunReport, b: RunReport) =>
  a.checks.flatMap((check, index) => {
    const other = b.checks.at(index);
    return other?.verdict === check.verdict ? [] : [`${check.rule} ${check.subject.name}: ${other?.verdict ?? "gone"}`];
  });

describe("one of two DNS servers that is dead", () => {
  it("receives a few queries, fails, and changes nothing that the other one can answer", async () => {
    const well = await evaluated(LIMITS, network.routes);
    const one = await evaluated(LIMITS, dead);
    expect(differing(well, one)).toEqual([
      `dns/server-no-wildcard ${DEAD}: inconclusive`,
      `dns/server-reachable ${DEAD}: fail`,
      "dns/servers-agree deployment/dns: inconclusive",
    ]);
    const asked = one.evidence.filter(({ question }) => question.kind === "dns" && question.server === DEAD);
    const silent = asked.filter(({ answer }) => answer.reason === "timeout");
    const spared = asked.filter(({ answer }) => answer.reason === "server-silent");
    expect(silent.length + spared.length).toBe(asked.length);
    expect(silent.length).toBeLessThanOrEqual(6);
    expect(spared.length).toBeGreaterThan(10);
    const agree = one.checks.find(({ rule }) => rule === "dns/servers-agree");
    expect(agree?.because).toEqual([{ rule: "dns/server-reachable", subject: { kind: "dns-server", name: DEAD } }]);
  });

  it("is recorded as found, and evaluated in the same way from the recording", async () => {
    const recorded = await run(["probe", ...CLEAN, ...LIMITS, "-o", "evidence.json"], dead);
    expect(recorded.exitCode).toBe(0);
    expect(recorded.stderr).toMatch(
      /; \d+ not sent because their DNS server did not respond; written to evidence.json\n$/,
    );
    const { answers } = JSON.parse(await readFile(join(folder, "evidence.json"), "utf8")) as EvidenceFile;
    const reasons = new Set(answers.map(({ answer }) => answer.reason));
    expect(reasons).toContain("server-silent");
    const live = await evaluated(LIMITS, dead);
    const replayed = await evaluated(["--evidence", "evidence.json"], {});
    expect(differing(live, replayed)).toEqual([]);
    const again = await evaluated(["--evidence", "evidence.json"], {});
    expect(again.checks).toEqual(replayed.checks);
  });
});
