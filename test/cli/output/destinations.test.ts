import { mkdtemp, readdir, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { destinations } from "../../../src/cli/output/destinations.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";

const FORMATS = { names: ["page", "data", "log"], fallback: "page" } as const;

let folder: string;
beforeAll(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-destinations-")));
  await writeFile(join(folder, "input.yaml"), "");
  await symlink("input.yaml", join(folder, "link.yaml"));
});
afterAll(() => rm(folder, { recursive: true }));

const read = (...requests: readonly string[]) => destinations(requests, FORMATS, folder, ["input.yaml", "-"]);

function mistakesOf(...requests: readonly string[]): readonly string[] {
  try {
    read(...requests);
    return [];
  } catch (error) {
    if (error instanceof PreflightErrors) return error.errors.map(({ message }) => message);
    throw error;
  }
}

describe("destinations", () => {
  it("writes the default format to standard output unless another one is written there", () => {
    const page = { format: "page", file: null };
    expect(read()).toEqual([page]);
    expect(read("page")).toEqual([page]);
    expect(read("data")).toEqual([{ format: "data", file: null }]);
    expect(read("data=x.json")).toEqual([page, { format: "data", file: "x.json" }]);
    expect(read("data=-")).toEqual([{ format: "data", file: null }]);
    expect(read("data=/dev/stdout")).toEqual([{ format: "data", file: null }]);
    expect(read("page=p.txt", "data")).toEqual([
      { format: "page", file: "p.txt" },
      { format: "data", file: null },
    ]);
  });

  it("takes everything after the first = as the file", () => {
    expect(read("data=a=b,c.json")).toContainEqual({ format: "data", file: "a=b,c.json" });
  });

  it("writes one format to several files", () => {
    expect(read("data=a.json", "data=b.json")).toHaveLength(3);
  });

  it("reports every error", () => {
    expect(mistakesOf("dta", "data=", "pge=x")).toEqual([
      'Unknown format "dta".',
      "--format data= has no file.",
      'Unknown format "pge".',
    ]);
  });

  it("sees that two names are one file, and that a name is an input", () => {
    expect(mistakesOf("data=a", "log=./x/../a")).toEqual(["The formats data and log both go to ./x/../a."]);
    expect(mistakesOf("data", "log")).toEqual(["The formats data and log both go to standard output."]);
    expect(mistakesOf("data=link.yaml")).toEqual(["--format data=link.yaml would overwrite an input file."]);
  });

  it("leaves no files", async () => {
    read("data=new.json");
    expect((await readdir(folder)).sort()).toEqual(["input.yaml", "link.yaml"]);
  });
});
