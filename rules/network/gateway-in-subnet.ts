import { withoutPrefixLength } from "../shared/entry-fixes.ts";
import { set } from "../../src/engine/api/mutation.ts";
import { addressValues, interfaceValues } from "../shared/interface-values.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { canonicalIp, parseIpAddress } from "../../src/values/network/ip-address.ts";
import { contains, edgeOf, subnetText } from "../../src/values/network/ipv4-subnet.ts";

/** The guide: "Enter the IP address of the default gateway to be assigned to this Conferencing Node." (L544) */
export default defineRule({
  id: "network/gateway-in-subnet",
  title: "Require a gateway in the node's subnet",
  severity: "error",
  since: "0.1.0",
  source: guide("Automatically deploying a new Conferencing Node on a VMware host", "derived"),
  subject: "node",
  messages: {
    malformed: "Gateway {{gateway}} of node {{node}} is not an IPv4 address.",
    ownAddress: "Gateway {{gateway}} of node {{node}} is the node's own address; enter the address of the router.",
    outside: "Gateway {{gateway}} of node {{node}} is outside {{subnets}}, so the node cannot reach it.",
    edge: "Gateway {{gateway}} of node {{node}} is the {{edge}} address of {{subnet}}; enter the address of the router.",
    onSecondary:
      "Gateway {{gateway}} of node {{node}} is on the secondary interface and the node has no static routes; add routes to the other nodes over the primary interface.",
  },
  messageSeverity: { onSecondary: "warn" },
  remediation:
    "Enter the address of the router in the primary interface's subnet; or in the secondary interface's subnet, with static routes to the Management Node and the other nodes.",
  // The prefix length repeats the mask and is then superfluous.
  fix: ({ data: { gateway } }, node, { known }) => withoutPrefixLength(gateway, known(node, "netmask")),
  mutations: [{ edit: (node) => set(node, "gateway", "172.31.255.1") }],
  check(node, context) {
    const { site, need, known, fail } = context;
    const written = need(node, "gateway");
    const at = [node, "gateway"] as const;
    const data = { gateway: written, node: node.name };
    const gateway = parseIpAddress(written);
    if (gateway?.version !== 4) {
      fail("malformed", { at, data });
      return;
    }
    for (const field of ["address", "secondary_address"] as const) {
      const own = known(node, field);
      if (own === undefined || canonicalIp(own) !== gateway.canonical) continue;
      fail("ownAddress", { at, dependsOn: addressValues(node, field, site), data });
      return;
    }

    const primary = need(node, "primaryInterface");
    const inPrimary = contains(primary.subnet, gateway);
    const secondary = inPrimary ? null : need(node, "secondaryInterface");
    const owner = inPrimary ? primary : secondary;
    if (owner === null || !contains(owner.subnet, gateway)) {
      const subnets = [primary, secondary].flatMap((it) => (it === null ? [] : [subnetText(it.subnet)])).join(" and ");
      fail("outside", { at, dependsOn: interfaceValues(node, site), data: { ...data, subnets } });
      return;
    }
    const edge = edgeOf(owner.subnet, gateway);
    if (edge !== null) {
      fail("edge", { at, data: { ...data, edge, subnet: subnetText(owner.subnet) } });
      return;
    }
    if (!inPrimary && (known(node, "static_routes") ?? []).length === 0) fail("onSecondary", { at, data });
  },
});
