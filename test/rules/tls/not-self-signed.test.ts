import rule from "../../../rules/tls/not-self-signed.ts";
import { authority, certificateMaker, deploymentWith, server, sharedCases } from "../../support/certificate-cases.ts";
import { ruleTester } from "../../support/rule-tester.ts";

const maker = certificateMaker();
const root = authority(maker, "Root");
const leaf = server(maker, root, ["conf01.vc.example.com"]);
const own = server(maker, null, ["conf01.vc.example.com"]);
// Its own issuer by name, but signed with another key.
const namesake = maker.issue({ subject: "/CN=Root", issuer: root, extensions: [] });

ruleTester.run(rule, [
  {
    name: "passes a certificate that a CA has signed",
    deployment: deploymentWith(),
    files: { "certs/a.pem": leaf.pem },
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "fails a self-signed one, also when it is declared as a CA",
    deployment: deploymentWith(["certs/a.pem"]),
    files: { "certs/a.pem": own.pem },
    expect: {
      "node:a": { verdict: "fail", findings: [["selfSigned", "certs/a.pem of node a"]], severity: "warn" },
    },
  },
  {
    name: "fails a self-signed CA certificate, which openssl req -x509 makes",
    deployment: deploymentWith(),
    files: { "certs/a.pem": root.pem },
    expect: { "node:a": { verdict: "fail", findings: [["selfSigned"]] } },
  },
  {
    name: "looks at the node's own certificate, also when the root comes first",
    deployment: deploymentWith(),
    files: { "certs/a.pem": root.pem + leaf.pem },
    expect: { "node:a": { verdict: "pass" } },
  },
  {
    name: "does not take equal names for a self-signature",
    deployment: deploymentWith(),
    files: { "certs/a.pem": namesake.pem },
    expect: { "node:a": { verdict: "pass" } },
  },
  ...sharedCases,
]);
