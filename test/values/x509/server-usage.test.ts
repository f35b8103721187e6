import { afterAll, describe, expect, it } from "vitest";
import { certificateExtensions } from "../../../src/values/x509/certificate-extensions.ts";
import { allowsClient, isRejected, usageFaults } from "../../../src/values/x509/server-usage.ts";
import { parseSubjectAltNames } from "../../../src/values/network/subject-alt-names.ts";
import { isSelfSigned } from "../../../src/values/x509/x509.ts";
import { CertificateMaker, type Issued } from "../../probe/servers/tls-certificates.ts";
import { usageCases } from "../../support/usage-certificates.ts";

const maker = new CertificateMaker();
afterAll(() => maker.remove());
const { root, cases } = usageCases(maker);

const facts = ({ certificate }: Issued) => ({
  extensions: certificateExtensions(certificate.raw),
  names: parseSubjectAltNames(certificate.subjectAltName),
  subject: certificate.subject,
  issuer: certificate.issuer,
  isCa: certificate.ca,
  isSelfSigned: isSelfSigned(certificate),
});

describe("the use of a server's certificate", () => {
  it.each(cases)("$title", ({ chain, faults }) => {
    const found = usageFaults([...chain, root].map(facts));
    expect([...new Set(found.map(({ kind }) => kind))]).toEqual(faults);
  });

  it("is wrong for clients only if they must reject it", () => {
    const kinds = ["noServerAuth", "noServerKeyUsage", "unknownCritical", "nameConstraint", "pathLength"] as const;
    for (const kind of kinds) expect(isRejected({ kind, index: 0, detail: "" })).toBe(true);
    expect(isRejected({ kind: "caLeaf", index: 0, detail: "" })).toBe(false);
    expect(isRejected({ kind: "anyExtendedKeyUsage", index: 0, detail: "" })).toBe(false);
  });
});

describe("the use as a client", () => {
  it.each([
    [[], true],
    [["extendedKeyUsage=serverAuth"], false],
    [["extendedKeyUsage=serverAuth,clientAuth"], true],
    [["extendedKeyUsage=anyExtendedKeyUsage"], true],
  ])("%j: %s", (extensions, allowed) => {
    const { certificate } = maker.issue({ subject: "/CN=a", issuer: null, extensions: [...extensions] });
    const read = certificateExtensions(certificate.raw);
    expect(read === null ? null : allowsClient(read)).toBe(allowed);
  });
});

describe("extensions", () => {
  it("cannot be read from what is no certificate", () => {
    expect(certificateExtensions(Buffer.from([]))).toBeNull();
    expect(certificateExtensions(Buffer.from("3003020100", "hex"))).toBeNull();
  });

  it("are read to the end of every prefix of a certificate without an error", () => {
    const { raw } = root.certificate;
    for (let length = 0; length < raw.length; length++) {
      expect(() => certificateExtensions(raw.subarray(0, length))).not.toThrow();
    }
  });
});
