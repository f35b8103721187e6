/**
 * Time and memory of a thousand queries to servers: live ones compared with bare sockets, dead ones compared with the
 * sum of their timeouts. This process is all servers, on addresses of 127.0.0.0/8; a separate process sends the
 * queries. Runs are interleaved and compared pair by pair, because machines drift.
 */
import { spawn } from "node:child_process";
import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { cpus, tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { build } from "esbuild";
import { startDnsServer } from "../scripts/example/dns-server.ts";
import { selfSignedCertificate } from "../scripts/example/self-signed-certificate.ts";
import { startVmManager } from "../scripts/example/vm-manager.ts";
import type { Question } from "../src/engine/api/question.ts";
import type { Measurement, Order } from "./probes-asker.ts";

const COUNT = 1000;
/** Pairs of runs for each line. */
const RUNS = 7;
const NAME = "vcenter01.vc.example.com";

interface Subject {
  readonly name: string;
  readonly questions: readonly Question[];
  readonly options: Order["options"];
  /** What every answer must be; otherwise the figure means nothing. */
  readonly reason: string;
  /** For queries without an answer: the time of their timeouts, if nothing else took any. */
  readonly floor_ms?: number;
}

async function main(): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), "preflight-bench-"));
  const closers: (() => Promise<void> | void)[] = [];
  try {
    const responder = await bundled(folder);
    const subjects = await startServers((close) => closers.push(close));
    console.log(`Node.js ${process.version}, ${cpus().length} × ${cpus()[0]?.model ?? "unknown processor"}\n`);
    const idle = await query(responder, { by: "bare", questions: [], options: {} });
    console.log(`The probing process takes ${idle.peak_mb.toFixed(0)} MB before its first query.\n`);
    console.log(row(["1,000 questions", "open at once", "median ms", "ratio", "to what", "peak MB"]));
    console.log(row(["---", "--:", "--:", "--:", "---", "--:"]));
    for (const subject of subjects) console.log(row(await measured(subject, responder)));
  } finally {
    for (const close of closers) await close();
    await rm(folder, { recursive: true });
  }
}

/** The probing program without the packages of this repository, so that only its own memory is measured. */
async function bundled(folder: string): Promise<string> {
  const outfile = join(folder, "asker.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "probes-asker.ts")],
    outfile,
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: {
      js: 'import { createRequire } from "node:module"; const require = createRequire(import.meta.url);',
    },
  });
  return outfile;
}

async function startServers(atEnd: (close: () => Promise<void> | void) => void): Promise<readonly Subject[]> {
  const ntpPort = await listenAll("127.1", atEnd, (request, answer) => answer(ntpReply(request)));
  const silentPort = await listenAll("127.2", atEnd, () => undefined);
  const dns = await startDnsServer([{ type: "A", name: "a", ttl: 60, data: "192.0.2.1" }]);
  const certificate = selfSignedCertificate(NAME);
  const tls = await startVmManager(certificate);
  atEnd(() => dns.close());
  atEnd(() => tls.close());

  const silent = addresses("127.2").map((address): Question => ({ kind: "ntp", address, port: silentPort }));
  const patient = { deadline_ms: 600_000 };
  const dead = (open: number): Subject => ({
    name: "NTP, dead (500 ms, 2 tries)",
    questions: silent,
    options: { ...patient, timeout_ms: { ntp: 500 }, tries: 2, concurrency: { ntp: open } },
    reason: "no-reply",
    floor_ms: (COUNT / open) * 2 * 500,
  });
  return [
    {
      name: "NTP, live",
      questions: addresses("127.1").map((address) => ({ kind: "ntp", address, port: ntpPort })),
      options: { ...patient, concurrency: { ntp: 10 } },
      reason: "ok",
    },
    {
      name: "DNS, live, one server",
      questions: times((index) => ({ kind: "dns", server: "127.0.0.1", port: dns.port, name: `n${index}`, type: "A" })),
      options: { ...patient, concurrency: { dns: 4 } },
      reason: "refused",
    },
    {
      name: "TLS, live, chain judged",
      // A separate name makes each a separate query, and none is that of the certificate.
      questions: times((index) => ({ kind: "tls", address: "127.0.0.1", port: tls.port, name: `n${index}.example` })),
      options: { ...patient, concurrency: { tls: 16 }, ca: [certificate.cert] },
      reason: "name-mismatch",
    },
    dead(250),
    dead(1000),
  ];
}

async function measured(subject: Subject, responder: string): Promise<readonly string[]> {
  const { name, questions, options, reason, floor_ms } = subject;
  const kind = questions[0]?.kind ?? "ntp";
  const own: Measurement[] = [];
  const ratios: number[] = [];
  for (let run = 0; run < (floor_ms === undefined ? RUNS : 3); run++) {
    const least = floor_ms ?? (await query(responder, { by: "bare", questions, options })).ms;
    const measurement = await query(responder, { by: "prober", questions, options });
    if (measurement.reasons[reason] !== COUNT) {
      throw new Error(`${name}: ${JSON.stringify(measurement.reasons)} instead of ${COUNT} times ${reason}`);
    }
    own.push(measurement);
    ratios.push(measurement.ms / least);
  }
  return [
    name,
    String(options.concurrency?.[kind] ?? ""),
    median(own.map(({ ms }) => ms)).toFixed(0),
    median(ratios).toFixed(2),
    floor_ms === undefined ? "bare sockets" : `timeouts: ${floor_ms} ms`,
    Math.max(...own.map(({ peak_mb }) => peak_mb)).toFixed(0),
  ];
}

async function query(responder: string, order: Order): Promise<Measurement> {
  const child = spawn(process.execPath, [responder], { stdio: ["pipe", "pipe", "inherit"] });
  child.stdin.end(JSON.stringify(order));
  return JSON.parse(await text(child.stdout)) as Measurement;
}

/** A UDP socket on each of the addresses, all on the same port. */
async function listenAll(
  prefix: string,
  atEnd: (close: () => void) => void,
  respond: (request: Buffer, answer: (reply: Buffer) => void) => void,
): Promise<number> {
  let port = 0;
  for (const address of addresses(prefix)) {
    const socket: Socket = createSocket("udp4");
    socket.on("message", (request, client) => {
      respond(request, (reply) => socket.send(reply, client.port, client.address));
    });
    socket.bind(port, address);
    await once(socket, "listening");
    port = socket.address().port;
    atEnd(() => void socket.close());
  }
  return port;
}

/** A correct server of stratum 2 (RFC 5905 section 7.3): the request's transmit timestamp is returned as the origin. */
function ntpReply(request: Buffer): Buffer {
  const reply = Buffer.alloc(48);
  reply.writeUInt8(0x24, 0);
  reply.writeUInt8(2, 1);
  request.copy(reply, 24, 40, 48);
  const seconds = Math.floor(Date.now() / 1000) + 2_208_988_800;
  for (const offset of [16, 32, 40]) reply.writeUInt32BE(seconds % 2 ** 32, offset);
  return reply;
}

function addresses(prefix: string): readonly string[] {
  return times((index) => `${prefix}.${index >> 6}.${(index & 63) + 1}`);
}

function times<T>(make: (index: number) => T): readonly T[] {
  return Array.from({ length: COUNT }, (_, index) => make(index));
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(" | ")} |`;
}

await main();
