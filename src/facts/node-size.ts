import { limits } from "./fact-reads.ts";

/** The limits of `vm_cpu_count` and `vm_system_memory` (MB) in Pexip's Management API. */
export const NODE_SIZE = limits("node size", "Pexip Infinity Management API, configuration/v1/worker_vm", {
  cpus: { least: 2, most: 128 },
  memory: { least: 2000, most: 64_000 },
});

/** The minimum for a Management Node in Pexip's server design recommendations: vCPUs, MB of memory, GB (10⁹) of disk. */
export const MANAGEMENT_SIZE = limits("Management Node size", "Pexip, server design recommendations", {
  ...{ cpus: 4, memory: 4096, disk: 100 },
});

/** Memory is entered in steps of 4 MB (guide, L529). */
export const MEMORY_STEP = 4;
