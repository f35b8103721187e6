import type { IncomingMessage } from "node:http";
import { Agent, request } from "node:https";
import { isIP } from "node:net";

import type { Attempt, VSphereAnswer, VSphereQuestion, VsphereReason } from "../../engine/api/question.ts";
import { answerStatus } from "../../engine/evaluation/answer-status.ts";
import { boundedWait, startStopwatch } from "../query/bounded-wait.ts";
import { describeFailure, socketReason, systemErrorCode } from "../query/socket-reason.ts";
import { LEGACY_TLS } from "../tls/trust-anchors.ts";
import { aboutIn, apiVersionIn, SERVICE_CONTENT_REQUEST } from "./vsphere-messages.ts";

export interface VSphereOptions {
  /** The vantage point; it becomes part of the answer. */
  readonly from: string;
  /** Timeout of each response in milliseconds, including the connection. */
  readonly timeout_ms: number;
  readonly signal: AbortSignal;
}

/** Both responses have a few thousand bytes; of a longer one, only the start is needed. */
const MAX_BYTES = 256 * 1024;

/**
 * Determines whether an HTTPS port is a vSphere endpoint, and its product and version, with two requests that require
 * no login. The certificate is not verified: no confidential data is sent. Rejects only for a bug.
 */
export async function probeVSphere(question: VSphereQuestion, options: VSphereOptions): Promise<VSphereAnswer> {
  const watch = startStopwatch();
  const attempts: Attempt[] = [];
  const agent = new Agent({ ...LEGACY_TLS, keepAlive: true, maxSockets: 1, rejectUnauthorized: false });
  const send = async (call: Call): Promise<Exchange> => {
    const own = startStopwatch();
    const exchange = await exchanged(question, call, agent, options);
    if (exchange.reason !== "aborted") {
      attempts.push({ transport: "tcp", duration_ms: own.elapsed_ms(), result: `${call.method}: ${exchange.result}` });
    }
    return exchange;
  };
  try {
    const found = isIP(question.address) === 0 ? withoutFacts("name-not-resolved") : await identify(send);
    return {
      kind: "vsphere",
      status: answerStatus("vsphere", found.reason),
      ...found,
      attempts,
      started_at: watch.started_at,
      duration_ms: watch.elapsed_ms(),
      from: options.from,
    };
  } finally {
    agent.destroy();
  }
}

type Found = Pick<VSphereAnswer, "reason" | "http_status" | "api_version" | "about">;

async function identify(send: (call: Call) => Promise<Exchange>): Promise<Found> {
  const versions = await send({ method: "GET", path: "/sdk/vimServiceVersions.xml" });
  if (versions.status === null) return withoutFacts(versions.reason);
  const unusable = unusableStatus(versions.status);
  if (unusable !== null) return { ...withoutFacts(unusable), http_status: versions.status };
  const api_version = versions.status === 200 ? apiVersionIn(versions.text) : null;

  const content = await send({ method: "POST", path: "/sdk", body: SERVICE_CONTENT_REQUEST });
  const about = content.status === 200 ? aboutIn(content.text) : null;
  if (about !== null)
    return { reason: "ok", http_status: 200, api_version: api_version ?? about.apiVersion, about: about.about };
  // The list of versions is a file; it is served while the service itself is down.
  const down = content.status === null ? null : unusableStatus(content.status);
  if (down === "starting") return { reason: down, http_status: content.status, api_version, about: null };
  if (api_version !== null) return { reason: "ok", http_status: versions.status, api_version, about: null };
  return { ...withoutFacts("not-vsphere"), http_status: versions.status };
}

/** Statuses that are not from the service itself; null for those that are. */
function unusableStatus(status: number): "starting" | "http-status" | null {
  if (status === 503) return "starting";
  const isNoSuchPage = status === 404 || status === 405 || status === 410;
  return status < 400 || isNoSuchPage ? null : "http-status";
}

function withoutFacts(reason: VsphereReason): Found {
  return { reason, http_status: null, api_version: null, about: null };
}

interface Call {
  readonly method: "GET" | "POST";
  readonly path: string;
  readonly body?: string;
}

/** A response, or (null status) why there is none. */
interface Exchange {
  readonly status: number | null;
  readonly reason: VsphereReason;
  readonly text: string;
  /** Text for the attempt. */
  readonly result: string;
}

function exchanged(
  { address, port, name }: VSphereQuestion,
  { method, path, body }: Call,
  agent: Agent,
  { timeout_ms, signal }: VSphereOptions,
): Promise<Exchange> {
  const host = isIP(name) === 6 ? `[${name}]` : name;
  return boundedWait<Exchange>(
    { timeout_ms, signal, timedOut: () => failed("timeout"), aborted: () => failed("aborted") },
    ({ end, fail }) => {
      const call = request({
        agent,
        host: address,
        port,
        path,
        method,
        // An address is never sent as a server name (RFC 6066 section 3).
        servername: isIP(name) === 0 ? name : "",
        headers: {
          host: port === 443 ? host : `${host}:${port}`,
          ...(body !== undefined && {
            "content-type": "text/xml; charset=utf-8",
            "content-length": Buffer.byteLength(body),
            soapaction: '"urn:vim25"',
          }),
        },
      });
      const broken = (error: Error): void => {
        const exchange = failureOf(error, isIP(address) === 6 ? 6 : 4);
        if (exchange === null) fail(error);
        else end(exchange);
      };
      call.on("error", broken);
      call.on("response", (response) => collect(response, end, broken));
      call.end(body);
      return () => call.destroy();
    },
  );
}

function collect(response: IncomingMessage, end: (exchange: Exchange) => void, broken: (error: Error) => void): void {
  const status = response.statusCode ?? 0;
  const chunks: Buffer[] = [];
  let size = 0;
  const done = (): void =>
    end({ status, reason: "ok", text: Buffer.concat(chunks).toString("utf8"), result: `HTTP ${status}` });
  response.on("data", (chunk: Buffer) => {
    chunks.push(chunk);
    size += chunk.length;
    if (size > MAX_BYTES) done();
  });
  response.on("end", done);
  response.on("error", broken);
}

/** Null for an error that is neither from the network nor from the server. */
function failureOf(error: Error, family: 4 | 6): Exchange | null {
  const code = "code" in error && typeof error.code === "string" ? error.code : "";
  const system = systemErrorCode(error);
  if (system !== null && system !== "EPROTO") {
    const reason = socketReason({ code: system, transport: "tcp", family, from_network: true });
    return failed(reason === "reset" ? "no-http" : reason, describeFailure(reason, system));
  }
  // Node's HTTP parser (HPE_…), OpenSSL, and a connection that ends before the response does.
  return /^(HPE_|ERR_SSL_|ERR_OSSL_|EPROTO$)/.test(code) ? failed("no-http", describeFailure("no-http", code)) : null;
}

function failed(reason: VsphereReason, result: string = reason): Exchange {
  return { status: null, reason, text: "", result };
}
