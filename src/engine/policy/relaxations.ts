import type { PolicyRecord, RelaxedSetting } from "../../schema/report.generated.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import { positionText } from "../../values/location.ts";
import type { Origin, Sourced } from "../api/config-layer.ts";
import { ownSeverity, subjectsOf } from "../evaluation/plan.ts";
import type { EffectiveRule, Policy } from "./policy.ts";
import { isMilder, isMilderEffect, isMilderLimit, relaxesOption, type Weight, weightOf } from "./strictness.ts";

/** The policy of a run, and the same without the rule settings of the command line. */
export interface PolicyLayers {
  readonly policy: Policy;
  readonly withoutOptions: Policy;
}

/** A relaxation of a rule for a subject, compared with its declaration or with the config without the command line. */
interface Relaxation extends Pick<RelaxedSetting, "setting" | "from" | "to"> {
  readonly origin: Origin;
}

/** All relaxations of declared rules: by rule, with the subjects unless they apply to all. */
export function relaxedRules({ policy, withoutOptions }: PolicyLayers, site: Site): readonly RelaxedSetting[] {
  const subjects = subjectsOf(site);
  return policy.catalogue.rules.flatMap((rule) => {
    const { items, missing } = subjects(rule);
    // A rule without any subject, or with more than are known, has a check on the deployment.
    const all: readonly SiteObject[] = items.length === 0 || missing.length > 0 ? [...items, site.deployment] : items;
    const [first] = all;
    if (first !== undefined && policy.isUniform(rule)) {
      const [effective, before] = [policy.effective(rule, null), withoutOptions.effective(rule, null)];
      return relaxationsOf(effective, before, policy, site).map((relaxation) => changed(rule.id, null, relaxation));
    }
    const inForce = policy.effectiveFor(rule);
    const below = withoutOptions.effectiveFor(rule);
    // One subject represents all with the same settings.
    const computed = new Map<EffectiveRule, readonly Relaxation[]>();
    const found = new Map<string, Relaxation & { readonly ids: string[] }>();
    for (const subject of all) {
      const effective = inForce(subject);
      const relaxations = computed.get(effective) ?? relaxationsOf(effective, below(subject), policy, site);
      computed.set(effective, relaxations);
      for (const relaxation of relaxations) {
        const key = JSON.stringify(relaxation);
        const same = found.get(key);
        if (same === undefined) found.set(key, { ...relaxation, ids: [`${subject.kind}:${subject.name}`] });
        else same.ids.push(`${subject.kind}:${subject.name}`);
      }
    }
    return [...found.values()].map(({ ids, ...relaxation }) =>
      changed(rule.id, ids.length === all.length ? null : ids, relaxation),
    );
  });
}

function relaxationsOf(
  { rule, level, options }: EffectiveRule,
  below: EffectiveRule,
  policy: Policy,
  site: Site,
): readonly Relaxation[] {
  const severity = policy.isByDefault(rule) ? severityChange({ rule, level, options }, below, site) : null;
  if (severity?.to === "off") return [severity];
  if (level.value === "off") return [];
  const inTest =
    rule.inTestEnvironment === undefined || site.environment !== "test"
      ? []
      : [{ setting: "environment", from: "production", to: rule.inTestEnvironment, origin: testOrigin(site) }];
  const changedOptions = Object.entries(rule.options ?? {}).flatMap(([name, { default: from }]) => {
    const set = options.get(name);
    if (set === undefined || !relaxesOption(rule, name, { from, to: set.value })) return [];
    return [{ setting: `option ${name}`, from: text(from), to: text(set.value), origin: set.origin }];
  });
  return [...(severity === null ? [] : [severity]), ...inTest, ...changedOptions];
}

