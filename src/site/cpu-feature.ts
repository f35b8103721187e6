import { evcMode } from "../facts/evc-modes.ts";
import type { CpuFeature, Host } from "./estate-objects.ts";
import { type Field, known, unknown } from "./site-object.ts";

type Feature = "avx" | "avx2" | "avx512f";

/**
 * Whether virtual machines on a host see a CPU feature. Best evidence first: the feature flags after EVC masking; the
 * EVC mode in force; with EVC off, the highest mode that the host supports. Anything less is unknown.
 */
export function cpuFeature(host: Host, feature: Feature): Field<CpuFeature> {
  const flag = host.features.read(feature);
  if (flag.known) return known({ present: flag.value, from: "features", confirmed: true });
  // Two inventories that differ are no reason to look for a third opinion.
  if (host.features.isGiven(feature)) return flag;

  const active = activeEvcMode(host);
  if (!active.known) return unknown(...flag.missing);
  if (active.value !== null) return fromMode(active.value, feature) ?? unknown(...flag.missing);

  const highest = host.cpu.read("max_evc_mode");
  if (highest.known && highest.value !== null) return fromMode(highest.value, feature) ?? unknown(...flag.missing);
  return unknown(...flag.missing);
}

/** The EVC mode that masks the host's CPU: its own, else its cluster's; null when EVC is off. */
function activeEvcMode(host: Host): Field<string | null> {
  const own = host.cpu.read("evc_mode");
  if (own.known || host.cpu.isGiven("evc_mode")) return own;
  const cluster = host.read("inCluster");
  if (!cluster.known) return cluster;
  return cluster.value === null ? known(null) : cluster.value.read("evc_mode");
}

function fromMode(key: string, feature: Feature): Field<CpuFeature> | null {
  const mode = evcMode(key);
  // A mode without AVX is certain to lack its successors too, whatever is unconfirmed about newer modes.
  return mode === undefined
    ? null
    : known({ present: mode[feature], from: key, confirmed: mode.confirmed || !mode[feature] });
}
