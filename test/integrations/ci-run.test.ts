import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-ci-run-"));
});
afterAll(() => rm(folder, { recursive: true }));

/** The last line and exit code of `.ci/run` with other steps; a signal is sent as soon as a step prints "ready". */
async function ciRun(name: string, steps: string, signal: NodeJS.Signals | null = null) {
  const script = await readFile(join(import.meta.dirname, "../../.ci/run"), "utf8");
  const [setUp = ""] = script.split(/^step "/m);
  await mkdir(join(folder, name, ".ci"), { recursive: true });
  const end = script.trimEnd().split("\n").at(-1) ?? "";
  await writeFile(join(folder, name, ".ci/run"), `${setUp}${steps}\n${end}\n`);
  // Node starts programs without ignored signals, and the group receives what a terminal sends.
  const child = spawn("bash", [join(folder, name, ".ci/run")], {
    detached: true,
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  let isSent = false;
  child.stdout.on("data", (chunk: Buffer) => {
    output += String(chunk);
    if (signal === null || isSent || !output.includes("ready")) return;
    isSent = true;
    process.kill(-(child.pid ?? 0), signal);
  });
  const [code] = (await once(child, "close")) as [number | null];
  return { code, last: output.trimEnd().split("\n").at(-1) };
}

describe.runIf(process.platform !== "win32")(".ci/run", () => {
  it("reports that all steps passed after the last one only", async () => {
    expect(await ciRun("passed", 'step "a" true\nstep "b" true')).toEqual({ code: 0, last: "All 2 steps passed." });
    expect(await ciRun("failed", 'step "a" false')).toEqual({ code: 1, last: "FAILED  a (exit code 1)" });
    expect(await ciRun("left", 'step "a" exit 0')).toEqual({ code: 1, last: "FAILED  a (exit code 1)" });
  });

  it.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("fails when %s ends it, also between two commands", async (signal, code) => {
    const failed = { code, last: `FAILED  a (exit code ${code})` };
    expect(await ciRun(`${signal}-in`, 'step "a" bash -c "echo ready; sleep 30"', signal)).toEqual(failed);
    const deaf = `step "a" bash -c 'trap got=1 HUP INT TERM; echo ready; while [ -z "$got" ]; do sleep 0.05; done'`;
    expect(await ciRun(`${signal}-between`, deaf, signal)).toEqual(failed);
  });
});
