import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { parseCertificates } from "../../../src/input/certificates/parse-certificates.ts";
import { leafOf } from "../../../src/site/deployment/certificate.ts";
import { authority, certificateMaker, server } from "../../support/certificate-cases.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";

const maker = certificateMaker();
const root = authority(maker, "Root");
const leaf = server(maker, root, ["conf01.vc.example.com", "*.vc.example.com"], { from: "20210104000000Z" });
const parse = (content: string | Buffer) => parseCertificates("certs/a.pem", Buffer.from(content));
const problem = (content: string | Buffer) => parse(content).problem;

const folder = mkdtempSync(join(tmpdir(), "preflight-parse-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** What an `openssl` command writes for the leaf and its key. */
function openssl(command: string, ...args: readonly string[]): Buffer {
  writeFileSync(join(folder, "a.pem"), leaf.pem);
  writeFileSync(join(folder, "a.key"), leaf.key);
  execFileSync("openssl", [command, ...args, "-out", "out"], { cwd: folder, stdio: "pipe" });
  return readFileSync(join(folder, "out"));
}

describe("parseCertificates", () => {
  it("reads the fields that rules use", () => {
    const { certificates, ...file } = parse(leaf.pem);
    expect(file).toEqual({ path: "certs/a.pem", problem: null, line: null, privateKey: "none" });
    expect(certificates).toMatchObject([
      {
        fingerprint: leaf.certificate.fingerprint256.replaceAll(":", "").toLowerCase(),
        name: "conf01.vc.example.com",
        subject: "CN=conf01.vc.example.com",
        issuer: "CN=Root",
        names: { dns: ["conf01.vc.example.com", "*.vc.example.com"], ip: [] },
        validity: { from: Date.UTC(2021, 0, 4), to: Date.UTC(2120, 0, 1) },
        isCa: false,
        isSelfSigned: false,
        key: { type: "ec", bits: 256 },
        signature: { algorithm: "1.2.840.10045.4.3.2", hash: "SHA-256" },
      },
    ]);
    expect(parse(root.pem).certificates).toMatchObject([{ isCa: true, isSelfSigned: true }]);
  });

  it("keeps the order of the file, and links issuers", () => {
    const [first, second] = parse(root.pem + leaf.pem).certificates;
    expect([first?.name, second?.name]).toEqual(["Root", "conf01.vc.example.com"]);
    if (first === undefined || second === undefined) throw new Error("two certificates were given");
    expect([second.isIssuedBy(first), first.isIssuedBy(second), second.isIssuedBy(second)]).toEqual([
      true,
      false,
      false,
    ]);
    const [namesake] = parse(authority(maker, "Root").pem).certificates;
    expect(namesake && second.isIssuedBy(namesake)).toBe(false);
  });

  it("reads RSA keys, and names with several parts", () => {
    const [certificate] = parse(exampleCertificates["certs/conf01-rsa-1024.pem"] ?? "").certificates;
    expect(certificate).toMatchObject({
      key: { type: "rsa", bits: 1024 },
      name: "conf01.vc.example.com",
      subject: "CN=conf01.vc.example.com, O=Example Video",
    });
  });

  it("takes a certificate without subject", () => {
    const { pem } = maker.issue({ subject: "/", issuer: root, extensions: ["subjectAltName=DNS:a.example"] });
    expect(parse(pem).certificates).toMatchObject([{ name: "", subject: "", names: { dns: ["a.example"] } }]);
  });

  it.each([
    ["CRLF", leaf.pem.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\uFEFF${leaf.pem}`],
    ["text around the blocks", `subject=/CN=é\n${leaf.pem}\nissuer=…\n`],
    ["indentation", leaf.pem.replaceAll(/^/gm, "  ")],
    ["the old label", leaf.pem.replaceAll("CERTIFICATE", "X509 CERTIFICATE")],
    [
      "other blocks beside it",
      `-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n${leaf.pem}`,
    ],
  ])("takes %s", (_, text) => {
    expect(parse(text)).toMatchObject({ problem: null, certificates: [{ name: "conf01.vc.example.com" }] });
  });

  const { privateKey } = generateKeyPairSync("ec", { namedCurve: "prime256v1" });
  const clear = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const cipher = { cipher: "aes-256-cbc", passphrase: "x" };
  const encrypted = privateKey.export({ type: "pkcs8", format: "pem", ...cipher }).toString();
  const older = privateKey.export({ type: "sec1", format: "pem", ...cipher }).toString();

  it("notes a private key beside certificates, and keeps nothing of it", () => {
    expect(parse(leaf.pem + clear)).toMatchObject({ problem: null, privateKey: "clear" });
    expect(parse(encrypted + leaf.pem)).toMatchObject({ problem: null, privateKey: "encrypted" });
    expect(parse(older + clear + leaf.pem).privateKey).toBe("clear");
    const kept = JSON.stringify(parse(leaf.pem + clear));
    for (const line of clear.split("\n").filter((text) => /^[A-Za-z0-9+/=]{8,}$/.test(text)))
      expect(kept).not.toContain(line);
  });

  it.each([
    ["empty", ""],
    ["empty", "\uFEFF \r\n"],
    ["der", openssl("x509", "-in", "a.pem", "-outform", "DER")],
    ["pkcs12", openssl("pkcs12", "-export", "-in", "a.pem", "-inkey", "a.key", "-passout", "pass:x")],
    ["pkcs7", openssl("crl2pkcs7", "-nocrl", "-certfile", "a.pem", "-outform", "DER")],
    ["pkcs7", openssl("crl2pkcs7", "-nocrl", "-certfile", "a.pem")],
    ["request", openssl("req", "-new", "-key", "a.key", "-subj", "/CN=x")],
    ["privateKey", clear],
    ["encryptedPrivateKey", encrypted],
    ["encryptedPrivateKey", older],
    ["binary", Buffer.from([1, 2, 3, 0, 5, 6])],
    ["binary", openssl("pkcs8", "-topk8", "-nocrypt", "-in", "a.key", "-outform", "DER")],
    ["wide", Buffer.from(leaf.pem, "utf16le")],
    ["wide", Buffer.from(`\uFEFF${leaf.pem}`, "utf16le")],
    ["noCertificate", "hello"],
    ["noCertificate", leaf.pem.replaceAll("\n", " ")],
    ["noCertificate", leaf.pem.split("\n").slice(1, -2).join("\n")],
    ["noCertificate", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"],
  ])("tells what else a file is: %s", (expected, content) => {
    expect(problem(content)).toBe(expected);
  });

  it.each([
    ["cut off", "truncated", leaf.pem + root.pem.slice(0, -30)],
    ["not base64", "damaged", leaf.pem + root.pem.replace("MII", "M!I")],
    ["base64 of something else", "damaged", `${leaf.pem}-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----`],
    ["a certificate and more", "damaged", leaf.pem + longer(root.pem)],
  ])("says in which line a block begins that is %s, and takes nothing from such a file", (_, expected, text) => {
    const line = leaf.pem.split("\n").length;
    expect(parse(text)).toMatchObject({ problem: expected, line, certificates: [] });
  });

  it("survives any bytes, also between BEGIN and END", () => {
    fc.assert(
      fc.property(fc.uint8Array(), fc.boolean(), (bytes, isFramed) => {
        const body = Buffer.from(bytes);
        const text = `-----BEGIN CERTIFICATE-----\n${body.toString("base64")}\n-----END CERTIFICATE-----\n`;
        expect(problem(isFramed ? text : body)).not.toBeNull();
      }),
    );
  });
});

/** The certificate with a byte behind it. */
function longer(pem: string): string {
  const der = Buffer.from(pem.replaceAll(/-----.*-----|\s/g, ""), "base64");
  const body = Buffer.concat([der, Buffer.from([0])]).toString("base64");
  return `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`;
}

describe("leafOf", () => {
  const own = server(maker, null, ["a.example"]);
  it.each([
    ["the first", leaf.pem + root.pem, "conf01.vc.example.com"],
    ["the one that is no CA", root.pem + leaf.pem, "conf01.vc.example.com"],
    ["the one that is not self-signed", own.pem + leaf.pem, "conf01.vc.example.com"],
    ["a self-signed one that is no CA", root.pem + own.pem, "conf01.vc.example.com"],
    ["the first of CAs", root.pem + authority(maker, "Other").pem, "Root"],
  ])("is %s", (_, text, name) => {
    expect(leafOf(parse(text).certificates)?.name).toBe(name);
  });

  it("is empty without certificates", () => {
    expect(leafOf([])).toBeUndefined();
  });
});
