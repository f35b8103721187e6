import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide on the VM manager: "the application to use when automatically deploying your Conferencing Nodes" (L480). */
export default defineRule({
  id: "access/vm-manager-declared",
  title: "Require a VM manager for automatic deployment",
  severity: "error",
  since: "0.1.0",
  source: guide("Adding a VM manager", "must"),
  subject: "deployment",
  messages: {
    none: "Node {{node}} uses automatic deployment, but no VM manager is declared; set vm_manager.",
  },
  remediation:
    "Declare vm_manager with the address of the vCenter Server or, without one, of the ESXi host; or deploy the nodes manually.",
  mutations: [
    {
      edit: (_, { site }) =>
        site.automaticNodes.items.length === 0 ? null : replace(site.deployment.sourceRefOf("vm_manager"), undefined),
    },
  ],
  check(deployment, { site, need, needAll, fail, notApplicable }) {
    const [node] = site.automaticNodes.items;
    if (node === undefined) {
      needAll(site.automaticNodes);
      return notApplicable("no node is deployed automatically");
    }
    if (site.vmManager !== null) {
      need(site.vmManager, "address");
      return;
    }
    fail("none", {
      at: [deployment, "vm_manager"],
      data: { node: node.name },
      related: [{ message: `node ${node.name} uses AUTOMATIC`, at: [node, "deployment_type"] }],
    });
  },
});
