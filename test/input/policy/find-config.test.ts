import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { CONFIG_NAMES, findConfig } from "../../../src/input/policy/find-config.ts";
import { PreflightError } from "../../../src/values/preflight-error.ts";

let root: string;
beforeEach(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "preflight-find-")));
});
afterEach(() => rm(root, { recursive: true }));

async function put(...paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await mkdir(dirname(join(root, path)), { recursive: true });
    await writeFile(join(root, path), "{}");
  }
}

/** What is found for a deployment, from below the root. */
function found(deployment: string, cwd = ""): string | null {
  const file = findConfig(deployment, join(root, cwd));
  return file === null ? null : file.slice(root.length + 1);
}

describe("findConfig", () => {
  it.each(CONFIG_NAMES)("finds %s beside the deployment and above it", async (name) => {
    await put(".git/HEAD", `team/${name}`, "team/oslo/deployment.yaml");
    expect(found("team/oslo/deployment.yaml")).toBe(`team/${name}`);
    expect(found("team/deployment.yaml")).toBe(`team/${name}`);
    expect(found("deployment.yaml")).toBeNull();
  });

  it("takes the nearest one", async () => {
    await put(".git/HEAD", "preflight.config.yaml", "team/preflight.config.json", "team/oslo/deployment.yaml");
    expect(found("team/oslo/deployment.yaml")).toBe("team/preflight.config.json");
  });

  it("gives the same answer from every working directory", async () => {
    await put(".git/HEAD", "preflight.config.yaml", "team/deployment.yaml", "other/preflight.config.yaml");
    const answers = [
      found("team/deployment.yaml"),
      found("deployment.yaml", "team"),
      found("../team/deployment.yaml", "other"),
      found(join(root, "team/deployment.yaml"), "other"),
    ];
    expect(answers).toEqual(Array(4).fill("preflight.config.yaml"));
  });

  it.each([
    ["a folder", ".git/HEAD"],
    ["a file, as in a worktree", ".git"],
  ])("goes no further than the folder that holds .git, %s", async (_, git) => {
    await put("preflight.config.yaml", `repository/${git}`, "repository/site/deployment.yaml");
    expect(found("repository/site/deployment.yaml")).toBeNull();
    await put("repository/preflight.config.yaml");
    expect(found("repository/site/deployment.yaml")).toBe("repository/preflight.config.yaml");
  });

  it("continues upward outside of a repository, but into no world-writable folder", async () => {
    await put("a/preflight.config.yaml", "a/b/c/deployment.yaml");
    expect(found("a/b/c/deployment.yaml")).toBe("a/preflight.config.yaml");
    await chmod(join(root, "a"), 0o1777);
    expect(found("a/b/c/deployment.yaml")).toBeNull();
    expect(found("a/deployment.yaml")).toBe("a/preflight.config.yaml");
    await chmod(join(root, "a"), 0o755);
    await chmod(join(root, "a/b"), 0o777);
    expect(found("a/b/c/deployment.yaml")).toBeNull();
  });

  it("accepts world-writable folders inside a repository", async () => {
    await put(".git/HEAD", "preflight.config.yaml", "site/deployment.yaml");
    await chmod(root, 0o777);
    expect(found("site/deployment.yaml")).toBe("preflight.config.yaml");
  });

  it("starts in the working directory for a deployment on standard input", async () => {
    await put(".git/HEAD", "preflight.config.yaml", "site/deployment.yaml");
    expect(found("-", "site")).toBe("preflight.config.yaml");
  });

  it("looks for a deployment that is not there all the same", async () => {
    await put(".git/HEAD", "preflight.config.yaml");
    expect(found("no/such/deployment.yaml")).toBe("preflight.config.yaml");
  });

  it("takes a broken link, and a folder, as a config: reading reports the error", async () => {
    await put(".git/HEAD", "b/deployment.yaml");
    await symlink("nowhere", join(root, "preflight.config.yaml"));
    expect(found("deployment.yaml")).toBe("preflight.config.yaml");
    await mkdir(join(root, "b/preflight.config.yml"));
    expect(found("b/deployment.yaml")).toBe("b/preflight.config.yml");
  });

  it("refuses two in one folder", async () => {
    await put(".git/HEAD", "site/preflight.config.yaml", "site/preflight.config.json", "site/deployment.yaml");
    const find = (cwd: string, deployment: string) => () => findConfig(deployment, join(root, cwd));
    expect(find("", "site/deployment.yaml")).toThrow(PreflightError);
    expect(find("", "site/deployment.yaml")).toThrow("site holds preflight.config.yaml and preflight.config.json.");
    expect(find("site", "deployment.yaml")).toThrow("This folder holds preflight.config.yaml");
  });
});
