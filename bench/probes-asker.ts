/**
 * The process that `probes.ts` measures: sends the queries from its standard input, with the prober or with bare
 * sockets, and reports how long that took.
 */
import { createSocket } from "node:dgram";
import { text } from "node:stream/consumers";
import { connect } from "node:tls";
import type { Question } from "../src/engine/api/question.ts";
import { parseAllowedTargets } from "../src/values/network/probe-targets.ts";
import { createProber, type ProberOptions } from "../src/probe/prober.ts";

export interface Order {
  readonly by: "prober" | "bare";
  readonly questions: readonly Question[];
  readonly options: Pick<ProberOptions, "concurrency" | "timeout_ms" | "tries" | "deadline_ms" | "ca">;
}

export interface Measurement {
  readonly ms: number;
  readonly peak_mb: number;
  /** The number of answers by reason. */
  readonly reasons: Readonly<Record<string, number>>;
}

const allow = [parseAllowedTargets("127.0.0.0/8") ?? []].flat();
const order = JSON.parse(await text(process.stdin)) as Order;
const start = performance.now();
const reasons = order.by === "prober" ? await byProber(order) : await byBareSockets(order);
const ms = performance.now() - start;
const counts: Record<string, number> = {};
for (const reason of reasons) counts[reason] = (counts[reason] ?? 0) + 1;
const measurement: Measurement = { ms, peak_mb: process.resourceUsage().maxRSS / 1024, reasons: counts };
process.stdout.write(JSON.stringify(measurement));

async function byProber({ questions, options }: Order): Promise<readonly string[]> {
  const answers = await createProber({ ...options, allow }).query(questions);
  return answers.map(({ reason }) => reason);
}

/** The minimum of any client: a socket, a message there and back; nothing is parsed, checked or limited in time. */
async function byBareSockets({ questions, options }: Order): Promise<readonly string[]> {
  const waiting = [...questions];
  const worker = async (): Promise<string[]> => {
    const done: string[] = [];
    for (let question = waiting.pop(); question !== undefined; question = waiting.pop()) {
      await exchange(question);
      done.push("exchanged");
    }
    return done;
  };
  const [first] = questions;
  const width = first === undefined ? 1 : (options.concurrency?.[first.kind] ?? 1);
  return (await Promise.all(Array.from({ length: width }, worker))).flat();
}

function exchange(question: Question): Promise<void> {
  return new Promise((resolve, reject) => {
    if (question.kind === "tls") {
      const { address: host, port, name: servername } = question;
      const socket = connect({ host, port, servername, rejectUnauthorized: false });
      socket.on("error", reject).on("secureConnect", () => {
        socket.destroy();
        resolve();
      });
      return;
    }
    const address = question.kind === "dns" ? question.server : question.address;
    const socket = createSocket({ type: "udp4", lookup: (host, _options, done) => done(null, host, 4) });
    socket.on("error", reject).on("message", () => {
      socket.close();
      resolve();
    });
    socket.on("connect", () => socket.send(question.kind === "dns" ? dnsQuery() : ntpRequest()));
    socket.connect(question.port, address);
  });
}

/** A request of version 4, mode 3 (RFC 5905 section 7.3). */
function ntpRequest(): Buffer {
  const packet = Buffer.alloc(48);
  packet.writeUInt8(0x23, 0);
  return packet;
}

/** `a. A IN`, recursion desired (RFC 1035 section 4.1). */
function dnsQuery(): Buffer {
  return Buffer.from("123401000001000000000000" + "016100" + "00010001", "hex");
}
