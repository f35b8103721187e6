import { type At, defineRule } from "../../src/engine/rule.ts";
import type { Node } from "../../src/site/deployment-objects.ts";
import { canonicalIp } from "../../src/values/ip-address.ts";

const ADDRESSES = ["address", "secondary_address", "static_nat_address", "ipv6_address"] as const;
const GATEWAYS = ["gateway", "ipv6_gateway"] as const;

/** The guide: "Each Conferencing Node must have a unique IPv6 address." (L550); so it is with every other address. */
export default defineRule({
  id: "network/unique-address",
  title: "Require every address of a node to be its own",
  severity: "error",
  since: "0.1.0",
  source: {
    document: "guide-v25",
    section: "Automatically deploying a new Conferencing Node on a VMware host",
    wording: "must",
  },
  subject: "deployment",
  messages: {
    twice:
      "The {{field}} {{address}} of node {{node}} is already {{otherField}} of node {{other}}; give each node its own.",
    taken: "The {{field}} {{address}} of node {{node}} is already that of {{other}}; give the node one of its own.",
  },
  remediation: "Give every node addresses that nothing else in its networks has.",
  check(_, { site, need, known, each, fail, inconclusive }) {
    const others = new Map<string, { readonly name: string; readonly at: At }>();
    const note = (address: string | null, name: string, at: At) => {
      if (address !== null && !others.has(address)) others.set(address, { name, at });
    };
    for (const protocol of ["dns", "ntp"] as const) {
      for (const server of site.servers(protocol).items) {
        const host = known(server, "endpoint")?.host ?? "";
        note(canonicalIp(host), `${protocol.toUpperCase()} server ${server.name}`, [server]);
      }
    }
    for (const node of site.nodes) {
      for (const field of GATEWAYS) {
        note(canonicalIp(known(node, field) ?? ""), `the gateway of node ${node.name}`, [node, field]);
      }
    }

    const first = new Map<string, { readonly node: Node; readonly field: (typeof ADDRESSES)[number] }>();
    each(site.nodeRoster, (node) => {
      // Its own gateway is the concern of network/gateway-in-subnet and network/ipv6-address.
      const gateways = GATEWAYS.map((field) => canonicalIp(known(node, field) ?? ""));
      const unreadable: string[] = [];
      for (const field of ADDRESSES) {
        const written = known(node, field);
        if (written === undefined) continue;
        const address = canonicalIp(written);
        if (address === null) {
          unreadable.push(`${field} ${JSON.stringify(written)}`);
          continue;
        }
        const data = { field, address: written, node: node.name };
        const other = gateways.includes(address) ? undefined : others.get(address);
        if (other !== undefined) {
          const related = [{ message: other.name, at: other.at }];
          fail("taken", { at: [node, field], data: { ...data, other: other.name }, related });
        }
        const earlier = first.get(address);
        if (earlier === undefined) first.set(address, { node, field });
        else if (earlier.node !== node) {
          const related = [
            { message: `node ${earlier.node.name} has it first`, at: [earlier.node, earlier.field] as const },
          ];
          fail("twice", {
            at: [node, field],
            data: { ...data, other: earlier.node.name, otherField: earlier.field },
            related,
          });
        }
      }
      need(node, "address");
      if (unreadable.length > 0) inconclusive(`${unreadable.join(" and ")} of node ${node.name} cannot be read`);
    });
  },
});
