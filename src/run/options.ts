/*
 * The options of a run and the result of a check, for the Node API and the command line. An absent or undefined option
 * has the default of the command line.
 */
import type { EvaluationTimer } from "../engine/evaluation/evaluate.ts";
import type { Readable } from "node:stream";
import type { GatePolicy } from "../engine/gate/gate.ts";
import type { NewWaivers, WaiverTerms } from "../engine/waivers/new-waivers.ts";
import type { InputHash, RunInputs } from "../input/source/run-inputs.ts";
import type { ProberOptions } from "../probe/prober.ts";
import type { RunReport } from "../schema/report.generated.ts";
import type { PullOptions } from "./pull.ts";

/** The files that a run reads; `-` is standard input. Paths are relative to `cwd`. */
export interface FileOptions {
  readonly deployment: string;
  /** Content that replaces that of the deployment file, such as unsaved text in an editor. */
  readonly deploymentBytes?: Buffer | undefined;
  readonly inventories: readonly string[];
  /**
   * An inventory that was discovered rather than given by an option; it is read too, and reports state that it was
   * found.
   */
  readonly foundInventory?: string | undefined;
  readonly cwd: string;
  readonly stdin?: Readable | undefined;
  /** Whether the deployment, and a discovered config, may refer to files outside the repository; default false. */
  readonly allowOutsidePaths?: boolean | undefined;
  /**
   * Called once, before any server is contacted, with the files that the run has read or will write, as absolute paths;
   * if it throws, the run ends. For a caller that writes files of its own.
   */
  readonly onFiles?: ((files: readonly string[]) => void) | undefined;
}

/** Notified of the plugin code that is running, so that a caller can end a process in which it does not return. */
export interface PluginWatch {
  /** Called before code of a plugin runs, with a noun phrase for a message: `the rule lab/tagged-machines`. */
  enter(code: string): void;
  /** Called after it has returned or thrown. */
  leave(): void;
}

/** Options that select rules. */
export interface RuleOptions {
  /**
   * A config file, which is thereby trusted: its plugins are loaded. False = none. Default: the nearest
   * `preflight.config.yaml`, `.yml` or `.json` from the deployment's folder upward.
   */
  readonly config?: string | false | undefined;
  /**
   * The only source of config, waivers and approved plan: a config file, which is thereby trusted, or a folder with
   * `preflight.config.yaml`, `preflight.waivers.yaml` and `preflight.plan.json`; false = the built-in defaults.
   * Settings of the checked files (discovered configs and waivers, directives, `platform.environment: test`) are then
   * ignored and listed in the report. Excludes `config`, `waivers` and `inline`.
   */
  readonly policy?: string | false | undefined;
  /** Rule ids, groups (`vm`) or globs (`dns/srv-*`); empty = all. The checks of other rules are reported as skipped. */
  readonly only: readonly string[];
  readonly pluginWatch?: PluginWatch | undefined;
  /** `ID: SEVERITY`, with a group or glob instead of the id; `off` removes a rule from the plan. */
  readonly severities: readonly string[];
  /** False skips the checks of live rules. */
  readonly live: boolean;
}

/** Limits for contacting servers, as in `probe` of a config. Each applies to all protocols. */
export interface ProbeLimits {
  /** Timeout per DNS or NTP query; 1.5 times as long for a TCP connection, 2.5 times for a TLS handshake. */
  readonly timeout_ms?: number | undefined;
  /** Number of retries for an unanswered DNS or NTP query. */
  readonly retries?: number | undefined;
  /** Maximum concurrent queries per protocol. */
  readonly concurrency?: number | undefined;
  /** Overall time limit for all queries. */
  readonly deadline_ms?: number | undefined;
}

/** How servers are contacted, and from which vantage point. */
export interface LiveOptions {
  /** The name of this vantage point in the evidence; default `local`. */
  readonly from?: string | undefined;
  /** DNS servers to query if the deployment has none: as `10.0.0.1` or `[::1]:5353`. Default: none. */
  readonly systemResolvers?: readonly string[] | undefined;
  /**
   * Addresses that live checks may contact besides unicast addresses on ports 53, 123, 443 and 5061, as `127.0.0.0/8`
   * or `[::1]/128:53`; in addition to those of a config given by name. `systemResolvers` may always be contacted.
   */
  readonly allowProbe?: readonly string[] | undefined;
  /** Default: the config. */
  readonly probe?: ProbeLimits | undefined;
  /** Wraps all work that contacts servers, for a caller that handles signals during it. */
  readonly interruptible?: (<T>(work: () => Promise<T>) => Promise<T>) | undefined;
  /** Ends the queries; answers received so far are kept, and evaluated if requested. */
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ProberOptions["onProgress"] | undefined;
}

/** Conditions for passing the gate; default: the config. */
export interface GateOptions {
  readonly inconclusive?: GatePolicy["inconclusive"] | undefined;
  readonly maxWarnings?: GatePolicy["maxWarnings"] | undefined;
}

