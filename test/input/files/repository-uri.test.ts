import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { repositoryUri } from "../../../src/input/files/repository-uri.ts";

let folder: string;
let repository: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-uri-")));
  repository = join(folder, "repo");
  await mkdir(join(repository, ".git"), { recursive: true });
  await mkdir(join(repository, "sites", "o slo"), { recursive: true });
  await mkdir(join(folder, "elsewhere"));
  await writeFile(join(repository, "sites", "deployment.yaml"), "");
  await writeFile(join(folder, "elsewhere", "inventory.json"), "");
  await symlink(join(repository, "sites"), join(folder, "short"));
});
afterAll(() => rm(folder, { recursive: true }));

describe("repositoryUri", () => {
  it("starts at the folder with .git, from any working directory", () => {
    expect(repositoryUri(repository, "sites/deployment.yaml")("sites/deployment.yaml")).toBe("sites/deployment.yaml");
    expect(repositoryUri(join(repository, "sites"), "deployment.yaml")("deployment.yaml")).toBe(
      "sites/deployment.yaml",
    );
    const far = repositoryUri("/", join(repository, "sites/deployment.yaml"));
    expect(far(join(repository, "sites/deployment.yaml"))).toBe("sites/deployment.yaml");
  });

  it("gives a file one name through any link", () => {
    const uri = repositoryUri(folder, "short/deployment.yaml");
    expect(uri("short/deployment.yaml")).toBe("sites/deployment.yaml");
    expect(uri("repo/sites/deployment.yaml")).toBe("sites/deployment.yaml");
  });

  it("percent-encodes what a URI reserves, part by part", () => {
    const uri = repositoryUri(repository, "sites/deployment.yaml");
    expect(uri("sites/o slo/50% #1?.yaml")).toBe("sites/o%20slo/50%25%20%231%3F.yaml");
    expect(uri("sites/ü.yaml")).toBe("sites/%C3%BC.yaml");
  });

  it("keeps only the name of a file outside the repository", () => {
    const uri = repositoryUri(repository, "sites/deployment.yaml");
    expect(uri(join(folder, "elsewhere/inventory.json"))).toBe("inventory.json");
    expect(uri("../elsewhere/inventory.json")).toBe("inventory.json");
  });

  it("starts at the working directory without a repository", () => {
    expect(repositoryUri(folder, "elsewhere/deployment.yaml")("elsewhere/deployment.yaml")).toBe(
      "elsewhere/deployment.yaml",
    );
  });

  it("names standard input and files that do not exist", () => {
    const uri = repositoryUri(repository, "-");
    expect(uri("-")).toBe("stdin");
    expect(uri("sites/none.yaml")).toBe("sites/none.yaml");
    expect(uri("..sites/none.yaml")).toBe("..sites/none.yaml");
  });

  it("never makes an absolute URI, one with .., or an empty one", () => {
    const uri = repositoryUri(repository, "sites/deployment.yaml");
    for (const path of ["/", "/etc/passwd", "..", "../..", ".", "./x", "c:\\x", "file:///x", "//host/x", "a//b"]) {
      expect(uri(path), path).toMatch(/^(?!\/|[A-Za-z]:|file:)(?!.*(^|\/)\.\.(\/|$)).+/);
    }
  });
});
