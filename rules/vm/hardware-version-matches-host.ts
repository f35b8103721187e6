import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { hardwareVersionOf, inconclusiveHardware, newestHardwareOf } from "../shared/virtual-hardware.ts";
import { newestHardware } from "../../src/facts/hardware-versions.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { shellQuote } from "../../src/values/text/shell-quote.ts";

/**
 * The guide: "we recommend upgrading the hardware version of the Management Node VM to match the ESXi host version"
 * (L239), and that of Conferencing Nodes "to at least match the ESXi host version that you are running in your
 * environment" (L241). A VM that may move has to run on the lowest of its hosts.
 */
export default defineRule({
  id: "vm/hardware-version-matches-host",
  title: "Enforce the newest VM hardware version that all hosts of a node run",
  severity: "info",
  since: "0.1.0",
  source: guide("Upgrading VM hardware versions", "recommended"),
  subject: "node",
  messages: {
    older:
      "Hardware version {{actual}} of node {{node}} is below {{newest}}, the newest that all its possible hosts run.",
  },
  remediation:
    "Shut the VM down (a Conferencing Node after maintenance mode), take a backup, and upgrade its hardware version to the newest that all its hosts run. An upgrade cannot be undone.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    const newest = node.candidateHosts.items.map((host) => {
      const esxi = known(host, "esxi");
      return esxi === undefined ? undefined : newestHardware(esxi)?.least;
    });
    if (machine == null || newest.includes(undefined)) return [];
    const lowest = Math.min(...newest.filter((version) => version !== undefined));
    return [`govc vm.upgrade -vm ${shellQuote(ownName(machine))} -version ${lowest}`];
  },
  mutations: [
    { edit: (node) => (given(node, "virtualMachine") === null ? set(node.plan, "hardware_version", 14) : null) },
  ],
  check(node, context) {
    const { value: actual, at } = hardwareVersionOf(node, context);
    const hosts = context
      .needAll(node.candidateHosts)
      .map((host) => ({ host, newest: newestHardwareOf(host, context) }))
      .sort((a, b) => a.newest.least - b.newest.least);
    const [lowest] = hosts;
    if (lowest === undefined) return context.inconclusive("no possible host of the node is known");
    if (hosts.some(({ newest }) => newest.most <= actual)) return;
    const { host, newest } = lowest;
    if (newest.least <= actual) return inconclusiveHardware(host, newest, context);
    context.fail("older", {
      at,
      dependsOn: [at, [host, "version"]],
      data: {
        actual,
        node: node.name,
        newest: newest.least,
        ...(newest.confirmed ? {} : { unconfirmed: true }),
      },
      related: [{ message: `${host.name} runs up to ${newest.least}`, at: [host, "version"] }],
    });
  },
});
