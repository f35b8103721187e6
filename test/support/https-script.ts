import type { Answer, TlsAnswer, TlsReason, VSphereAnswer } from "../../src/engine/api/question.ts";
import type { Script } from "./scripted-answers.ts";
import { servedCertificate } from "./scripted-answers.ts";

/** What a vSphere endpoint answers at an address; TLS and the API as given, if they are. */
export function vsphereEndpoint(
  address: string,
  name = address,
  { port = 443, tls = {}, api = {} }: { port?: number; tls?: Partial<TlsAnswer>; api?: Partial<VSphereAnswer> } = {},
): Script {
  const about = { api_type: "VirtualCenter", version: "7.0.3", build: "20150588" };
  const answers: Readonly<Record<string, Partial<Answer>>> = {
    [`tcp ${address} ${port}`]: { status: "answered", reason: "open" },
    [`tls ${address} ${port} ${name}`]: { ...servedCertificate(), ...tls },
    [`vsphere ${address} ${port} ${name}`]: {
      ...{ status: "answered", reason: "ok", http_status: 200, api_version: "7.0.3.0", about },
      ...api,
    },
  };
  return answers;
}

/** A handshake that did not end, as the prober records it. */
export function brokenHandshake(reason: TlsReason, result = `open, then ${reason}`): Partial<TlsAnswer> {
  const nothing = { problems: [], certificate: null, protocol: null };
  return { status: "no-answer", reason, attempts: [{ transport: "tcp", duration_ms: 1, result }], ...nothing };
}

type Endpoint = Parameters<typeof vsphereEndpoint>[2];

/** What keeps an endpoint from being vSphere over HTTPS: title, answers, severity, message and words of it for 10.0.0.9. */
export const BROKEN_ENDPOINTS: readonly (readonly [string, Endpoint, "error" | "warn", string, string])[] = [
  ["silence", { tls: brokenHandshake("silent") }, "error", "silent", "does not respond to a TLS handshake"],
  ["a hang-up", { tls: brokenHandshake("closed") }, "error", "hangsUp", "closes them during the TLS handshake"],
  ["a reset", { tls: brokenHandshake("reset") }, "error", "reset", "resets them during the TLS handshake"],
  [
    "half a message",
    { tls: brokenHandshake("partial") },
    "error",
    "partial",
    "10.0.0.9 port 443 but does not complete it",
  ],
  [
    "plain HTTP",
    { tls: brokenHandshake("plain-http") },
    "error",
    "plainHttp",
    "answers plain HTTP, not HTTPS, at 10.0.0.9",
  ],
  ["another protocol", { tls: brokenHandshake("not-tls") }, "error", "notTls", "does not use TLS at 10.0.0.9 port 443"],
  [
    "no common version",
    { tls: brokenHandshake("protocol", "open, then protocol (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)") },
    ...(["error", "noHandshake", "(protocol (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)), even with TLS 1.0"] as const),
  ],
  [
    "TLS 1.0",
    { tls: { legacy: true, protocol: "TLSv1" } },
    "warn",
    "legacyTls",
    "(TLSv1), which current clients refuse",
  ],
  [
    "weak keys",
    { tls: { legacy: true, protocol: null } },
    "warn",
    "legacyTls",
    "(weak keys), which current clients refuse",
  ],
  ["no such page", { api: { reason: "not-vsphere", http_status: 404 } }, "warn", "notVSphere", "endpoint (HTTP 404)"],
  ["another page", { api: { reason: "not-vsphere", http_status: 200 } }, "warn", "notVSphere", "endpoint (HTTP 200)"],
  [
    "a service that is down",
    { api: { reason: "starting", http_status: 503 } },
    "warn",
    "starting",
    "is starting or down",
  ],
  ["no HTTP", { api: { status: "no-answer", reason: "no-http" } }, "warn", "noHttp", "an HTTP request (no-http)"],
  ["no response", { api: { status: "no-answer", reason: "timeout" } }, "warn", "noHttp", "an HTTP request (timeout)"],
];
