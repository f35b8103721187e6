import { remove } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { counted } from "../../src/values/text/counted.ts";

/**
 * Beyond the guide: Pexip's documentation keeps nodes with a static NAT address out of the locations of nodes without one,
 * because calls are balanced over all nodes of a location, and clients outside cannot reach those without.
 */
export default defineRule({
  id: "network/nat-not-mixed-in-location",
  title: "Disallow mixing nodes with and without static NAT in a location",
  severity: "warn",
  since: "0.1.0",
  source: {
    document: "docs.pexip.com",
    section: "Configuring Pexip Infinity nodes to work behind a static NAT device",
    wording: "beyond",
  },
  subject: "location",
  messages: {
    mixed:
      "Location {{location}} mixes {{with}} with a static NAT address and {{without}} without one; {{odd}} differs from the majority.",
  },
  remediation:
    "Give all nodes of the location a static NAT address, or none; or move the nodes that external clients call to a separate location.",
  mutations: [
    {
      edit: (location, { site }) => {
        const nodes = site.relations.nodesIn(location).items;
        return nodes.length < 2 ? null : remove(nodes[0], "static_nat_address");
      },
    },
  ],
  check(location, { site, known, needAll, fail, notApplicable }) {
    const nodes = needAll(site.relations.nodesIn(location));
    if (nodes.length < 2) return notApplicable("the location has fewer than two nodes");
    const natted = nodes.filter((node) => known(node, "static_nat_address") !== undefined);
    const plain = nodes.filter((node) => !natted.includes(node));
    // The minority is reported; if both are equal in number, those without the address are.
    const [odd, usual] = natted.length < plain.length ? [natted[0], plain[0]] : [plain[0], natted[0]];
    if (odd === undefined || usual === undefined) return;
    fail("mixed", {
      at: [odd, "static_nat_address"],
      data: { location: location.name, with: counted(natted.length, "node"), without: plain.length, odd: odd.name },
      related: [{ message: `node ${usual.name} is different`, at: [usual, "static_nat_address"] }],
    });
  },
});
