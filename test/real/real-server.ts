import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { createSocket } from "node:dgram";
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe } from "vitest";

/** Where a program is, or null. */
function find(program: string): string | null {
  for (const folder of ["/usr/sbin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin"]) {
    try {
      execFileSync("test", ["-x", join(folder, program)]);
      return join(folder, program);
    } catch {
      continue;
    }
  }
  return null;
}

/**
 * A group of tests against real servers. Where a program is not installed the group is skipped and says so; in CI that
 * is a failure, because CI installs them.
 */
export function describeReal(
  name: string,
  programs: readonly string[],
  body: (paths: readonly string[]) => void,
): void {
  const paths = programs.map(find);
  const missing = programs.filter((_, index) => paths[index] === null);
  if (missing.length > 0 && process.env["CI"] !== undefined) {
    throw new Error(`${missing.join(", ")} must be installed in CI (Debian: chrony, bind9, bind9-dnsutils, openssl)`);
  }
  const title = missing.length > 0 ? `${name} (skipped: ${missing.join(", ")} not installed)` : name;
  describe.skipIf(missing.length > 0)(title, () => body(paths.map((path) => path ?? "")));
}

/** A folder that goes away with the tests of a file. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "preflight-real-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A port on 127.0.0.1 that nobody has, for UDP and TCP alike. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = await new Promise<number>((resolve, reject) => {
      const server = createServer().once("error", reject);
      server.listen(0, "127.0.0.1", () => {
        const address = server.address();
        server.close(() => resolve(typeof address === "object" && address !== null ? address.port : 0));
      });
    });
    const isFree = await new Promise<boolean>((resolve) => {
      const socket = createSocket("udp4").once("error", () => resolve(false));
      socket.bind(port, "127.0.0.1", () => socket.close(() => resolve(true)));
    });
    if (isFree) return port;
  }
}

/** Starts a server and resolves when what it prints matches `ready`; it ends with the tests of the file. */
export async function start(command: string, args: readonly string[], ready: RegExp): Promise<ChildProcess> {
  const child = spawn(command, [...args], { stdio: ["pipe", "pipe", "pipe"] });
  afterAll(async () => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  });
  await new Promise<void>((resolve, reject) => {
    let printed = "";
    const read = (chunk: Buffer) => {
      printed += chunk.toString("utf8");
      if (ready.test(printed)) resolve();
    };
    child.stdout.on("data", read);
    child.stderr.on("data", read);
    child.once("error", reject);
    child.once("exit", (code) => reject(new Error(`${command} ended with ${code ?? "a signal"}: ${printed}`)));
  });
  return child;
}
