import { execFileSync } from "node:child_process";
import { X509Certificate } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A certificate and its key, both PEM. */
export interface Issued {
  readonly pem: string;
  readonly key: string;
  readonly certificate: X509Certificate;
  /** The name under which it issues others. */
  readonly id: string;
}

export interface CertificateRequest {
  /** Distinguished name as OpenSSL takes it: `/CN=vcenter01`. */
  readonly subject: string;
  /** `null` for a self-signed certificate. */
  readonly issuer: Issued | null;
  /** Lines of an OpenSSL extension section: `subjectAltName=DNS:a.example`. */
  readonly extensions: readonly string[];
  /** `YYYYMMDDHHMMSSZ`; by default from 2020 to 2120. */
  readonly from?: string;
  readonly to?: string;
  /** A key to use again: a renewed CA. */
  readonly key?: string;
  /** What the signature is made over; SHA-256 by default. */
  readonly digest?: "sha1";
}

export const CA_EXTENSIONS = ["basicConstraints=critical,CA:TRUE", "keyUsage=critical,keyCertSign,cRLSign"];

/** Extensions of a server's certificate with the given subjectAltName, `DNS:a.example,IP:192.0.2.1`. */
export function serverExtensions(names: string): readonly string[] {
  return [
    "basicConstraints=CA:FALSE",
    "extendedKeyUsage=serverAuth",
    ...(names === "" ? [] : [`subjectAltName=${names}`]),
  ];
}

/** Creates certificates with the `openssl` command in a separate folder, so that no secret is ever checked in. */
export class CertificateMaker {
  readonly #folder = mkdtempSync(join(tmpdir(), "preflight-certificates-"));
  #count = 0;

  issue(request: CertificateRequest): Issued {
    this.#count++;
    const id = `c${this.#count}`;
    const path = (suffix: string): string => join(this.#folder, `${id}.${suffix}`);
    if (request.key === undefined) {
      this.#openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", path("key"));
    } else {
      writeFileSync(path("key"), request.key, { mode: 0o600 });
    }
    writeFileSync(path("index"), "");
    writeFileSync(path("cnf"), configuration(path("index"), this.#folder, request.extensions));
    this.#openssl(
      "req",
      "-new",
      "-utf8",
      "-config",
      path("cnf"),
      "-key",
      path("key"),
      "-subj",
      request.subject,
      "-out",
      path("csr"),
    );
    const issuer = request.issuer;
    const signer =
      issuer === null
        ? ["-selfsign", "-keyfile", path("key")]
        : ["-cert", join(this.#folder, `${issuer.id}.pem`), "-keyfile", join(this.#folder, `${issuer.id}.key`)];
    // `openssl ca` is the one command that takes both dates in every OpenSSL since 1.0.
    this.#openssl(
      "ca", "-batch", "-notext", "-config", path("cnf"), "-in", path("csr"), "-out", path("pem"), ...signer,
      "-md", request.digest ?? "sha256", "-startdate", request.from ?? "20200101000000Z", "-enddate", request.to ?? "21200101000000Z",
    ); // prettier-ignore
    const pem = readFileSync(path("pem"), "utf8");
    return { pem, key: readFileSync(path("key"), "utf8"), certificate: new X509Certificate(pem), id };
  }

  remove(): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }

  #openssl(...args: readonly string[]): void {
    execFileSync("openssl", args, { stdio: ["ignore", "ignore", "pipe"] });
  }
}

function configuration(index: string, folder: string, extensions: readonly string[]): string {
  return [
    "[ca]",
    "default_ca = maker",
    "[maker]",
    `database = ${index}`,
    `new_certs_dir = ${folder}`,
    "rand_serial = yes",
    "default_md = sha256",
    "policy = any",
    "x509_extensions = extensions",
    "unique_subject = no",
    "[any]",
    "commonName = optional",
    "organizationName = optional",
    "emailAddress = optional",
    "[req]",
    "distinguished_name = name",
    "[name]",
    "[extensions]",
    ...extensions,
  ].join("\n");
}
