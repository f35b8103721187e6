import { noted } from "./fact-reads.ts";

/** Features of a CPU model. */
export interface ModelMode {
  /** The newest EVC mode whose features the CPU all has; the CPU has the AVX features of this mode and no others. */
  readonly evcMode: string;
  /** False if the generation follows from the maker's naming scheme, and no export was read that shows the pair. */
  readonly confirmed: boolean;
}

type Row = readonly [model: RegExp, evcMode: string, confirmed: boolean];

/*
 * Models as CPUs name themselves, without (R), (TM) and doubled blanks. Confirmed rows: pairs of "CPU Model" and "Max EVC"
 * in exports of vCenter servers, for at least one model of the row. The others: Intel's and AMD's model numbers. Models that no
 * row fits are unknown; in doubt there is no row.
 */
const INTEL: readonly Row[] = [
  [/\bXeon CPU [ELWX]?(?:30|32|51|53|72|73)\d\d\b/i, "intel-merom", false],
  [/\bXeon CPU [ELWX]?(?:31|33|52|54|74)\d\d\b/i, "intel-penryn", false],
  // Clarkdale, which has the numbers of Nehalem.
  [/\bXeon CPU L3406\b/i, "intel-westmere", false],
  [/\bXeon CPU [ELWX]?(?:34|35|55|65|75)\d\d\b/i, "intel-nehalem", false],
  [/\bXeon CPU [ELWX]?(?:36|56)\d\d\b/i, "intel-westmere", true],
  // The first E7 has a blank behind the hyphen, and no AVX: Westmere, not Sandy Bridge like the first E5.
  [/\bXeon CPU E7- ?[248]8\d\d[A-Z]?(?! v\d)\b/i, "intel-westmere", false],
  [/\bAtom CPU C2\d{3}\b/i, "intel-westmere", true],
  [/\bAtom CPU C3\d{3}\b/i, "intel-westmere", false],
  [/\bXeon CPU E[35]-\d{4}[A-Z]{0,2}(?! v\d)\b/i, "intel-sandybridge", false],
  [/\bXeon CPU E[357]-\d{4}[A-Z]{0,2} v2\b/i, "intel-ivybridge", true],
  [/\bXeon CPU E[357]-\d{4}[A-Z]{0,2} v3\b/i, "intel-haswell", false],
  [/\bXeon CPU E[357]-\d{4}[A-Z]{0,2} v4\b/i, "intel-broadwell", true],
  // Skylake and Kaby Lake without AVX-512, which the EVC mode of Skylake has.
  [/\bXeon CPU E3-\d{4}[A-Z]{0,2} v[56]\b/i, "intel-broadwell", false],
  [/\bXeon CPU D-1[56]\d\d[A-Z]{0,2}\b/i, "intel-broadwell", false],
  [/\bXeon D-21\d\d[A-Z]{0,3}\b/i, "intel-skylake", false],
  [/\bXeon D-[12]7\d\d[A-Z]{0,3}\b/i, "intel-icelake", false],
  [/\bXeon (?:Bronze|Silver|Gold|Platinum) [3-8]1\d\d[A-Z]{0,2}\b/i, "intel-skylake", true],
  [/\bXeon (?:Bronze|Silver|Gold|Platinum) [3-9]2\d\d[A-Z]{0,2}\b/i, "intel-cascadelake", true],
  // Cooper Lake has the numbers of the third generation and an H.
  [/\bXeon (?:Gold|Platinum) [5-8]3\d\dHL?\b/i, "intel-cascadelake", false],
  [/\bXeon (?:Bronze|Silver|Gold|Platinum) [3-8]3\d\d(?!H)[A-Z]{0,2}\b/i, "intel-icelake", true],
  [/\bXeon (?:Bronze|Silver|Gold|Platinum) [3-8][45]\d\d[A-Z]{0,2}\b/i, "intel-sapphirerapids", false],
  [/\bXeon (?:CPU )?Max 94\d\d\b/i, "intel-sapphirerapids", false],
  // Xeon 6: performance cores, and efficient cores without AVX-512. The 6300 series is Raptor Lake, without it as well.
  [/\bXeon 6[579]\d\dP(?:-B)?(?![\w-])/i, "intel-graniterapids", false],
  [/\bXeon 63\d\dP(?![\w-])/i, "intel-broadwell", false],
  [/\bXeon 6[79]\d\dE(?![\w-])/i, "intel-broadwell", false],
  // Coffee Lake and Raptor Lake; Rocket Lake in between has AVX-512.
  [/\bXeon (?:CPU )?E-2[124]\d\d[A-Z]{0,2}\b/i, "intel-broadwell", false],
  [/\bXeon (?:CPU )?E-23\d\d[A-Z]{0,2}\b/i, "intel-icelake", false],
  [/\bXeon (?:CPU )?W-(?:12\d\d|108\d\d)[A-Z]{0,2}\b/i, "intel-broadwell", false],
  [/\bXeon (?:CPU )?W-(?:13\d\d|33\d\d|11[1-9]\d\d)[A-Z]{0,2}\b/i, "intel-icelake", false],
  [/\bXeon (?:CPU )?W-(?:21|31)\d\d[A-Z]{0,2}\b/i, "intel-skylake", false],
  [/\bXeon (?:CPU )?W-(?:22|32)\d\d[A-Z]{0,2}\b/i, "intel-cascadelake", false],
  [/\bXeon w[3579]-[23][45]\d\dX?\b/i, "intel-sapphirerapids", false],
];

const AMD: readonly Row[] = [
  [/\bOpteron Processor (?:[46]1|[128]3|[28]4)\d\d\b/i, "amd-greyhound", false],
  [/\bOpteron Processor [346]2\d\d\b/i, "amd-bulldozer", false],
  [/\bOpteron Processor [346]3\d\d\b/i, "amd-piledriver", false],
  [/\bEPYC [37][0-9A-Z]{2}1P?\b/i, "amd-zen", false],
  [/\bEPYC 7[0-9A-Z]{2}2P?\b/i, "amd-zen2", false],
  [/\bEPYC 7[0-9A-Z]{2}3[PX]?\b/i, "amd-zen3", false],
  [/\bEPYC [489][0-9A-Z]{2}4[A-Z]{0,2}\b/i, "amd-zen4", false],
  [/\bEPYC [49][0-9A-Z]{2}5[A-Z]{0,2}\b/i, "amd-zen5", false],
];

/** The features of a CPU model (`Intel(R) Xeon(R) CPU E5-2650 v2 @ 2.60GHz`); undefined if it is in no row. */
export function cpuModelMode(model: string): ModelMode | undefined {
  const plain = model
    .slice(0, 200)
    .replaceAll(/\((?:r|tm)\)/gi, "")
    .replaceAll(/\s+/g, " ");
  const rows = /\bIntel\b/i.test(plain) ? INTEL : /\bAMD\b/i.test(plain) ? AMD : [];
  const row = rows.find(([pattern]) => pattern.test(plain));
  return noted(row === undefined ? undefined : { evcMode: row[1], confirmed: row[2] }, (found) => ({
    table: "newest EVC mode by CPU model",
    key: model,
    value: found?.evcMode ?? null,
    source:
      found?.confirmed === true ? "CPU Model and Max EVC in exports of vCenter" : "model numbers of Intel and AMD",
    confirmed: found?.confirmed === true,
  }));
}
