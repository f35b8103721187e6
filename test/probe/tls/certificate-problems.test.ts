import { X509Certificate } from "node:crypto";
import { rootCertificates } from "node:tls";
import { afterAll, describe, expect, it } from "vitest";

import { verifyChain } from "../../../src/probe/tls/certificate-problems.ts";
import type { Evaluation, EvaluationContext } from "../../../src/probe/tls/certificate-problems.ts";
import { trustAnchors, trustStore } from "../../../src/probe/tls/trust-anchors.ts";
import { CA_EXTENSIONS, CertificateMaker, serverExtensions } from "../servers/tls-certificates.ts";
import type { Issued } from "../servers/tls-certificates.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const PAST = { from: "20200101000000Z", to: "20210101000000Z" };
const FUTURE = { from: "20300101000000Z", to: "20310101000000Z" };
const NAME = "vcenter01.vc.example";

const maker = new CertificateMaker();
afterAll(() => maker.remove());
const ca = (subject: string, issuer: Issued | null, rest: { from?: string; to?: string; key?: string } = {}): Issued =>
  maker.issue({ subject, issuer, extensions: CA_EXTENSIONS, ...rest });
const leafOf = (issuer: Issued | null, names = `DNS:${NAME}`, rest: { from?: string; to?: string } = {}): Issued =>
  maker.issue({ subject: `/CN=${NAME}`, issuer, extensions: serverExtensions(names), ...rest });

const root = ca("/CN=Root/O=Example", null);
const intermediate = ca("/CN=Intermediate", root);
const otherRoot = ca("/CN=Other root", null);
const leaf = leafOf(intermediate);

function judge(
  chain: readonly Issued[],
  changes: Partial<EvaluationContext> & { trusted?: readonly Issued[] } = {},
): Evaluation {
  const [first, ...others] = chain.map(({ certificate }) => certificate);
  if (first === undefined) throw new Error("a chain has a leaf");
  const { trusted = [root], ...rest } = changes;
  const anchors = trustAnchors(trusted.map(({ certificate }) => certificate));
  return verifyChain(first, others, { name: NAME, now: NOW, anchors, ...rest });
}

describe("a trusted chain", () => {
  it("identifies the certificate", () => {
    expect(judge([leaf, intermediate])).toEqual({
      reason: "trusted",
      problems: [],
      detail: null,
      certificate: {
        subject: `CN=${NAME}`,
        issuer: "CN=Intermediate",
        not_before: "2020-01-01T00:00:00.000Z",
        not_after: "2120-01-01T00:00:00.000Z",
        dns_names: [NAME],
        ip_addresses: [],
        self_signed: false,
      },
      valid_until: "2120-01-01T00:00:00.000Z",
    });
  });

  const expiredIntermediate = ca("/CN=Intermediate", root, { ...PAST, key: intermediate.key });
  const selfSigned = leafOf(null);
  it.each<[string, readonly Issued[], readonly Issued[]]>([
    ["with its root", [leaf, intermediate, root], [root]],
    ["in the wrong order", [leaf, root, intermediate], [root]],
    ["with certificates that do not belong to it", [leaf, otherRoot, intermediate], [root]],
    ["whose intermediate was renewed, and both are sent", [leaf, expiredIntermediate, intermediate], [root]],
    ["of a leaf alone, when its issuer is a trusted CA", [leaf], [intermediate]],
    ["whose only trusted CA is an intermediate", [leaf, intermediate], [intermediate]],
    ["of a self-signed certificate that is trusted itself", [selfSigned], [selfSigned]],
  ])("may be one %s", (_name, chain, trusted) => {
    expect(judge(chain, { trusted })).toMatchObject({ reason: "trusted", problems: [], detail: null });
  });
});

