import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { randomInt } from "node:crypto";
import { createSocket } from "node:dgram";
import { once } from "node:events";
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
 * A group of tests with real servers. If a program is not installed, or there is another obstacle, the group is skipped
 * with a message; in CI that is a failure, because CI installs them.
 *
 * @param obstacle checked if all programs are installed
 */
export function describeReal(
  name: string,
  programs: readonly string[],
  body: (paths: readonly string[]) => void,
  obstacle: () => string | null = () => null,
): void {
  const paths = programs.map(find);
  const missing = programs.filter((_, index) => paths[index] === null);
  const why = missing.length > 0 ? `${missing.join(", ")} not installed` : obstacle();
  if (why !== null && process.env["CI"] !== undefined) {
    const packages = "chrony, bind9, bind9-dnsutils, openssl, iproute2, chromium, zsh, fish, pre-commit, neovim";
    throw new Error(`${name} must be tested in CI, but: ${why} (Debian packages: ${packages})`);
  }
  describe.skipIf(why !== null)(why === null ? name : `${name} (skipped: ${why})`, () => {
    body(paths.map((path) => path ?? ""));
  });
}

/** A folder that goes away with the tests of a file. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "preflight-real-"));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The ports from which each test process takes its own: below those that systems give out by themselves. */
const PORTS = { first: 10_000, each: 1000, processes: 20 };
let taken = randomInt(PORTS.each);

/**
 * A port on 127.0.0.1 that is free, for UDP and TCP alike, and stays so until a server is started on it: no other test
 * takes it, because the system gives out ports from 32768 up only, and each test process has a range of its own.
 */
export async function freePort(): Promise<number> {
  const range = Number(process.env["VITEST_POOL_ID"]) % PORTS.processes;
  for (;;) {
    const port = PORTS.first + range * PORTS.each + (taken++ % PORTS.each);
    const server = createServer();
    const socket = createSocket("udp4");
    try {
      await once(server.listen(port, "127.0.0.1"), "listening");
      socket.bind(port, "127.0.0.1");
      await once(socket, "listening");
      return port;
    } catch {
      // Taken by something else on this machine.
    } finally {
      if (server.listening) await new Promise((resolve) => server.close(resolve));
      await new Promise<void>((resolve) => socket.close(resolve));
    }
  }
}

/** Registered here because a hook that is registered inside another one (beforeAll) is never run. */
const running: ChildProcess[] = [];
afterAll(async () => {
  for (const child of running) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = new Promise((resolve) => child.once("exit", resolve));
    child.kill("SIGKILL");
    await ended;
  }
});

/** Starts a server and resolves when what it prints matches `ready`; it ends with the tests of the file. */
export async function start(command: string, args: readonly string[], ready: RegExp): Promise<ChildProcess> {
  const child = spawn(command, [...args], { stdio: ["pipe", "pipe", "pipe"] });
  running.push(child);
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
