import { generateKeyPairSync } from "node:crypto";
import { getEventListeners, once } from "node:events";
import type { Socket } from "node:net";
import { createSecureContext, createServer } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";

import type { TlsAnswer } from "../../../src/engine/api/question.ts";
import { probeTls } from "../../../src/probe/tls/tls.ts";
import type { TlsOptions } from "../../../src/probe/tls/tls.ts";
import { Semaphore } from "../../../src/probe/query/semaphore.ts";
import { clientLeft, closedTcpPort, silentTcpPort, startTcpResponder } from "../servers/tcp-responder.ts";
import { CA_EXTENSIONS, CertificateMaker, serverExtensions } from "../servers/tls-certificates.ts";
import type { Issued } from "../servers/tls-certificates.ts";
import { startTlsResponder } from "../servers/tls-responder.ts";

const NAME = "vcenter01.vc.example";
const maker = new CertificateMaker();
afterAll(() => maker.remove());

const root = maker.issue({ subject: "/CN=Root", issuer: null, extensions: CA_EXTENSIONS });
const intermediate = maker.issue({ subject: "/CN=Intermediate", issuer: root, extensions: CA_EXTENSIONS });
const leafOf = (issuer: Issued | null, names = `DNS:${NAME}`, to?: string): Issued =>
  maker.issue({
    subject: `/CN=${NAME}`,
    issuer,
    extensions: serverExtensions(names),
    ...(to === undefined ? {} : { to }),
  });
const leaf = leafOf(intermediate);

/** Long enough never to matter if the server answers; tests that wait for a timeout set a short one. */
const PATIENT: TlsOptions = {
  from: "here",
  timeout_ms: 20_000,
  handshake_timeout_ms: 20_000,
  signal: new AbortController().signal,
  ca: [root.pem],
};

function query(port: number, options = PATIENT, name = NAME): Promise<TlsAnswer> {
  return probeTls({ kind: "tls", address: "127.0.0.1", port, name }, options);
}

describe("a server with a good certificate", () => {
  it("is trusted, and all it shows is kept", async () => {
    const { port, askedName } = await startTlsResponder([leaf, intermediate]);
    const answer = await query(port);
    expect(answer).toMatchObject({
      kind: "tls",
      status: "answered",
      reason: "trusted",
      problems: [],
      detail: null,
      protocol: "TLSv1.3",
      chain: [leaf.pem, intermediate.pem],
      certificate: { subject: `CN=${NAME}`, dns_names: [NAME], not_after: "2120-01-01T00:00:00.000Z" },
      attempts: [{ transport: "tcp", result: "handshake done" }],
      from: "here",
    });
    await expect(askedName).resolves.toBe(NAME);
  });

  it("receives the name that it may need to select its certificate", async () => {
    const other = leafOf(intermediate, "DNS:other.example");
    const { port } = await startTlsResponder([other], {
      SNICallback: (name, done) => {
        const chosen = name === NAME ? leaf : other;
        done(null, createSecureContext({ key: chosen.key, cert: chosen.pem + intermediate.pem }));
      },
    });
    expect(await query(port)).toMatchObject({ reason: "trusted", certificate: { dns_names: [NAME] } });
  });

  it("may be identified by its address, which is not a server name", async () => {
    const { port, askedName } = await startTlsResponder([leafOf(intermediate, "IP:127.0.0.1"), intermediate]);
    expect(await query(port, PATIENT, "127.0.0.1")).toMatchObject({ reason: "trusted" });
    await expect(askedName).resolves.toBeNull();
  });

  it("may require a client certificate, which TLS 1.3 reports too late", async () => {
    const { port } = await startTlsResponder([leaf, intermediate], { requestCert: true, rejectUnauthorized: true });
    expect(await query(port)).toMatchObject({ reason: "trusted" });
  });

  it("may have a key of 1024 bits, which every version of Node reports as weak", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
    const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const extensions = serverExtensions(`DNS:${NAME}`);
    const weak = maker.issue({ subject: `/CN=${NAME}`, issuer: intermediate, extensions, key });
    const { port } = await startTlsResponder([weak, intermediate], { ciphers: "DEFAULT:@SECLEVEL=0" });
    const answer = await query(port);
    expect(answer).toMatchObject({ status: "answered", reason: "weak-key", problems: ["weak-key"] });
    expect(answer.detail).toContain("1024 bits (RSA), fewer than 2048");
  });

  it("may use TLS 1.2", async () => {
    const { port } = await startTlsResponder([leaf, intermediate], { maxVersion: "TLSv1.2" });
    expect(await query(port)).toMatchObject({ reason: "trusted", protocol: "TLSv1.2" });
  });

  it("may send its certificates in any order, and more of them", async () => {
    const stranger = leafOf(null);
    const { port } = await startTlsResponder([leaf, root, stranger, intermediate]);
    expect(await query(port)).toMatchObject({
      reason: "trusted",
      chain: [leaf.pem, root.pem, stranger.pem, intermediate.pem],
    });
  });
});

