/*
 * The options of a run and the result of a check, as the Node API has them and the command line makes them. What is absent
 * or undefined is as it is on a command line that does not have the option.
 */
import type { EvaluationTimer } from "../engine/evaluation/evaluate.ts";
import type { Readable } from "node:stream";
import type { GatePolicy } from "../engine/gate/gate.ts";
import type { NewWaivers, WaiverTerms } from "../engine/waivers/new-waivers.ts";
import type { InputHash, RunInputs } from "../input/source/run-inputs.ts";
import type { ProberOptions } from "../probe/prober.ts";
import type { RunReport } from "../schema/report.generated.ts";
import type { PullOptions } from "./pull.ts";

/** Which files a run reads; `-` is standard input. Paths are relative to `cwd`. */
export interface FileOptions {
  readonly deployment: string;
  /** Content that takes the place of the deployment file's, such as text in an editor that is not saved yet. */
  readonly deploymentBytes?: Buffer | undefined;
  readonly inventories: readonly string[];
  /** An inventory that no option named; it is read too, and reports say that it was found. */
  readonly foundInventory?: string | undefined;
  readonly cwd: string;
  readonly stdin?: Readable | undefined;
  /** Whether the deployment, and a config that was found, may refer to files outside the repository; false when absent. */
  readonly allowOutsidePaths?: boolean | undefined;
  /**
   * Called once, before any server is contacted, with the files that the run has read or is going to write, as absolute
   * paths; what it throws ends the run. For a caller that writes files of its own.
   */
  readonly onFiles?: ((files: readonly string[]) => void) | undefined;
}

/** Learns which code of plugins is running: a caller can end a process in which it does not return. */
export interface PluginWatch {
  /** Called before code of a plugin runs, with a noun phrase for a message: `the rule lab/tagged-machines`. */
  enter(code: string): void;
  /** Called when it has returned or thrown. */
  leave(): void;
}

/** Which rules take part. */
export interface RuleOptions {
  /**
   * A config file, which is thereby trusted: plugins that it names are loaded. False = none. Absent = the nearest
   * `preflight.config.yaml`, `.yml` or `.json` from the deployment's folder upward.
   */
  readonly config?: string | false | undefined;
  /**
   * Where config, waivers and approved plan come from, and from nowhere else: a config file, which is thereby trusted, or
   * a folder with `preflight.config.yaml`, `preflight.waivers.yaml` and `preflight.plan.json`; false = the built-in
   * defaults. What the checked files set (found configs and waivers, directives, `platform.environment: test`) is then
   * ignored and listed in the report. Excludes `config`, `waivers` and `inline`.
   */
  readonly policy?: string | false | undefined;
  /** Rule ids, groups (`vm`) or globs (`dns/srv-*`); empty = all. The checks of other rules are skipped, visibly. */
  readonly only: readonly string[];
  readonly pluginWatch?: PluginWatch | undefined;
  /** `ID: SEVERITY`, with a group or glob in place of the id; `off` takes a rule out of the plan. */
  readonly severities: readonly string[];
  /** False skips the checks of live rules. */
  readonly live: boolean;
}

/** Limits for contacting servers, as `probe` in a config has them: one number for all protocols. */
export interface ProbeLimits {
  /** For a DNS or NTP answer; 1.5 times as long for a TCP connection, 2.5 times for a TLS handshake. */
  readonly timeout_ms?: number | undefined;
  /** Of an unanswered DNS or NTP query. */
  readonly retries?: number | undefined;
  /** Queries of one protocol at once. */
  readonly concurrency?: number | undefined;
  /** For all queries together. */
  readonly deadline_ms?: number | undefined;
}

