import { generateKeyPairSync } from "node:crypto";
import tls from "node:tls";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { pullInventory } from "../../../src/inventory/vsphere/pull.ts";
import { parseServerAddress } from "../../../src/inventory/vsphere/server-address.ts";
import type { Trust } from "../../../src/inventory/vsphere/trusting-agent.ts";
import type { PreflightError } from "../../../src/values/preflight-error.ts";
import {
  CA_EXTENSIONS,
  CertificateMaker,
  type Issued,
  serverExtensions,
} from "../../probe/servers/tls-certificates.ts";
import { listen } from "../../probe/servers/tcp-responder.ts";

const maker = new CertificateMaker();
afterAll(() => maker.remove());

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 1024 });
const key = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const root = maker.issue({ subject: "/CN=Root", issuer: null, extensions: CA_EXTENSIONS });
const request = { subject: "/CN=vcenter", issuer: root, extensions: serverExtensions("IP:127.0.0.1") };
const weakKey = maker.issue({ ...request, key });
const weakCa = maker.issue({ subject: "/CN=Weak", issuer: root, extensions: CA_EXTENSIONS, key });
const weakSignature = maker.issue({ ...request, digest: "sha1" });

/** Node 24 uses security level 2 by default, older versions level 1. */
const usual = tls.DEFAULT_CIPHERS;
afterEach(() => {
  tls.DEFAULT_CIPHERS = usual;
});

async function refusal(chain: readonly Issued[], trust: Partial<Trust> = {}, level = 2): Promise<PreflightError> {
  tls.DEFAULT_CIPHERS = `${usual}:@SECLEVEL=${level}`;
  const interrupt = new AbortController();
  const [leaf] = chain;
  const certificates = { key: leaf?.key, cert: chain.map(({ pem }) => pem).join("") };
  const server = tls.createServer({ ...certificates, ciphers: "DEFAULT:@SECLEVEL=0" }, (socket) => {
    // Whoever sends something believes.
    socket.on("error", () => undefined).once("data", () => interrupt.abort());
  });
  server.on("tlsClientError", () => undefined);
  const port = await listen(server);
  return pullInventory({
    server: parseServerAddress(`https://127.0.0.1:${port}`, "--server"),
    username: "reader",
    password: "secret",
    trust: { ca: [root.pem], thumbprints: [], insecure: false, ...trust },
    datacenter: null,
    toolVersion: "0.1.0",
    signal: interrupt.signal,
  }).then(
    () => expect.unreachable(),
    (error: unknown) => error as PreflightError,
  );
}

const printOf = ({ certificate }: Issued) => certificate.fingerprint256.replaceAll(":", "");

describe("a server with a certificate of a known CA", () => {
  it.each<[string, readonly Issued[]]>([
    ["its key", [weakKey]],
    ["the key of its CA", [maker.issue({ ...request, issuer: weakCa }), weakCa]],
  ])("whose RSA key is too short, %s, is told what is wrong and what to do", async (_, chain) => {
    const { code, message, hint } = await refusal(chain);
    expect(code).toBe("untrusted-server");
    expect(message).toMatch(/has an RSA key of 1024 bits, which is too short\.$/);
    expect(hint).toMatch(
      /^give the server a certificate with a key of 2048 bits or more; until then compare its SHA-256/,
    );
    expect(hint).toContain(`--thumbprint ${chain.map(printOf)[0] ?? ""}`);
  });

  it("whose RSA key is too short is not believed by versions of Node that would", async () => {
    const { code, message } = await refusal([weakKey], {}, 1);
    expect([code, message]).toEqual(["untrusted-server", expect.stringContaining("an RSA key of 1024 bits")]);
    expect((await refusal([maker.issue({ ...request, issuer: weakCa }), weakCa], {}, 1)).code).toBe("untrusted-server");
  });

  it("that is too weak is accepted with --insecure", async () => {
    expect((await refusal([weakKey], { insecure: true }, 1)).code).toBe("interrupted");
  });

  it("that is signed with SHA-1 is reported as such", async () => {
    const { code, message } = await refusal([weakSignature]);
    expect(code).toBe("untrusted-server");
    expect(message).toContain("its signature is too weak (SHA-1)");
  });

  it("that is too weak is believed by its fingerprint", async () => {
    const { code } = await refusal([weakKey], { thumbprints: [weakKey.certificate.fingerprint256] });
    expect(code).toBe("interrupted");
  });
});

it("a certificate with a short key and without a known CA has a short key", async () => {
  const own = maker.issue({ ...request, issuer: null, key });
  expect((await refusal([own], { ca: null })).message).toContain("an RSA key of 1024 bits");
});