/** The message (or the rule itself) whose severity is lowered most; null if none is. */
function severityChange({ rule, level }: EffectiveRule, below: EffectiveRule, site: Site): Relaxation | null {
  const declared = ownSeverity(rule, { profiles: site.profiles, environment: "production" });
  const here = ownSeverity(rule, site);
  const own = [
    { declared, here },
    ...Object.values(rule.messageSeverity ?? {}).flatMap((one) =>
      one === undefined ? [] : [{ declared: one, here: one }],
    ),
  ];
  const changes = own.flatMap((one): readonly { readonly from: Weight; readonly to: Weight }[] => {
    const before = weightOf(below.level.value, one.here);
    // The command line may also take back what the config made stricter.
    const from = isMilder(one.declared, before) && level.value !== below.level.value ? before : one.declared;
    const to = weightOf(level.value, one.here);
    return isMilder(to, from) ? [{ from, to }] : [];
  });
  const [first] = changes.sort((a, b) => (a.from === b.from ? 0 : isMilder(a.from, b.from) ? 1 : -1));
  if (first === undefined) return null;
  const isEnvironment = level.value === "own" || level.value === "strict";
  return { setting: "severity", ...first, origin: isEnvironment ? testOrigin(site) : level.origin };
}

function testOrigin(site: Site): Origin {
  const { document } = site.deployment.sourceRef;
  return { by: "platform.environment: test", location: document.locate(["platform", "environment"]) };
}

/** The effective gate settings with their origins, and their values without those origins. */
export interface GateSettings {
  readonly inconclusive: Sourced<PolicyRecord["inconclusive"]>;
  readonly maxWarnings: Sourced<number | null>;
  /** The lowest limit of warnings that any layer sets; null = none sets one. */
  readonly strictestMaxWarnings: number | null;
  /** The oldest recorded answers that count, and what they would be by default, as texts; null = nothing is replayed. */
  readonly maxAge: { readonly from: string; readonly set: Sourced<string>; readonly isOlder: boolean } | null;
  /** Limits for contacting servers that a config sets which was found, not named; by key. */
  readonly foundLimits: readonly {
    readonly name: string;
    readonly from: number | null;
    readonly set: Sourced<number | null>;
  }[];
}

/** Settings that relax all rules. */
export function relaxedSettings(settings: GateSettings): readonly RelaxedSetting[] {
  const { inconclusive, maxWarnings, strictestMaxWarnings, maxAge, foundLimits } = settings;
  const limit = (value: number | null) => (value === null ? "any number" : String(value));
  return [
    ...(isMilderEffect(inconclusive.value, "fail")
      ? [changed(null, null, { setting: "inconclusive", from: "fail", to: inconclusive.value, ...by(inconclusive) })]
      : []),
    ...(isMilderLimit(maxWarnings.value, strictestMaxWarnings)
      ? [
          changed(null, null, {
            setting: "max_warnings",
            ...{ from: limit(strictestMaxWarnings), to: limit(maxWarnings.value), ...by(maxWarnings) },
          }),
        ]
      : []),
    ...(maxAge?.isOlder === true
      ? [changed(null, null, { setting: "max_age", from: maxAge.from, to: maxAge.set.value, ...by(maxAge.set) })]
      : []),
    ...foundLimits.flatMap(({ name, from, set }) =>
      set.value === from
        ? []
        : [changed(null, null, { setting: `probe.${name}`, from: text(from), to: text(set.value), ...by(set) })],
    ),
  ];
}

function by<T>({ origin }: Sourced<T>): Pick<Relaxation, "origin"> {
  return { origin };
}

function changed(rule: string | null, subjects: readonly string[] | null, relaxation: Relaxation): RelaxedSetting {
  const { setting, from, to, origin } = relaxation;
  const { by: name, location } = origin;
  const at = location === null ? name : positionText(location);
  // A setting of the deployment is named besides its location; a config's key is what `setting` names.
  const by = location !== null && location.path !== name ? `${name} (${at})` : at;
  return { rule, setting, subjects, from, to, by, location };
}

function text(value: unknown): string {
  return value === null ? "default" : typeof value === "string" ? value : JSON.stringify(value);
}
