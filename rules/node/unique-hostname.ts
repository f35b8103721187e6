import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "Each Conferencing Node and Management Node must have a unique hostname" (L541, L628). */
export default defineRule({
  id: "node/unique-hostname",
  title: "Require unique hostnames",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "must"),
  subject: "node",
  messages: {
    duplicate: "Hostname {{hostname}} of node {{node}} is already used by node {{other}}; use a unique hostname.",
  },
  remediation: "Give each node a unique hostname, regardless of domain and letter case.",
  mutations: [
    {
      edit: (node, { site }) =>
        node === site.nodes[0] ? null : set(node, "hostname", given(site.nodes[0], "hostname")?.toUpperCase()),
    },
  ],
  check(node, { site, need, fail }) {
    const hostname = need(node, "hostname");
    const [first] = site.nodeNames.withHostname(hostname);
    if (first === undefined || first === node) return;
    fail("duplicate", {
      at: [node, "hostname"],
      data: { hostname, node: node.name, other: first.name },
      related: [{ message: `also used by node ${first.name}`, at: [first, "hostname"] }],
    });
  },
});
