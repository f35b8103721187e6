import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { DistributedSwitch, Host } from "../../src/site/estate/estate-objects.ts";
import type { Estate } from "../../src/site/estate/estate.ts";
import { type PartialList, union } from "../../src/site/core/partial-list.ts";

/** vSphere Foundation and Cloud Foundation, which replaced Enterprise Plus, have its features. */
const WITH_DISTRIBUTED_SWITCHES = ["enterprise_plus", "vsphere_foundation", "cloud_foundation"];

/** The guide on Enterprise Plus: "These include Storage DRS and Distributed Switch" (L101). */
export default defineRule({
  id: "platform/distributed-switch-edition",
  title: "Require vSphere editions that include the distributed switches in use",
  severity: "info",
  since: "0.1.0",
  source: guide("Supported VMware editions", "derived"),
  subject: "distributed-switch",
  messages: {
    without:
      "Host {{host}} is a member of distributed switch {{switch}}, but its edition ({{edition}}) does not include distributed switches; use Enterprise Plus.",
  },
  remediation:
    "License the host with Enterprise Plus, or attach the nodes to standard switches. vSphere Foundation and Cloud Foundation also include distributed switches; vSAN and NSX licenses may include them.",
  mutations: [
    {
      edit: (distributedSwitch, { site }) =>
        set(membersOf(distributedSwitch, site.estate).items[0], "edition", "standard"),
    },
  ],
  check(distributedSwitch, { site, need, each, fail, notApplicable, inconclusive }) {
    each(membersOf(distributedSwitch, site.estate), (host) => {
      const edition = need(host, "edition");
      if (WITH_DISTRIBUTED_SWITCHES.includes(edition)) return;
      if (edition === "evaluation")
        return notApplicable("its hosts are in evaluation mode, which includes all features");
      if (edition === "other") return inconclusive(`the edition of ${host.name} is not in this program's table`);
      fail("without", {
        at: [host, "edition"],
        data: { host: host.name, switch: distributedSwitch.name, edition },
        related: [{ message: `distributed switch ${distributedSwitch.name}`, at: [distributedSwitch] }],
      });
    });
  },
});

/** The hosts that take part in a distributed switch; a gap when it does not list them, or not by name. */
function membersOf(distributedSwitch: DistributedSwitch, estate: Estate): PartialList<Host> {
  const members = distributedSwitch.entries("hosts");
  if (!members.known) return { items: [], missing: members.missing };
  const datacenter = distributedSwitch.read("datacenter");
  const scope = datacenter.known ? datacenter.value : undefined;
  return union(
    members.value.map((member) => {
      const name = member.read("name");
      if (!name.known) return { items: [], missing: name.missing };
      const host = estate.host(name.value, scope, member.sourceRefOf("name"));
      return host.known ? { items: [host.value], missing: [] } : { items: [], missing: host.missing };
    }),
  );
}
