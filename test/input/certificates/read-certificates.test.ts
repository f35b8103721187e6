import { execFileSync } from "node:child_process";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { certificatePaths, readCertificates } from "../../../src/input/certificates/read-certificates.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";

const PEM = exampleCertificates["certs/conf01.pem"] ?? Buffer.alloc(0);

let base = "";
const at = (...steps: readonly string[]) => join(base, ...steps);

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), "preflight-read-"));
  mkdirSync(at("site", "certs"), { recursive: true });
  mkdirSync(at("site-2"));
  for (const path of ["site/certs/a.pem", "site/..a.pem", "outside.pem", "site-2/b.pem"]) writeFileSync(at(path), PEM);
  symlinkSync("certs/a.pem", at("site", "inside.pem"));
  symlinkSync("../outside.pem", at("site", "leads-out.pem"));
  symlinkSync("..", at("site", "up"));
  symlinkSync("loop.pem", at("site", "loop.pem"));
  symlinkSync("site", at("linked-site"));
  writeFileSync(at("site", "denied.pem"), PEM);
  chmodSync(at("site", "denied.pem"), 0);
  writeFileSync(at("site", "large.pem"), PEM);
  truncateSync(at("site", "large.pem"), 1024 * 1024 + 1);
  writeFileSync(at("site", "full.pem"), Buffer.concat([PEM, Buffer.alloc(1024 * 1024 - PEM.length, "\n")]));
  if (process.platform !== "win32") execFileSync("mkfifo", [at("site", "pipe.pem")]);
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

/** The problem of one path. */
async function problemOf(
  path: string,
  { deploymentPath = "site/deployment.yaml", allowOutsidePaths = false, cwd = base } = {},
): Promise<string | null | undefined> {
  const files = await readCertificates({ ca_certificates: [path] }, { deploymentPath, cwd, allowOutsidePaths });
  return files.get(path)?.problem;
}

describe("readCertificates", () => {
  it("reads every file that is named, each once, by the path as written", async () => {
    const node = { name: "a", hostname: "a" };
    const deployment = {
      ca_certificates: ["certs/a.pem", "gone.pem"],
      conferencing_nodes: [
        { ...node, tls_certificate: "certs/a.pem" },
        node,
        { ...node, tls_certificate: "./inside.pem" },
      ],
      management_node: { ...node, tls_certificate: "certs/../certs/a.pem" },
    };
    const context = { deploymentPath: "site/deployment.yaml", cwd: base, allowOutsidePaths: false };
    const files = await readCertificates(deployment, context);
    expect(certificatePaths(deployment)).toEqual(["certs/../certs/a.pem", "certs/a.pem", "./inside.pem", "gone.pem"]);
    expect([...files].map(([path, file]) => [path, file.path, file.problem, file.certificates.length])).toEqual([
      ["certs/../certs/a.pem", "certs/../certs/a.pem", null, 2],
      ["certs/a.pem", "certs/a.pem", null, 2],
      ["./inside.pem", "./inside.pem", null, 2],
      ["gone.pem", "gone.pem", "noSuchFile", 0],
    ]);
  });

  it("reads more files than may be open at a time", async () => {
    const paths = Array.from({ length: 100 }, (_, index) => `${"./".repeat(index)}certs/a.pem`);
    const context = { deploymentPath: "site/deployment.yaml", cwd: base, allowOutsidePaths: false };
    const files = await readCertificates({ ca_certificates: paths }, context);
    expect([...files.values()].filter(({ problem }) => problem === null)).toHaveLength(100);
  });

  it("has nothing to read if no file is named", async () => {
    const context = { deploymentPath: "nowhere/deployment.yaml", cwd: base, allowOutsidePaths: false };
    expect((await readCertificates({ conferencing_nodes: [] }, context)).size).toBe(0);
  });

  it.each([
    ["gone.pem", "noSuchFile"],
    ["certs/a.pem/x", "noSuchFile"],
    ["certs", "folder"],
    [".", "folder"],
    ["large.pem", "tooLarge"],
    ["full.pem", null],
    ["loop.pem", "unreadable"],
    ["a\0b", "unreadable"],
    ["x".repeat(5000), "unreadable"],
    ["..a.pem", null],
    ["", "noName"],
    [" ", "noName"],
  ])("says what keeps %s from being read", async (path, problem) => {
    expect(await problemOf(path)).toBe(problem);
  });

  it.skipIf(process.platform === "win32")("says that a file may not be read", async () => {
    // Root may read everything, so the test switches to the user nobody.
    const isRoot = process.getuid?.() === 0;
    chmodSync(base, 0o755);
    if (isRoot) process.seteuid?.(65534);
    try {
      expect(await problemOf("denied.pem")).toBe("denied");
    } finally {
      if (isRoot) process.seteuid?.(0);
    }
  });

  it.skipIf(process.platform === "win32")("does not wait for a pipe", async () => {
    expect(await problemOf("pipe.pem")).toBe("notAFile");
  });

  it.each([
    "../outside.pem",
    "../site-2/b.pem",
    "..",
    "/etc/passwd",
    "../gone.pem",
    "leads-out.pem",
    "up/outside.pem",
    "up",
  ])("does not follow %s out of the folder tree", async (path) => {
    expect(await problemOf(path)).toBe("outside");
  });

  it("follows it when that is allowed", async () => {
    for (const path of ["../outside.pem", "leads-out.pem", at("outside.pem")]) {
      expect(await problemOf(path, { allowOutsidePaths: true })).toBeNull();
    }
    expect(await problemOf("../gone.pem", { allowOutsidePaths: true })).toBe("noSuchFile");
  });

  it("takes absolute paths and links that stay inside", async () => {
    expect(await problemOf(at("site", "certs", "a.pem"))).toBeNull();
    expect(await problemOf("inside.pem")).toBeNull();
    expect(await problemOf("up/site/certs/a.pem")).toBeNull();
  });

  it("starts from the folder of the deployment file, also through a link, and from the working folder for standard input", async () => {
    expect(await problemOf("certs/a.pem", { deploymentPath: at("site", "deployment.yaml"), cwd: tmpdir() })).toBeNull();
    expect(await problemOf("certs/a.pem", { deploymentPath: "linked-site/deployment.yaml" })).toBeNull();
    expect(await problemOf("certs/a.pem", { deploymentPath: "-", cwd: at("site") })).toBeNull();
    expect(await problemOf("../outside.pem", { deploymentPath: "-", cwd: at("site") })).toBe("outside");
  });
});
