import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { HostSet } from "../../src/site/estate/host-set.ts";
import type { PortGroup } from "../../src/site/relations/networks-in-use.ts";
import { attachmentsOf } from "../../src/site/relations/network-attachment.ts";

const MBPS_PER_CALL = 3;

/** The guide: "In general, you can expect 1–3 Mbps per call connection, depending on call control setup." (L220) */
export default defineRule({
  id: "network/uplink-capacity",
  title: "Require sufficient uplink bandwidth for expected calls",
  severity: "info",
  since: "0.1.0",
  source: guide("Network", "recommended"),
  subject: "location",
  messages: {
    tooLittle:
      "{{calls}} expected calls of location {{location}} need up to {{needed}} Mbit/s, but the uplinks that its nodes may use provide {{available}} Mbit/s in total.",
  },
  remediation:
    "Give the hosts of the location's nodes faster or more uplinks, place its nodes on more hosts, or lower the location's expected_calls.",
  mutations: [{ edit: (location) => set(location, "expected_calls", () => 1_000_000) }],
  check(location, { site, need, known, needAll, fail, notApplicable, inconclusive }) {
    const nodes = needAll(site.relations.nodesIn(location));
    if (nodes.length === 0) return notApplicable("no node is in this location");
    const calls = need(location, "expected_calls");

    const portGroups = new Set<PortGroup>();
    const seen = new Map<HostSet, Set<string>>();
    for (const node of nodes) {
      const hosts = needAll(node.runnableHosts.hosts);
      const networks = needAll(node.networks);
      // "this interface is used for signaling and media communications to clients" (L545): the second one, if any.
      const network = known(node, "secondary_address") === undefined ? networks[0] : networks[1];
      if (network === undefined) return inconclusive(`node ${node.name} has no network for its calls`);
      const names = seen.get(node.runnableHosts) ?? new Set<string>();
      if (!names.has(network.name))
        for (const host of hosts) portGroups.add(site.relations.networksInUse.on(host, network));
      seen.set(node.runnableHosts, names.add(network.name));
    }
    const speeds = new Map<string, number>();
    for (const portGroup of portGroups) {
      // Calls on a host cannot use what it lacks.
      if (portGroup.isAbsent) continue;
      for (const attachment of needAll(attachmentsOf(portGroup))) {
        need(attachment, "uplinks");
        for (const nic of needAll(attachment.nics)) speeds.set(nic.name, need(nic, "speed_mbps") ?? 0);
      }
    }
    const available = [...speeds.values()].reduce((sum, speed) => sum + speed, 0);
    const needed = calls * MBPS_PER_CALL;
    if (needed <= available) return;
    fail("tooLittle", {
      at: [location, "expected_calls"],
      data: { calls, location: location.name, needed, available },
    });
  },
});
