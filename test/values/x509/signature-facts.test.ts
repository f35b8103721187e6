import { X509Certificate } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { derElement, objectIdentifier } from "../../../src/values/x509/der.ts";
import { signatureFacts } from "../../../src/values/x509/signature-facts.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";

/** A DER element of these contents. */
function der(tag: number, ...contents: readonly Buffer[]): Buffer {
  const body = Buffer.concat(contents);
  return Buffer.concat([Buffer.from([tag, body.length]), body]);
}
const oid = (hex: string) => der(0x06, Buffer.from(hex, "hex"));
const sequence = (...contents: readonly Buffer[]) => der(0x30, ...contents);
const certificate = (...algorithm: readonly Buffer[]) =>
  sequence(sequence(), sequence(...algorithm), der(0x03, Buffer.from([0])));

const PSS = oid("2a864886f70d01010a");
const NULL = Buffer.from([5, 0]);

describe("signatureFacts", () => {
  it.each([
    ["conf01.pem", "1.2.840.113549.1.1.11", "SHA-256"],
    ["conf01-sha1.pem", "1.2.840.113549.1.1.5", "SHA-1"],
  ])("reads a real certificate: %s", (name, algorithm, hash) => {
    const { raw } = new X509Certificate(exampleCertificates[`certs/${name}`] ?? "");
    expect(signatureFacts(raw)).toEqual({ algorithm, hash });
  });

  it.each([
    ["MD5", [oid("2a864886f70d010104"), NULL]],
    ["SHA-384", [oid("2a8648ce3d040303")]],
    ["intrinsic", [oid("2b6570")]],
    ["SHA-1", [oid("2b0e03021d"), NULL]],
    [null, [oid("2a030405")]],
    // RSASSA-PSS names its hash in the parameters; SHA-1 is the default (RFC 4055 section 3.1).
    ["SHA-256", [PSS, sequence(der(0xa0, sequence(oid("608648016503040201"), NULL)))]],
    ["SHA-1", [PSS, sequence()]],
    ["SHA-1", [PSS, sequence(der(0xa2, der(0x02, Buffer.from([20]))))]],
    [null, [PSS, sequence(der(0xa0, sequence(oid("2a03"))))]],
  ] as const)("knows %s", (hash, algorithm) => {
    expect(signatureFacts(certificate(...algorithm)).hash).toBe(hash);
  });

  it("survives any bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array(), (bytes) => {
        expect(signatureFacts(bytes).hash === null || signatureFacts(bytes).algorithm !== "unreadable").toBe(true);
      }),
    );
  });
});

describe("objectIdentifier", () => {
  it.each([
    ["06032a0304", "1.2.3.4"],
    ["0603550406", "2.5.4.6"],
    ["06028837", "2.999"],
    ["0606608648016503", "2.16.840.1.101.3"],
    ["0500", null],
    ["0600", null],
  ])("%s is %s", (hex, text) => {
    const bytes = Buffer.from(hex, "hex");
    expect(objectIdentifier(bytes, derElement(bytes, 0) ?? undefined)).toBe(text);
  });
});

describe("derElement", () => {
  it.each(["", "30", "3005aaaa", "3080", "1f01aa", "3085ffffffffff", "3084ffffffff00"])("refuses %s", (hex) => {
    expect(derElement(Buffer.from(hex, "hex"), 0)).toBeNull();
  });

  it("reads long lengths", () => {
    expect(derElement(Buffer.concat([Buffer.from("3082012c", "hex"), Buffer.alloc(300)]), 0)).toEqual({
      tag: 0x30,
      start: 4,
      end: 304,
    });
  });
});
