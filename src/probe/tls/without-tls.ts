import { isIP, type Socket } from "node:net";

import { boundedWait } from "../query/bounded-wait.ts";

/** Record types of TLS: change cipher spec to heartbeat (RFC 8446 section 5.1, RFC 6520). */
const TLS_RECORDS = { from: 0x14, to: 0x18 };

/** The protocol that the first bytes of a server indicate; null when they are TLS, or none were received. */
export function spokenInsteadOfTls(first: Buffer): "plain-http" | "not-tls" | null {
  const [type] = first;
  if (type === undefined || (type >= TLS_RECORDS.from && type <= TLS_RECORDS.to)) return null;
  return isHttp(first) ? "plain-http" : "not-tls";
}

/**
 * Whether a connected server answers a plain HTTP request. Some servers without TLS wait for a line break, which the
 * TLS greeting never contains.
 */
export function answersPlainHttp(
  socket: Socket,
  name: string,
  limits: { readonly timeout_ms: number; readonly signal: AbortSignal },
): Promise<boolean> {
  return boundedWait<boolean>({ ...limits, timedOut: () => false, aborted: () => false }, ({ end }) => {
    socket.on("data", (chunk: Buffer) => end(isHttp(chunk)));
    socket.on("error", () => end(false));
    socket.on("close", () => end(false));
    socket.resume();
    socket.write(`HEAD / HTTP/1.1\r\nHost: ${isIP(name) === 6 ? `[${name}]` : name}\r\nConnection: close\r\n\r\n`);
    return () => socket.destroy();
  });
}

function isHttp(bytes: Buffer): boolean {
  return bytes.toString("latin1", 0, 5) === "HTTP/";
}
