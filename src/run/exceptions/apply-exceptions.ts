import { compareWithPlan } from "../../engine/policy/approved-plan.ts";
import { plan } from "../../engine/evaluation/plan.ts";
import { checksWith } from "../../engine/evaluation/check-table.ts";
import { checksAgainstGate, type GatePolicy } from "../../engine/gate/gate.ts";
import { withRootCauses } from "../../engine/evaluation/root-causes.ts";
import type { Baseline, Check, WaiverRecord } from "../../schema/report.generated.ts";
import { type NewWaivers, newWaivers } from "../../engine/waivers/new-waivers.ts";
import { applyWaivers } from "../../engine/waivers/waivers.ts";
import type { Sequence } from "../../values/sequence.ts";
import type { Site } from "../../site/site.ts";
import type { NewWaiverOptions } from "../options.ts";
import type { LoadedConfig } from "../config/load-config.ts";
import type { Exceptions } from "./read-exceptions.ts";

/** The checks of a run after its waivers were applied. */
export interface WaivedRun {
  readonly checks: Sequence<Check>;
  readonly waivers: readonly WaiverRecord[];
  readonly baseline: Baseline | null;
  /** Waivers for everything left after the existing ones, and the file for them; null if not requested. */
  readonly newWaivers: (NewWaivers & { readonly file: string }) | null;
}

/**
 * Applies waivers, and compares the run with the approved plan.
 *
 * @param terms of new waivers; undefined = not requested
 */
export function applyExceptions(
  checks: Sequence<Check>,
  { entries, approved, file }: Exceptions,
  {
    config,
    gate,
    site,
    now,
    terms,
  }: {
    readonly config: LoadedConfig;
    readonly gate: GatePolicy;
    readonly site: Site;
    readonly now: number;
    readonly terms: NewWaiverOptions | undefined;
  },
): WaivedRun {
  const { rules } = config.policy.catalogue;
  const unwaivable = new Set(rules.filter(({ waivable }) => waivable === false).map(({ id }) => id));
  const known = applyWaivers(checks, entries, { now, unwaivable });
  const added = terms === undefined ? null : newWaivers(toWaive(known.checks, gate, terms.all), terms, unwaivable);
  const waived = added === null ? known : applyWaivers(checks, [...entries, ...added.entries], { now, unwaivable });
  return {
    checks: withRootCauses(waived.checks),
    waivers: waived.records,
    baseline:
      approved === null
        ? null
        : compareWithPlan(approved, { ...gate, checks: waived.checks, planned: plan(config.enabled, site) }),
    newWaivers: added === null || file === null ? null : { ...added, file },
  };
}

/**
 * The checks for new waivers: those that keep the gate from passing, or all that failed or are inconclusive with a
 * severity above info.
 */
function toWaive(checks: Sequence<Check>, gate: GatePolicy, all: boolean): Iterable<Check> {
  return all
    ? checksWith(checks, "fail", "inconclusive").filter(
        ({ verdict, severity }) => verdict === "fail" || severity !== "info",
      )
    : checksAgainstGate(checks, gate);
}
