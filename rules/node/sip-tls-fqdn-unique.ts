import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: the SIP TLS FQDN is "A unique identity for this Conferencing Node" (L637). */
export default defineRule({
  id: "node/sip-tls-fqdn-unique",
  title: "Require unique SIP TLS FQDNs",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "must"),
  subject: "node",
  messages: {
    duplicate: "SIP TLS FQDN {{name}} of node {{node}} is already used by node {{other}}; use a unique FQDN.",
    othersFqdn: "SIP TLS FQDN {{name}} of node {{node}} is the DNS name of node {{other}}; use a unique FQDN.",
  },
  remediation: "Give each node a unique SIP TLS FQDN, preferably its own DNS name.",
  mutations: [
    {
      edit: (node, { site }) =>
        node === site.nodes[0] ? null : set(node, "alternative_fqdn", given(site.nodes[0], "alternative_fqdn")),
    },
  ],
  check(node, { site, need, known, fail, notApplicable }) {
    const name = known(node, "alternative_fqdn");
    if (name === undefined) return notApplicable("the node has no SIP TLS FQDN");
    const at = [node, "alternative_fqdn"] as const;
    const [first] = site.nodeNames.withSipTlsFqdn(name);
    if (first !== undefined && first !== node) {
      fail("duplicate", {
        at,
        data: { name, node: node.name, other: first.name },
        related: [{ message: `also used by node ${first.name}`, at: [first, "alternative_fqdn"] }],
      });
      return;
    }
    const bearers = site.nodeNames.withFqdn(name);
    if (bearers.includes(node)) return;
    const [owner] = bearers;
    if (owner === undefined) {
      // A node without a domain may turn out to have that name.
      for (const other of site.nodeNames.withHostname(name)) if (other !== node) need(other, "fqdn");
      return;
    }
    fail("othersFqdn", {
      at,
      data: { name, node: node.name, other: owner.name },
      related: [{ message: `the DNS name of node ${owner.name}`, at: [owner, "hostname"] }],
    });
  },
});
