import { given, set } from "../../src/engine/api/mutation.ts";
import { addressValues, interfaceValues } from "../shared/interface-values.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { canonicalIp, parseIpAddress } from "../../src/values/network/ip-address.ts";
import { contains, edgeOf, subnetOf, subnetText } from "../../src/values/network/ipv4-subnet.ts";

/** The guide: "From the list of Available Static routes , select the routes to assign to the node" (L553) */
export default defineRule({
  id: "network/static-route",
  title: "Require static routes with a valid destination and a reachable next hop",
  severity: "error",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "derived"),
  subject: "node",
  messages: {
    address: "Destination {{address}} of static route {{route}} is not an IPv4 address.",
    prefix: "Prefix {{prefix}} of static route {{route}} is longer than 32 bits.",
    hostBits: "Destination {{address}}/{{prefix}} of static route {{route}} has host bits set; use {{network}}.",
    gateway: "Next hop {{gateway}} of static route {{route}} is not an IPv4 address.",
    ownAddress:
      "Next hop {{gateway}} of static route {{route}} is the node's own address; enter the address of the router.",
    outside: "Next hop {{gateway}} of static route {{route}} is outside {{subnets}}, so the node cannot reach it.",
    edge: "Next hop {{gateway}} of static route {{route}} is the {{edge}} address of {{subnet}}; enter the address of a router.",
  },
  remediation:
    "Enter the network address and prefix length of the destination, and as next hop a router in a subnet that the node is attached to.",
  mutations: [
    {
      edit: (node) =>
        (given(node, "static_routes") ?? []).length === 0
          ? null
          : set(node.entry("static_routes", 0), "gateway", "172.31.255.1"),
    },
  ],
  check(node, context) {
    const { site, need, known, needEntries, each, fail, notApplicable } = context;
    if ((known(node, "static_routes") ?? []).length === 0) return notApplicable("the node has no static routes");
    each(needEntries(node, "static_routes"), (route) => {
      const name = route.name;
      const address = need(route, "address");
      const prefix = need(route, "prefix");
      const destination = parseIpAddress(address);
      if (destination?.version !== 4) {
        fail("address", { at: [route, "address"], data: { address, route: name } });
      } else if (prefix > 32) {
        fail("prefix", { at: [route, "prefix"], data: { prefix, route: name } });
      } else if (subnetOf(destination, prefix).network !== destination.value) {
        const network = subnetText(subnetOf(destination, prefix));
        fail("hostBits", { at: [route, "prefix"], data: { address, prefix, route: name, network } });
      }

      const written = need(route, "gateway");
      const at = [route, "gateway"] as const;
      const data = { gateway: written, route: name };
      const gateway = parseIpAddress(written);
      if (gateway?.version !== 4) {
        fail("gateway", { at, data });
        return;
      }
      for (const field of ["address", "secondary_address"] as const) {
        const own = known(node, field);
        if (own === undefined || canonicalIp(own) !== gateway.canonical) continue;
        fail("ownAddress", { at, dependsOn: addressValues(node, field, site), data });
        return;
      }
      const primary = need(node, "primaryInterface");
      const secondary = contains(primary.subnet, gateway) ? null : need(node, "secondaryInterface");
      const attached = [primary, secondary].flatMap((it) => (it === null ? [] : [it.subnet]));
      const subnet = attached.find((it) => contains(it, gateway));
      if (subnet === undefined) {
        const subnets = attached.map(subnetText).join(" and ");
        fail("outside", { at, dependsOn: interfaceValues(node, site), data: { ...data, subnets } });
        return;
      }
      const edge = edgeOf(subnet, gateway);
      if (edge !== null) fail("edge", { at, data: { ...data, edge, subnet: subnetText(subnet) } });
    });
  },
});
