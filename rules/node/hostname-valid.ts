import { canonicalName, isALabelOrPlain } from "../../src/values/network/host-name.ts";
import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";

/** Beyond the guide: Pexip's documentation on hostnames (letters, digits, hyphens, not digits alone); RFC 1123 section 2.1. */
export default defineRule({
  id: "node/hostname-valid",
  title: "Require hostnames that are valid DNS labels",
  severity: "error",
  since: "0.1.0",
  source: { document: "Pexip Infinity documentation", section: "Assigning hostnames and FQDNs", wording: "beyond" },
  subject: "node",
  messages: {
    qualified: "Hostname {{hostname}} of node {{node}} contains a dot; move the domain part to the key domain.",
    digits: "Hostname {{hostname}} of node {{node}} consists of digits only; add a letter.",
    long: "Hostname {{hostname}} of node {{node}} has {{length}} characters; at most 63 are allowed.",
    invalid:
      "Hostname {{hostname}} of node {{node}} is not a DNS label; use letters, digits and hyphens, with no hyphen at either end.",
    notInternationalized:
      "Hostname {{hostname}} of node {{node}} begins with xn-- but is not the ASCII form of an internationalized name.",
  },
  remediation:
    "Choose a hostname of letters, digits and hyphens, at most 63 characters, not all digits, without the domain.",
  // What follows the first dot is certain to be superfluous only where it is the node's domain.
  fix: ({ data }, node, { known }) => {
    const hostname = String(data["hostname"]);
    const dot = hostname.indexOf(".");
    const domain = known(node, "domain");
    const isOwn = domain !== undefined && canonicalName(hostname.slice(dot + 1)) === canonicalName(domain);
    return dot > 0 && isOwn ? { value: hostname.slice(0, dot) } : null;
  },
  mutations: [{ edit: (node) => set(node, "hostname", "conf_04") }],
  check(node, { need, fail }) {
    const hostname = need(node, "hostname");
    const at = [node, "hostname"] as const;
    const data = { hostname, node: node.name };
    if (hostname.includes(".")) fail("qualified", { at, data });
    else if (/^[0-9]+$/.test(hostname)) fail("digits", { at, data });
    else if (hostname.length > 63) fail("long", { at, data: { ...data, length: hostname.length } });
    else if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/i.test(hostname)) fail("invalid", { at, data });
    else if (!isALabelOrPlain(hostname)) fail("notInternationalized", { at, data });
  },
});
