import type { RequestListener } from "node:http";
import { createServer, type ServerOptions } from "node:https";
import { createServer as createTlsServer } from "node:tls";
import { getEventListeners } from "node:events";
import { afterAll, describe, expect, it } from "vitest";

import { probeVSphere } from "../../../src/probe/vsphere/vsphere.ts";
import { closedTcpPort, listen, startTcpResponder } from "../servers/tcp-responder.ts";
import { CertificateMaker, serverExtensions } from "../servers/tls-certificates.ts";

const NAME = "vcenter01.vc.example";
const maker = new CertificateMaker();
afterAll(() => maker.remove());
/** Of its own making and for another name: whom it belongs to plays no part. */
const { key, pem } = maker.issue({ subject: "/CN=other", issuer: null, extensions: serverExtensions("DNS:other") });

const PATIENT = { from: "here", timeout_ms: 20_000, signal: new AbortController().signal };

const query = (port: number, options = PATIENT, name = NAME) =>
  probeVSphere({ kind: "vsphere", address: "127.0.0.1", port, name }, options);

const startHttps = (answer: RequestListener, options: ServerOptions = {}) =>
  listen(createServer({ key, cert: pem, ...options }, answer));

const versions = (version: string) =>
  `<?xml version="1.0"?>\n<namespaces version="1.0">\n <namespace>\n  <name>urn:vim25</name>\n  <version>${version}</version>\n` +
  "  <priorVersions><version>6.5</version></priorVersions></namespace></namespaces>";

const content = (about: string, prefix = "") =>
  `<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>` +
  `<${prefix}RetrieveServiceContentResponse xmlns="urn:vim25"><${prefix}returnval><${prefix}about>${about}</${prefix}about>` +
  `</${prefix}returnval></${prefix}RetrieveServiceContentResponse></soapenv:Body></soapenv:Envelope>`;

const VCENTER =
  "<name>VMware vCenter Server</name><version>7.0.3</version><build>20150588</build>" +
  "<apiType>VirtualCenter</apiType><apiVersion>7.0.3.0</apiVersion>";

/** A server with a status and a body for each of the two requests. */
const pages =
  (get: readonly [number, string], post: readonly [number, string]): RequestListener =>
  (request, response) => {
    const [status, body] = request.method === "GET" ? get : post;
    request.resume();
    response.writeHead(status).end(body);
  };

describe("a vSphere endpoint", () => {
  it("returns its product, version and build, over one connection and without a login", async () => {
    const heard: unknown[] = [];
    const sockets = new Set<unknown>();
    const port = await startHttps((request, response) => {
      sockets.add(request.socket);
      const chunks: Buffer[] = [];
      request.on("data", (chunk: Buffer) => chunks.push(chunk));
      request.on("end", () => {
        const { method, url, headers } = request;
        const body = Buffer.concat(chunks).toString();
        heard.push([
          method,
          url,
          headers.host,
          headers["soapaction"] ?? null,
          /<(Retrieve\w+|Login)/.exec(body)?.[1] ?? null,
        ]);
        expect(headers).not.toHaveProperty("authorization");
        response.end(method === "GET" ? versions("7.0.3.0") : content(VCENTER));
      });
    });
    const answer = await query(port);
    expect(answer).toMatchObject({
      ...{ kind: "vsphere", status: "answered", reason: "ok", http_status: 200, api_version: "7.0.3.0", from: "here" },
      about: { api_type: "VirtualCenter", version: "7.0.3", build: "20150588" },
      attempts: [{ result: "GET: HTTP 200" }, { result: "POST: HTTP 200" }],
    });
    expect(heard).toEqual([
      ["GET", "/sdk/vimServiceVersions.xml", `${NAME}:${port}`, null, null],
      ["POST", "/sdk", `${NAME}:${port}`, '"urn:vim25"', "RetrieveServiceContent"],
    ]);
    expect(sockets.size).toBe(1);
  });

  it.each<[string, readonly [number, string], readonly [number, string], unknown]>([
    ["without the list of versions", [404, ""], [200, content(VCENTER)], "7.0.3.0"],
    ["with a page in place of it", [200, "<html>"], [200, content(VCENTER)], "7.0.3.0"],
    ["that answers nothing but it", [200, versions("6.7")], [500, "<soapenv:Fault/>"], "6.7"],
    ["with prefixes", [404, ""], [200, content(VCENTER.replaceAll(/<(\/?)/g, "<$1v:"), "v:")], "7.0.3.0"],
  ])("%s", async (_title, get, post, api_version) => {
    expect(await query(await startHttps(pages(get, post)))).toMatchObject({ reason: "ok", api_version });
  });

  it("keeps nothing of it but words and numbers", async () => {
    const about = "<apiType>Host\u001b[31mAgent</apiType><version>7<b/></version><build>1</build>";
    const port = await startHttps(pages([200, versions("<x>")], [200, content(about)]));
    expect(await query(port)).toMatchObject({
      ...{ reason: "ok", api_version: null },
      about: { api_type: null, version: null, build: "1" },
    });
  });

  it("may support only TLS 1.0", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
    const port = await startHttps(pages([200, versions("5.5")], [200, content(VCENTER)]), old);
    expect(await query(port)).toMatchObject({ status: "answered", reason: "ok", api_version: "5.5" });
  });

  it("may be an address, which is no server name", async () => {
    const hosts: unknown[] = [];
    const port = await startHttps((request, response) => {
      hosts.push(request.headers.host);
      response.end(versions("8.0"));
    });
    await query(port, PATIENT, "2001:db8::9");
    expect(hosts).toEqual([`[2001:db8::9]:${port}`, `[2001:db8::9]:${port}`]);
  });
});

