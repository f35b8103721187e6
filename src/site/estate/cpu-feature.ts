import { cpuModelMode } from "../../facts/cpu-models.ts";
import { evcMode } from "../../facts/evc-modes.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import type { Cluster, CpuFeature, Host } from "./estate-objects.ts";
import type { Missing } from "../core/missing.ts";
import { type Field, known, type SiteObject, unknown } from "../core/site-object.ts";

type Feature = "avx" | "avx2" | "avx512f";

interface ActiveMode {
  /** Null when EVC is off. */
  readonly key: string | null;
  readonly at: CpuFeature["at"];
}

/**
 * Whether virtual machines on a host see a CPU feature. Best evidence first: the feature flags after EVC masking; the
 * EVC mode in force; what the hardware has. EVC hides features and adds none: hardware that lacks one decides, and
 * hardware that has one does so only if EVC is known to be off. Anything less is unknown.
 */
export function cpuFeature(host: Host, feature: Feature): Field<CpuFeature> {
  const found = visibleFeature(host, feature);
  if (!found.known || found.value.present) return found;
  const hiddenBy = hidingCluster(host, feature);
  return hiddenBy === null ? found : known({ ...found.value, hiddenBy });
}

/**
 * Whether an EVC mode exposes AVX: by the table, else by the hosts. A mode that the table does not have and that is the
 * highest of a host exposes all of this host's features that EVC knows, so it exposes AVX where the host has it.
 * Undefined if neither shows it.
 */
export function exposesAvx(key: string, hosts: readonly Host[]): boolean | undefined {
  const mode = evcMode(key);
  if (mode !== undefined) return mode.avx;
  const isKnown = hosts.some((host) => {
    const highest = host.cpu.read("max_evc_mode");
    return highest.known && highest.value !== null && isSameMode(highest.value, key) && hasAvx(host);
  });
  return isKnown ? true : undefined;
}

function hasAvx(host: Host): boolean {
  const visible = host.features.read("avx");
  return (visible.known && visible.value) || hardwareFeature(host, "avx")?.present === true;
}

function isSameMode(a: string, b: string): boolean {
  return a.trim().toLowerCase() === b.trim().toLowerCase();
}

/** The cluster whose EVC mode hides a feature, unless the host's hardware is known to lack it. */
function hidingCluster(host: Host, feature: Feature): Cluster | null {
  const cluster = host.read("inCluster");
  if (!cluster.known || cluster.value === null) return null;
  const mode = cluster.value.read("evc_mode");
  if (!mode.known || mode.value === null || evcMode(mode.value)?.[feature] !== false) return null;
  return hardwareFeature(host, feature)?.present === false ? null : cluster.value;
}

function visibleFeature(host: Host, feature: Feature): Field<CpuFeature> {
  const flag = host.features.read(feature);
  if (flag.known) return known(fromFlag(host.features, feature, flag.value));
  // If two values differ, no further evidence is used; the same applies below.
  if (isDisputed(host.features, feature)) return flag;
  // The CPU of a host without inventory is unknown, regardless of its cluster's EVC mode.
  if (host.descriptions.length === 0) return flag;

  const active = activeMode(host);
  if (active.known && active.value.key !== null) {
    const visible = fromMode(active.value.key, feature, active.value.at);
    if (visible !== null) return known(visible);
    if (feature === "avx" && exposesAvx(active.value.key, [host]) === true) {
      const from = `EVC mode ${escapeForMessage(active.value.key)}, the highest of a host that has AVX`;
      return known({ present: true, from, confirmed: true, at: active.value.at });
    }
  }
  const hardware = hardwareFeature(host, feature);
  const isVisible = active.known && active.value.key === null;
  if (hardware !== null && (isVisible || !hardware.present)) return known(hardware);
  return unknown(...nearestGap(host, active, flag.missing));
}

/**
 * What is missing, as a person can most easily look it up: the EVC mode in force; where EVC is off, what the hardware can
 * do, by its model where that is missing too. The flags themselves are shown nowhere in the vSphere Client.
 */
function nearestGap(host: Host, active: Field<ActiveMode>, flags: readonly Missing[]): readonly Missing[] {
  if (active.known && active.value.key !== null) return flags;
  const own = host.cpu.read("evc_mode");
  const cluster = host.read("inCluster");
  // A host whose cluster is not known may be in none: its own mode is evidence too.
  if (!active.known) return !cluster.known && !own.known ? own.missing : active.missing;
  const model = host.cpu.read("model");
  const highest = host.cpu.read("max_evc_mode");
  if (!model.known) return model.missing;
  return highest.known ? flags : highest.missing;
}

/** The EVC mode that masks the host's CPU: its own, else its cluster's. */
function activeMode(host: Host): Field<ActiveMode> {
  const own = host.cpu.read("evc_mode");
  if (own.known) return known({ key: own.value, at: [host.cpu, "evc_mode"] });
  if (isDisputed(host.cpu, "evc_mode")) return own;
  const cluster = host.read("inCluster");
  if (!cluster.known) return cluster;
  if (cluster.value === null) return known({ key: null, at: [host, "cluster"] });
  const mode = cluster.value.read("evc_mode");
  return mode.known ? known({ key: mode.value, at: [cluster.value, "evc_mode"] }) : mode;
}

/** Whether the CPU has the feature before EVC masking: by its flags, its highest EVC mode, its model; null if unknown. */
function hardwareFeature(host: Host, feature: Feature): CpuFeature | null {
  const unmasked = host.part<{ readonly [K in Feature]?: boolean }>("cpu", "features_unmasked");
  const flag = unmasked.read(feature);
  if (flag.known) return fromFlag(unmasked, feature, flag.value);
  if (isDisputed(unmasked, feature)) return null;

  const highest = host.cpu.read("max_evc_mode");
  const byMode =
    highest.known && highest.value !== null ? fromMode(highest.value, feature, [host.cpu, "max_evc_mode"]) : null;
  if (byMode !== null) return byMode;

  const model = host.cpu.read("model");
  const found = model.known ? cpuModelMode(model.value) : undefined;
  if (!model.known || found === undefined) return null;
  const byModel = fromMode(found.evcMode, feature, [host.cpu, "model"]);
  if (byModel === null) return null;
  return {
    ...byModel,
    from: `CPU model ${escapeForMessage(model.value)}`,
    confirmed: byModel.confirmed && found.confirmed,
  };
}

/** Whether an unknown field has several values: inventories differ, or facts exclude each other. */
function isDisputed<F>(object: SiteObject<F>, field: keyof F & string): boolean {
  if (object.isGiven(field)) return true;
  const value = object.read(field);
  return !value.known && value.missing.some(({ isContradictory }) => isContradictory === true);
}

function fromFlag(flags: SiteObject, feature: Feature, present: boolean): CpuFeature {
  return { present, from: "CPU features in the inventory", confirmed: true, at: [flags, feature] };
}

function fromMode(key: string, feature: Feature, at: CpuFeature["at"]): CpuFeature | null {
  const mode = evcMode(key);
  if (mode === undefined) return null;
  // A mode without AVX is certain to lack its successors too, whatever is unconfirmed about newer modes.
  const confirmed = mode.confirmed || !mode[feature];
  return { present: mode[feature], from: `EVC mode ${escapeForMessage(key)}`, confirmed, at };
}
