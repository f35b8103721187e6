import { remove, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { canonicalName, isALabelOrPlain } from "../../src/values/network/host-name.ts";

/** The guide: "We recommend that you assign valid DNS names to all your Conferencing Nodes" (L628). */
export default defineRule({
  id: "node/domain-valid",
  title: "Require a valid domain for every node",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "recommended"),
  subject: "node",
  messages: {
    missing: "Node {{node}} has no domain, so it has no DNS name; set domain.",
    invalid: "Domain {{domain}} of node {{node}} is not a valid domain name.",
  },
  remediation: "Set domain to the domain part of the node's DNS name, such as vc.example.com.",
  fix: ({ messageId, data }) => {
    const domain = String(data["domain"]).trim();
    return messageId === "invalid" && isDomain(domain) ? { value: domain } : null;
  },
  mutations: [{ edit: (node) => set(node, "domain", "vc..example.com") }, { edit: (node) => remove(node, "domain") }],
  check(node, { known, fail }) {
    const domain = known(node, "domain");
    const at = [node, "domain"] as const;
    if (domain === undefined) fail("missing", { at, data: { node: node.name } });
    else if (!isDomain(domain)) fail("invalid", { at, data: { domain, node: node.name } });
  },
});

/** RFC 1123 section 2.1; at most 192 characters, as Pexip's API takes it. A last label of digits alone would be an address. */
function isDomain(text: string): boolean {
  const labels = canonicalName(text).split(".");
  const isLabel = (label: string) => /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/.test(label) && isALabelOrPlain(label);
  return text.length <= 192 && text.trim() === text && labels.every(isLabel) && /[a-z][^.]*$/.test(labels.join("."));
}
