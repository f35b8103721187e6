import type { ColorChoice } from "../output/color.ts";
import type { Given } from "./command-line.ts";
import type { CommandName } from "./commands.ts";
import { COLORS, INCONCLUSIVE, type SCHEMA_NAMES, type SHELLS } from "./options.ts";

/** The command line as plain data: what to do, or what to print. */
export type Invocation =
  | { readonly command: "check"; readonly options: CheckArguments }
  | { readonly command: "print-config"; readonly options: PrintConfigArguments }
  | { readonly command: "plan"; readonly options: PlanArguments }
  | { readonly command: "probe"; readonly options: ProbeArguments }
  | { readonly command: "report"; readonly options: ReportArguments }
  | { readonly command: "inventory-pull"; readonly options: PullArguments }
  | { readonly command: "inventory-import"; readonly options: ImportArguments }
  | { readonly command: "init" }
  | { readonly command: "rules-list"; readonly options: RulesArguments; readonly format: "text" | "json" | "markdown" }
  | { readonly command: "rules-show"; readonly options: RulesArguments; readonly id: string }
  | { readonly command: "schema"; readonly name: SchemaName }
  | { readonly command: "completion"; readonly shell: Shell }
  | { readonly command: "help"; readonly about: CommandName | null }
  | { readonly command: "version" };

export type SchemaName = (typeof SCHEMA_NAMES)[number];
export type Shell = (typeof SHELLS)[number];

/** How a report is shown. */
export interface FormatArguments {
  readonly format: readonly string[];
  readonly "sarif-include": readonly string[];
  readonly "sarif-category": string | undefined;
  readonly quiet: boolean;
  readonly all: boolean;
  readonly frames: boolean;
  readonly color: ColorChoice;
}

export interface ReportArguments extends FormatArguments {
  readonly report: string;
}

/** Options that choose files and rules; strings as typed. */
export interface RunArguments {
  readonly deployment: string;
  readonly inventory: readonly string[];
  readonly "allow-outside-paths": boolean;
  readonly only: readonly string[];
  readonly rule: readonly string[];
  readonly now: string | undefined;
  readonly config: string | undefined;
  readonly "no-config": boolean;
  readonly color: ColorChoice;
}

/** By which config rules are shown. */
export type RulesArguments = Pick<RunArguments, "config" | "no-config" | "color">;

/** Who is asked, and from where. */
export interface VantagePointArguments {
  readonly from: string | undefined;
  readonly "system-resolver": boolean;
}

/** How servers are asked. */
export interface LiveArguments extends VantagePointArguments {
  readonly timeout: string | undefined;
  readonly retries: string | undefined;
  readonly deadline: string | undefined;
  readonly concurrency: string | undefined;
}

/** How to log in to a vCenter Server or ESXi host. Passwords are no option: other users can read a command line. */
export interface VsphereArguments {
  readonly user: string | undefined;
  readonly "password-file": string | undefined;
  readonly ca: readonly string[];
  readonly thumbprint: readonly string[];
  readonly insecure: boolean;
  readonly datacenter: string | undefined;
}

export interface PullArguments extends VsphereArguments {
  readonly server: string | undefined;
  readonly output: string | undefined;
  readonly color: ColorChoice;
}

export interface PlanArguments extends RunArguments, VantagePointArguments {
  readonly "no-live": boolean;
  readonly format: readonly string[];
}

export interface ProbeArguments extends RunArguments, LiveArguments {
  readonly output: string | undefined;
}

export interface ImportArguments {
  /** Files and folders. */
  readonly paths: readonly string[];
  readonly output: string | undefined;
  readonly color: ColorChoice;
}

/** Exceptions that were agreed on, and the plan that was. */
export interface ExceptionArguments {
  readonly waivers: string | undefined;
  readonly "no-waivers": boolean;
  readonly "no-inline": boolean;
  readonly "write-waivers": boolean;
  readonly reason: string | undefined;
  readonly owner: string | undefined;
  readonly expires: string | undefined;
  readonly ticket: string | undefined;
  readonly "baseline-plan": string | undefined;
}

