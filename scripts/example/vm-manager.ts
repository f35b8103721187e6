import { once } from "node:events";
import { createServer } from "node:https";
import { LOOPBACK } from "./running-server.ts";
import type { RunningServer } from "./running-server.ts";
import type { KeyAndCertificate } from "./self-signed-certificate.ts";

const VERSIONS =
  '<?xml version="1.0" encoding="UTF-8"?><namespaces version="1.0"><namespace><name>urn:vim25</name><version>7.0.3.0</version>' +
  "</namespace></namespaces>";

const SERVICE_CONTENT =
  '<?xml version="1.0" encoding="UTF-8"?><soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/">' +
  '<soapenv:Body><RetrieveServiceContentResponse xmlns="urn:vim25"><returnval><about><version>7.0.3</version>' +
  "<build>20150588</build><apiType>VirtualCenter</apiType><apiVersion>7.0.3.0</apiVersion></about></returnval>" +
  "</RetrieveServiceContentResponse></soapenv:Body></soapenv:Envelope>";

/** The answers of a vCenter Server without a login, over HTTPS with a certificate, on a free port. */
export async function startVmManager(certificate: KeyAndCertificate): Promise<RunningServer> {
  const server = createServer(certificate, (request, response) => {
    request.resume();
    const body =
      request.url === "/sdk/vimServiceVersions.xml" ? VERSIONS : request.url === "/sdk" ? SERVICE_CONTENT : null;
    response.writeHead(body === null ? 404 : 200, { "content-type": "text/xml" }).end(body ?? "");
  });
  // A client that only checks whether the port is open disconnects before the handshake; that is not an error here.
  server.on("tlsClientError", (_error, socket) => socket.destroy());
  server.listen(0, LOOPBACK);
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The VM manager has no port.");
  return {
    port: address.port,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}