describe("a server with a bad certificate", () => {
  const clientOnly = maker.issue({
    subject: `/CN=${NAME}`,
    issuer: intermediate,
    extensions: ["basicConstraints=CA:FALSE", "extendedKeyUsage=clientAuth", `subjectAltName=DNS:${NAME}`],
  });
  const constrained = maker.issue({
    subject: "/CN=Constrained",
    issuer: root,
    extensions: [...CA_EXTENSIONS, "nameConstraints=critical,permitted;DNS:other.example"],
  });

  it.each<[string, readonly Issued[], string]>([
    ["expired", [leafOf(intermediate, undefined, "20210101000000Z"), intermediate], "expired"],
    ["for another name", [leafOf(intermediate, "DNS:*.example"), intermediate], "name-mismatch"],
    ["with a common name alone", [leafOf(intermediate, ""), intermediate], "name-mismatch"],
    ["without its intermediate", [leaf], "incomplete-chain"],
    ["self-signed", [leafOf(null)], "untrusted"],
    ["for clients only", [clientOnly, intermediate], "wrong-usage"],
    ["outside the names its CA may certify", [leafOf(constrained), constrained], "wrong-usage"],
  ])("%s", async (_name, chain, reason) => {
    const { port } = await startTlsResponder(chain);
    const answer = await query(port);
    expect(answer).toMatchObject({ status: "answered", reason, problems: [reason] });
    expect(answer.chain).toEqual(chain.map(({ pem }) => pem));
    expect(answer.detail).not.toBeNull();
  });

  it("of an unknown CA", async () => {
    const { port } = await startTlsResponder([leaf, intermediate, root]);
    expect(await query(port, { ...PATIENT, ca: [] })).toMatchObject({ reason: "untrusted", problems: ["untrusted"] });
  });

  it("evaluated for the given time", async () => {
    const { port } = await startTlsResponder([leaf, intermediate]);
    const at = (date: string): Promise<TlsAnswer> => query(port, { ...PATIENT, now: Date.parse(date) });
    expect(await at("2119-12-31T00:00:00Z")).toMatchObject({ reason: "trusted" });
    expect(await at("2120-01-02T00:00:00Z")).toMatchObject({ reason: "expired" });
    expect(await at("2019-12-31T00:00:00Z")).toMatchObject({ reason: "not-yet-valid" });
  });
});

describe("a server that ends the handshake", () => {
  it("because it wants a client certificate, still shows its own", async () => {
    const { port } = await startTlsResponder([leaf, intermediate], {
      requestCert: true,
      rejectUnauthorized: true,
      maxVersion: "TLSv1.2",
    });
    expect(await query(port)).toMatchObject({
      status: "no-answer",
      reason: "protocol",
      problems: [],
      certificate: { dns_names: [NAME] },
      chain: [leaf.pem, intermediate.pem],
    });
  });

  it.each(["HTTP/1.1 400 Bad Request\r\n\r\n", "HTTP/1.0 200 OK\r\nContent-Length: 1000000\r\n\r\n<"])(
    "because it uses plain HTTP: %j",
    async (response) => {
      const { port } = await startTcpResponder((socket) => socket.write(response));
      const answer = await query(port);
      expect(answer).toMatchObject({ status: "no-answer", reason: "plain-http", detail: null, protocol: null });
    },
  );

  it("because it uses another protocol", async () => {
    const { port } = await startTcpResponder((socket) => socket.write("SSH-2.0-OpenSSH_8.9\r\n"));
    expect(await query(port)).toMatchObject({ status: "no-answer", reason: "not-tls" });
  });

  it("with an alert, is not queried over plain HTTP", async () => {
    const heard: string[] = [];
    const { port } = await startTcpResponder((socket) =>
      socket.on("data", (chunk) => {
        heard.push(chunk.toString("latin1", 0, 1));
        // handshake_failure, fatal
        socket.end(Uint8Array.of(0x15, 3, 3, 0, 2, 2, 40));
      }),
    );
    const answer = await query(port);
    expect(answer).toMatchObject({ status: "no-answer", reason: "protocol" });
    // Versions of OpenSSL have different names for this alert.
    expect(answer.attempts.map(({ result }) => result.replace(/SSL_(SSLV3|TLS|SSL\/TLS)_/, "SSL_x_"))).toEqual([
      "open, then protocol (ERR_SSL_x_ALERT_HANDSHAKE_FAILURE)",
      "TLS 1.0 allowed: open, then protocol (ERR_SSL_x_ALERT_HANDSHAKE_FAILURE)",
    ]);
    expect(heard).toEqual(["\u0016", "\u0016"]);
  });

  it("by hanging up", async () => {
    const { port } = await startTcpResponder((socket) => socket.once("data", () => socket.end()));
    const answer = await query(port);
    expect(answer).toMatchObject({ status: "no-answer", reason: "closed" });
    expect(answer.attempts.map(({ result }) => result)).toEqual([
      "open, then closed",
      "TLS 1.0 allowed: open, then closed",
      "plain HTTP: no answer",
    ]);
  });

  it("by hanging up at once, whenever that is noticed", async () => {
    const { port } = await startTcpResponder((socket) => socket.end());
    for (let time = 0; time < 20; time++) expect((await query(port)).reason).toMatch(/^(closed|reset)$/);
  });

  it("by hanging up in the middle of its first message", async () => {
    const begun = Uint8Array.of(0x16, 0x03, 0x03, 0x3f, 0xff, 0x02);
    const { port } = await startTcpResponder((socket) => socket.once("data", () => socket.end(begun)));
    expect(await query(port)).toMatchObject({ status: "no-answer", reason: "partial" });
  });

  it("by a reset", async () => {
    const { port } = await startTcpResponder((socket) => socket.once("data", () => socket.resetAndDestroy()));
    expect(await query(port)).toMatchObject({ status: "no-answer", reason: "reset" });
  });

  it("by a reset at once, whenever that is noticed", async () => {
    const { port } = await startTcpResponder((socket) => socket.resetAndDestroy());
    for (let time = 0; time < 20; time++) expect(await query(port)).toMatchObject({ reason: "reset" });
  });
});

