import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/**
 * Follows from HA, which will "automatically start the VM on another host in the cluster" (L272): on any of them, unless a
 * mandatory VM/Host rule keeps the VM away.
 */
export default defineRule({
  id: "vm/only-hosts",
  title: "Require a mandatory VM/Host rule for nodes bound to certain hosts",
  severity: "warn",
  since: "0.1.0",
  source: guide("vSphere High Availability", "derived"),
  subject: "node",
  messages: {
    unlisted: "Host {{host}} in vm.only_hosts of node {{node}} is not in the inventory; correct the name.",
    elsewhere: "VM {{vm}} of node {{node}} is on host {{host}}, which vm.only_hosts does not list.",
    unbound:
      "VM {{vm}} of node {{node}} may be moved to host {{host}}, which vm.only_hosts does not list; create a mandatory VM/Host rule.",
  },
  remediation:
    'Create a VM/Host rule "must run on hosts in group" for the node\'s VM and the hosts of vm.only_hosts (cluster, Configure, VM/Host Rules), or correct vm.only_hosts. A "should run" rule is not enough.',
  mutations: [
    {
      edit: (node, { site }) => {
        const host = given(given(node, "virtualMachine"), "onHost");
        const other = site.estate.hosts.items.find((each) => each !== host);
        return host === undefined || other === undefined ? null : set(node.plan, "only_hosts", [ownName(other)]);
      },
    },
  ],
  check(node, { site, need, known, needAll, each, fail, notApplicable }) {
    const only = known(node.plan, "only_hosts");
    if (only === undefined) return notApplicable("vm.only_hosts is not set");
    const names = new Set(only.map(canonicalName));
    const at = [node.plan, "only_hosts"] as const;
    // A gap in one of them hides nothing about the others.
    each(["names", "hosts"] as const, (side) => {
      if (side === "names") {
        each([...only.entries()], ([index, name]) => {
          if (needAll(site.estate.names.called("host", name)).length > 0) return;
          fail("unlisted", {
            at: [...at, index],
            data: { node: node.name, host: quoted(name) },
            key: canonicalName(name),
          });
        });
        return;
      }
      const machine = need(node, "virtualMachine");
      // What enforces it is a rule for its VM.
      if (machine === null) return;
      const { hosts } = node.clusterHosts;
      const { host: home, cluster } = node.hostPlacement;
      const [first, ...others] = hosts.items.filter((host) => !names.has(canonicalName(ownName(host))));
      if (first === undefined) {
        needAll(hosts);
        return;
      }
      const data = { vm: machine.name, node: node.name };
      if (home !== null && !names.has(canonicalName(ownName(home)))) {
        fail("elsewhere", {
          at,
          data: { ...data, host: home.name },
          related: [{ message: `VM ${machine.name} is on ${home.name}`, at: [machine, "host"] }],
        });
        return;
      }
      if (cluster !== null) need(cluster, "vm_host_rules");
      fail("unbound", {
        at,
        data: { ...data, host: first.name },
        related: [first, ...others].map((host) => ({
          message: `VM ${machine.name} may run on ${host.name}`,
          at: [host],
        })),
      });
    });
  },
});