export interface CheckArguments
  extends PlanArguments, LiveArguments, ExceptionArguments, FormatArguments, VsphereArguments {
  readonly vcenter: string | undefined;
  readonly evidence: readonly string[];
  readonly "max-age": string | undefined;
  readonly "max-warnings": string | undefined;
  readonly inconclusive: (typeof INCONCLUSIVE)[number] | undefined;
}

export interface PrintConfigArguments extends CheckArguments {
  /** `node:oslo-conf01`, or null: settings in general. */
  readonly subject: string | null;
}

/** The command line of a command without mistakes. Of an option that is given twice, the last one counts. */
export function invocation(name: CommandName, words: readonly string[], given: readonly Given[]): Invocation {
  const all = (option: string) =>
    given.flatMap(({ name: candidate, value }) => (candidate === option ? [value ?? ""] : []));
  const has = (option: string) => all(option).length > 0;
  const last = (option: string) => all(option).at(-1);
  const choice = <Choice extends string>(option: string, choices: readonly [Choice, ...Choice[]]): Choice =>
    choices.find((candidate) => candidate === last(option)) ?? choices[0];

  const byConfig = (): RulesArguments => ({
    config: last("config"),
    "no-config": has("no-config"),
    color: choice("color", COLORS),
  });
  const run = (): RunArguments => ({
    deployment: words[0] ?? "",
    inventory: all("inventory"),
    "allow-outside-paths": has("allow-outside-paths"),
    only: all("only"),
    rule: all("rule"),
    now: last("now"),
    ...byConfig(),
  });
  const place = (): VantagePointArguments => ({ from: last("from"), "system-resolver": has("system-resolver") });
  const asking = (): LiveArguments => ({
    ...place(),
    timeout: last("timeout"),
    retries: last("retries"),
    deadline: last("deadline"),
    concurrency: last("concurrency"),
  });
  const showing = (): FormatArguments => ({
    format: all("format"),
    "sarif-include": all("sarif-include"),
    "sarif-category": last("sarif-category"),
    quiet: has("quiet"),
    all: has("all"),
    frames: has("frames"),
    color: choice("color", COLORS),
  });
  const vsphere = (): VsphereArguments => ({
    user: last("user"),
    "password-file": last("password-file"),
    ca: all("ca"),
    thumbprint: all("thumbprint"),
    insecure: has("insecure"),
    datacenter: last("datacenter"),
  });
  const plan = (): PlanArguments => ({ ...run(), ...place(), "no-live": has("no-live"), format: all("format") });
  switch (name) {
    case "check": {
      const recorded = { evidence: all("evidence"), "max-age": last("max-age") };
      const own = { "max-warnings": last("max-warnings") };
      const exceptions: ExceptionArguments = {
        waivers: last("waivers"),
        "no-waivers": has("no-waivers"),
        "no-inline": has("no-inline"),
        "write-waivers": has("write-waivers"),
        reason: last("reason"),
        owner: last("owner"),
        expires: last("expires"),
        ticket: last("ticket"),
        "baseline-plan": last("baseline-plan"),
      };
      return {
        command: "check",
        options: {
          ...plan(),
          ...asking(),
          ...showing(),
          ...vsphere(),
          vcenter: last("vcenter"),
          ...recorded,
          ...own,
          ...exceptions,
          inconclusive: INCONCLUSIVE.find((effect) => effect === last("inconclusive")),
        },
      };
    }
    case "plan":
      return { command: "plan", options: plan() };
    case "probe":
      return { command: "probe", options: { ...run(), ...asking(), output: last("output") } };
    case "report":
      return { command: "report", options: { report: words[0] ?? "", ...showing() } };
    case "inventory": {
      const written = { output: last("output"), color: choice("color", COLORS) };
      return words[0] === "pull"
        ? { command: "inventory-pull", options: { ...vsphere(), server: last("server"), ...written } }
        : { command: "inventory-import", options: { paths: words.slice(1), ...written } };
    }
    case "init":
      return { command: "init" };
    case "rules": {
      if (words[0] === "show") return { command: "rules-show", options: byConfig(), id: words[1] ?? "" };
      const format = has("json") ? "json" : has("markdown") ? "markdown" : "text";
      return { command: "rules-list", options: byConfig(), format };
    }
    case "schema":
      return { command: "schema", name: words[0] as SchemaName };
    case "completion":
      return { command: "completion", shell: words[0] as Shell };
  }
}
