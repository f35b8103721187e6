import { CPU_FEATURES, HOST_OPTIONS } from "../mapping/hosts.ts";
import { list, str, type Tree } from "../mapping/tree.ts";
import { isDisk, isNic, NUMA_AFFINITY } from "../mapping/virtual-machines.ts";

const FEATURES: readonly string[] = Object.values(CPU_FEATURES);

/** What is kept of lists that hold far more than rules read: other settings may even hold secrets. */
const KEPT: Readonly<Record<string, (entry: Tree) => boolean>> = {
  "config.option": (entry) => HOST_OPTIONS.includes(str(entry, "key") ?? ""),
  "config.extraConfig": (entry) => str(entry, "key")?.toLowerCase() === NUMA_AFFINITY,
  "config.featureCapability": (entry) => FEATURES.includes(str(entry, "key") ?? ""),
  "config.maskedFeatureCapability": (entry) => FEATURES.includes(str(entry, "key") ?? ""),
  "config.firewall.ruleset": (entry) => str(entry, "key") === "ntpClient",
  "config.hardware.device": (entry) => isDisk(entry) || isNic(entry),
};

export function prune(path: string, value: Tree): Tree {
  const keep = KEPT[path];
  return keep === undefined ? value : list(value).filter(keep);
}
