import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "../../src/cli/output/write-reports.ts";
import { preflight } from "./program.ts";

const SECRET = "hunter2-of-the-lab";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "preflight-secret-keys-"));
});
afterAll(() => rm(cwd, { recursive: true }));

const NODE = "conferencing_nodes:\n  - name: a\n    hostname: a\n";

describe("the value of an unknown key that looks like a secret", () => {
  it.each([
    ["a misspelled password", `${NODE}    passwrod: ${SECRET}\n`],
    ["a token", `${NODE}    api_token: "${SECRET}"\n`],
    ["JSON", `{"conferencing_nodes": [{"name": "a", "hostname": "a", "sshCredentials": ["${SECRET}"]}]}`],
    ["a block", `${NODE}    private-keys: |\n      ${SECRET}\n      ${SECRET}\n`],
    ["a file that cannot be parsed", `${NODE}    passwrod: ${SECRET}\n    a: b: c\n`],
    ["a comment", `${NODE}    # passwrod: ${SECRET}\n    unknown: 1\n`],
  ])("is in no report: %s", async (_, deployment) => {
    await writeFile(join(cwd, "deployment.yaml"), deployment);
    await rm(join(cwd, "out"), { recursive: true, force: true });
    const formats = FORMATS.names
      .filter((name) => name !== "stylish")
      .flatMap((name) => ["--format", `${name}=out/${name}`]);
    const { exitCode, stdout, stderr } = await preflight(["deployment.yaml", "--no-live", ...formats], { cwd });
    const files = await readdir(join(cwd, "out"));
    expect(files).toHaveLength(FORMATS.names.length - 1);
    const reports = await Promise.all(files.map((file) => readFile(join(cwd, "out", file), "utf8")));
    expect(exitCode).toBe(2);
    const all = [stdout, stderr, ...reports].join("\n");
    expect(all).toContain("***");
    expect(all).not.toContain(SECRET);
  });
});
