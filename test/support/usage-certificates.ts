import type { UsageFaultKind } from "../../src/values/x509/server-usage.ts";
import { CA_EXTENSIONS, type CertificateMaker, type Issued } from "../probe/servers/tls-certificates.ts";

const NAME = "conf01.vc.example.com";
const SAN = `subjectAltName=DNS:${NAME}`;
const LEAF = "basicConstraints=CA:FALSE";

/** A chain, from the server's own certificate up; the root is not in it. */
export interface UsageCase {
  readonly title: string;
  readonly chain: readonly Issued[];
  readonly faults: readonly UsageFaultKind[];
  /** Whether `openssl verify -purpose sslserver` accepts the chain, where it differs from having no fault that rejects. */
  readonly openssl?: boolean;
}

/** Chains below a root, with what is wrong with their use. */
export function usageCases(maker: CertificateMaker): { readonly root: Issued; readonly cases: readonly UsageCase[] } {
  let count = 0;
  const ca = (issuer: Issued | null, more: readonly string[] = [], subject = `/CN=CA ${++count}`) =>
    maker.issue({ subject, issuer, extensions: [...CA_EXTENSIONS, ...more] });
  const limited = (issuer: Issued, length: number, subject = `/CN=Limited ${++count}`) =>
    maker.issue({
      ...{ subject, issuer },
      extensions: [`basicConstraints=critical,CA:TRUE,pathlen:${length}`, "keyUsage=critical,keyCertSign,cRLSign"],
    });
  const leaf = (issuer: Issued | null, more: readonly string[], subject = `/O=Example/CN=${NAME}`) =>
    maker.issue({ subject, issuer, extensions: more });
  const usual = [LEAF, SAN];

  const root = ca(null, [], "/CN=Root");
  const plain = ca(root);
  const ok = (title: string, chain: readonly Issued[]): UsageCase => ({ title, chain, faults: [] });
  const bad = (title: string, fault: UsageFaultKind, chain: readonly Issued[], openssl?: boolean): UsageCase => ({
    ...{ title, chain, faults: [fault] },
    ...(openssl !== undefined && { openssl }),
  });
  const named = (title: string, constraints: string, names: string, isBad: boolean): UsageCase => {
    const issuer = ca(root, [`nameConstraints=critical,${constraints}`]);
    const chain = [leaf(issuer, [LEAF, `subjectAltName=${names}`]), issuer];
    return isBad ? bad(title, "nameConstraint", chain) : ok(title, chain);
  };
  const withUsage = (...lines: readonly string[]) => [leaf(plain, [...usual, ...lines]), plain];

  const zero = limited(root, 0);
  const below = ca(zero);
  const one = limited(root, 1);
  const two = ca(one);
  // Self-issued with another certificate, which does not count (RFC 5280 section 4.2.1.9).
  const identified = ["subjectKeyIdentifier=hash", "authorityKeyIdentifier=keyid"];
  const upper = maker.issue({
    ...{ subject: "/CN=Again", issuer: root },
    extensions: ["basicConstraints=critical,CA:TRUE,pathlen:0", "subjectKeyIdentifier=hash"],
  });
  const again = ca(upper, identified, "/CN=Again");
  const withEku = ca(root, ["extendedKeyUsage=clientAuth"]);
  const forServers = ca(root, ["extendedKeyUsage=serverAuth"]);
  const critical = ca(root, ["1.2.3.4=critical,ASN1:NULL"]);

  const forMail = ca(root, ["nameConstraints=critical,permitted;email:example.com"]);
  const forNet = ca(root, ["nameConstraints=critical,permitted;DNS:example.net"]);

  const cases: readonly UsageCase[] = [
    ok("no extension about its use", withUsage()),
    ok("serverAuth", withUsage("extendedKeyUsage=serverAuth")),
    ok("serverAuth among others", withUsage("extendedKeyUsage=clientAuth,serverAuth")),
    ok("critical serverAuth", withUsage("extendedKeyUsage=critical,serverAuth")),
    ok("Netscape's step-up for servers", withUsage("extendedKeyUsage=nsSGC")),
    bad("clientAuth alone", "noServerAuth", withUsage("extendedKeyUsage=clientAuth")),
    bad("codeSigning", "noServerAuth", withUsage("extendedKeyUsage=codeSigning,emailProtection")),
    bad("anyExtendedKeyUsage alone", "anyExtendedKeyUsage", withUsage("extendedKeyUsage=anyExtendedKeyUsage"), false),
    ok("anyExtendedKeyUsage with serverAuth", withUsage("extendedKeyUsage=anyExtendedKeyUsage,serverAuth")),
    bad("a CA for clients", "noServerAuth", [leaf(withEku, usual), withEku]),
    ok("a CA for servers", [leaf(forServers, usual), forServers]),
    ...["digitalSignature", "keyEncipherment", "keyAgreement", "digitalSignature,keyCertSign"].map((usage) =>
      ok(`key usage ${usage}`, withUsage(`keyUsage=critical,${usage}`)),
    ),
    ...["dataEncipherment", "nonRepudiation", "keyCertSign,cRLSign"].map((usage) =>
      bad(`key usage ${usage} alone`, "noServerKeyUsage", withUsage(`keyUsage=critical,${usage}`)),
    ),
    ok("an unknown extension", withUsage("1.2.3.4=ASN1:NULL")),
    bad("an unknown critical extension", "unknownCritical", withUsage("1.2.3.4=critical,ASN1:NULL")),
    bad("an unknown critical extension of the CA", "unknownCritical", [leaf(critical, usual), critical]),
    ok("critical names", withUsage()),
    ok("a path of the length that is allowed", [leaf(zero, usual), zero]),
    bad("a path that is too long", "pathLength", [leaf(below, usual), below, zero]),
    ok("a path of length one", [leaf(two, usual), two, one]),
    ok("a CA that issued itself anew", [leaf(again, [...usual, ...identified]), again, upper]),
    bad("a CA as a server", "caLeaf", [leaf(plain, [...CA_EXTENSIONS.slice(0, 1), SAN]), plain], true),
    ok("a CA as a server that issued itself", [leaf(null, [...CA_EXTENSIONS.slice(0, 1), SAN])]),
    named("permitted domain", "permitted;DNS:example.com", `DNS:${NAME}`, false),
    named("permitted domain with a dot", "permitted;DNS:.example.com", `DNS:${NAME}`, false),
    named("permitted name itself", `permitted;DNS:${NAME}`, `DNS:${NAME.toUpperCase()}`, false),
    named("another permitted domain", "permitted;DNS:example.net", `DNS:${NAME}`, true),
    named("a permitted domain that only ends alike", "permitted;DNS:ample.com", `DNS:${NAME}`, true),
    named("one of two names outside", "permitted;DNS:example.com", `DNS:${NAME},DNS:a.example.net`, true),
    named("excluded domain", "excluded;DNS:example.com", `DNS:${NAME}`, true),
    named("another excluded domain", "excluded;DNS:example.net", `DNS:${NAME}`, false),
    named("permitted network", "permitted;IP:10.44.0.0/255.255.0.0", `DNS:${NAME},IP:10.44.10.21`, false),
    named("another permitted network", "permitted;IP:10.44.0.0/255.255.0.0", "IP:10.45.10.21", true),
    named("an address of another family", "permitted;IP:10.44.0.0/255.255.0.0", "IP:2001:db8::21", true),
    named("excluded IPv6 network", "excluded;IP:2001:db8::/ffff:ffff::", "IP:2001:db8::21", true),
    named("permitted mail domain, without a mail address", "permitted;email:example.net", `DNS:${NAME}`, false),
    named("another permitted mail domain", "permitted;email:example.net", `DNS:${NAME},email:a@example.com`, true),
    named("permitted mail domain", "permitted;email:example.com", `DNS:${NAME},email:a@EXAMPLE.com`, false),
    named("mail host below a permitted one", "permitted;email:example.com", `DNS:${NAME},email:a@m.example.com`, true),
    named("mail domains", "permitted;email:.example.com", `DNS:${NAME},email:a@m.example.com`, false),
    named("permitted mailbox", "permitted;email:a@example.com", `DNS:${NAME},email:a@example.com`, false),
    named("another mailbox", "permitted;email:a@example.com", `DNS:${NAME},email:b@example.com`, true),
    named("excluded mailbox", "excluded;email:a@example.com", `DNS:${NAME},email:a@example.com`, true),
    bad("mail address of the subject outside", "nameConstraint", [
      leaf(forMail, usual, `/O=Example/CN=${NAME}/emailAddress=a@example.net`),
      forMail,
    ]),
    bad("common name outside, without alternative names", "nameConstraint", [leaf(forNet, [LEAF]), forNet]),
    ok("common name outside, with alternative names", [
      leaf(forNet, [LEAF, "subjectAltName=DNS:conf01.example.net"]),
      forNet,
    ]),
    ok("common name that is no host name", [leaf(forNet, [LEAF], "/O=Example/CN=Conferencing Node"), forNet]),
  ];
  return { root, cases };
}
