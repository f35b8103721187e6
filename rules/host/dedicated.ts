import { append, given } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { matchesPattern } from "../../src/values/text/name-pattern.ts";

/**
 * The guide: "this version of Pexip Infinity requires a dedicated VMware host for supported deployments", and other
 * applications on it are "possible in a test environment" (L192).
 */
export default defineRule({
  id: "host/dedicated",
  title: "Require hosts dedicated to Pexip Infinity",
  severity: "error",
  severityWhen: [{ environment: "test", severity: "warn" }],
  since: "0.1.0",
  source: guide("Host server requirements", "must"),
  subject: "host",
  messages: {
    foreign: "VM {{vm}} on host {{host}} is not part of this deployment; Pexip Infinity requires dedicated hosts.",
  },
  options: {
    allow: {
      type: "array",
      items: { type: "string" },
      default: [],
      description: "Names of VMs that may share a host with nodes; * matches any characters, case-insensitive.",
    },
  },
  remediation:
    "Move the VM to another host, or place the nodes on other hosts. In a test environment it may stay if it uses little CPU and the nodes' memory is reserved.",
  mutations: [
    {
      edit: (host) => {
        const cluster = given(host, "cluster");
        return append(host.descriptions[0]?.sourceRef.document, "virtual_machines", {
          name: "selftest",
          host: ownName(host),
          ...(cluster === undefined ? {} : { cluster }),
          power_state: "poweredOn",
          ip_addresses: [],
        });
      },
    },
  ],
  check(host, { site, options, needAll, fail }) {
    const others = site.relations.occupancy.foreign(host);
    const foreign = others.items.filter(
      (machine) => !options.allow.some((pattern) => matchesPattern(ownName(machine), pattern)),
    );
    // Without the list of nodes it is unknown whose VM it is.
    if (foreign.length > 0) needAll(site.conferencingNodeList);
    for (const machine of foreign) {
      fail("foreign", { at: [machine, "host"], data: { vm: machine.name, host: host.name } });
    }
    needAll(others);
  },
});
