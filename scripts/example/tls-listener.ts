import { once } from "node:events";
import type { Socket } from "node:net";
import { createServer } from "node:tls";
import { LOOPBACK } from "./running-server.ts";
import type { RunningServer } from "./running-server.ts";
import type { KeyAndCertificate } from "./self-signed-certificate.ts";

/** Something that accepts TLS connections with a certificate on a free port, as a vCenter Server does on 443. */
export async function startTlsListener(certificate: KeyAndCertificate): Promise<RunningServer> {
  const connections = new Set<Socket>();
  const server = createServer(certificate, (socket) => socket.on("error", () => socket.destroy()));
  server.on("connection", (socket: Socket) => {
    connections.add(socket);
    socket.on("close", () => connections.delete(socket));
  });
  // A client that only looks whether the port is open leaves before the handshake; that is no error here.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The TLS listener has no port.");
  return {
    port: address.port,
    close: async () => {
      for (const socket of connections) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
