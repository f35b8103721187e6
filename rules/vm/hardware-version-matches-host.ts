import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { hardwareVersionOf, inconclusiveHardware } from "../shared/virtual-hardware.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/**
 * The guide: "we recommend upgrading the hardware version of the Management Node VM to match the ESXi host version"
 * (L239), and that of Conferencing Nodes "to at least match the ESXi host version that you are running in your
 * environment" (L241). A VM that may move has to run on the lowest of its hosts.
 */
export default defineRule({
  id: "vm/hardware-version-matches-host",
  title: "Enforce the newest VM hardware version that all candidate hosts support",
  severity: "info",
  since: "0.1.0",
  source: guide("Upgrading VM hardware versions", "recommended"),
  subject: "node",
  messages: {
    older:
      "Hardware version {{actual}} of node {{node}} is below {{newest}}, the newest that all its candidate hosts support.",
  },
  remediation:
    "Shut the VM down (a Conferencing Node in Pexip maintenance mode), take a backup, and upgrade its hardware version to the newest that all its hosts support. An upgrade cannot be undone.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    const newest = known(node.runnableHosts, "newestHardware");
    if (machine == null || newest === undefined) return [];
    return [command("vm/upgrade-hardware", { vm: ownName(machine), version: newest.value.least })];
  },
  mutations: [
    { edit: (node) => (given(node, "virtualMachine") === null ? set(node.plan, "hardware_version", 14) : null) },
  ],
  check(node, context) {
    const { value: actual, at } = hardwareVersionOf(node, context);
    const lowest = context.need(node.runnableHosts, "newestHardware");
    const { host, value: newest } = lowest;
    if ((node.runnableHosts.hardware.items[0]?.value.most ?? 0) <= actual) return;
    if (newest.least <= actual) return inconclusiveHardware(host, newest, context);
    context.fail("older", {
      at,
      dependsOn: [at, lowest.at],
      data: {
        actual,
        node: node.name,
        newest: newest.least,
        ...(newest.confirmed ? {} : { unconfirmed: true }),
      },
      related: [{ message: `${host.name} supports up to ${newest.least}`, at: lowest.at }],
    });
  },
});
