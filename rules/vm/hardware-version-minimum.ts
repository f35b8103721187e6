import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { hardwareVersionOf } from "../shared/virtual-hardware.ts";
import { HARDWARE_LIMITS } from "../../src/facts/hardware-versions.ts";
import { ownName } from "../../src/site/core/site-object.ts";

/** The guide: "Pexip Infinity supports hardware versions 8 and later." (L234). */
export default defineRule({
  id: "vm/hardware-version-minimum",
  title: "Require VM hardware version 8 or later",
  severity: "error",
  since: "0.1.0",
  source: guide("Upgrading VM hardware versions", "must"),
  subject: "node",
  messages: {
    tooOld: "Hardware version {{actual}} of node {{node}} is not supported; use {{lowest}} or later.",
  },
  remediation:
    "Shut the VM down (a Conferencing Node in Pexip maintenance mode), take a backup, and upgrade its hardware version, preferably to the newest that all its hosts support. An upgrade cannot be undone.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    return machine == null
      ? []
      : [command("vm/upgrade-hardware", { vm: ownName(machine), version: HARDWARE_LIMITS.least })];
  },
  mutations: [
    {
      edit: (node) =>
        given(node, "virtualMachine") === null ? set(node.plan, "hardware_version", HARDWARE_LIMITS.least - 1) : null,
    },
    { edit: (node) => set(given(node, "virtualMachine"), "hardware_version", HARDWARE_LIMITS.least - 1) },
  ],
  check(node, context) {
    const { value: actual, at } = hardwareVersionOf(node, context);
    if (actual < HARDWARE_LIMITS.least)
      context.fail("tooOld", { at, data: { actual, node: node.name, lowest: HARDWARE_LIMITS.least } });
  },
});