describe("another server", () => {
  it.each<[string, readonly [number, string], readonly [number, string], string, number]>([
    ["has no such page", [404, "no"], [404, "no"], "not-vsphere", 404],
    ["has another page", [200, "<html>Welcome</html>"], [200, "<html>Welcome</html>"], "not-vsphere", 200],
    ["has an XML of its own", [200, "<namespaces/>"], [200, "<a><about/></a>"], "not-vsphere", 200],
    ["sends the client elsewhere", [302, ""], [302, ""], "not-vsphere", 302],
    ["is starting", [503, "503 Service Unavailable"], [503, ""], "starting", 503],
    ["has the file and no service", [200, versions("7.0")], [503, ""], "starting", 503],
    ["wants a login", [401, ""], [401, ""], "http-status", 401],
    ["forbids it", [403, ""], [403, ""], "http-status", 403],
    ["fails", [500, ""], [500, ""], "http-status", 500],
    ["is a gateway to nothing", [502, ""], [502, ""], "http-status", 502],
  ])("%s", async (_title, get, post, reason, http_status) => {
    const answer = await query(await startHttps(pages(get, post)));
    expect(answer).toMatchObject({ status: "answered", reason, http_status, about: null });
  });

  it("never stops sending", async () => {
    const port = await startHttps((_request, response) => {
      const more = (): boolean => response.write("<about>".repeat(10_000), more);
      more();
    });
    expect(await query(port)).toMatchObject({ reason: "not-vsphere", http_status: 200 });
  });

  it.each<[string, string]>([
    ["speaks something else over TLS", "220 smtp ready\r\n"],
    ["hangs up without a response", ""],
  ])("%s", async (_title, greeting) => {
    const server = createTlsServer({ key, cert: pem }, (socket) => {
      socket.on("error", () => undefined);
      socket.once("data", () => socket.end(greeting));
    });
    server.on("tlsClientError", () => undefined);
    const answer = await query(await listen(server));
    expect(answer).toMatchObject({ status: "no-answer", reason: "no-http", http_status: null });
  });

  it("does not use TLS", async () => {
    const { port } = await startTcpResponder((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
    expect(await query(port)).toMatchObject({ status: "no-answer", reason: "no-http" });
  });

  it("does not respond after the handshake, and is disconnected", async () => {
    const server = createTlsServer({ key, cert: pem }, (socket) => void socket.on("error", () => undefined));
    const port = await listen(server);
    expect(await query(port, { ...PATIENT, timeout_ms: 300 })).toMatchObject({
      status: "no-answer",
      reason: "timeout",
    });
  });

  it("is not there", async () => {
    expect(await query(await closedTcpPort())).toMatchObject({ status: "no-answer", reason: "refused" });
  });
});

describe("a query that is not sent", () => {
  it("because the run was aborted, before or meanwhile", async () => {
    expect(await query(await closedTcpPort(), { ...PATIENT, signal: AbortSignal.abort() })).toMatchObject({
      ...{ status: "not-asked", reason: "aborted", attempts: [] },
    });
    const controller = new AbortController();
    const port = await startHttps(() => controller.abort());
    expect(await query(port, { ...PATIENT, signal: controller.signal })).toMatchObject({ reason: "aborted" });
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it("because its name was never resolved", async () => {
    const question = { kind: "vsphere", address: NAME, port: 443, name: NAME } as const;
    expect(await probeVSphere(question, PATIENT)).toMatchObject({ status: "not-asked", reason: "name-not-resolved" });
  });
});