describe("a server of ten years ago", () => {
  const weakKey = generateKeyPairSync("rsa", { modulusLength: 512 }).privateKey;
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;

  it.each(["TLSv1", "TLSv1.1"] as const)(
    "that supports only %s presents its certificate on a second attempt",
    async (version) => {
      const { port } = await startTlsResponder([leaf, intermediate], { ...old, maxVersion: version });
      const answer = await query(port);
      expect(answer).toMatchObject({ status: "answered", reason: "trusted", protocol: version, legacy: true });
      expect(answer.chain).toEqual([leaf.pem, intermediate.pem]);
      expect(answer.attempts.map(({ result }) => result)).toEqual([
        "open, then protocol (ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION)",
        "TLS 1.0 allowed: handshake done",
      ]);
    },
  );

  it("that is well otherwise is not called old", async () => {
    const { port } = await startTlsResponder([leaf, intermediate]);
    expect(await query(port)).toMatchObject({ legacy: false, attempts: [{ result: "handshake done" }] });
  });

  it("whose key is of 512 bits shows its certificate", async () => {
    const key = weakKey.export({ type: "pkcs8", format: "pem" }).toString();
    const tiny = maker.issue({
      subject: `/CN=${NAME}`,
      issuer: null,
      extensions: serverExtensions(`DNS:${NAME}`),
      key,
    });
    const { port } = await startTlsResponder([tiny], { ...old, maxVersion: "TLSv1.2" });
    expect(await query(port)).toMatchObject({ status: "answered", reason: "untrusted", chain: [tiny.pem] });
  });

  it("that disconnects once is not called old if it uses TLS 1.2 the next time", async () => {
    let connections = 0;
    const server = createServer({ key: leaf.key, cert: leaf.pem + intermediate.pem });
    const { port } = await startTcpResponder((socket) => {
      if (connections++ === 0) socket.end();
      else server.emit("connection", socket);
    });
    expect(await query(port)).toMatchObject({ status: "answered", reason: "trusted", legacy: false });
  });
});

/** The system reports a reset only to the first who reads or writes after it, and the greeting is written first. */
const HUNG_UP = expect.stringMatching(/^(closed|reset)$/) as string;

describe("handshakes that take turns", () => {
  it("detect changes of their servers in the meantime, and start their timeout when their turn comes", async () => {
    const handshakes = new Semaphore(1);
    const options = { ...PATIENT, handshakes };
    const tarpit = await startTcpResponder(() => undefined);
    const good = await startTlsResponder([leaf, intermediate]);
    const gone: number[] = [];
    for (const act of [(socket: Socket) => socket.resetAndDestroy(), (socket: Socket) => socket.end()]) {
      gone.push((await startTcpResponder((socket) => setTimeout(() => act(socket), 50))).port);
    }
    const connected = once(tarpit.server, "connection");
    const slow = query(tarpit.port, { ...options, handshake_timeout_ms: 400 });
    await connected;
    const answers = await Promise.all([slow, ...[good.port, ...gone].map((port) => query(port, options))]);
    expect(answers.map(({ reason }) => reason)).toEqual(["silent", "trusted", HUNG_UP, HUNG_UP]);
  });
});

