import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { boundaryOf, isInside, leadsOutside, UntrustedPath } from "../../../src/input/source/untrusted-path.ts";

let root: string;
const at = (...parts: readonly string[]) => join(root, ...parts);
beforeAll(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), "preflight-untrusted-")));
  for (const folder of ["repo/.git", "repo/site/certs", "repo-2", "plain/sub"]) {
    mkdirSync(at(folder), { recursive: true });
  }
  for (const file of ["netrc", "repo/a.yaml", "repo/site/b.yaml", "repo-2/c.yaml", "plain/d.yaml"]) {
    writeFileSync(at(file), "machine");
  }
  symlinkSync("../../netrc", at("repo/site/out.yaml"));
  symlinkSync("../a.yaml", at("repo/site/in.yaml"));
  symlinkSync("out.yaml", at("repo/site/twice.yaml"));
  symlinkSync("loop.yaml", at("repo/site/loop.yaml"));
  symlinkSync("../../gone", at("repo/site/dangling.yaml"));
  symlinkSync("..", at("repo/up"));
  symlinkSync("repo", at("alias"));
  symlinkSync("../plain", at("repo/linked"));
});
afterAll(() => rmSync(root, { recursive: true }));

function pathIn(folder: string, written: string): UntrustedPath {
  return new UntrustedPath({ written, folder: at(folder), boundary: boundaryOf(at(folder)), location: null });
}

describe("boundaryOf", () => {
  it("is the nearest folder upward with .git", () => {
    expect(boundaryOf(at("repo/site/certs"))).toEqual({ folder: at("repo"), isRepository: true });
    expect(boundaryOf(at("repo"))).toEqual({ folder: at("repo"), isRepository: true });
  });

  it("is the folder itself without a repository, or if a link leads out of one", () => {
    expect(boundaryOf(at("plain/sub"))).toEqual({ folder: at("plain/sub"), isRepository: false });
    expect(boundaryOf(at("repo/linked"))).toEqual({ folder: at("repo/linked"), isRepository: false });
  });
});

describe("UntrustedPath", () => {
  it.each([
    ["repo/site", "b.yaml", "repo/site/b.yaml"],
    ["repo/site", "../a.yaml", "repo/a.yaml"],
    ["repo/site", "in.yaml", "repo/a.yaml"],
    ["alias/site", "../a.yaml", "repo/a.yaml"],
    ["alias/site", "in.yaml", "repo/a.yaml"],
    ["repo/site", "gone/../b.yaml", "repo/site/b.yaml"],
    ["repo/linked", "d.yaml", "plain/d.yaml"],
  ])("opens, from %s, %s", (folder, written, real) => {
    expect(pathIn(folder, written).toOpen()).toBe(at(real));
  });

  it.each([
    ["repo/site", "../../netrc"],
    ["repo/site", "/etc/passwd"],
    ["repo/site", "out.yaml"],
    ["repo/site", "twice.yaml"],
    ["repo/site", "../up/netrc"],
    ["repo/site", "../../repo-2/c.yaml"],
    ["repo/linked", "../a.yaml"],
    ["plain/sub", "../d.yaml"],
    ["plain/sub", ".."],
  ])("does not open, from %s, %s", (folder, written) => {
    const path = pathIn(folder, written);
    expect(path.toOpen()).toBeNull();
    expect(path.refusal()).toMatchObject({ code: "outside-path" });
  });

  it("leaves files that are missing to the one that opens them", () => {
    expect(pathIn("repo/site", "gone.yaml").toOpen()).toBe(at("repo/site/gone.yaml"));
    expect(pathIn("repo/site", "loop.yaml").toOpen()).toBe(at("repo/site/loop.yaml"));
    expect(pathIn("repo/site", "dangling.yaml").toOpen()).toBe(at("repo/site/dangling.yaml"));
  });

  it("opens everything when there is no boundary", () => {
    const path = new UntrustedPath({ written: "../../netrc", folder: at("repo/site"), boundary: null, location: null });
    expect(path.toOpen()).toBe(at("netrc"));
    expect(path.refusal()).toBeNull();
  });

  it("never returns a path outside, for any input", () => {
    const part = fc.constantFrom(
      "..",
      ".",
      "site",
      "up",
      "linked",
      "in.yaml",
      "out.yaml",
      "repo",
      "repo-2",
      "netrc",
      "",
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 6 }), fc.boolean(), (parts, isAbsolute) => {
        const written = isAbsolute ? at(...parts) : parts.join("/");
        const real = pathIn("repo/site", written).toOpen();
        expect(real === null || isInside(real, at("repo"))).toBe(true);
      }),
    );
  });
});

describe("leadsOutside", () => {
  it("is true for links out of the repository that has them", () => {
    expect(["out.yaml", "twice.yaml", "gone.yaml"].map((name) => leadsOutside(at("repo/site", name)))).toEqual([
      true,
      true,
      true,
    ]);
    expect(leadsOutside(at("repo/up/netrc"))).toBe(true);
  });

  it("is false for files, links inside the repository, and what the shell hands over", () => {
    expect(["b.yaml", "in.yaml"].map((name) => leadsOutside(at("repo/site", name)))).toEqual([false, false]);
    expect(leadsOutside(at("alias/a.yaml"))).toBe(false);
    expect(leadsOutside("/dev/fd/63")).toBe(false);
  });
});
