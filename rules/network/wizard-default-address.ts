import { all, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { canonicalIp } from "../../src/values/network/ip-address.ts";

const DEFAULT = "192.168.0.100";

/** The guide: "If you press enter, the default value will be applied" (L409); for the IP address it is 192.168.0.100 (L412). */
export default defineRule({
  id: "network/wizard-default-address",
  title: "Disallow the installation wizard's default address for the Management Node",
  severity: "info",
  since: "0.1.0",
  source: guide("Running the installation wizard", "derived"),
  subject: "management-node",
  messages: {
    default:
      "Address {{address}} of the Management Node is the installation wizard's default; use an address of your network.",
  },
  remediation:
    "Choose an address of your network, and enter it in the installation wizard. It can be changed later only by running the wizard again.",
  mutations: [{ edit: (node) => all(set(node, "address", DEFAULT), set(node, "gateway", "192.168.0.1")) }],
  check(node, { need, fail }) {
    const address = need(node, "address");
    if (canonicalIp(address) === DEFAULT) fail("default", { at: [node, "address"], data: { address } });
  },
});
