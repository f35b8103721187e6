import { execFileSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { createSocket } from "node:dgram";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { main } from "../../../src/cli/main.ts";
import type { CliContext } from "../../../src/cli/cli-context.ts";
import { CLEAN, UNWATCHED } from "../program.ts";
import { recorder } from "../recorder.ts";

/** Surroundings of a person at a terminal, with what was written to either stream. */
function terminal(options: { cwd?: string; width?: number; signal?: AbortSignal } = {}) {
  const [stdout, stderr] = [recorder(options), recorder(options)];
  const context: CliContext = {
    ...UNWATCHED,
    cwd: options.cwd ?? "/",
    env: {},
    stdin: Readable.from([]),
    stdout,
    stderr,
    signal: options.signal ?? new AbortController().signal,
  };
  const text = {
    get stdout() {
      return stdout.text();
    },
    get stderr() {
      return stderr.text();
    },
  };
  return { context, text };
}

describe("at a terminal", () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "preflight-terminal-"));
  });
  afterAll(() => rm(folder, { recursive: true }));

  it("colours the report, and shows no progress if no queries are sent", async () => {
    const { context, text } = terminal();
    expect(await main([...CLEAN, "--no-live"], context)).toBe(0);
    expect(text.stdout).toContain("\u001b[1m\u001b[32mPASSED");
    expect(text.stderr).toBe("");
  });

  it("shows on stderr how many servers were queried, and clears it before the report", async () => {
    const silent = createSocket("udp4");
    silent.bind(0, "127.0.0.1");
    await once(silent, "listening");
    const interrupt = new AbortController();
    silent.once("message", () => interrupt.abort());
    const deployment = `platform: { version: "25" }
dns_servers: ["127.0.0.1:${silent.address().port}"]
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com, address: 10.0.0.5 }
`;
    await writeFile(join(folder, "deployment.yaml"), deployment);
    const { context, text } = terminal({ cwd: folder, signal: interrupt.signal });
    expect(await main(["deployment.yaml", "--allow-probe", "127.0.0.0/8"], context)).toBe(2);
    silent.close();
    expect(text.stderr).toMatch(/^\r\u001b\[2KQuerying servers: \d+ of \d+/);
    expect(text.stderr.endsWith("\r\u001b[2K")).toBe(true);
    expect(text.stdout).not.toContain("Querying");
  });

  it("puts titles below rule ids when the terminal is narrow, beside them when it is wide", async () => {
    const narrow = terminal({ width: 60 });
    expect(await main(["rules", "list"], narrow.context)).toBe(0);
    expect(narrow.text.stdout.split("\n").filter((line) => line.length > 60)).toEqual([]);
    expect(narrow.text.stdout).toMatch(/^vm\/memory-multiple-of-4 +error\n {4}Require/m);
    const wide = terminal({ width: 300 });
    await main(["rules", "list"], wide.context);
    expect(wide.text.stdout).toMatch(/^vm\/memory-multiple-of-4 +error +Require/m);
  });

  it("works on a real one", () => {
    // `script` of util-linux makes a terminal for the program; where it is missing, the tests above have to do.
    const typescript = (() => {
      try {
        return execFileSync("script", ["--version"], { encoding: "utf8" });
      } catch {
        return null;
      }
    })();
    if (typescript?.includes("util-linux") !== true) return;
    const program = join(import.meta.dirname, "../..", "..", "dist", "preflight.js");
    const env = { PATH: process.env["PATH"], TERM: "xterm" };
    const line = `stty cols 50; '${process.execPath}' '${program}' ${CLEAN.join(" ")} --no-live`;
    const shown = execFileSync("script", ["-qec", line, join(folder, "log")], { encoding: "utf8", env });
    expect(shown).toContain("\u001b[32mPASSED");
    const lines = shown.replaceAll(/\u001b\[\d+m/gu, "").split("\r\n");
    expect(lines.filter((text) => text.length > 50)).toEqual([]);
  });
});
