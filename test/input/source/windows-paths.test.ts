import { win32 } from "node:path";
import { describe, expect, it } from "vitest";
import { uriInside } from "../../../src/input/files/repository-uri.ts";
import { isInside } from "../../../src/input/source/untrusted-path.ts";
import { reportPaths, reportUris } from "../../../src/report/model/report-uris.ts";

describe("paths of Windows", () => {
  it.each([
    ["C:\\repo\\site\\a.yaml", true],
    ["c:\\REPO\\Site\\a.yaml", true],
    ["C:/repo/site/a.yaml", true],
    ["C:\\repo\\site", true],
    ["C:\\repo\\site\\..a.yaml", true],
    ["C:\\repo\\site\\..\\a.yaml", false],
    ["C:\\repo\\site-2\\a.yaml", false],
    ["C:\\repo", false],
    ["D:\\repo\\site\\a.yaml", false],
    ["\\\\server\\share\\site\\a.yaml", false],
    ["\\\\?\\C:\\repo\\site\\a.yaml", false],
    ["\\repo\\other\\a.yaml", false],
  ])("%s is in C:\\repo\\site: %s", (path, expected) => {
    expect(isInside(path, "C:\\repo\\site", win32)).toBe(expected);
  });

  it.each([
    ["\\\\server\\share\\repo\\a.yaml", true],
    ["\\\\SERVER\\Share\\repo\\a.yaml", true],
    ["\\\\server\\share\\other\\a.yaml", false],
    ["\\\\server\\other\\repo\\a.yaml", false],
    ["C:\\repo\\a.yaml", false],
  ])("%s is in \\\\server\\share\\repo: %s", (path, expected) => {
    expect(isInside(path, "\\\\server\\share\\repo", win32)).toBe(expected);
  });

  it.each([
    ["C:\\repo\\site\\a b.yaml", "site/a%20b.yaml"],
    ["c:\\Repo\\site\\ø#1.yaml", "site/%C3%B8%231.yaml"],
    ["C:\\repo\\a.yaml", "a.yaml"],
    ["C:\\other\\a.yaml", "a.yaml"],
    ["D:\\a.yaml", "a.yaml"],
    ["\\\\server\\share\\a.yaml", "a.yaml"],
    ["C:\\repo", "repo"],
    ["C:\\", "root"],
  ])("%s has the URI %s in C:\\repo", (path, uri) => {
    expect(uriInside("C:\\repo", path, win32)).toBe(uri);
    expect(uri).not.toMatch(/\\|^\/|^[A-Za-z]:|\.\./);
  });

  it("have relative URIs with slashes in reports, even if the report does not have them", () => {
    const none = { inputs: [] };
    for (const [path, uri] of [
      ["site\\a b.yaml", "site/a%20b.yaml"],
      ["C:\\repo\\a.yaml", "a.yaml"],
      ["\\\\server\\share\\a.yaml", "a.yaml"],
      ["..\\a.yaml", "a.yaml"],
      [".\\site\\a.yaml", "site/a.yaml"],
    ] as const) {
      expect(reportUris(none)(path)).toBe(uri);
      expect(reportPaths(none)(path)).toBe(decodeURIComponent(uri));
    }
    const saved = { inputs: [{ kind: "deployment", path: "a.yaml", uri: "C:\\repo\\a.yaml", sha256: "" } as const] };
    expect(reportUris(saved)("a.yaml")).toBe("a.yaml");
  });
});
