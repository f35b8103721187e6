import { createPrivateKey, generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A key and a certificate, PEM. */
export interface KeyAndCertificate {
  readonly key: string;
  readonly cert: string;
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier("2a8648ce3d040302"));
const COMMON_NAME = objectIdentifier("550403");
const SUBJECT_ALT_NAME = objectIdentifier("551d11");

/**
 * A temporary certificate for one DNS name, valid from yesterday to tomorrow; created for each run, so that no private
 * key is in the repository. X.509 as in RFC 5280 section 4.1.
 */
export function selfSignedCertificate(dnsName: string): KeyAndCertificate {
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "der" },
    privateKeyEncoding: { type: "pkcs8", format: "pem" },
  });
  const name = sequence(set(sequence(COMMON_NAME, der(0x0c, Buffer.from(dnsName)))));
  const alternativeNames = sequence(der(0x82, Buffer.from(dnsName, "ascii")));
  const toBeSigned = sequence(
    der(0xa0, integer(Buffer.from([2]))), // version 3
    integer(Buffer.concat([Buffer.from([1]), randomBytes(15)])), // serial number
    ECDSA_WITH_SHA256,
    name, // issuer
    sequence(utcTime(daysFromNow(-1)), utcTime(daysFromNow(1))),
    name, // subject
    publicKey,
    der(0xa3, sequence(sequence(SUBJECT_ALT_NAME, der(0x04, alternativeNames)))),
  );
  const signature = sign("sha256", toBeSigned, createPrivateKey(privateKey));
  const certificate = sequence(toBeSigned, ECDSA_WITH_SHA256, der(0x03, Buffer.from([0]), signature));
  return { key: privateKey, cert: pem(certificate) };
}

/** One DER element: tag, length, content (X.690 section 8.1). */
function der(tag: number, ...parts: readonly Buffer[]): Buffer {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

function sequence(...parts: readonly Buffer[]): Buffer {
  return der(0x30, ...parts);
}

function set(part: Buffer): Buffer {
  return der(0x31, part);
}

function integer(value: Buffer): Buffer {
  return der(0x02, value);
}

function objectIdentifier(hex: string): Buffer {
  return der(0x06, Buffer.from(hex, "hex"));
}

/** `YYMMDDhhmmssZ`. */
function utcTime(date: Date): Buffer {
  return der(0x17, Buffer.from(`${date.toISOString().replace(/[-:T]/g, "").slice(2, 14)}Z`));
}

function daysFromNow(days: number): Date {
  return new Date(Date.now() + days * 86_400_000);
}

function pem(certificate: Buffer): string {
  const lines = certificate.toString("base64").match(/.{1,64}/g) ?? [];
  return ["-----BEGIN CERTIFICATE-----", ...lines, "-----END CERTIFICATE-----", ""].join("\n");
}
