import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { hardwareVersionOf, machineOrPlan } from "../shared/virtual-hardware.ts";
import { atLeast } from "../../src/facts/esxi-version.ts";
import { FEATURE_HARDWARE } from "../../src/facts/hardware-versions.ts";
import { ownName } from "../../src/site/core/site-object.ts";

const { least: LOWEST } = FEATURE_HARDWARE.avx512f;

/** The guide: "AVX512 instruction set requires ESXi 6.7+ and VM hardware version 14+" (L237). */
export default defineRule({
  id: "vm/hardware-version-avx512",
  title: "Require VM hardware version 14 or later on hosts with AVX-512",
  severity: "info",
  since: "0.1.0",
  source: guide("Upgrading VM hardware versions", "recommended"),
  subject: "conferencing-node",
  messages: {
    tooOld:
      "Hardware version {{actual}} of node {{node}} hides AVX-512, which all its candidate hosts have; use {{lowest}} or later.",
  },
  remediation:
    "Put the node into Pexip maintenance mode, shut its VM down, take a backup, and upgrade the VM's hardware version to 14 or later, preferably the newest that all its hosts support. An upgrade cannot be undone.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    return machine == null ? [] : [command("vm/upgrade-hardware", { vm: ownName(machine), version: LOWEST })];
  },
  mutations: [
    {
      edit: (node) => (given(node, "virtualMachine") === null ? set(node.plan, "hardware_version", LOWEST - 1) : null),
    },
  ],
  check(node, context) {
    const { need, known, fail, notApplicable } = context;
    machineOrPlan(node, context);
    const { runnableHosts } = node;
    // One host without AVX-512 decides, also when others are unknown: there is then nothing to gain everywhere.
    const [oldest] = runnableHosts.esxi.items;
    if (oldest !== undefined && !atLeast(oldest.value, 6, 7)) {
      notApplicable(`${oldest.host.name} runs ESXi older than 6.7`);
    }
    const avx512 = known(runnableHosts, "avx512f");
    if (avx512?.value.present === false) notApplicable(`${avx512.host.name} has no AVX-512`);
    need(runnableHosts, "oldestEsxi");
    const { confirmed } = need(runnableHosts, "avx512f").value;

    const { value: actual, at } = hardwareVersionOf(node, context);
    const { least } = FEATURE_HARDWARE.avx512f;
    if (actual >= least) return;
    const unconfirmed = confirmed ? {} : { unconfirmed: true };
    fail("tooOld", {
      at,
      dependsOn: actual < FEATURE_HARDWARE.avx2.least ? [at] : [],
      data: { actual, node: node.name, lowest: least, ...unconfirmed },
    });
  },
});
