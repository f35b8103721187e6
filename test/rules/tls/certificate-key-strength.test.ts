import { generateKeyPairSync } from "node:crypto";
import rule from "../../../rules/tls/certificate-key-strength.ts";
import { CA_EXTENSIONS, serverExtensions } from "../../probe/servers/tls-certificates.ts";
import {
  authority,
  certificateMaker,
  deploymentWith,
  fileWith,
  server,
  sharedCases,
} from "../../support/certificate-cases.ts";
import { exampleCertificates } from "../../support/example-certificates.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const PEM = { type: "pkcs8", format: "pem" } as const;
const rsa = (modulusLength: number) => generateKeyPairSync("rsa", { modulusLength }).privateKey.export(PEM).toString();
const curve = (namedCurve: string) => generateKeyPairSync("ec", { namedCurve }).privateKey.export(PEM).toString();

const maker = certificateMaker();
const root = authority(maker, "Root");
const withKey = (key: string) =>
  maker.issue({ subject: "/CN=conf01", issuer: root, extensions: serverExtensions("DNS:conf01.vc.example.com"), key })
    .pem;
const weakCa = maker.issue({ subject: "/CN=CA", issuer: root, extensions: CA_EXTENSIONS, key: rsa(1024) });
const strong = server(maker, root, ["conf01.vc.example.com"]).pem;
const selfSigned = server(maker, null, ["conf01.vc.example.com"]).pem;
const below = server(maker, weakCa, ["conf01.vc.example.com"]);

const evaluated = (name: string, pem: string | Buffer, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deploymentWith(),
  files: { "certs/a.pem": pem },
  expect: { "node:a": expected },
});
const example = (name: string) => exampleCertificates[`certs/${name}`] ?? Buffer.alloc(0);

ruleTester.run(rule, [
  evaluated("passes RSA with 2048 bits", withKey(rsa(2048)), { verdict: "pass" }),
  evaluated("passes P-256", withKey(curve("prime256v1")), { verdict: "pass" }),
  evaluated("passes the smallest curve that is strong enough", withKey(curve("secp224r1")), { verdict: "pass" }),
  evaluated("fails RSA just below", withKey(rsa(2040)), {
    verdict: "fail",
    findings: [
      ["weakKey", "The certificate of certs/a.pem (conf01) has a key of 2040 bits (RSA); it must have at least 2048."],
    ],
    severity: "warn",
  }),
  evaluated("fails a small curve", withKey(curve("prime192v1")), {
    verdict: "fail",
    findings: [["weakKey", "a key of 192 bits (EC)"]],
  }),
  evaluated("fails a small RSA key", example("conf01-rsa-1024.pem"), {
    verdict: "fail",
    findings: [["weakKey", "a key of 1024 bits (RSA)"]],
  }),
  evaluated("fails SHA-1", example("conf01-sha1.pem"), {
    verdict: "fail",
    findings: [["weakHash", "Certificate 1 of certs/a.pem (conf01.vc.example.com) is signed with SHA-1"]],
  }),
  evaluated("fails for a weak issuer in the file", below.pem + weakCa.pem, {
    verdict: "fail",
    findings: [["weakKey", "Certificate 2 of certs/a.pem (CA)"]],
  }),
  {
    name: "fails for a weak issuer among the declared CAs",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": below.pem, "certs/ca.pem": weakCa.pem },
    expect: { "node:a": { verdict: "fail", findings: [["weakKey", "of certs/ca.pem (CA)"]] } },
  },
  {
    name: "is inconclusive when the rest of the chain may be in a CA file that cannot be read",
    deployment: deploymentWith(["certs/ca.pem"]),
    files: { "certs/a.pem": below.pem },
    expect: { "node:a": { verdict: "inconclusive", missing: ["no certificate can be read from certs/ca.pem"] } },
  },
  ...(
    [
      ["a key cannot be read", () => ({ key: null }), "has a key whose size cannot be determined"],
      [
        "a signature is of an unknown kind",
        () => ({ signature: { algorithm: "1.2.3.4", hash: null } }),
        "has a signature by algorithm 1.2.3.4, which is not",
      ],
    ] as const
  ).map(([what, change, reason]): RuleCase => ({
    name: `is inconclusive when ${what}`,
    deployment: deploymentWith(),
    files: { "certs/a.pem": fileWith(strong, change) },
    expect: { "node:a": { verdict: "inconclusive", reason } },
  })),
  ...(
    [
      ["passes a root that is signed with SHA-1", strong + root.pem, 1, { verdict: "pass" }],
      [
        "fails a node's certificate that is its own issuer and signed with SHA-1",
        selfSigned,
        0,
        { verdict: "fail", findings: [["weakHash"]] },
      ],
    ] as const
  ).map(([name, pem, changed, expected]): RuleCase => ({
    name,
    deployment: deploymentWith(),
    files: {
      "certs/a.pem": fileWith(pem, (_, index) =>
        index === changed ? { signature: { algorithm: "1.2.840.113549.1.1.5", hash: "SHA-1" } } : {},
      ),
    },
    expect: { "node:a": expected },
  })),
  ...sharedCases,
]);
