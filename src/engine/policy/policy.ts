import type { SiteObject } from "../../site/core/site-object.ts";
import { matchesPattern } from "../../values/text/name-pattern.ts";
import type { ConfigLayer, Origin, Override, RuleLevel, RuleSetting, Sourced } from "../api/config-layer.ts";
import { defaultOptions, type EnabledRule } from "../evaluation/plan.ts";
import type { RuleCatalogue } from "../api/rule-catalogue.ts";
import type { Rule } from "../api/rule.ts";

/** The settings of a rule for one subject, or for all without an override, and their origins. */
export interface EffectiveRule {
  readonly rule: Rule;
  readonly level: Sourced<RuleLevel>;
  readonly options: ReadonlyMap<string, Sourced<unknown>>;
}

/** The settings of the layers for a rule, in order; `override` is null for all subjects. */
interface Step {
  readonly setting: RuleSetting;
  readonly override: Override | null;
}

const ITSELF: Origin = { by: "rule default", location: null };

/** The settings of all rules for all subjects. Later layers override earlier ones; in a layer, overrides come last. */
export class Policy {
  readonly catalogue: RuleCatalogue;
  readonly overrides: readonly Override[];
  readonly #steps: ReadonlyMap<string, readonly Step[]>;
  /** The overrides for a subject: requested by every rule, computed once. */
  readonly #concerned = new WeakMap<SiteObject, ReadonlySet<Override>>();

  /** @param layers in order of increasing precedence; all of them override the rules themselves */
  constructor(catalogue: RuleCatalogue, layers: readonly ConfigLayer[]) {
    this.catalogue = catalogue;
    this.overrides = layers.flatMap(({ overrides }) => overrides);
    const steps = new Map<string, Step[]>();
    const add = (id: string, step: Step) => {
      const found = steps.get(id);
      if (found === undefined) steps.set(id, [step]);
      else found.push(step);
    };
    for (const { rules, overrides } of layers) {
      for (const [id, setting] of rules) add(id, { setting, override: null });
      for (const override of overrides) {
        for (const [id, setting] of override.rules) add(id, { setting, override });
      }
    }
    this.#steps = steps;
  }

  /** How a rule counts: for the subject with this id, as `node:oslo-conf01`, or for every subject without an override. */
  effective(rule: Rule, subjectId: string | null): EffectiveRule {
    return this.#effective(rule, (override) => subjectId !== null && concerns(override, subjectId));
  }

  /** The rules that count for any subject at all, as the plan takes them. */
  enabled(skip: (rule: Rule) => string | null): readonly EnabledRule[] {
    return this.catalogue.rules.flatMap((rule) => {
      const reason = skip(rule);
      const inGeneral = enabledRule(this.effective(rule, null), reason);
      if (!this.#hasOverride(rule)) return inGeneral ?? [];
      const exception = this.#bySubject(rule, (effective) => enabledRule(effective, reason));
      // Off in general: this value is never used, as an override applies to every subject.
      const own = inGeneral ?? { rule, severity: null, options: defaultOptions(rule), skip: reason };
      return { ...own, exception };
    });
  }

  /** Whether a rule counts in the same way for every subject. */
  isUniform(rule: Rule): boolean {
    return !this.#hasOverride(rule);
  }

  /** How a rule counts for each subject: the same object for subjects that the same overrides concern. */
  effectiveFor(rule: Rule): (subject: SiteObject) => EffectiveRule {
    if (this.#hasOverride(rule)) return this.#bySubject(rule, (effective) => effective);
    const always = this.effective(rule, null);
    return () => always;
  }

  /** Whether the rule is on when nothing is set: rules that are newer than the major version are not. */
  isByDefault(rule: Rule): boolean {
    return this.catalogue.presets.get("recommended")?.has(rule.id) === true;
  }

  /** Returns what turned a rule off for a subject, or null if it is on. Null if it is off for no subject. */
  offBy(rule: Rule): ((subject: SiteObject) => Origin | null) | null {
    const origin = ({ level }: EffectiveRule) => (level.value === "off" ? level.origin : null);
    if (this.#hasOverride(rule)) return this.#bySubject(rule, origin);
    const always = origin(this.effective(rule, null));
    return always === null ? null : () => always;
  }

  /** Whether an override sets the rule, so that its settings may differ between subjects. */
  #hasOverride(rule: Rule): boolean {
    return this.#steps.get(rule.id)?.some(({ override }) => override !== null) === true;
  }

  /** The overrides whose patterns fit the subject. */
  #concernedBy(subject: SiteObject): ReadonlySet<Override> {
    const known = this.#concerned.get(subject);
    if (known !== undefined) return known;
    const id = `${subject.kind}:${subject.name}`;
    const found = new Set(this.overrides.filter((override) => concerns(override, id)));
    this.#concerned.set(subject, found);
    return found;
  }

  /** The result of `make` for a subject; computed once for all subjects that the same overrides concern. */
  #bySubject<T>(rule: Rule, make: (effective: EffectiveRule) => T): (subject: SiteObject) => T {
    const relevant = new Map((this.#steps.get(rule.id) ?? []).map(({ override }, index) => [override, index]));
    const made = new Map<string, T>();
    return (subject) => {
      const concerned = this.#concernedBy(subject);
      let key = "";
      for (const override of concerned) {
        const index = relevant.get(override);
        if (index !== undefined) key += `${index} `;
      }
      const known = made.get(key);
      if (known !== undefined) return known;
      const own = make(this.#effective(rule, (override) => concerned.has(override)));
      made.set(key, own);
      return own;
    };
  }

  #effective(rule: Rule, isConcerned: (override: Override) => boolean): EffectiveRule {
    let level: Sourced<RuleLevel> = this.isByDefault(rule)
      ? { value: "own", origin: ITSELF }
      : { value: "off", origin: { by: `not in a preset yet: new in ${rule.since}`, location: null } };
    const options = new Map<string, Sourced<unknown>>(
      Object.entries(defaultOptions(rule)).map(([name, value]) => [name, { value, origin: ITSELF }]),
    );
    for (const { setting, override } of this.#steps.get(rule.id) ?? []) {
      if (override !== null && !isConcerned(override)) continue;
      level = setting.level ?? level;
      for (const [name, value] of setting.options) options.set(name, value);
    }
    return { rule, level, options };
  }
}

function concerns({ patterns }: Override, subjectId: string): boolean {
  return patterns.some(({ value }) => matchesPattern(subjectId, value));
}

function enabledRule(
  { rule, level: { value: level }, options }: EffectiveRule,
  skip: string | null,
): EnabledRule | null {
  if (level === "off") return null;
  return {
    rule,
    severity: level === "own" || level === "strict" ? null : level,
    ...(level === "strict" && { strict: true }),
    options: Object.fromEntries([...options].map(([name, { value }]) => [name, value])),
    skip,
  };
}
