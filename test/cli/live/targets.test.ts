import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { startNtpServer } from "../../../scripts/example/ntp-server.ts";
import type { RunPlan } from "../../../src/run/plan.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { pretendNetwork } from "../../support/pretend-network.ts";
import { preflight } from "../program.ts";

let folder: string;
let clock: Awaited<ReturnType<typeof startNtpServer>>;
/** Whatever the deployment names is on this machine. */
const env = () => pretendNetwork({ routes: { "udp 10.0.0.5:123": clock.port } });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-targets-"));
  clock = await startNtpServer();
  await writeFile(
    join(folder, "deployment.yaml"),
    `ntp_servers: ["127.0.0.1:${clock.port}", 10.0.0.5]\nmanagement_node: { name: m, hostname: m }\n`,
  );
  await writeFile(join(folder, "preflight.config.yaml"), `probe: { allow: ["127.0.0.1/32:${clock.port}"] }\n`);
});
afterAll(async () => {
  await clock.close();
  await rm(folder, { recursive: true });
});

const ONLY = ["deployment.yaml", "--only", "time/ntp-reachable"];

async function verdicts(args: readonly string[]): Promise<Readonly<Record<string, string>>> {
  const { stdout } = await preflight([...ONLY, "--format", "json", ...args], { cwd: folder, env: env() });
  const { checks } = JSON.parse(stdout) as RunReport;
  return Object.fromEntries(
    checks.flatMap(({ subject, verdict }) => (verdict === "skipped" ? [] : [[subject.name, verdict]])),
  );
}

describe("a target on this machine", () => {
  const named = () => `127.0.0.1:${clock.port}`;
  const allowed = () => `127.0.0.1/32:${clock.port}`;

  it("is not contacted; the report names the option that allows it", async () => {
    expect(await verdicts(["--no-config"])).toEqual({ [named()]: "inconclusive", "10.0.0.5": "pass" });
    const { stdout } = await preflight([...ONLY, "--no-config"], { cwd: folder, env: { ...env(), COLUMNS: "300" } });
    expect(stdout).toContain(
      `127.0.0.1: not contacted: 127.0.0.1 is a loopback address (RFC 1122); allow it with --allow-probe ${allowed()}: 1 check`,
    );
  });

  it("is contacted with that option", async () => {
    expect(await verdicts(["--no-config", "--allow-probe", allowed()])).toEqual({
      [named()]: "pass",
      "10.0.0.5": "pass",
    });
    expect(await verdicts(["--no-config", "--allow-probe", "127.0.0.1/32:1"])).toMatchObject({
      [named()]: "inconclusive",
    });
  });

  it("is contacted if a config or policy given by name allows it, and not if a config was only found", async () => {
    expect(await verdicts(["--config", "preflight.config.yaml"])).toMatchObject({ [named()]: "pass" });
    expect(await verdicts(["--policy", "preflight.config.yaml"])).toMatchObject({ [named()]: "pass" });
    expect(await verdicts([])).toMatchObject({ [named()]: "inconclusive" });
  });

  it("is not recorded by probe, which reports it", async () => {
    const args = ["probe", ...ONLY, "--no-config", "-o", "evidence.json"];
    const { exitCode, stderr } = await preflight(args, { cwd: folder, env: { ...env(), COLUMNS: "300" } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain('sent 1 query from "local": 1 answered, 0 without an answer; 1 not sent;');
    expect(stderr).toContain(`allow it with --allow-probe ${allowed()} (1 query not sent).`);
    expect(stderr).not.toContain("all answered");
  });

  it("is marked in the plan, in every format, until it is allowed", async () => {
    const plan = async (...args: readonly string[]) =>
      (await preflight(["plan", ...ONLY, ...args], { cwd: folder, env: { ...env(), COLUMNS: "300" } })).stdout;
    const note = `not contacted: 127.0.0.1 is a loopback address (RFC 1122); allow it with --allow-probe ${allowed()}`;
    const refused = async (...args: readonly string[]) => {
      const { connections } = JSON.parse(await plan("--format", "json", ...args)) as RunPlan;
      return Object.fromEntries(connections.map((connection) => [connection.to, connection.refused]));
    };
    expect(await refused("--no-config")).toEqual({ "127.0.0.1": note, "10.0.0.5": null });
    expect(await refused("--no-config", "--allow-probe", allowed())).toEqual({ "127.0.0.1": null, "10.0.0.5": null });
    expect(await refused("--config", "preflight.config.yaml")).toEqual({ "127.0.0.1": null, "10.0.0.5": null });
    expect(await plan("--no-config")).toContain(`127.0.0.1 port ${clock.port} (UDP) ${note}.`);
    const row = ["127.0.0.1", "udp", String(clock.port), "NTP queries"];
    expect(await plan("--no-config", "--format", "csv")).toContain(
      `this machine,${row.join(",")},time/ntp-reachable,this run,yes,no,${note}\r\n`,
    );
    expect(await plan("--no-config", "--format", "markdown")).toMatch(
      /\| no \| not contacted: 127\.0\.0\.1 is a loopback/,
    );
  });
});