/** From where and how servers are contacted. */
export interface LiveOptions {
  /** The name of this vantage point in the evidence; `local` when absent. */
  readonly from?: string | undefined;
  /** DNS servers to query where the deployment names none: as `10.0.0.1` or `[::1]:5353`. None when absent. */
  readonly systemResolvers?: readonly string[] | undefined;
  /**
   * Addresses that live checks may contact besides unicast addresses on ports 53, 123, 443 and 5061, as `127.0.0.0/8` or
   * `[::1]/128:53`; with those of a config that was named. `systemResolvers` may be contacted without it.
   */
  readonly allowProbe?: readonly string[] | undefined;
  /** The config decides what is absent. */
  readonly probe?: ProbeLimits | undefined;
  /** Does everything that contacts servers, for a caller that handles signals meanwhile. */
  readonly interruptible?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
  /** Ends the queries; what is there is kept, and evaluated where that was wanted. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProberOptions["onProgress"] | undefined;
}

/** What passes the gate; the config decides what is absent. */
export interface GateOptions {
  readonly inconclusive?: GatePolicy["inconclusive"] | undefined;
  readonly maxWarnings?: GatePolicy["maxWarnings"] | undefined;
}

/** What is said once for all new waivers, and what gets one. */
export interface NewWaiverOptions extends WaiverTerms {
  /** Every failed check, and every inconclusive one that weighs more than an info; otherwise what keeps the gate from passing. */
  readonly all: boolean;
}

/** Which exceptions a run takes, and which plan it is compared with. */
export interface ExceptionOptions {
  /**
   * A waivers file; false = none. Absent = the one that the config names, else, unless a config was named, the nearest
   * `preflight.waivers.yaml`, `.yml` or `.json` from the deployment's folder upward.
   */
  readonly waivers?: string | false | undefined;
  /** Whether directives in YAML files count; true when absent. */
  readonly inline?: boolean | undefined;
  /** A plan as `preflight plan --format json` wrote it: the gate fails when a check of it is no longer evaluated. */
  readonly baselinePlan?: string | undefined;
  /** Waives what keeps the gate from passing, or more, on these terms; the report counts with them. The waivers file may be a new one. */
  readonly newWaivers?: NewWaiverOptions | undefined;
}

/** What an option says of a run, for its reports; null where none does. */
export interface RunProvenance {
  readonly runBy: string | null;
  /** URL of the job of a CI system. */
  readonly job: string | null;
  readonly ticket: string | null;
}

/** How to reach the server that an inventory is read from. */
export type LiveSource = Omit<PullOptions, "signal" | "onProgress">;

/** As which time a run evaluates. */
interface TimeOptions {
  /** In ms since 1970; null = the clock at the start. Reports then carry this time alone. */
  readonly now: number | null;
}

/** What a run does, one after the other. */
export type RunPhase = "read files" | "link and plan" | "evaluate, with queries" | "make the report";

/** Told how long what a run does takes. */
export interface RunTimer extends EvaluationTimer {
  /** A phase has ended; it began when the one before it ended. */
  readonly phase: (name: RunPhase) => void;
}

/** What a check reads and does; see docs/node-api.md. */
export interface CheckOptions
  extends FileOptions, RuleOptions, LiveOptions, GateOptions, ExceptionOptions, TimeOptions {
  readonly timer?: RunTimer | undefined;
  /** A server whose inventory is read before the run evaluates, beside those of files. */
  readonly vcenter?: LiveSource | undefined;
  /** Called with the number of objects of that server that were read so far. */
  readonly onRead?: ((objects: number) => void) | undefined;
  /** For the report alone. */
  readonly provenance?: RunProvenance | undefined;
  /** The project file that lists the inputs, for the report. */
  readonly listedBy?: InputHash | undefined;
  /** Files of `preflight probe`; when there are any, no server is contacted. */
  readonly evidence?: readonly string[] | undefined;
  /**
   * False: no caller needs excerpts, so the text of files without errors is not kept, and the report has no lines of them.
   * True when absent.
   */
  readonly excerpts?: boolean | undefined;
  /** Recorded answers given longer before or after `now` than this count as not recorded; null = any will do; absent: the config, else 7 days. */
  readonly maxAge_ms?: number | null | undefined;
  /** Whether live verdicts count only where `vantage_points` says that they were obtained from the right network. */
  readonly requireVantage?: boolean | undefined;
}

/** A report; and what was read for it, with all locations of errors, for a caller that shows them at once. */
export interface CheckResult {
  readonly report: RunReport;
  readonly inputs: RunInputs;
  /** What `newWaivers` wanted, and the file where it belongs (not written yet); null when nothing is to be written. */
  readonly newWaivers: (NewWaivers & { readonly file: string }) | null;
}

export interface PlanOptions
  extends FileOptions, RuleOptions, GateOptions, Pick<LiveOptions, "systemResolvers" | "allowProbe">, TimeOptions {}

export interface ProbeOptions extends FileOptions, Omit<RuleOptions, "live">, LiveOptions, TimeOptions {}

/** `live: false` leaves out live rules, which get scripted answers otherwise; no server is contacted either way. */
export interface SelftestOptions
  extends FileOptions, RuleOptions, Omit<ExceptionOptions, "newWaivers" | "baselinePlan">, TimeOptions {}

/** The check that is explained, by its rule and the name of its subject; no server is contacted but that of `vcenter`. */
export interface WhyOptions
  extends
    FileOptions,
    Pick<RuleOptions, "config" | "policy" | "severities" | "pluginWatch">,
    Pick<CheckOptions, "vcenter" | "onRead" | "signal" | "interruptible">,
    TimeOptions {
  readonly rule: string;
  /** As `node:oslo-conf01`, or its name alone where that is plain. */
  readonly subject: string;
  readonly evidence?: CheckOptions["evidence"];
  readonly maxAge_ms?: CheckOptions["maxAge_ms"];
  /** The page of a rule in Markdown, which quotes the guide; null when there is none. */
  readonly pageOf?: ((rule: { readonly id: string; readonly docs?: string }) => string | null) | undefined;
}
