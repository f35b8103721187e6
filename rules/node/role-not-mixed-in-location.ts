import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "A system location should not contain a mixture of proxying nodes and transcoding nodes" (L636). */
export default defineRule({
  id: "node/role-not-mixed-in-location",
  title: "Disallow mixing Proxying Edge Nodes and transcoding nodes in a location",
  severity: "warn",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "strongly-recommended"),
  subject: "location",
  messages: {
    mixed:
      "Location {{location}} mixes Proxying Edge Nodes ({{proxying}}) and transcoding nodes ({{transcoding}}); separate them.",
  },
  remediation: "Move the Proxying Edge Nodes to a separate location.",
  mutations: [
    {
      edit: (location, { site }) => {
        const nodes = site.relations.nodesIn(location).items;
        return nodes.length < 3
          ? null
          : set(nodes.at(-1), "node_type", (type) => (type === "PROXYING" ? "CONFERENCING" : "PROXYING"));
      },
    },
  ],
  check(location, { site, needAll, known, fail, notApplicable }) {
    const nodes = needAll(site.relations.nodesIn(location));
    if (nodes.length === 0) return notApplicable("no Conferencing Node is in this location");
    const proxying = nodes.filter((node) => known(node, "node_type") === "PROXYING");
    const transcoding = nodes.filter((node) => !proxying.includes(node));
    const [firstProxying, firstTranscoding] = [proxying[0], transcoding[0]];
    if (firstProxying === undefined || firstTranscoding === undefined) return;
    // The minority is reported; if both are equal in number, the location is.
    const odd = proxying.length < transcoding.length ? firstProxying : firstTranscoding;
    fail("mixed", {
      at: proxying.length === transcoding.length ? [location] : [odd, "node_type"],
      data: { location: location.name, proxying: listed(proxying), transcoding: listed(transcoding) },
      related: [
        { message: `${firstProxying.name} is a Proxying Edge Node`, at: [firstProxying, "node_type"] },
        { message: `${firstTranscoding.name} is a Transcoding Conferencing Node`, at: [firstTranscoding, "node_type"] },
      ],
    });
  },
});

function listed(nodes: readonly { readonly name: string }[]): string {
  const names = nodes
    .slice(0, 3)
    .map(({ name }) => name)
    .join(", ");
  return nodes.length > 3 ? `${names} and ${nodes.length - 3} more` : names;
}
