import { candidateProfiles, hasRelease } from "../../src/facts/version-profiles.ts";
import { atLeast } from "../../src/facts/esxi-version.ts";
import { FEATURE_HARDWARE, LEAST_HARDWARE } from "../../src/facts/hardware-versions.ts";
import { MANAGEMENT_SIZE, NODE_SIZE } from "../../src/facts/node-size.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { Host } from "../../src/site/estate/estate-objects.ts";
import type { RuleContext } from "../../src/engine/api/rule.ts";
import type { HardwareValue } from "./virtual-hardware.ts";

type Context = Pick<RuleContext<Record<string, string>>, "site" | "known" | "inconclusive">;

/*
 * One mistake is one failure: where several rules look at one value, the gravest speaks, and the others wait for it. They
 * are undecided, never green: the graver rule may be off, or skipped by --only.
 */

/** The rule that fails at the hardware version of a node for the gravest reason; null when none is known to. */
export function faultyHardware(node: Node, actual: number, { known }: Pick<Context, "known">): string | null {
  if (actual < LEAST_HARDWARE) return "vm/hardware-version-minimum";
  const { items: hosts, missing } = node.candidateHosts;
  if (node.role !== "conferencing" || hosts.length === 0 || missing.length > 0) return null;
  const hides = (feature: keyof typeof FEATURE_HARDWARE) => {
    const { esxi, least } = FEATURE_HARDWARE[feature];
    const has = (host: Host) => {
      const version = known(host, "esxi");
      return version !== undefined && atLeast(version, esxi[0], esxi[1]) && known(host, feature)?.present === true;
    };
    return actual < least && hosts.every(has);
  };
  if (hides("avx2")) return "vm/hardware-version-avx2";
  return hides("avx512f") ? "vm/hardware-version-avx512" : null;
}

/** Ends a check that would fail at a hardware version, where a graver rule fails there. */
export function trustHardware(
  node: Node,
  { value, at }: HardwareValue,
  rule: string,
  context: Pick<Context, "known" | "inconclusive">,
): void {
  const graver = faultyHardware(node, value, context);
  if (graver !== null && graver !== rule)
    context.inconclusive(`hardware version ${value} is too old for more than this`, at);
}

/** Ends the check where a host runs an ESXi that Pexip Infinity does not support: platform/esxi-supported-version fails. */
export function trustEsxi(host: Host, { site, known, inconclusive }: Context): void {
  const esxi = known(host, "esxi");
  if (esxi === undefined) return;
  const profiles = candidateProfiles(known(site.platform, "version"));
  if (profiles.some((profile) => hasRelease(profile.esxi, esxi))) return;
  inconclusive(`ESXi ${esxi.major}.${esxi.minor} of ${host.name} is not supported`, [host, "version"]);
}

/** Ends the check with a size that Pexip Infinity does not take: vm/size-within-limits fails there. */
export function trustLimits(
  { value, at }: HardwareValue,
  what: Quantity,
  { inconclusive }: Pick<Context, "inconclusive">,
): void {
  const { least, most } = NODE_SIZE[what];
  if (value < least || value > most) inconclusive(`${sized(value, what)} are outside of what Pexip Infinity takes`, at);
}

/** Likewise, and with one that is too little for a Management Node: vm/management-node-size fails there. */
export function trustSize(
  node: Node,
  size: HardwareValue,
  what: Quantity,
  context: Pick<Context, "inconclusive">,
): void {
  trustLimits(size, what, context);
  if (node.role !== "management" || size.value >= MANAGEMENT_SIZE[what]) return;
  context.inconclusive(`${sized(size.value, what)} are too little for a Management Node`, size.at);
}

type Quantity = keyof typeof NODE_SIZE;

function sized(value: number, what: Quantity): string {
  return what === "cpus" ? `${value} vCPUs` : `${value} MB of memory`;
}
