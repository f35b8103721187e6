import { reportChecks } from "../engine/checks.ts";
import { evaluate } from "../engine/evaluate.ts";
import type { EvidenceFile } from "../engine/evidence-file.ts";
import { type Asker, Evidence } from "../engine/evidence.ts";
import type { PlannedCheck } from "../engine/plan.ts";
import type { Check, EvidenceRecord } from "../engine/run-report.ts";
import { type PlaceChecks, worstPlace } from "../engine/worst-place.ts";
import type { Prober, ProberOptions } from "../probe/prober.ts";
import type { Site } from "../site/site.ts";

/** How servers are asked, as far as options say it. */
export type ProbeSettings = Pick<ProberOptions, "timeout_ms" | "tries" | "concurrency" | "deadline_ms">;

export interface AskOptions {
  readonly from?: string;
  readonly probe?: ProbeSettings;
  readonly signal?: AbortSignal;
  readonly onProgress?: NonNullable<ProberOptions["onProgress"]>;
}

export interface Observation {
  readonly checks: readonly Check[];
  readonly evidence: readonly EvidenceRecord[];
}

interface Context {
  readonly site: Site;
  readonly checks: readonly PlannedCheck[];
  readonly now: number;
}

/** Judges by asking the servers themselves. */
export async function ask(options: AskOptions, context: Context): Promise<Observation> {
  const evidence = new Evidence();
  const judged = await evaluate(context.checks, {
    ...context,
    asker: liveAsker(options, context.site, context.now),
    evidence,
  });
  return reportChecks(judged, evidence);
}

/** Judges by what was recorded: once for each place that asked, and the gravest verdict stands. */
export async function replayAll(
  files: readonly EvidenceFile[],
  maxAge_ms: number | null,
  context: Context,
): Promise<Observation> {
  const { replay } = await import("../probe/replay.ts");
  const places: PlaceChecks[] = [];
  const records: EvidenceRecord[] = [];
  for (const from of new Set(files.map((file) => file.from))) {
    const answers = files.filter((file) => file.from === from).flatMap((file) => file.answers);
    const evidence = new Evidence();
    const asker = replay(answers, { from, now: context.now, maxAge_ms });
    const judged = await evaluate(context.checks, { ...context, asker, evidence });
    const seen = reportChecks(judged, evidence, records.length + 1);
    places.push({ from, checks: seen.checks });
    records.push(...seen.evidence);
  }
  return { checks: worstPlace(places), evidence: records };
}

/** Asks over the network. The probes are loaded when a rule asks for the first time. */
export function liveAsker({ from, probe, signal, onProgress }: AskOptions, site: Site, now: number): Asker {
  let made: Promise<Prober> | null = null;
  const make = async () => {
    const { createProber } = await import("../probe/prober.ts");
    return createProber({
      ...probe,
      now,
      ca: site.certificateAuthorities,
      ...(from !== undefined && { from }),
      ...(signal && { signal }),
      ...(onProgress && { onProgress }),
    });
  };
  return async (questions) => (await (made ??= make())).ask(questions);
}
