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
 * A group of tests against real servers. Where a program is not installed, or something else is in the way, the group is
 * skipped and says so; in CI that is a failure, because CI installs them.
 *
 * @param obstacle looked for when all programs are there
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
    const packages = "chrony, bind9, bind9-dnsutils, openssl, iproute2, chromium, zsh, fish, pre-commit";
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
