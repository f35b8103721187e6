import { all, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: a Proxying Edge Node "does not host any conferences — instead it forwards the media on to" another (L627). */
export default defineRule({
  id: "node/proxying-needs-transcoding",
  title: "Require a Transcoding Conferencing Node for Proxying Edge Nodes",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "derived"),
  subject: "deployment",
  messages: {
    alone:
      "All Conferencing Nodes are Proxying Edge Nodes (the first is {{first}}), which do not host conferences; add a Transcoding Conferencing Node.",
  },
  remediation: "Add a Transcoding Conferencing Node (node_type: CONFERENCING), or change the role of an existing node.",
  mutations: [
    { edit: (_, { site }) => all(...site.conferencingNodes.map((node) => set(node, "node_type", "PROXYING"))) },
  ],
  check(_, { site, needAll, known, fail, notApplicable }) {
    const nodes = needAll(site.conferencingNodeList);
    const proxying = nodes.filter((node) => known(node, "node_type") === "PROXYING");
    const [first] = proxying;
    if (first === undefined) return notApplicable("the deployment has no Proxying Edge Node");
    if (proxying.length < nodes.length) return;
    fail("alone", { at: [first, "node_type"], data: { first: first.name } });
  },
});
