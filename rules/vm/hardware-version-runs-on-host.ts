import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { pathsTo } from "../../src/site/relations/hosts-in-use.ts";
import { hardwareVersionOf, inconclusiveHardware } from "../shared/virtual-hardware.ts";

/**
 * Follows from the guide's "to match the ESXi host version" (L239): a host does not start a VM whose hardware
 * version is newer than it runs, nor can vMotion or HA bring it there.
 */
export default defineRule({
  id: "vm/hardware-version-runs-on-host",
  title: "Disallow VM hardware versions that a candidate host does not support",
  severity: "error",
  since: "0.1.0",
  source: guide("Upgrading VM hardware versions", "derived"),
  subject: "node",
  messages: {
    tooNew:
      "Hardware version {{actual}} of node {{node}} is not supported by host {{host}}; use {{newest}} or earlier, or another host.",
  },
  remediation:
    "Upgrade ESXi on the host, keep the VM off this host, or redeploy the node with a hardware version that all its hosts support: a hardware version cannot be lowered.",
  mutations: [
    { edit: (node) => (given(node, "virtualMachine") === null ? set(node.plan, "hardware_version", 30) : null) },
  ],
  check(node, context) {
    const { value: actual, at } = hardwareVersionOf(node, context);
    const { items } = node.clusterHosts.hardware;
    const [lowest] = items;
    if (lowest === undefined || lowest.value.most >= actual) {
      const { host, value } = context.need(node.clusterHosts, "newestHardware");
      return value.least < actual ? inconclusiveHardware(host, value, context) : undefined;
    }
    const { host, value: newest } = lowest;
    context.fail("tooNew", {
      at,
      dependsOn: [lowest.at],
      data: {
        actual,
        node: node.name,
        host: host.name,
        newest: newest.most,
        ...(newest.confirmed ? {} : { unconfirmed: true }),
      },
      related: [
        ...items
          .filter(({ value }) => value.most < actual)
          .map((each) => ({
            message: `${each.host.name} supports up to ${each.value.most}`,
            at: each.at,
          })),
        ...pathsTo(host, node),
      ],
    });
  },
});
