import { afterAll } from "vitest";
import { CA_EXTENSIONS, CertificateMaker, type Issued, serverExtensions } from "../probe/servers/tls-certificates.ts";
import { parseCertificates } from "../../src/input/certificates/parse-certificates.ts";
import type { Certificate, CertificateFile } from "../../src/site/deployment/certificate.ts";
import type { RuleCase } from "./rule-tester.ts";

/** Makes certificates for one test file, with the `openssl` command; removes its folder at the end. */
export function certificateMaker(): CertificateMaker {
  const maker = new CertificateMaker();
  afterAll(() => maker.remove());
  return maker;
}

/** A CA; self-signed without an issuer. */
export function authority(maker: CertificateMaker, name: string, issuer: Issued | null = null): Issued {
  return maker.issue({ subject: `/CN=${name}`, issuer, extensions: CA_EXTENSIONS });
}

/** A certificate of a server with the DNS names. */
export function server(
  maker: CertificateMaker,
  issuer: Issued | null,
  names: readonly string[],
  dates: { readonly from?: string; readonly to?: string } = {},
): Issued {
  const extensions = serverExtensions(names.map((name) => `DNS:${name}`).join(","));
  return maker.issue({ subject: "/CN=conf01.vc.example.com", issuer, extensions, ...dates });
}

/** A deployment with one node, whose file is `certs/a.pem`, which is marked, and the declared CA files. */
export function deploymentWith(cas: readonly string[] | null = null): string {
  return `
conferencing_nodes:
  - name: a
    hostname: conf01
    domain: vc.example.com
    tls_certificate: «certs/a.pem»
${cas === null ? "" : `ca_certificates: ${JSON.stringify(cas)}`}
`;
}

/** A file with these certificates, some of whose facts are different: what no tool issues, or this program cannot read. */
export function fileWith(
  pem: string,
  change: (certificate: Certificate, index: number) => Partial<Certificate>,
): CertificateFile {
  const file = parseCertificates("certs/a.pem", Buffer.from(pem));
  const originals = new Map<Certificate, Certificate>();
  for (const [index, certificate] of file.certificates.entries()) {
    const changed: Certificate = {
      ...certificate,
      ...change(certificate, index),
      isIssuedBy: (issuer) => certificate.isIssuedBy(originals.get(issuer) ?? issuer),
    };
    originals.set(changed, certificate);
  }
  return { ...file, certificates: [...originals.keys()] };
}

/** The results of every rule about the content of certificate files without any certificate. */
export const sharedCases: readonly RuleCase[] = [
  {
    name: "is inconclusive when no certificate can be read from the file",
    deployment: deploymentWith(),
    files: { "certs/a.pem": "-----BEGIN CERTIFICATE-----\nMIIB" },
    expect: { "node:a": { verdict: "inconclusive", missing: ["no certificate can be read from certs/a.pem"] } },
  },
  {
    name: "is inconclusive when the file is not there",
    deployment: deploymentWith(),
    files: {},
    expect: { "node:a": { verdict: "inconclusive", missing: ["no certificate can be read from certs/a.pem"] } },
  },
  {
    name: "is inconclusive when the file was not read",
    deployment: deploymentWith(),
    expect: { "node:a": { verdict: "inconclusive", missing: ["certificate file certs/a.pem was not read"] } },
  },
  {
    name: "does not apply where no node names a certificate",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node has a certificate file" } },
  },
  {
    name: "is inconclusive when the nodes are not known",
    deployment: "platform: { version: 25 }",
    expect: { "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes"] } },
  },
];
