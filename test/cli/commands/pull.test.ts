import { execFileSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { passwordOf } from "../../../src/cli/vsphere/password.ts";
import { streamOutput } from "../../../src/cli/streams.ts";
import { validateDocument } from "../../../src/input/validation/validate-document.ts";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";
import { estate, host, machine } from "../../inventory/vsphere/estate.ts";
import { PASSWORD, startVcenter, type Stub, USER } from "../../inventory/vsphere/vcenter-stub.ts";
import { preflight, shell, UNWATCHED } from "../program.ts";

const folder = mkdtempSync(join(tmpdir(), "preflight-pull-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const at = (name: string) => join(folder, name);
const file = (name: string, text: string): string => {
  writeFileSync(at(name), text);
  return at(name);
};

let stub: Stub;
beforeAll(async () => {
  stub = await startVcenter({ objects: estate(host("host-21", "esxi01"), machine("1", "vm1")) });
  file("ca.pem", stub.pem);
});

const login = { GOVC_USERNAME: USER, GOVC_PASSWORD: PASSWORD };
const run = (args: readonly string[], env: Readonly<Record<string, string>> = login, stdin = "") =>
  preflight(["inventory", "pull", ...args], { cwd: folder, env, stdin });

describe("preflight init --vcenter", () => {
  const init = (name: string, ...more: readonly string[]) =>
    preflight(["init", "--vcenter", stub.url, "--ca", at("ca.pem"), ...more], {
      ...{ cwd: mkdtempSync(join(folder, `${name}-`)), env: login, stdin: "" },
    }).then((result) => ({ ...result, files: readdirSync(folder).find((each) => each.startsWith(`${name}-`)) ?? "" }));

  it("writes the inventory of the server, and a deployment with its names as choices", async () => {
    const { exitCode, stdout, stderr, files } = await init("fresh");
    expect([exitCode, stderr]).toEqual([0, ""]);
    const inventory = JSON.parse(readFileSync(join(at(files), "inventory.json"), "utf8")) as Inventory;
    expect(inventory.source?.kind).toBe("vsphere");
    const deployment = readFileSync(join(at(files), "deployment.yaml"), "utf8");
    for (const name of ["esxi01", ...(inventory.clusters ?? []).map((cluster) => cluster.name)]) {
      expect(deployment).toMatch(new RegExp(`^ *#.*\\b${name}\\b`, "m"));
    }
    expect(stdout).toContain("preflight deployment.yaml --inventory inventory.json --no-live");
    expect(stub.sessions.size).toBe(0);
    const checked = await preflight([".", "--no-live"], { cwd: at(files), env: {} });
    expect(checked.stdout).toContain("deployment.yaml is not filled in yet");
  });

  it("contacts no server when a file is there already, and writes nothing when the login fails", async () => {
    const calls = stub.calls.length;
    const cwd = mkdtempSync(join(folder, "taken-"));
    writeFileSync(join(cwd, "deployment.yaml"), "conferencing_nodes: []\n");
    const taken = await preflight(["init", "--vcenter", stub.url, "--ca", at("ca.pem")], {
      cwd,
      env: login,
      stdin: "",
    });
    expect([taken.exitCode, stub.calls.length]).toEqual([2, calls]);
    expect(taken.stderr).toContain("deployment.yaml");
    expect(readdirSync(cwd)).toEqual(["deployment.yaml"]);

    const empty = mkdtempSync(join(folder, "denied-"));
    const env = { ...login, GOVC_PASSWORD: "wrong" };
    const denied = await preflight(["init", "--vcenter", stub.url, "--ca", at("ca.pem")], {
      cwd: empty,
      env,
      stdin: "",
    });
    expect(denied.exitCode).toBe(2);
    expect(denied.stderr).toContain("error[");
    expect(readdirSync(empty)).toEqual([]);
  });
});

describe("preflight inventory pull", () => {
  it("prints a valid inventory, and on standard error what it read", async () => {
    const { exitCode, stdout, stderr } = await run(["--server", stub.url, "--ca", "ca.pem"]);
    expect(exitCode).toBe(0);
    expect(stderr).toBe(`read 127.0.0.1:${stub.port}: 1 cluster, 1 host and 1 virtual machine\n`);
    const { source } = await parseSource(stdout, "inventory.json");
    if (source === null) throw new Error("no JSON");
    expect(validateDocument("inventory", source).errors).toEqual([]);
    expect(stdout).toMatch(/^\{\n {2}"collected_at": /);
    expect(stdout.endsWith("}\n")).toBe(true);
    expect(stub.sessions.size).toBe(0);
  });

  it("writes into a file whole or not at all", async () => {
    const done = await run(["--server", stub.url, "--insecure", "-o", "new/inventory.json"]);
    expect([done.exitCode, done.stdout]).toEqual([0, ""]);
    expect(done.stderr).toContain("; written to new/inventory.json\n");
    expect(JSON.parse(readFileSync(at("new/inventory.json"), "utf8"))).toMatchObject({ source: { kind: "vsphere" } });
    const failed = await run(["--server", stub.url, "-o", "other/inventory.json"]);
    expect(failed.exitCode).toBe(2);
    expect(existsSync(at("other")) ? readdirSync(at("other")) : []).toEqual([]);
  });

  it("reports that it cannot write before it contacts a server", async () => {
    const calls = stub.calls.length;
    const { exitCode, stderr } = await run(["--server", stub.url, "--insecure", "-o", folder]);
    expect([exitCode, stub.calls.length]).toEqual([2, calls]);
    expect(stderr).toContain("is a folder, not a file");
  });

  it.each<[string, () => readonly string[], () => Readonly<Record<string, string>>]>([
    ["as govc does", () => [], () => ({ ...login, GOVC_URL: stub.url, GOVC_INSECURE: "1" })],
    [
      "a URL without a scheme",
      () => [],
      () => ({ ...login, GOVC_URL: `127.0.0.1:${stub.port}`, GOVC_INSECURE: "true" }),
    ],
    [
      "user and password in GOVC_URL",
      () => ["--insecure"],
      () => ({ GOVC_URL: stub.url.replace("//", `//${encodeURIComponent(USER)}:${encodeURIComponent(PASSWORD)}@`) }),
    ],
    ["CAs in GOVC_TLS_CA_CERTS", () => ["--server", stub.url], () => ({ ...login, GOVC_TLS_CA_CERTS: at("ca.pem") })],
    [
      "fingerprints in GOVC_TLS_KNOWN_HOSTS",
      () => ["--server", stub.url],
      () => ({
        ...login,
        GOVC_TLS_KNOWN_HOSTS: file("known_hosts", `other:443 AA\n127.0.0.1:${stub.port} ${stub.fingerprints.sha1}\n`),
      }),
    ],
    [
      "a fingerprint as an option",
      () => ["--server", stub.url, "--thumbprint", stub.fingerprints.sha256.toLowerCase()],
      () => login,
    ],
    [
      "a user as an option",
      () => ["--server", stub.url, "--insecure", "--user", USER],
      () => ({ GOVC_USERNAME: "nobody", GOVC_PASSWORD: PASSWORD }),
    ],
    [
      "a password file",
      () => ["--server", stub.url, "--insecure", "--password-file", file("password", `${PASSWORD}\n`)],
      () => ({ ...login, GOVC_PASSWORD: "wrong" }),
    ],
    [
      "one datacenter in GOVC_DATACENTER",
      () => ["--server", stub.url, "--insecure"],
      () => ({ ...login, GOVC_DATACENTER: "Oslo/DC" }),
    ],
  ])("takes %s", async (_, args, env) => {
    const { exitCode, stderr } = await run(args(), env());
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("1 host")]);
  });

  it("takes the password from standard input", async () => {
    const args = ["--server", stub.url, "--insecure", "--password-file", "-"];
    expect((await run(args, { GOVC_USERNAME: USER }, PASSWORD)).exitCode).toBe(0);
  });

  it("verifies the certificate as set by options, regardless of GOVC_INSECURE", async () => {
    const args = ["--server", stub.url, "--thumbprint", "00".repeat(32)];
    const { exitCode, stderr } = await run(args, { ...login, GOVC_INSECURE: "1" });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("error[untrusted-server]");
    expect(stderr.replaceAll(/\s/g, "")).toContain(stub.fingerprints.sha256.replaceAll(":", ""));
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>, string]>([
    ["no server", [], login, "No vCenter Server or ESXi host is given."],
    ["no user", ["--server", "vc"], {}, "No user is given for vc."],
    ["no password", ["--server", "vc"], { GOVC_USERNAME: "u" }, "No password is set."],
    ["http", ["--server", "http://u:topsecret@vc"], login, "--server uses http"],
    ["another scheme", ["--server", "ftp://u:topsecret@vc"], login, "has a scheme that is not https"],
    ["no host", ["--server", "https://u:topsecret@"], login, "does not contain a server name"],
    ["a host that cannot be", ["--server", "https://u:topsecret@vc enter"], login, "does not contain a server name"],
    ["a query", ["--server", "https://u:topsecret@vc/?x"], login, "contains a ? or #"],
    ["a port that cannot be", [], { ...login, GOVC_URL: "https://u:topsecret@vc:99999" }, "GOVC_URL does not contain"],
    ["a server as a word", ["u:topsecret@vc"], login, "does not accept a file or name"],
    [
      "a fingerprint that is none",
      ["--server", "vc", "--thumbprint", "12"],
      login,
      '--thumbprint does not accept "12".',
    ],
    [
      "two kinds of trust",
      ["--server", "vc", "--insecure", "--ca", "ca.pem"],
      login,
      "--insecure and --ca cannot be used together",
    ],
    [
      "a CA file that is not there",
      ["--server", "vc", "--ca", "nosuch.pem"],
      login,
      "nosuch.pem of --ca cannot be read: it does not exist.",
    ],
    ["a CA file that is none", ["--server", "vc", "--ca", "empty"], login, "contains no certificate"],
    ["an empty password file", ["--server", "vc", "--password-file", "empty"], login, "is empty"],
    ["a password file of several lines", ["--server", "vc", "--password-file", "ca.pem"], login, "has several lines"],
    [
      "no password file",
      ["--server", "vc", "--password-file", "nosuch"],
      login,
      "nosuch cannot be read: it does not exist.",
    ],
    ["options of an import", ["--paths", "x"], login, 'Unknown option "--paths".'],
  ])("says in one sentence what is wrong: %s", async (_, args, env, expected) => {
    file("empty", "\n");
    const { exitCode, stdout, stderr } = await run(args, env);
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(expected);
    expect(stderr).not.toContain("topsecret");
    expect(stderr).not.toContain(PASSWORD);
    expect(stderr.match(/^error/gm)).toHaveLength(1);
  });

  it("keeps a password in a URL out of what it prints and out of its own title", async () => {
    const slow = await startVcenter({ objects: estate() });
    let title = "";
    slow.server.prependListener("request", () => {
      // Linux shows the arguments of every process to every user.
      if (title === "") title = execFileSync("ps", ["-eo", "args"], { encoding: "utf8" });
    });
    const secret = "t0p/s3cret@pass";
    const url = slow.url.replace("//", `//${encodeURIComponent(USER)}:${encodeURIComponent(secret)}@`);
    const { exitCode, stdout, stderr } = await run(["--server", url, "--insecure"], {});
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("error[login-refused]");
    for (const shown of [stderr, process.platform === "linux" ? title : ""]) {
      expect(shown).not.toContain(secret);
      expect(shown).not.toContain(encodeURIComponent(secret));
    }
  });
});

describe("preflight check --vcenter", () => {
  const deployment = () =>
    file("deployment.yaml", "conferencing_nodes:\n  - { name: n1, hostname: n1, vm: { name: vm1, host: esxi01 } }\n");
  const check = (args: readonly string[], env: Readonly<Record<string, string>> = login) =>
    preflight([deployment(), "--no-live", ...args], { cwd: folder, env });

  it("evaluates with the data of the server, in every format", async () => {
    const args = [
      "--vcenter",
      stub.url,
      "--insecure",
      "--format",
      "json",
      "--format",
      "sarif=r.sarif",
      "--format",
      "html=r.html",
    ];
    const { exitCode, stdout } = await check(args);
    expect(exitCode).toBe(1);
    const report = JSON.parse(stdout) as {
      inputs: { path: string }[];
      errors: unknown[];
      checks: { verdict: string }[];
    };
    expect(report.inputs.map(({ path }) => path)).toEqual(["deployment.yaml", `127.0.0.1:${stub.port}`]);
    expect(report.errors).toEqual([]);
    expect(report.checks.some(({ verdict }) => verdict === "crashed")).toBe(false);
    expect(readFileSync(at("r.sarif"), "utf8")).toContain("esxi01");
    expect(readFileSync(at("r.html"), "utf8")).toContain("esxi01");
    expect(stub.sessions.size).toBe(0);
  });

  it("has no verdict when the server cannot be read", async () => {
    const { exitCode, stdout, stderr } = await check(["--vcenter", stub.url, "--insecure"], {
      ...login,
      GOVC_PASSWORD: "x",
    });
    expect([exitCode, stdout]).toEqual([2, ""]);
    expect(stderr).toContain("error[login-refused]");
  });

  it("contacts no server if a file has errors", async () => {
    const calls = stub.calls.length;
    const broken = file("broken.yaml", "conferencing_nodes: 3\n");
    const { exitCode } = await preflight([broken, "--vcenter", stub.url, "--insecure"], { cwd: folder, env: login });
    expect([exitCode, stub.calls.length]).toEqual([2, calls]);
  });

  it("reports that options of a login require a server", async () => {
    const { exitCode, stderr } = await check(["--user", "x"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--user requires --vcenter");
  });

  it("does not take document and password from one stream", async () => {
    const line = `$PREFLIGHT - --vcenter ${stub.url} --insecure --password-file - </dev/null`;
    const { exitCode, stderr } = await shell(line, { cwd: folder, env: login });
    expect(exitCode).toBe(2);
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("Standard input cannot contain both a document and the password.");
  });
});

describe("the password prompt", () => {
  /** A terminal with typed input. */
  async function typing(keys: string) {
    const modes: boolean[] = [];
    const stdin = Object.assign(new PassThrough(), { isTTY: true, setRawMode: (mode: boolean) => modes.push(mode) });
    const screen = Object.assign(new PassThrough(), { isTTY: true, columns: 80 });
    let shown = "";
    screen.on("data", (text: Buffer) => (shown += text.toString()));
    const stderr = streamOutput(screen, "Standard error", {});
    const { signal } = new AbortController();
    const context = { ...UNWATCHED, cwd: folder, env: {}, stdin, stdout: stderr, stderr, signal };
    const source = { file: undefined, given: null, username: "reader", server: "vc" };
    const answer = passwordOf(source, context).catch((error: unknown) => error);
    for (const key of keys) stdin.write(key);
    return { answer: await answer, shown, modes };
  }

  it.each([
    ["a password", "s3cret\r", "s3cret"],
    ["corrections", "xx\u007f\u007fs3cretx\b\r", "s3cret"],
    ["a fresh start", "wrong\u0015s3cret\n", "s3cret"],
    ["characters beyond ASCII", "pässwörd\u{1F511}\r", "pässwörd\u{1F511}"],
  ])("takes %s and shows none of it", async (_, keys, expected) => {
    const { answer, shown, modes } = await typing(keys);
    expect(answer).toBe(expected);
    expect(shown).toBe("Password of reader at vc: \n");
    expect(modes).toEqual([true, false]);
  });

  it.each([
    ["Ctrl-C", "s3c\u0003"],
    ["Ctrl-D", "\u0004"],
    ["nothing", "\r"],
  ])("ends at %s, with the terminal as it was", async (_, keys) => {
    const { answer, modes } = await typing(keys);
    expect(answer).toBeInstanceOf(PreflightErrors);
    expect(modes).toEqual([true, false]);
  });
});
