import { constants } from "node:fs";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CLEAN, MISTAKES, preflight, shell } from "../program.ts";

const STATIC = ["--no-live", "--now", "2026-11-22T12:00:00Z"];
const LINE = `${MISTAKES.join(" ")} ${STATIC.join(" ")}`;

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-outputs-"));
});
afterAll(() => rm(folder, { recursive: true }));

const written = async (name: string) => readFile(join(folder, name), "utf8");

describe("reports in files", () => {
  it("come beside the stylish one on stdout, with folders made on the way", async () => {
    const formats = ["--format", "json=out/deep/report.json", "--format=sarif=out/x=y.sarif"];
    const { exitCode, stdout, stderr } = await preflight([...MISTAKES, ...STATIC, ...formats], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(stdout).toContain("Gate: FAILED");
    expect(JSON.parse(await written("out/deep/report.json"))).toMatchObject({ exit_code: 1 });
    expect(JSON.parse(await written("out/x=y.sarif"))).toMatchObject({ version: "2.1.0" });
    expect(await readdir(join(folder, "out"))).toEqual(["deep", "x=y.sarif"]);
  });

  it("leave stdout to the format that has no file", async () => {
    const formats = ["--format=stylish=page.txt", "--format", "json"];
    const { stdout } = await preflight([...MISTAKES, ...STATIC, ...formats], { cwd: folder });
    expect(JSON.parse(stdout)).toMatchObject({ exit_code: 1 });
    expect(await written("page.txt")).toContain("Gate: FAILED");
  });

  it("have no colour unless requested, even if FORCE_COLOR is set", async () => {
    const env = { FORCE_COLOR: "1" };
    const { stdout } = await preflight([...MISTAKES, ...STATIC, "--format=stylish=plain.txt", "--format=json"], {
      cwd: folder,
      env,
    });
    expect(stdout).not.toContain("\u001b");
    expect(await written("plain.txt")).not.toContain("\u001b");
    await preflight([...MISTAKES, ...STATIC, "--format=stylish=red.txt", "--format=json", "--color=always"], {
      cwd: folder,
    });
    expect(await written("red.txt")).toContain("\u001b[31m");
  });

  it("are written even without a verdict, and then contain the errors", async () => {
    const args = ["nosuch.yaml", "--format", "json=none.json", "--format", "sarif=none.sarif"];
    const { exitCode, stdout, stderr } = await preflight(args, { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("File nosuch.yaml does not exist.");
    expect(JSON.parse(await written("none.json"))).toMatchObject({ errors: [{ code: "no-such-file" }] });
    expect(await written("none.sarif")).toContain("File nosuch.yaml does not exist.");
  });

  it("replace an old one whole, and keep its mode", async () => {
    await writeFile(join(folder, "real.json"), "x".repeat(1_000_000));
    await chmod(join(folder, "real.json"), 0o640);
    const { exitCode } = await preflight([...CLEAN, ...STATIC, "--format", "json=real.json"], { cwd: folder });
    expect(exitCode).toBe(0);
    expect(JSON.parse(await written("real.json"))).toMatchObject({ exit_code: 0 });
    expect((await stat(join(folder, "real.json"))).mode & 0o777).toBe(0o640);
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it("replace a symbolic link, and do not change its target", async () => {
    await mkdir(join(folder, "links"));
    await writeFile(join(folder, "target"), "precious");
    await chmod(join(folder, "target"), 0o400);
    await symlink("../target", join(folder, "links", "file.json"));
    await symlink("../no-such", join(folder, "links", "dangling.sarif"));
    await symlink("loop.csv", join(folder, "links", "loop.csv"));
    const formats = ["json=links/file.json", "sarif=links/dangling.sarif"].flatMap((format) => ["--format", format]);
    const { exitCode, stderr } = await preflight([...CLEAN, ...STATIC, ...formats], { cwd: folder });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    expect(await written("target")).toBe("precious");
    expect(JSON.parse(await written("links/file.json"))).toMatchObject({ exit_code: 0 });
    for (const name of ["file.json", "dangling.sarif"]) {
      const { mode } = await lstat(join(folder, "links", name));
      expect([name, mode & constants.S_IFMT, mode & 0o111]).toEqual([name, constants.S_IFREG, 0]);
    }
    expect(await readdir(folder)).not.toContain("no-such");
    const loop = await preflight([...CLEAN, ...STATIC, "--format", "csv=links/loop.csv"], { cwd: folder });
    expect(loop.exitCode).toBe(2);
  });

  it("are written to a pipe through a symbolic link", async () => {
    const run = `$PREFLIGHT ${CLEAN.join(" ")} ${STATIC.join(" ")} --format github=to-pipe >/dev/null`;
    const line = `mkfifo pipe && ln -s pipe to-pipe && exec 3<>pipe && ${run} && head -n 1 <&3`;
    const { stdout, stderr } = await shell(line, { cwd: folder });
    expect({ stdout: stdout.slice(0, 9), stderr }).toEqual({ stdout: "::notice ", stderr: "" });
    expect((await lstat(join(folder, "to-pipe"))).isSymbolicLink()).toBe(true);
  });

  it("leave no drafts", async () => {
    expect((await readdir(folder)).filter((name) => name.endsWith(".tmp"))).toEqual([]);
  });

  it.each([
    ["a folder", "json=.", ". is a folder, not a file."],
    ["a file as a folder", "json=plain/x.json", "a part of the path is not a folder"],
    ["a place where no file can be", "json=/proc/no-such/x.json", "cannot be written"],
    ["a name that is too long", `json=${"x".repeat(300)}`, "the name is too long"],
    ["an input", `json=${MISTAKES[0]}`, "would overwrite an input file."],
    ["an input by another name", "json=alias.yaml", "would overwrite an input file."],
  ])("are refused before the run: %s", async (_, format, message) => {
    await writeFile(join(folder, "plain"), "");
    await rm(join(folder, "alias.yaml"), { force: true });
    await symlink(MISTAKES[0], join(folder, "alias.yaml"));
    const before = await readFile(MISTAKES[0], "utf8");
    const args = [...MISTAKES, ...STATIC, "--format", format];
    const { exitCode, stdout, stderr } = await preflight(args, { cwd: folder, env: { COLUMNS: "1000" } });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(message);
    expect(await readFile(MISTAKES[0], "utf8")).toBe(before);
  });

  it("are rejected if one file is given twice", async () => {
    const formats = ["--format", "json=a.out", "--format", "sarif=./a.out"];
    const { exitCode, stdout, stderr } = await preflight([...CLEAN, ...STATIC, ...formats], { cwd: folder });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("The formats json and sarif both go to ./a.out.");
  });

  it("report a full disk, exit 2, and leave the device a device", async () => {
    const { exitCode, stdout, stderr } = await preflight([...CLEAN, ...STATIC, "--format", "json=/dev/full"]);
    expect(exitCode).toBe(2);
    expect(stdout).toContain("Gate: PASSED");
    expect(stderr.replaceAll("\n  ", " ")).toContain("The report /dev/full cannot be written: the disk is full.");
    expect((await stat("/dev/full")).isCharacterDevice()).toBe(true);
  });

  it("can be piped to another program", async () => {
    const { exitCode, stdout } = await shell(
      `$PREFLIGHT ${LINE} --format json=>(node -e 'process.stdin.resume().pipe(process.stdout)') | tail -n 2`,
    );
    expect(exitCode).toBe(1);
    expect(stdout).not.toBe("");
  });

  it("do not wait for a pipe without a reader", async () => {
    const line = `mkfifo silent && $PREFLIGHT ${LINE} --format json=silent >/dev/null`;
    const { exitCode, stderr } = await shell(line, { cwd: folder, env: { COLUMNS: "200" } });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("The report silent cannot be written: it is a pipe without a reader.");
  });
});

describe("stdout and stderr", () => {
  it("contain the report, and nothing else", async () => {
    const { exitCode, stdout, stderr } = await preflight([...MISTAKES, ...STATIC, "--format", "json"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
    expect(JSON.parse(stdout)).toMatchObject({ schema_version: 1, exit_code: 1 });
    expect(stdout.endsWith("}\n")).toBe(true);
  });

  it.each(["--format=json", "--format=sarif", "--format=stylish"])(
    "a reader that exits early is not a failure: %s",
    async (format) => {
      for (const reader of ["head -n 1", "true"]) {
        const { exitCode, stderr } = await shell(`$PREFLIGHT ${LINE} ${format} | ${reader}`);
        expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: "" });
      }
    },
  );

  it("survive a huge report and a slow reader whole", async () => {
    const { stdout } = await shell(`$PREFLIGHT ${LINE} --format json | (read -r first; cat) | tail -n 1`);
    expect(stdout).toBe("}\n");
  });

  it.each([
    ["--help", 0],
    ["rules list", 0],
    ["schema deployment", 0],
    [`plan ${LINE}`, 0],
    [LINE, 1],
    ["nosuch.yaml", 2],
  ])("may be closed: %s", async (args, expected) => {
    for (const redirection of [">&-", "2>&-", ">&- 2>&-", "2>/dev/full"]) {
      expect((await shell(`$PREFLIGHT ${args} ${redirection}`)).exitCode).toBe(expected);
    }
  });

  it.each(["--help", "--version", "rules list", "schema report", `plan ${LINE}`, LINE, `${LINE} --format json`])(
    "report that a full disk accepted no report: %s",
    async (args) => {
      const { exitCode, stderr } = await shell(`$PREFLIGHT ${args} >/dev/full`);
      expect(exitCode).toBe(2);
      expect(stderr).toContain("error[unwritable-report]: Standard output cannot be written: the disk is full.");
      expect((await shell(`$PREFLIGHT ${args} >/dev/full 2>&1`)).exitCode).toBe(2);
    },
  );
});

describe("colour and width", () => {
  const painted = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
    (await preflight([...MISTAKES, ...STATIC, ...args], { env })).stdout.includes("\u001b[");

  it("is off without a terminal, on if requested", async () => {
    expect(await painted([], {})).toBe(false);
    expect(await painted(["--color", "always"], { NO_COLOR: "1" })).toBe(true);
    expect(await painted([], { FORCE_COLOR: "1" })).toBe(true);
    expect(await painted([], { FORCE_COLOR: "1", NO_COLOR: "1" })).toBe(true);
    expect(await painted(["--color=never"], { FORCE_COLOR: "1" })).toBe(false);
  });

  it("colours errors on stderr by the same rules", async () => {
    const errors = async (args: readonly string[], env: Readonly<Record<string, string>>) =>
      (await preflight(["nosuch.yaml", ...args], { env })).stderr;
    expect(await errors([], {})).not.toContain("\u001b[");
    expect(await errors(["--color=always"], {})).toContain("\u001b[31m");
    expect(await errors(["--color=always", "--only=x"], {})).toContain("\u001b[31m");
    expect(await errors(["--color=never"], { FORCE_COLOR: "1" })).not.toContain("\u001b[");
  });

  it("keeps prose within COLUMNS", async () => {
    const { stdout } = await preflight([...CLEAN, ...STATIC], { env: { COLUMNS: "40" } });
    expect(stdout.split("\n").filter((line) => line.length > 40)).toEqual([]);
    const plan = await preflight(["plan", ...CLEAN], { env: { COLUMNS: "40" } });
    expect(plan.stdout.split("\n").filter((line) => line.length > 40)).toEqual([]);
  });

  it.each(["0", "-3", "wide", "1e9", ""])(
    "takes a COLUMNS that makes no sense (%s) for 80 or more",
    async (COLUMNS) => {
      const { exitCode, stdout } = await preflight([...CLEAN, ...STATIC], { env: { COLUMNS } });
      expect(exitCode).toBe(0);
      expect(stdout).toContain("Gate: PASSED");
    },
  );
});
