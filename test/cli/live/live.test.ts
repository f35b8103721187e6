import { once } from "node:events";
import { createSocket, type Socket } from "node:dgram";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preflight } from "../program.ts";

/** A DNS server that receives every query and never answers. */
let silent: Socket;
let folder: string;

beforeAll(async () => {
  silent = createSocket("udp4");
  silent.bind(0, "127.0.0.1");
  await once(silent, "listening");
  folder = await mkdtemp(join(tmpdir(), "preflight-live-"));
  const deployment = `platform: { version: "25" }
dns_servers: ["127.0.0.1:${silent.address().port}"]
ntp_servers: [ntp1.vc.example.com]
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com, address: 10.0.0.5, vm_system_memory: 4098 }
conferencing_nodes: []
`;
  await writeFile(join(folder, "deployment.yaml"), deployment);
});
afterAll(async () => {
  silent.close();
  await rm(folder, { recursive: true });
});

/** The server of these tests is on this machine. */
const LOOPBACK = ["--allow-probe", "127.0.0.0/8"];

describe("a live run that is interrupted", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("by %s writes its reports, says so and exits 2", async (signal) => {
    const heard = once(silent, "message");
    const args = ["deployment.yaml", ...LOOPBACK, "--format", "json", "--format", `stylish=${signal}.txt`];
    const { exitCode, stdout, stderr } = await preflight(args, {
      cwd: folder,
      // The first query has arrived, so the program is waiting for an answer that never comes.
      onStart: (child) => void heard.then(() => child.kill(signal)),
    });
    expect(exitCode).toBe(2);
    const report = JSON.parse(stdout) as {
      exit_code: number;
      errors: { code: string }[];
      checks: { rule: string; verdict: string; reason: string | null }[];
    };
    expect(report.exit_code).toBe(2);
    expect(report.errors.map(({ code }) => code)).toEqual(["interrupted"]);
    const verdict = (rule: string) => report.checks.find((check) => check.rule === rule)?.verdict;
    expect(verdict("time/ntp-reachable")).toBe("inconclusive");
    expect(verdict("dns/node-address-record")).toBe("inconclusive");
    // Checks of files are still evaluated.
    expect(verdict("vm/memory-multiple-of-4")).toBe("fail");
    expect(stderr).toContain("error[interrupted]: The run was interrupted; run again to query the rest.");
    const page = await readFile(join(folder, `${signal}.txt`), "utf8");
    expect(page).toContain("Gate: NO VERDICT");
    expect(page.match(/error\[interrupted\]/g)).toHaveLength(1);
  });

  it("reports once that it was interrupted, if the human-readable report is on stdout", async () => {
    const heard = once(silent, "message");
    const { exitCode, stdout, stderr } = await preflight(["deployment.yaml", ...LOOPBACK], {
      cwd: folder,
      onStart: (child) => void heard.then(() => child.kill("SIGINT")),
    });
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: "" });
    expect(stdout.match(/error\[interrupted\]/g)).toHaveLength(1);
  });
});

describe("a run without queries", () => {
  it.each([
    ["preflight --no-live", ["deployment.yaml", "--no-live"]],
    ["preflight plan", ["plan", "deployment.yaml"]],
    ["preflight --only with a static rule", ["deployment.yaml", "--only", "vm/memory-multiple-of-4"]],
  ])("sends nothing: %s", async (_, args) => {
    let questions = 0;
    const count = () => (questions += 1);
    silent.on("message", count);
    const { exitCode } = await preflight(args, { cwd: folder });
    silent.off("message", count);
    expect(exitCode).toBe(args[0] === "plan" ? 0 : 1);
    expect(questions).toBe(0);
  });
});
