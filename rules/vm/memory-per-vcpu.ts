import { defineRule } from "../../src/engine/rule.ts";
import { cpusOf, memoryOf } from "../../src/engine/virtual-hardware.ts";

/** MB. */
const PER_VCPU = 1024;

/** MB; what Pexip Infinity takes at most (Management API, `vm_system_memory`), so that 63 vCPUs and more want no more. */
const MOST = 64_000;

/** The guide: "We recommend 1024 MB (1 GB) RAM for each virtual CPU." (L529, L619); more brings little (L212). */
export default defineRule({
  id: "vm/memory-per-vcpu",
  title: "Enforce 1024 MB of memory for each vCPU of a node",
  severity: "warn",
  since: "0.1.0",
  source: {
    document: "guide-v25",
    section: "Manually deploying a Conferencing Node on an ESXi host",
    wording: "recommended",
  },
  subject: "node",
  messages: {
    little: "Node {{node}} has {{actual}} MB of memory for {{cpus}} vCPUs; {{wanted}} MB are recommended.",
    much: "Node {{node}} has {{actual}} MB of memory for {{cpus}} vCPUs; more than the recommended {{wanted}} MB brings little.",
  },
  messageSeverity: { much: "info" },
  remediation:
    "Give the node 1024 MB of memory for each vCPU, at most 64000 MB. The memory of a VM is changed while it is shut down.",
  check(node, context) {
    const { value: cpus } = cpusOf(node, context);
    const { value: actual, at } = memoryOf(node, context);
    const wanted = Math.min(PER_VCPU * cpus, MOST);
    const data = { node: node.name, actual, cpus, wanted };
    if (actual < wanted) context.fail("little", { at, data });
    else if (actual > 2 * wanted) context.fail("much", { at, data });
  },
});
