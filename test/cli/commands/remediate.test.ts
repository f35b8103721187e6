import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { COMMANDS } from "../../../src/engine/api/command-table.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { MISTAKES, preflight, program } from "../program.ts";

let folder: string;
let saved: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-remediate-"));
  saved = join(folder, "report.json");
  await preflight([...MISTAKES, "--no-live", "--format", `json=${saved}`]);
});
afterAll(() => rm(folder, { recursive: true }));

const readReport = async () => JSON.parse(await readFile(saved, "utf8")) as RunReport;

describe("preflight remediate", () => {
  it("writes a script of a saved report, which shows its steps", async () => {
    const { exitCode, stdout, stderr } = await preflight(["remediate", saved]);
    expect([exitCode, stderr]).toEqual([0, ""]);
    const file = join(folder, "remediate.sh");
    await writeFile(file, stdout);
    const shown = await program("sh", [file]);
    expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
    expect(shown.stdout).toContain("    govc vm.upgrade -vm pexip-conf02 -version 11\n");
    expect(shown.stdout).toContain("By hand: Put node oslo-conf02 into Pexip maintenance mode.");
  });

  it.each(["govc", "powercli", "esxcli"])("names every failed check, for %s", async (shell) => {
    const { stdout } = await preflight(["remediate", saved, "--shell", shell]);
    const { checks } = await readReport();
    const failed = checks.filter(({ verdict, root_causes }) => verdict === "fail" && root_causes.length === 0);
    expect(failed.length).toBeGreaterThan(4);
    const missing = failed.filter(
      ({ rule, subject }) => !stdout.includes(`# ${rule} for ${subject.kind} ${subject.name}\n`),
    );
    expect(missing).toEqual([]);
  });

  it("reads a report from a pipe and writes into a file, but never over the report", async () => {
    const output = join(folder, "piped.sh");
    const stdin = await readFile(saved, "utf8");
    expect(await preflight(["remediate", "-", "-o", output], { stdin })).toMatchObject({ exitCode: 0, stdout: "" });
    expect(await readFile(output, "utf8")).toBe((await preflight(["remediate", saved])).stdout);
    const over = await preflight(["remediate", saved, "-o", saved]);
    expect([over.exitCode, over.stderr]).toEqual([2, expect.stringMatching(/would\s+overwrite an input file/)]);
  });

  it("refuses what is no report, and a report without a verdict", async () => {
    const { exitCode, stderr } = await preflight(["remediate", MISTAKES[0]]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(/is not a report\s+of infinity-preflight/)]);
    const file = join(folder, "invalid.json");
    const deployment = join(folder, "invalid.yaml");
    await writeFile(deployment, "platfrom: {}\n");
    await preflight([deployment, "--no-live", "--format", `json=${file}`]);
    const refused = await preflight(["remediate", file]);
    expect([refused.exitCode, refused.stdout]).toEqual([2, ""]);
    expect(refused.stderr).toContain("error[no-verdict]");
  });
});

it("finds the commands of every failed check as data in the report", async () => {
  const { checks } = await readReport();
  const commands = checks.flatMap(({ commands: own = [] }) => own);
  expect(commands.length).toBeGreaterThan(3);
  for (const { id, text } of commands) {
    expect(Object.keys(COMMANDS)).toContain(id);
    expect(text).toBeUndefined();
  }
});
