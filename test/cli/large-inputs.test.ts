import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { preflight, program, PROGRAM } from "./program.ts";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "preflight-large-"));
  await writeFile(join(cwd, "deployment.yaml"), NODE);
});
afterAll(() => rm(cwd, { recursive: true }));

const NODE = "management_node:\n  name: m\n  hostname: m\n";
const DIRECTIVE = "# preflight-disable-next-line vm/thick-disk until 2099-01-31 -- reason\n";

describe("inputs that would exhaust the memory or take hours", () => {
  it("are rejected with one sentence and exit code 2 if the heap is small", async () => {
    await writeFile(join(cwd, "list.yaml"), `management_node: [${"1,".repeat(3_000_000)}1]\n`);
    const args = ["--max-old-space-size=128", PROGRAM, "list.yaml", "--no-live"];
    const { exitCode, stdout, stderr } = await program(process.execPath, args, { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replace(/\s+/g, " ")).toMatch(
      /^error\[not-enough-memory\]: list\.yaml needs more memory than Node may use: about [\d,]+ MB of \d+ MB\. hint: Raise the limit: NODE_OPTIONS=--max-old-space-size=\d+\. $/,
    );
  });

  it.each([["--no-live"], ["plan"]])("are nodes whose checks do not fit: %s", async (word) => {
    const nodes = Array.from({ length: 20_000 }, (_, index) => `  - {name: n${index}, hostname: n${index}}\n`);
    await writeFile(join(cwd, "nodes.yaml"), `conferencing_nodes:\n${nodes.join("")}`);
    const words = word === "plan" ? ["plan", "nodes.yaml"] : ["nodes.yaml", word];
    const args = ["--max-old-space-size=256", PROGRAM, ...words];
    const { exitCode, stdout, stderr } = await program(process.execPath, args, { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replace(/\s+/g, " ")).toMatch(
      /^error\[not-enough-memory\]: The [\d,]+ checks of this run need more memory than Node may use: about [\d,]+ MB of \d+ MB\. hint: Split the deployment, run fewer rules with --only, or raise the limit: NODE_OPTIONS=--max-old-space-size=\d+\. $/,
    );
  });

  it.each(["config.yaml", "evidence.json"])("get a hint that fits the file: %s", async (file) => {
    await writeFile(join(cwd, file), `{"a": [${"{},".repeat(11_000_000)}{}]}`);
    const option = file === "config.yaml" ? "--config" : "--evidence";
    const { exitCode, stderr } = await preflight(["deployment.yaml", option, file], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).not.toContain("Split the inventory");
    expect(stderr).toContain(file === "config.yaml" ? "A config is written by hand" : "Record fewer rules in one");
    await rm(join(cwd, file));
  });

  it("are directives by the hundred thousand", async () => {
    await writeFile(join(cwd, "directives.yaml"), NODE + DIRECTIVE.repeat(300_000));
    const { exitCode, stderr } = await preflight(["directives.yaml", "--no-live"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr.replace(/\s+/g, " ")).toContain("There are 300,000 directives, more than the limit of 50,000.");
  });
});

describe("texts of many megabytes, for which regular expressions exhaust the stack", () => {
  const long = "x".repeat(1_100_000);
  it.each([
    ["a value in YAML", `platform: { version: "${long}" }\n`, "1:22"],
    ["a block in YAML", `platform:\n  version: |\n    ${long}\n`, "2:12"],
    ["a key in YAML", `platform:\n  ${long}: 1\n`, "2:3"],
    ["JSON", `{"conferencing_nodes": [{"name": "a", "hostname": "${long}"}]}`, "1:51"],
  ])("are refused with one sentence: %s", async (_, text, at) => {
    await writeFile(join(cwd, "long.yaml"), text);
    const { exitCode, stdout, stderr } = await preflight(["long.yaml", "--no-live"], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    const words = stderr.replace(/\s+/g, " ");
    expect(words).toContain(`long.yaml:${at}: error[text-too-long]: A key or value is longer than 1,000,000`);
    await rm(join(cwd, "long.yaml"));
  });

  it.each([["report"], ["remediate"], ["compare"]])("are refused in a saved report: %s", async (command) => {
    await preflight(["deployment.yaml", "--no-live", "-f", "json=saved.json"], { cwd });
    const saved = (await readFile(join(cwd, "saved.json"), "utf8")).replace(/"message": "/, `$&${long}`);
    await writeFile(join(cwd, "saved.json"), saved);
    const files = command === "compare" ? ["saved.json", "saved.json"] : ["saved.json"];
    const { exitCode, stdout, stderr } = await preflight([command, ...files], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("error[text-too-long]");
  });
});

describe("inputs that once took time in proportion to their square", () => {
  it("are directives without anything below them, whose errors are bounded", async () => {
    await writeFile(join(cwd, "no-content.yaml"), NODE + DIRECTIVE.repeat(49_000));
    const { exitCode, stderr } = await preflight(["no-content.yaml", "--no-live"], { cwd });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("No line follows this directive.");
    expect(stderr).toContain("and 48,900 more");
  });

  it("are equal names in two inventories, which stay apart", async () => {
    const machines = (more: object) => ({
      virtual_machines: Array.from({ length: 8000 }, () => ({ name: "a", ...more })),
    });
    await writeFile(join(cwd, "one.json"), JSON.stringify(machines({})));
    await writeFile(join(cwd, "two.json"), JSON.stringify(machines({ datacenter: "d" })));
    const args = ["deployment.yaml", "--inventory", "one.json", "--inventory", "two.json", "--no-live"];
    const { exitCode, stderr } = await preflight(args, { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  });

  it("are equal machines in one export", async () => {
    const row = "a,poweredOn,False,a,4,8192,1,1,h1,c1,d1,,vc1\n";
    const header =
      "VM,Powerstate,Template,DNS Name,CPUs,Memory,NICs,Disks,Host,Cluster,Datacenter,VM UUID,VI SDK Server\n";
    await writeFile(join(cwd, "RVTools_tabvInfo.csv"), header + row.repeat(50_000));
    const args = ["deployment.yaml", "--inventory", "RVTools_tabvInfo.csv", "--no-live"];
    const { exitCode, stderr } = await preflight(args, { cwd });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
  });
});