/** Terms shared by all new waivers, and the checks that get one. */
export interface NewWaiverOptions extends WaiverTerms {
  /**
   * Every failed check, and every inconclusive one with a severity above info; otherwise what keeps the gate from
   * passing.
   */
  readonly all: boolean;
}

/** The waivers that a run accepts, and the plan with which it is compared. */
export interface ExceptionOptions {
  /**
   * A waivers file; false = none. Default: the one of the config, else, unless a config was given by name, the nearest
   * `preflight.waivers.yaml`, `.yml` or `.json` from the deployment's folder upward.
   */
  readonly waivers?: string | false | undefined;
  /** Whether directives in YAML files count; default true. */
  readonly inline?: boolean | undefined;
  /**
   * A plan as written by `preflight plan --format json`: the gate fails if one of its checks is no longer evaluated.
   */
  readonly baselinePlan?: string | undefined;
  /**
   * Waives what keeps the gate from passing, or more, on these terms; the report includes these waivers. The waivers
   * file may be a new one.
   */
  readonly newWaivers?: NewWaiverOptions | undefined;
}

/** Provenance of a run from options, for its reports; null if not set. */
export interface RunProvenance {
  readonly runBy: string | null;
  /** URL of the job of a CI system. */
  readonly job: string | null;
  readonly ticket: string | null;
}

/** How to reach the server from which an inventory is read. */
export type LiveSource = Omit<PullOptions, "signal" | "onProgress">;

/** The time as of which a run evaluates. */
interface TimeOptions {
  /** In ms since 1970; null = the clock at the start. Reports then contain only this time. */
  readonly now: number | null;
}

/** The phases of a run, in order. */
export type RunPhase = "read files" | "link and plan" | "evaluate, with queries" | "make the report";

/** Receives the durations of a run. */
export interface RunTimer extends EvaluationTimer {
  /** A phase has ended; it began at the end of the previous one. */
  readonly phase: (name: RunPhase) => void;
}

/** Inputs and options of a check; see docs/node-api.md. */
export interface CheckOptions
  extends FileOptions, RuleOptions, LiveOptions, GateOptions, ExceptionOptions, TimeOptions {
  readonly timer?: RunTimer | undefined;
  /** A server whose inventory is read before the run evaluates, in addition to those of files. */
  readonly vcenter?: LiveSource | undefined;
  /** Called with the number of objects read from that server so far. */
  readonly onRead?: ((objects: number) => void) | undefined;
  /** Only shown in the report. */
  readonly provenance?: RunProvenance | undefined;
  /** The project file that lists the inputs, for the report. */
  readonly listedBy?: InputHash | undefined;
  /** Files of `preflight probe`; if there are any, no servers are contacted. */
  readonly evidence?: readonly string[] | undefined;
  /**
   * False: no caller needs excerpts, so the text of files without errors is not kept, and the report has no lines of
   * them. Default true.
   */
  readonly excerpts?: boolean | undefined;
  /**
   * Maximum distance of recorded answers from `now`; older or newer ones count as not recorded. null = any; default:
   * the config, else 7 days.
   */
  readonly maxAge_ms?: number | null | undefined;
  /** Whether live verdicts count only if `vantage_points` maps their vantage point to the right network. */
  readonly requireVantage?: boolean | undefined;
}

/** A report, and what was read for it, with all locations of errors, for a caller that prints them at once. */
export interface CheckResult {
  readonly report: RunReport;
  readonly inputs: RunInputs;
  /**
   * The waivers requested by `newWaivers`, and the file for them (not written yet); null if there is nothing to write.
   */
  readonly newWaivers: (NewWaivers & { readonly file: string }) | null;
}

export interface PlanOptions
  extends FileOptions, RuleOptions, GateOptions, Pick<LiveOptions, "systemResolvers" | "allowProbe">, TimeOptions {}

export interface ProbeOptions extends FileOptions, Omit<RuleOptions, "live">, LiveOptions, TimeOptions {}

/** `live: false` omits live rules, which otherwise get scripted answers; no servers are contacted either way. */
export interface SelftestOptions
  extends FileOptions, RuleOptions, Omit<ExceptionOptions, "newWaivers" | "baselinePlan">, TimeOptions {}

/** The check to explain, by its rule and the name of its subject; no server is contacted except that of `vcenter`. */
export interface WhyOptions
  extends
    FileOptions,
    Pick<RuleOptions, "config" | "policy" | "severities" | "pluginWatch">,
    Pick<CheckOptions, "vcenter" | "onRead" | "signal" | "interruptible">,
    TimeOptions {
  readonly rule: string;
  /** As `node:oslo-conf01`, or only its name if that is unambiguous. */
  readonly subject: string;
  readonly evidence?: CheckOptions["evidence"];
  readonly maxAge_ms?: CheckOptions["maxAge_ms"];
  /** The page of a rule in Markdown, which quotes the guide; null if there is none. */
  readonly pageOf?: ((rule: { readonly id: string; readonly docs?: string }) => string | null) | undefined;
}
