import { once } from "node:events";
import { createServer } from "node:tls";
import type { TLSSocket, TlsOptions } from "node:tls";

import type { Issued } from "./tls-certificates.ts";
import { listen } from "./tcp-responder.ts";

export interface TlsResponder {
  readonly address: string;
  readonly port: number;
  /**
   * The server name requested by the first client, null for none; resolves when its handshake is complete on this side
   * too.
   */
  readonly askedName: Promise<string | null>;
}

/** A TLS server on loopback that serves the given chain, leaf first; it is closed when the test ends. */
export async function startTlsResponder(chain: readonly Issued[], options: TlsOptions = {}): Promise<TlsResponder> {
  const [leaf] = chain;
  if (leaf === undefined) throw new Error("A TLS server needs a certificate.");
  const server = createServer({ key: leaf.key, cert: chain.map(({ pem }) => pem).join(""), ...options }, (socket) => {
    socket.on("error", () => undefined);
  });
  server.on("tlsClientError", () => undefined);
  const askedName = once(server, "secureConnection").then(([socket]) => (socket as TLSSocket).servername || null);
  return { address: "127.0.0.1", port: await listen(server), askedName };
}
