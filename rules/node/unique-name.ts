import { replace } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/** Beyond the guide: Pexip's Management API requires unique node names (`worker_vm.name`). */
export default defineRule({
  id: "node/unique-name",
  title: "Require unique node names",
  severity: "error",
  since: "0.1.0",
  source: { document: "Pexip Infinity Management API", section: "worker_vm", wording: "beyond" },
  subject: "node",
  messages: {
    duplicate: "Node name {{name}} is already used by another node; use a unique name.",
  },
  remediation: "Give each node a unique name, regardless of letter case.",
  mutations: [
    {
      edit: (node, { site }) => {
        const [first] = site.nodes;
        return first === undefined || first === node ? null : replace(node.sourceRefOf("name"), ownName(first));
      },
    },
  ],
  check(node, { site, fail }) {
    const name = ownName(node);
    const [first] = site.nodeNames.called(name);
    if (first === undefined || first === node) return;
    fail("duplicate", {
      at: [node, "name"],
      data: { name },
      related: [{ message: "also used here", at: [first, "name"] }],
    });
  },
});
