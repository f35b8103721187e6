import { set } from "../../src/engine/api/mutation.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { Site } from "../../src/site/site.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { namesCover } from "../../src/values/network/subject-alt-names.ts";

const NAMES_SHOWN = 5;

/**
 * The guide: "This must be a certificate that contains the above SIP TLS FQDN" (L638). Names are matched by RFC 9525: a
 * wildcard is exactly one leftmost label (section 6.3), and the common name never counts (section 2).
 */
export default defineRule({
  id: "tls/certificate-covers-fqdn",
  title: "Require certificates that cover the node's FQDN",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "must"),
  subject: "node-with-certificate",
  messages: {
    notCovered:
      "The certificate in {{file}} does not cover {{name}}, the {{kind}} of node {{node}}; it covers {{names}}.",
    noNames:
      "The certificate in {{file}} has no DNS name in its subject alternative names (the common name is ignored); it must cover {{name}}, the {{kind}} of node {{node}}.",
    wildcardFederation:
      "The certificate in {{file}} covers {{name}} of node {{node}} only by a wildcard, which Skype for Business refuses in federated calls for {{domain}}; add the name.",
  },
  remediation:
    "Request a certificate with the node's SIP TLS FQDN (alternative_fqdn, or else hostname.domain) among its subject alternative names.",
  mutations: [{ edit: (node) => set(node, "alternative_fqdn", "other.example.net") }],
  check(node, { site, need, known, needAll, each, fail }) {
    const { leaf, file } = need(node, "certificateChain");
    const alternative = known(node, "alternative_fqdn");
    const name = canonicalName(alternative ?? need(node, "fqdn"));
    const { dns } = leaf.certificate.names;
    const kind = alternative === undefined ? "FQDN" : "SIP TLS FQDN";
    const data = { file, name, kind, node: node.name, names: listed(dns) };
    if (!namesCover({ dns, ip: [] }, name)) {
      const field = alternative === undefined ? "hostname" : "alternative_fqdn";
      const wrong = laterBearer(name, field, node, site);
      const at = [node, isOddName(node, dns, known) ? field : "tls_certificate"] as const;
      const dependsOn = wrong === undefined ? [] : [[wrong, field] as const];
      fail(dns.length === 0 ? "noNames" : "notCovered", { at, dependsOn, data });
      return;
    }
    // Covered by a wildcard only, which matters to nodes that federate; the management node takes no calls.
    if (dns.includes(name) || node.role === "management") return;
    const federated = needAll(site.domainServices).filter(({ service }) => service === "sip_federation");
    if (federated.length === 0) return;
    const location = need(node, "inLocation");
    each(federated, ({ domain, locations }) => {
      if (!needAll(locations).includes(location)) return;
      fail("wildcardFederation", { at: [node, "tls_certificate"], data: { ...data, domain }, key: domain });
    });
  },
});

/** The later of two nodes that have the name, if there are two: the certificate may be that of the other. */
function laterBearer(name: string, field: "hostname" | "alternative_fqdn", node: Node, { nodeNames }: Site) {
  const fqdnOf = nodeNames.withFqdn(name);
  const [first, second] = field === "hostname" ? fqdnOf : nodeNames.withSipTlsFqdn(name);
  if (second !== undefined) return first === node ? second : node;
  return fqdnOf.length > 0 && !fqdnOf.includes(node) ? node : undefined;
}

/** Whether the certificate is the node's by its FQDN, so that the SIP TLS FQDN is the wrong value. */
function isOddName(node: Node, dns: readonly string[], known: RuleContext<Record<string, string>>["known"]): boolean {
  const fqdn = known(node, "fqdn");
  return fqdn !== undefined && namesCover({ dns, ip: [] }, fqdn);
}

function listed(names: readonly string[]): string {
  const rest = names.length - NAMES_SHOWN;
  return names.slice(0, NAMES_SHOWN).join(", ") + (rest > 0 ? ` and ${rest} more` : "");
}
