import { command } from "../../src/engine/api/command.ts";
import { given, set } from "../../src/engine/api/mutation.ts";
import { type At, defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { machineOrPlan } from "../shared/virtual-hardware.ts";
import { atLeast } from "../../src/facts/esxi-version.ts";
import { FEATURE_HARDWARE, HARDWARE_LIMITS, hardwareVersion } from "../../src/facts/hardware-versions.ts";
import { ownName } from "../../src/site/core/site-object.ts";

const { least: LOWEST } = FEATURE_HARDWARE.avx2;

/** The guide: "AVX2 instruction set requires ESXi 6.0+ and VM hardware version 11+" (L236). */
export default defineRule({
  id: "vm/hardware-version-avx2",
  title: "Require VM hardware version 11 or later on hosts with AVX2",
  severity: "error",
  since: "0.1.0",
  source: guide("Upgrading VM hardware versions", "must"),
  subject: "conferencing-node",
  messages: {
    tooOld:
      "Hardware version {{actual}} of node {{node}} hides AVX2, which all its candidate hosts have; use {{lowest}} or later.",
  },
  remediation:
    "Put the node into Pexip maintenance mode, shut its VM down, take a backup, and upgrade the VM's hardware version to 11 or later, preferably the newest that its hosts support. An upgrade cannot be undone.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    return machine == null ? [] : [command("vm/upgrade-hardware", { vm: ownName(machine), version: LOWEST })];
  },
  mutations: [
    {
      edit: (node) => (given(node, "virtualMachine") === null ? set(node.plan, "hardware_version", LOWEST - 1) : null),
    },
    { edit: (node) => set(given(node, "virtualMachine"), "hardware_version", LOWEST - 1) },
  ],
  check(node, context) {
    const { need, known, fail, notApplicable } = context;
    const machine = machineOrPlan(node, context);
    const { runnableHosts } = node;
    // One host without AVX2 decides, also when others are unknown: the requirement then does not apply.
    const [oldest] = runnableHosts.esxi.items;
    if (oldest !== undefined && !atLeast(oldest.value, 6, 0)) {
      notApplicable(`${oldest.host.name} runs ESXi older than 6.0`);
    }
    const avx2 = known(runnableHosts, "avx2");
    if (avx2?.value.present === false) notApplicable(`${avx2.host.name} has no AVX2`);
    need(runnableHosts, "oldestEsxi");
    need(runnableHosts, "avx2");

    const written = machine === null ? need(node.plan, "hardware_version") : need(machine, "hardware_version");
    const actual = hardwareVersion(written);
    const { least } = FEATURE_HARDWARE.avx2;
    if (actual !== null && actual >= least) return;
    const at: At = [machine ?? node.plan, "hardware_version"];
    fail("tooOld", {
      at,
      dependsOn: actual !== null && actual < HARDWARE_LIMITS.least ? [at] : [],
      data: { actual: written, node: node.name, lowest: least },
    });
  },
});
