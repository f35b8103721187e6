import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "You must have at least one location configured before you can deploy a Conferencing Node" (L471). */
export default defineRule({
  id: "node/location-exists",
  title: "Require a declared system location for every Conferencing Node",
  severity: "error",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "conferencing-node",
  messages: {
    missing: "Node {{node}} has no system location; set location.",
    ambiguous:
      "System location {{location}} of node {{node}} is declared {{count}} times, so the node's location is ambiguous; declare it once.",
    undeclared: "System location {{location}} of node {{node}} is not declared; add it to system_locations.",
  },
  remediation: "Set the node's location, and declare that location once in system_locations.",
  mutations: [{ edit: (node) => set(node, "system_location", "Nowhere") }],
  check(node, { site, known, fail }) {
    const location = known(node, "system_location");
    if (known(node, "inLocation") !== undefined) return;
    const at = [node, "system_location"] as const;
    if (location === undefined) fail("missing", { at, data: { node: node.name } });
    else {
      const declared = site.locationsNamed(location);
      const data = { location, node: node.name, count: declared.length };
      const related = declared.map((one) => ({ at: [one, "name"] as const, message: `${location} is declared` }));
      fail(declared.length === 0 ? "undeclared" : "ambiguous", { at, data, related });
    }
  },
});
