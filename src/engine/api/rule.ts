import type { PathSegment } from "../../values/location.ts";
import type { ValueChange } from "../../values/text-edit.ts";
import type { EntryOf, SiteObject } from "../../site/core/site-object.ts";
import type { PartialList } from "../../site/core/partial-list.ts";
import type { Site } from "../../site/site.ts";
import type { Subjects } from "../../site/subjects.ts";
import type { Command } from "./command.ts";
import type { AnswerTo, Question } from "./question.ts";
import type { Mutation } from "./mutation.ts";
import type { RuleSource, Severity } from "../../schema/report.generated.ts";

/** Names of the `{{placeholders}}` in a message, so that a missing datum does not compile. */
type Placeholders<Text extends string> = Text extends `${string}{{${infer Name}}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

export type Datum = string | number | boolean | null;

type Data<Text extends string> = [Placeholders<Text>] extends [never]
  ? { readonly data?: Readonly<Record<string, Datum>> }
  : { readonly data: Readonly<Record<Placeholders<Text>, Datum>> & Readonly<Record<string, Datum>> };

/** A number, text, switch or list of texts that users may set for a rule: a JSON Schema with its default. */
export type RuleOption =
  | {
      readonly type: "integer";
      readonly minimum?: number;
      readonly maximum?: number;
      readonly default: number;
      readonly description: string;
    }
  | { readonly type: "boolean"; readonly default: boolean; readonly description: string }
  | {
      readonly type: "string";
      readonly enum?: readonly string[];
      readonly default: string;
      readonly description: string;
    }
  | {
      readonly type: "array";
      readonly items: { readonly type: "string" };
      readonly default: readonly string[];
      readonly description: string;
    };

/** What a rule without options declares. */
export type NoOptions = Readonly<Record<string, never>>;

/** The values of a rule's options, typed by their defaults. */
type OptionValues<Options extends Readonly<Record<string, RuleOption>>> = {
  readonly [K in keyof Options]: [Options[K]] extends [never]
    ? never
    : Options[K] extends { readonly type: "integer" }
      ? number
      : Options[K] extends { readonly type: "boolean" }
        ? boolean
        : Options[K] extends { readonly type: "string" }
          ? string
          : readonly string[];
};

/** A severity that depends on the version profile or the environment; the first matching row counts. */
export interface SeverityWhen {
  /** Profiles of this software version and later: `34`. If several may apply, one is enough. */
  readonly fromProfile?: number;
  readonly environment?: "production" | "test";
  readonly severity: Severity;
}

/** Where a finding points: an object, one of its fields, or a value inside that field. */
export type At = readonly [object: SiteObject, field?: string, ...rest: readonly PathSegment[]];

/** The content of a finding. */
export type FailOptions<Text extends string> = Data<Text> & {
  readonly at: At;
  /**
   * Values that the finding depends on: where another check fails at one of them, it is the cause, and this finding is
   * its consequence. The check fails all the same, whether that check ran or not.
   */
  readonly dependsOn?: readonly At[];
  /** Places that explain the finding: the first of two equal names, the switch that a port group inherits from. */
  readonly related?: readonly { readonly message: string; readonly at: At }[];
  /** Distinguishes findings of one field (the third of several DNS servers); part of the fingerprint. */
  readonly key?: string;
};

/** A finding, as a rule's `fix` gets it. */
export interface FixableFinding<Messages extends Readonly<Record<string, string>>> {
  readonly messageId: keyof Messages & string;
  readonly data: Readonly<Record<string, Datum>>;
  readonly at: At;
}

/** Another value in the deployment: at the finding, unless `at` names another position. */
export type Fix = ValueChange & { readonly at?: At };

/** The severity of an inconclusive check. */
interface Milder {
  /**
   * The severity of the check while the value is missing, where its source cannot have it; never more severe than the
   * rule's own. A severity that the run sets for the rule replaces it, and of several gaps the most severe counts.
   */
  readonly severity?: Severity;
}

/** Details of a check that does not apply. */
interface NotApplicableOptions {
  /** When the check will apply: once the node's VM exists. The gate line counts such checks of severity error. */
  readonly awaits?: "deployment";
}

/** Details of an inconclusive check. */
interface InconclusiveOptions extends Milder {
  /** The unusable value. */
  readonly at?: At;
}

/**
 * What a rule may use. Everything that reads a value notes it, so that a gap makes the check inconclusive and never
 * lets it pass. Helpers that end the check (`need` on a gap, `notApplicable`, `inconclusive`, a `query` without answers)
 * throw a signal; a rule must not catch.
 */
export interface RuleContext<
  Messages extends Readonly<Record<string, string>>,
  Options extends Readonly<Record<string, RuleOption>> = NoOptions,
> {
  readonly site: Site;
  readonly options: OptionValues<Options>;
  /** The time of evaluation (`--now`), in ms since 1970. */
  readonly now: number;
  /**
   * The value of a field; ends the check as inconclusive when no input gives it, with a lower severity if one is given.
   */
  readonly need: <F, K extends keyof F & string>(
    object: SiteObject<F>,
    field: K,
    options?: Milder,
  ) => Exclude<F[K], undefined>;
  /** The value of a field, or undefined where its absence is a case that the rule handles. */
  readonly known: <F, K extends keyof F & string>(
    object: SiteObject<F>,
    field: K,
  ) => Exclude<F[K], undefined> | undefined;
  /** The records of a list (`nics`, `disks`) as objects to read from; ends the check when no input gives the list. */
  readonly needEntries: <F, K extends keyof F & string>(
    object: SiteObject<F>,
    field: K,
  ) => readonly SiteObject<EntryOf<F[K]>>[];
  /** All items of a list; ends the check as inconclusive when the list may be incomplete. */
  readonly needAll: <T>(partialList: PartialList<T>) => readonly T[];
  /** Records a finding; the check fails and continues. */
  readonly fail: <Id extends keyof Messages & string>(messageId: Id, options: FailOptions<Messages[Id]>) => void;
  /** Ends the check (inside `each`: this item): the requirement does not concern the subject, and why. */
  readonly notApplicable: (reason: string, options?: NotApplicableOptions) => never;
  /**
   * Ends the check (inside `each`: this item): it cannot be decided, and why. If the reason is an unusable value, `at`
   * is its position: a check that fails at that position is then shown as the cause.
   */
  readonly inconclusive: (reason: string, options?: InconclusiveOptions) => never;
  /**
   * Evaluates each item and continues after a gap, so that a missing value at one never hides a proven failure at
   * another. A list that may be incomplete makes the check inconclusive unless it fails. When no item is concerned (all
   * not applicable, or none at all) the check is not applicable.
   */
  readonly each: <T>(items: readonly T[] | PartialList<T>, look: (item: T) => void) => void;
  /**
   * Answers in the order of the queries; suspends the check until they are available. The last queries of a rule count
   * as the basis of its findings and its `inconclusive`: they link checks to their causes.
   */
  readonly query: <Q extends Question>(questions: readonly Q[]) => readonly AnswerTo<Q>[];
}

export interface RuleDefinition<
  Kind extends keyof Subjects,
  Messages extends Readonly<Record<string, string>>,
  Options extends Readonly<Record<string, RuleOption>> = NoOptions,
> {
  /** `group/name`; the file's path below `rules/`. */
  readonly id: string;
  /** `Require …`, `Disallow …` or `Enforce …`, without a final stop. */
  readonly title: string;
  readonly severity: Severity;
  readonly severityWhen?: readonly SeverityWhen[];
  readonly source: RuleSource;
  /** Which objects are evaluated, one check each. */
  readonly subject: Kind;
  /** True when the rule queries servers: only then may it, and `--no-live` skips it. */
  readonly live?: true;
  /** False where no exception can be agreed on: waivers and directives have no effect. */
  readonly waivable?: false;
  /** Version of this program that first had the rule. */
  readonly since: string;
  readonly messages: Messages;
  /** Severity of single messages, where it is not the rule's. */
  readonly messageSeverity?: Readonly<Partial<Record<keyof Messages, Severity>>>;
  readonly options?: Options;
  /**
   * In which direction a number gets stricter: reports then list values in the other direction as relaxed. Without it every
   * value but the default is.
   */
  readonly stricterOptions?: Readonly<Partial<Record<keyof Options & string, "higher" | "lower">>>;
  /** Values of options in the preset `strict`, where they differ from the defaults. */
  readonly strictOptions?: Readonly<Partial<Record<keyof Options & string, number>>>;
  /** What the rule requires less of in a test environment (`platform.environment: test`), besides severities: a phrase. */
  readonly inTestEnvironment?: string;
  /** The fix in general, full sentences. */
  readonly remediation: string;
  /**
   * The exact commands for one subject, never run by this program: rows of the table of commands with their values, or
   * lines of text, already quoted, which `preflight remediate` shows as comments only.
   */
  readonly commands?: (
    subject: Subjects[Kind],
    read: Pick<RuleContext<Messages>, "known">,
  ) => readonly (Command | string)[];
  /**
   * What `--fix` writes into the deployment: only where there is exactly one right value, which the documents give; null
   * for every other finding. Facts of the estate, or of a VM that exists, are not edited: they would be wrong then.
   */
  readonly fix?: (
    finding: FixableFinding<Messages>,
    subject: Subjects[Kind],
    read: Pick<RuleContext<Messages>, "known">,
  ) => Fix | null;
  /**
   * The rule's page in Markdown, for rules of plugins: `rules show`, SARIF and HTML show it. Built-in rules have a file.
   */
  readonly docs?: string;
  /** Errors that the rule must report, as edits of any deployment: its tests apply them to the clean example. */
  readonly mutations?: readonly Mutation<Subjects[Kind]>[];
  readonly check: (subject: Subjects[Kind], context: RuleContext<Messages, Options>) => void;
}

type AnyMessages = Readonly<Record<string, string>>;

/** A rule as the engine uses it: of any subject kind, with any messages and options. */
export interface Rule extends Omit<
  RuleDefinition<keyof Subjects, AnyMessages, Readonly<Record<string, RuleOption>>>,
  "check" | "commands" | "fix" | "mutations"
> {
  readonly commands?: (
    subject: SiteObject,
    read: Pick<RuleContext<AnyMessages>, "known">,
  ) => readonly (Command | string)[];
  readonly fix?: (
    finding: FixableFinding<AnyMessages>,
    subject: SiteObject,
    read: Pick<RuleContext<AnyMessages>, "known">,
  ) => Fix | null;
  readonly mutations?: readonly Mutation<SiteObject>[];
  /** A rule that is not synchronous returns a promise, which the engine reports as a crash. */
  readonly check: (
    subject: SiteObject,
    context: RuleContext<AnyMessages, Readonly<Record<string, RuleOption>>>,
  ) => unknown;
}

/** Declares a rule. Returns the data unchanged; the type parameters tie subject, messages, options and data together. */
export function defineRule<
  Kind extends keyof Subjects,
  const Messages extends AnyMessages,
  const Options extends Readonly<Record<string, RuleOption>> = NoOptions,
>(definition: RuleDefinition<Kind, Messages, Options>): Rule {
  // The planner hands a rule only subjects of the kind it named, so forgetting the kind here is safe.
  return definition as unknown as Rule;
}