describe("one problem", () => {
  const noCa = maker.issue({ subject: "/CN=No CA", issuer: root, extensions: serverExtensions("DNS:a.example") });
  const impostor = ca("/CN=Root/O=Example", null);
  it.each<[string, readonly Issued[], Parameters<typeof judge>[1], string, RegExp]>([
    ["an expired leaf", [leafOf(intermediate, undefined, PAST), intermediate], {}, "expired", /expired on 2021-01-01/],
    ["an expired intermediate", (() => {
      const old = ca("/CN=Old", root, PAST);
      return [leafOf(old), old];
    })(), {}, "expired", /CN=Old expired/],
    ["an expired anchor", [leafOf(intermediate), intermediate], { now: Date.parse("2125-01-01") }, "expired", /CN=Root/],
    ["a leaf of the future", [leafOf(intermediate, undefined, FUTURE), intermediate], {}, "not-yet-valid", /2030-01-01/],
    ["another name", [leafOf(intermediate, "DNS:b.example"), intermediate], {}, "name-mismatch", /not for vcenter01/],
    ["a common name alone", [leafOf(intermediate, ""), intermediate], {}, "name-mismatch", /not for/],
    ["an address that only a name covers", [leafOf(intermediate, "DNS:192.0.2.1"), intermediate], { name: "192.0.2.1" }, "name-mismatch", /not for 192/],
    ["no intermediate", [leaf], {}, "incomplete-chain", /does not send the issuer.*CN=Intermediate/],
    ["a foreign intermediate", [leaf, otherRoot], {}, "incomplete-chain", /CN=Intermediate/],
    ["a self-signed certificate", [leafOf(null)], {}, "untrusted", /self-signed/],
    ["an unknown root that is sent", [leaf, intermediate, root], { trusted: [otherRoot] }, "untrusted", /CN=Root, O=Example/],
    ["an unknown root that is not sent", [leaf, intermediate], { trusted: [otherRoot] }, "untrusted", /The issuer at the end of the chain.*CN=Root/],
    ["a root of the right name with another key", [leaf, intermediate], { trusted: [impostor] }, "untrusted", /CN=Root/],
    ["an issuer that is no CA", [leafOf(noCa), noCa], {}, "untrusted", /CN=No CA, which signed it, is not a CA certificate/],
  ])("%s", (_name, chain, changes, reason, detail) => {
    const evaluation = judge(chain, changes);
    expect(evaluation.problems).toContain(reason);
    expect(evaluation.reason).toBe(reason);
    expect(evaluation.detail).toMatch(detail);
  }); // prettier-ignore
});

describe("several problems", () => {
  it("are all named, the first in order being the reason", () => {
    const evaluation = judge([leafOf(null, "DNS:b.example", PAST)]);
    expect(evaluation).toMatchObject({ reason: "expired", problems: ["expired", "name-mismatch", "untrusted"] });
    expect(evaluation.detail).toMatch(/expired on.*not for.*self-signed/);
    expect(evaluation.certificate).toMatchObject({ self_signed: true, not_after: "2021-01-01T00:00:00.000Z" });
  });

  it("put an incomplete chain after the name", () => {
    expect(judge([leafOf(intermediate, "DNS:b.example")])).toMatchObject({
      reason: "name-mismatch",
      problems: ["name-mismatch", "incomplete-chain"],
    });
  });
});

describe("the limits of the validity", () => {
  const chain = [leafOf(intermediate, undefined, { from: "20260101000000Z", to: "20270101000000Z" }), intermediate];
  it.each([
    ["2025-12-31T23:59:59.999Z", "not-yet-valid"],
    ["2026-01-01T00:00:00.000Z", "trusted"],
    ["2027-01-01T00:00:00.999Z", "trusted"],
    ["2027-01-01T00:00:01.000Z", "expired"],
  ])("%s: %s", (now, reason) => {
    expect(judge(chain, { now: Date.parse(now) }).reason).toBe(reason);
  });
});

it("ends on certificates that issue each other", () => {
  const a = ca("/CN=A", null);
  const b = ca("/CN=B", a);
  const aByB = ca("/CN=A", b, { key: a.key });
  const evaluation = judge([leafOf(aByB), aByB, b]);
  expect(evaluation).toMatchObject({ reason: "untrusted", problems: ["untrusted"] });
});

it("shows a certificate without any name", () => {
  const nameless = maker.issue({
    subject: "/",
    issuer: intermediate,
    extensions: serverExtensions(`IP:192.0.2.1,IP:2001:db8::1`),
  });
  const evaluation = judge([nameless, intermediate], { name: "2001:db8::1" });
  expect(evaluation).toMatchObject({
    reason: "trusted",
    certificate: { subject: "", dns_names: [], ip_addresses: ["192.0.2.1", "2001:db8::1"] },
  });
});

describe("trustStore", () => {
  it("contains Node's roots and every certificate of the given texts", () => {
    const anchors = trustStore([`text before\n${root.pem}\n${otherRoot.key}${otherRoot.pem}`]);
    expect(anchors.has(root.certificate)).toBe(true);
    expect(anchors.has(otherRoot.certificate)).toBe(true);
    expect(anchors.has(intermediate.certificate)).toBe(false);
    expect(anchors.issuersOf(intermediate.certificate)[0]?.raw.equals(root.certificate.raw)).toBe(true);
  });

  it("is made once for each list", () => {
    const list = [root.pem];
    expect(trustStore(list)).toBe(trustStore(list));
  });

  it("trusts the public roots", () => {
    const anchors = trustStore([]);
    expect(rootCertificates.length).toBeGreaterThan(50);
    expect(rootCertificates.every((pem) => anchors.has(new X509Certificate(pem)))).toBe(true);
  });
});
