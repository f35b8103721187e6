import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { probeTls } from "../../src/probe/tls/tls.ts";
import { describeReal, freePort, start, workFolder } from "./real-server.ts";

const BASE = { from: "local", timeout_ms: 3000, handshake_timeout_ms: 5000, signal: new AbortController().signal };

describeReal("a TLS server of OpenSSL", ["openssl"], ([openssl = ""]) => {
  const folder = workFolder();
  const at = (name: string) => join(folder, name);
  const run = (...args: readonly string[]) =>
    execFileSync(openssl, [...args], { cwd: folder, stdio: "pipe", encoding: "utf8" });

  /** A key and a certificate; signed by `issuer`, or by itself. */
  function certificate(name: string, issuer: string | null, extensions: string, days = 30): void {
    run(
      "req",
      "-newkey",
      "rsa:2048",
      "-nodes",
      "-keyout",
      `${name}.key`,
      "-subj",
      `/CN=${name}`,
      "-out",
      `${name}.csr`,
    );
    writeFileSync(at(`${name}.ext`), extensions);
    const signer =
      issuer === null
        ? ["-signkey", `${name}.key`]
        : ["-CA", `${issuer}.pem`, "-CAkey", `${issuer}.key`, "-CAcreateserial"];
    run(
      "x509",
      "-req",
      "-in",
      `${name}.csr`,
      ...signer,
      "-days",
      String(days),
      "-extfile",
      `${name}.ext`,
      "-out",
      `${name}.pem`,
    );
  }

  const CA = "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n";
  const ports = new Map<string, number>();

  beforeAll(async () => {
    certificate("root", null, CA);
    certificate("issuing", "root", CA);
    certificate("vcenter", "issuing", "subjectAltName=DNS:vcenter01.example.com\n");
    certificate("lonely", null, "subjectAltName=DNS:vcenter01.example.com\n");
    certificate("cn-only", "issuing", "basicConstraints=CA:FALSE\n");
    for (const [name, leaf, chain] of [
      ["complete", "vcenter", true],
      ["incomplete", "vcenter", false],
      ["self-signed", "lonely", false],
      ["cn", "cn-only", true],
    ] as const) {
      const port = await freePort();
      const sent = chain ? ["-cert_chain", at("issuing.pem")] : [];
      const args = [
        "s_server",
        "-accept",
        `127.0.0.1:${port}`,
        "-cert",
        at(`${leaf}.pem`),
        "-key",
        at(`${leaf}.key`),
        ...sent,
      ];
      await start(openssl, args, /ACCEPT/);
      ports.set(name, port);
    }
  });

  const query = (server: string, name = "vcenter01.example.com", ca = true) =>
    probeTls(
      { kind: "tls", address: "127.0.0.1", port: ports.get(server) ?? 0, name },
      { ...BASE, ca: ca ? [readFileSync(at("root.pem"), "utf8")] : [] },
    );

  /** The verdict of `openssl s_client` on the chain. */
  const verifies = (server: string, name: string) =>
    execFileSync(
      openssl,
      [
        "s_client",
        "-connect",
        `127.0.0.1:${ports.get(server) ?? 0}`,
        "-servername",
        name,
        "-verify_hostname",
        name,
        "-CAfile",
        at("root.pem"),
      ],
      { input: "", encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] },
    ).includes("Verify return code: 0 (ok)");

  it("with a whole chain to a declared CA is trusted", async () => {
    expect(await query("complete")).toMatchObject({ status: "answered", reason: "trusted", problems: [] });
    expect(verifies("complete", "vcenter01.example.com")).toBe(true);
  });

  it("with that chain is not trusted without the CA", async () => {
    expect(await query("complete", undefined, false)).toMatchObject({ reason: "untrusted" });
  });

  it("without the intermediate certificate is recognized", async () => {
    expect(await query("incomplete")).toMatchObject({ status: "answered", reason: "incomplete-chain" });
    expect(verifies("incomplete", "vcenter01.example.com")).toBe(false);
  });

  it("with a self-made certificate is not trusted", async () => {
    expect(await query("self-signed")).toMatchObject({ reason: "untrusted", certificate: { self_signed: true } });
    expect(verifies("self-signed", "vcenter01.example.com")).toBe(false);
  });

  it("with another name does not fit", async () => {
    expect(await query("complete", "other.example.com")).toMatchObject({ reason: "name-mismatch" });
    expect(verifies("complete", "other.example.com")).toBe(false);
  });

  it("is not identified by its common name, unlike with OpenSSL", async () => {
    expect(await query("cn", "cn-only")).toMatchObject({ reason: "name-mismatch", certificate: { dns_names: [] } });
  });
});
