import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { FORMATS } from "../../src/cli/output/write-reports.ts";
import { EXAMPLE, preflight } from "./program.ts";

const SECRET = "hunter2-of-another-user";
const NETRC = `machine example.com\n  login root\n  password: ${SECRET}\n\ttoken ${SECRET}\n`;

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "preflight-untrusted-files-"));
  await writeFile(join(root, "netrc"), NETRC);
});
afterAll(() => rm(root, { recursive: true }));

const RUN = ["deployment.yaml", "--inventory", "inventory.json", "--no-live"];

/** A repository with the clean example; what is printed and written by a run in it, in every format. */
async function outputsOf(name: string, prepare: (folder: string) => Promise<unknown>, more: readonly string[] = []) {
  const cwd = join(root, name);
  await cp(join(EXAMPLE, "clean"), cwd, { recursive: true });
  await mkdir(join(cwd, ".git"));
  await prepare(cwd);
  const files = FORMATS.names.filter((format) => format !== "stylish").map((format) => `${format}=out/${format}`);
  const run = await preflight([...RUN, ...files.flatMap((file) => ["--format", file]), ...more], { cwd });
  const reports = await Promise.all(
    (await readdir(join(cwd, "out")).catch(() => [])).map((file) => readFile(join(cwd, "out", file), "utf8")),
  );
  return { ...run, reports, cwd, all: [run.stdout, run.stderr, ...reports].join("\n") };
}

describe("files outside the repository", () => {
  it.each([
    [
      "found waivers that are a link",
      (cwd: string) => symlink("../netrc", join(cwd, "preflight.waivers.yaml")),
      "was discovered, but a symbolic link leads from it to a file outside the repository",
    ],
    [
      "a found config that is a link",
      (cwd: string) => symlink("../netrc", join(cwd, "preflight.config.yaml")),
      "was discovered, but a symbolic link leads from it to a file outside the repository",
    ],
    [
      "waivers that a found config names",
      (cwd: string) => writeFile(join(cwd, "preflight.config.yaml"), "waivers: ../netrc\n"),
      "is outside the repository, and this config was discovered, not named explicitly",
    ],
    [
      "waivers that a found config names by a link",
      async (cwd: string) => {
        await symlink("../netrc", join(cwd, "agreed.yaml"));
        await writeFile(join(cwd, "preflight.config.yaml"), "waivers: agreed.yaml\n");
      },
      "is outside the repository, and this config was discovered, not named explicitly",
    ],
    [
      "a config that a found one extends",
      (cwd: string) => writeFile(join(cwd, "preflight.config.yaml"), "extends: [../netrc/../netrc.yaml]\n"),
      "is outside the repository, and this config was discovered, not named explicitly",
    ],
  ])("are not read: %s", async (name, prepare, message) => {
    const { exitCode, all, reports } = await outputsOf(name.replaceAll(" ", "-"), prepare);
    expect(exitCode).toBe(2);
    expect(all.replace(/\s+/g, " ")).toContain(message);
    expect(all).not.toContain(SECRET);
    expect(reports).toHaveLength(FORMATS.names.length - 1);
  });

  it("are not written by --write-waivers", async () => {
    const terms = ["--write-waivers", "--reason", "Known", "--owner", "ops", "--expires", "2099-01-31"];
    const prepare = (cwd: string) => writeFile(join(cwd, "preflight.config.yaml"), "waivers: ../new.yaml\n");
    const { exitCode } = await outputsOf("new-waivers", prepare, terms);
    expect(exitCode).toBe(2);
    await expect(readFile(join(root, "new.yaml"))).rejects.toThrow("ENOENT");
  });

  it.each([
    ["lines", NETRC],
    ["a value", `platform: ${SECRET}\n`],
    ["a key", `platform: { ${SECRET}: 1 }\n`],
    ["an alias", `text: *${SECRET}\n`],
    ["a tag", `- !${SECRET} x\n`],
    ["JSON", `{ "platform": "${SECRET}", "auths": ["${SECRET}"] }\n`],
  ])("are read but not quoted when the command line names a link: %s", async (what, text) => {
    const name = `named-link-${what.replaceAll(" ", "-")}`;
    await writeFile(join(root, name), text);
    const linked = async (cwd: string) => {
      for (const file of ["deployment.yaml", "inventory.json"]) {
        await rm(join(cwd, file));
        await symlink(`../${name}`, join(cwd, file));
      }
      for (const file of ["waivers", "config", "evidence"]) await symlink(`../${name}`, join(cwd, `${file}.yaml`));
    };
    const files = ["--waivers", "waivers.yaml", "--config", "config.yaml"];
    const { exitCode, all, cwd } = await outputsOf(`links-${name}`, linked, files);
    const replay = await preflight(["deployment.yaml", "--evidence", "evidence.yaml"], { cwd });
    expect([exitCode, replay.exitCode]).toEqual([2, 2]);
    for (const file of ["deployment.yaml", "inventory.json"]) {
      expect(all).toContain(`${file} has an error here. It is not quoted, because`);
    }
    for (const text of [all, replay.stdout, replay.stderr]) {
      expect(text).not.toContain(SECRET);
      expect(text).not.toContain("login root");
    }
  });

  it("are not quoted from another repository behind a link", async () => {
    const other = join(root, "another");
    await mkdir(join(other, ".git"), { recursive: true });
    await writeFile(join(other, "deployment.yaml"), `platform: ${SECRET}\n`);
    const prepare = async (cwd: string) => {
      await symlink("../another", join(cwd, "sub"));
    };
    const { cwd } = await outputsOf("linked-repository", prepare);
    const { exitCode, stdout, stderr } = await preflight(["sub/deployment.yaml", "--no-live"], { cwd });
    expect({ exitCode, isShown: `${stdout}${stderr}`.includes(SECRET) }).toEqual({ exitCode: 2, isShown: false });
  });

  it.each(["*/deployment.yaml", "s?b/*.yaml", "**/deployment.yaml", "linked/*.yaml"])(
    "are not found by a glob, unless that is allowed: %s",
    async (pattern) => {
      const other = join(root, "elsewhere");
      await mkdir(join(other, ".git"), { recursive: true });
      await writeFile(join(other, "deployment.yaml"), `nodes: ${SECRET}\n`);
      const name = `glob-${pattern.replace(/\W/g, "-")}`;
      const { cwd } = await outputsOf(name, async (folder) => {
        await symlink("../elsewhere", join(folder, "sub"));
        await mkdir(join(folder, "linked"));
        await symlink("../../elsewhere/deployment.yaml", join(folder, "linked", "deployment.yaml"));
      });
      const refused = await preflight([pattern, "--no-live"], { cwd });
      expect(refused).toMatchObject({ exitCode: 2, stdout: "" });
      expect(refused.stderr).toContain("error[outside-path]");
      const allowed = await preflight([pattern, "--no-live", "--allow-outside-paths"], { cwd });
      expect(allowed.exitCode).toBe(2);
      expect(allowed.stdout + allowed.stderr).toContain("error[unknown-key]");
    },
  );

  it("are read when that is allowed, and their excerpts then stay out of reports", async () => {
    const prepare = (cwd: string) => symlink("../netrc", join(cwd, "preflight.waivers.yaml"));
    const { exitCode, all } = await outputsOf("allowed", prepare, ["--allow-outside-paths"]);
    expect(exitCode).toBe(2);
    expect(all).not.toContain("was found, and is a link");
    expect(all).not.toContain("login root");
  });
});
