import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide on the free edition: "the lack of access to the VMware API means that all Conferencing Nodes will have to be
 * deployed manually" (L97).
 */
export default defineRule({
  id: "platform/automatic-deployment-needs-api",
  title: "Disallow automatic deployment to hosts with the free edition",
  severity: "error",
  since: "0.1.0",
  source: guide("Supported VMware editions", "must"),
  subject: "conferencing-node",
  messages: {
    free: "Node {{node}} uses automatic deployment, but host {{host}} has the free edition, whose API is read-only; deploy it manually or license the host.",
  },
  remediation: "Deploy the node manually (deployment_type: one of the MANUAL types), or license the host.",
  mutations: [
    {
      edit: (node) =>
        given(node, "deployment_type") === "AUTOMATIC"
          ? set(node.clusterHosts.hosts.items[0], "edition", "free")
          : null,
      at: (node) => node.sourceRefOf("deployment_type"),
      alsoFails: {
        "platform/free-edition": "of the host",
        "platform/edition-standard": "of the host",
        "platform/distributed-switch-edition": "the host is a member of a distributed switch",
      },
    },
  ],
  check(node, { known, needAll, fail, notApplicable }) {
    if (known(node, "deployment_type") !== "AUTOMATIC") return notApplicable("the node is not deployed automatically");
    const { freeEditions: free } = node.clusterHosts;
    const [first] = free.items;
    if (first === undefined) {
      needAll(free);
      return;
    }
    fail("free", {
      at: [node, "deployment_type"],
      data: { node: node.name, host: first.host.name },
      related: free.items.map(({ host, at }) => ({ message: `${host.name} has the free edition`, at })),
    });
  },
});