describe("a server that stalls", () => {
  it.each<[string, Uint8Array, string]>([
    ["says nothing", new Uint8Array(0), "silent"],
    ["begins a record and stops", Uint8Array.of(0x16, 0x03, 0x03, 0x3f, 0xff, 0x02), "partial"],
  ])("because it %s, is left by us", async (_name, greeting, reason) => {
    const { port, server } = await startTcpResponder((socket) => socket.write(greeting));
    const left = clientLeft(server);
    const answer = await query(port, { ...PATIENT, handshake_timeout_ms: 100 });
    expect(answer).toMatchObject({
      status: "no-answer",
      reason,
      attempts: [
        { result: `open, then ${reason}` },
        ...(reason === "silent" ? [{ result: "plain HTTP: no answer" }] : []),
      ],
    });
    await left;
  });

  it.each<[string, (round: number) => Buffer]>([
    ["sends alerts of level warning without end", () => Buffer.from([0x15, 0x03, 0x03, 0, 2, 1, 112])],
    ["sends empty records without end", () => Buffer.from([0x16, 0x03, 0x03, 0, 0])],
    [
      "sends a handshake message of 16 MB octet by octet",
      (round) =>
        Buffer.from(round === 0 ? [0x16, 0x03, 0x03, 0, 5, 2, 0xff, 0xff, 0xff, 0] : [0x16, 0x03, 0x03, 0, 1, 0]),
    ],
  ])("because it %s, ends all the same", async (_name, piece) => {
    let left: Promise<unknown> | undefined;
    const { port } = await startTcpResponder((socket) => {
      // A write to a client that has left fails.
      left = new Promise((resolve) => socket.on("close", resolve));
      let round = 0;
      const next = (): void => {
        if (socket.writable) socket.write(piece(round++), () => setImmediate(next));
      };
      next();
    });
    const answer = await query(port, { ...PATIENT, handshake_timeout_ms: 100 });
    expect(answer).toMatchObject({ status: "no-answer", certificate: null });
    expect(["partial", "protocol", "closed", "reset", "not-tls", "silent"]).toContain(answer.reason);
    await left;
  });

  it("because it waits for the end of an HTTP request", async () => {
    const { port } = await startTcpResponder((socket) => {
      let heard = "";
      socket.on("data", (chunk) => {
        heard += chunk.toString("latin1");
        if (heard.endsWith("\r\n\r\n")) socket.end("HTTP/1.1 200 OK\r\n\r\n");
      });
    });
    const answer = await query(port, { ...PATIENT, handshake_timeout_ms: 500 });
    expect(answer).toMatchObject({ status: "no-answer", reason: "plain-http" });
  });

  it.runIf(process.platform === "linux")("because it drops every SYN", async () => {
    const answer = await query(await silentTcpPort(), { ...PATIENT, timeout_ms: 60 });
    expect(answer).toMatchObject({ status: "no-answer", reason: "timeout", attempts: [{ result: "timeout" }] });
  });

  it("because its port is closed", async () => {
    const answer = await query(await closedTcpPort());
    expect(answer).toMatchObject({ status: "no-answer", reason: "refused", problems: [], certificate: null });
  });
});

describe("a query that is not sent", () => {
  it("because the run was aborted before", async () => {
    const answer = await query(await closedTcpPort(), { ...PATIENT, signal: AbortSignal.abort() });
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted", attempts: [] });
  });

  it("because the run was aborted during the handshake, leaves nothing", async () => {
    const controller = new AbortController();
    const { port, server } = await startTcpResponder((socket) => socket.once("data", () => controller.abort()));
    const left = clientLeft(server);
    const answer = await query(port, { ...PATIENT, signal: controller.signal });
    expect(answer).toMatchObject({ status: "not-asked", reason: "aborted" });
    await left;
    expect(getEventListeners(controller.signal, "abort")).toHaveLength(0);
  });

  it("because its name was never resolved", async () => {
    const answer = await probeTls({ kind: "tls", address: NAME, port: 443, name: NAME }, PATIENT);
    expect(answer).toMatchObject({ status: "not-asked", reason: "name-not-resolved", attempts: [] });
  });
});

it("rejects for a CA that cannot be read, and contacts no server", async () => {
  let connections = 0;
  const { port } = await startTcpResponder(() => connections++);
  const broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----";
  await expect(query(port, { ...PATIENT, ca: [broken] })).rejects.toThrow();
  expect(connections).toBe(0);
});
