import type { Mutation } from "../../engine/api/mutation.ts";
import type { Responder } from "../../engine/evaluation/evidence.ts";
import type { EnabledRule } from "../../engine/evaluation/plan.ts";
import type { Counterexample, Effect, ExplainedValue } from "../../schema/proof/explanation.generated.ts";
import type { Check, SubjectId } from "../../schema/report.generated.ts";
import type { Document } from "../../site/core/document.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import { pathText } from "../../values/location.ts";
import type { SiteOrigin, SiteSources } from "../read-run.ts";
import { documentsOf, type SourceChange, withChanges, withEdits } from "./edited-sources.ts";
import { evaluateOne, groupOf } from "./evaluate-rule.ts";
import { areValid, otherValues } from "./other-values.ts";
import { keyOf, type ReadValue } from "./recording.ts";

/** The inputs of a check, and its result. */
export interface TrialInput {
  readonly origin: SiteOrigin;
  readonly enabled: EnabledRule;
  readonly subject: SubjectId;
  readonly now: number;
  readonly responder: Responder;
  readonly systemResolvers: readonly string[];
  readonly check: Check;
}

/**
 * Number of evaluations: maximum, for the smallest documents; minimum; and the budget in values of all documents
 * together.
 */
const [MOST_EVALUATIONS, LEAST_EVALUATIONS, EVALUATED_VALUES] = [2000, 300, 3_000_000];
/** Number of values that are tried in place of one: that a check reads, and that is used only to link objects. */
const [MOST_IN_PLACE, MOST_IN_LINKS] = [12, 4];
/** Number of linking values that are changed at once. */
const GROUP = 16;

/** A value that was read, and the values to try in its place. */
export interface Candidates {
  readonly read: ReadValue;
  readonly values: readonly unknown[];
}

/** Evaluates one check repeatedly on changed copies of the documents. */
export class Trials {
  readonly #input: TrialInput;
  readonly #documents: ReturnType<typeof documentsOf>;
  /** Number of evaluations left. */
  #left: number;

  constructor(input: TrialInput) {
    this.#input = input;
    this.#documents = documentsOf(input.origin.sources);
    const size = [...this.#documents.values()].reduce((sum, { value }) => sum + scalarsIn(value), 1);
    this.#left = Math.max(LEAST_EVALUATIONS, Math.min(MOST_EVALUATIONS, Math.floor(EVALUATED_VALUES / size)));
  }

  /** The check after some changes; null if the documents are then invalid, or no longer contain the subject. */
  async after(changes: readonly SourceChange[]): Promise<Check | null> {
    return this.#evaluate(withChanges(this.#input.origin.sources, changes));
  }

  /** Whether the budget is used up: large documents take long to link. */
  get isSpent(): boolean {
    return this.#left <= 0;
  }

  async #evaluate(sources: SiteSources): Promise<Check | null> {
    this.#left--;
    if (!areValid(sources, this.#input.origin.sources)) return null;
    const { origin, enabled, subject, now, responder, systemResolvers } = this.#input;
    const site = origin.siteFrom(sources, systemResolvers);
    const group = groupOf(site, enabled, subject);
    return group === null ? null : (await evaluateOne(site, group, { now, responder })).check;
  }

  /** The errors that the rule declares, for this subject: each describes a limit in the rule's own terms. */
  async counterexamples(site: Site, subject: SiteObject): Promise<readonly Counterexample[]> {
    const { origin, enabled, now } = this.#input;
    const found: Counterexample[] = [];
    for (const mutation of enabled.rule.mutations ?? []) {
      const edits = mutation.edit(subject, { site, now }) ?? [];
      if (edits.length === 0) continue;
      const check = await this.#evaluate(withEdits(origin.sources, edits));
      const message = check?.verdict === "fail" ? check.findings[0]?.message : undefined;
      if (message === undefined) continue;
      const changes = edits.flatMap((edit) =>
        "sourceRef" in edit
          ? [
              {
                location: edit.sourceRef.document.locate(edit.sourceRef.path),
                path: pathText(edit.sourceRef.path),
                value: edit.value === undefined ? "" : JSON.stringify(edit.value),
              },
            ]
          : [],
      );
      found.push({ changes, message });
    }
    return found;
  }

  /** Values to try in place of one, the likeliest to decide first. */
  candidates({ file, path, value, isLinked }: ReadValue, suggested: readonly unknown[]): readonly unknown[] {
    const others = [...new Set([...suggested, ...otherValues(this.#document(file), path, value)])];
    return others.slice(0, isLinked ? MOST_IN_LINKS : MOST_IN_PLACE);
  }

  /** Whether a value decides the verdict: whether removing or replacing it alone changes the verdict. */
  async explained(read: ReadValue, candidates: readonly unknown[]): Promise<ExplainedValue> {
    const { file, path, value } = read;
    const base = {
      file,
      location: this.#document(file).locate(path),
      path: pathText(path),
      value: value === undefined ? null : JSON.stringify(value),
      request: read.request,
    };
    const removed = value === undefined ? null : await this.#effect({ file, path, value: undefined });
    const changed = await this.#changed(read, candidates);
    return { ...base, decisive: removed !== null || changed !== null, removed, changed };
  }

  /**
   * The values among many that may decide the verdict: groups of them are changed at once, and bisected if the verdict
   * changes. If it does not change, none of the group's values is considered decisive. `left`: values for which the
   * budget ran out.
   */
  async screen(
    tried: readonly Candidates[],
  ): Promise<{ readonly suspects: readonly ReadValue[]; readonly left: readonly ReadValue[] }> {
    const suspects = new Set<Candidates>();
    for (let start = 0; start < tried.length; start += GROUP) {
      if (this.isSpent) return { suspects: readsOf(suspects), left: readsOf(tried.slice(start)) };
      const group = tried.slice(start, start + GROUP);
      for (let choice = -1; choice < MOST_IN_LINKS; choice++) {
        const unsuspected = group.filter((one) => !suspects.has(one) && choice < one.values.length);
        for (const one of await this.#suspects(unsuspected, choice)) suspects.add(one);
      }
    }
    return { suspects: readsOf(suspects), left: [] };
  }

  /** The values of a group that change the verdict with their `choice`-th value; with -1, when removed. */
  async #suspects(group: readonly Candidates[], choice: number): Promise<readonly Candidates[]> {
    if (group.length === 0) return [];
    const changes = group.map(({ read: { file, path }, values }) => ({ file, path, value: values[choice] }));
    // List items are removed from the end.
    const check = await this.after(changes.reverse());
    if (check?.verdict === this.#input.check.verdict) return [];
    if (group.length === 1) return check === null ? [] : group;
    const half = group.length >> 1;
    return [
      ...(await this.#suspects(group.slice(0, half), choice)),
      ...(await this.#suspects(group.slice(half), choice)),
    ];
  }

  #document(file: string): Document {
    const document = this.#documents.get(file);
    if (document === undefined) throw new Error(`no document ${file}`);
    return document;
  }

  /** Another value that makes the check fail, or else one that changes the verdict otherwise. */
  async #changed({ file, path }: ReadValue, values: readonly unknown[]): Promise<ExplainedValue["changed"]> {
    let first: ExplainedValue["changed"] = null;
    for (const value of values) {
      const effect = await this.#effect({ file, path, value });
      if (effect === null) continue;
      const changed = { ...effect, to: JSON.stringify(value) };
      if (effect.verdict === "fail") return changed;
      first ??= changed;
    }
    return first;
  }

  /** Null if the verdict does not change. */
  async #effect(change: SourceChange): Promise<Effect | null> {
    const check = await this.after([change]);
    if (check === null || check.verdict === this.#input.check.verdict) return null;
    return { verdict: check.verdict, message: messageOf(check) };
  }
}

function readsOf(candidates: Iterable<Candidates>): readonly ReadValue[] {
  return Array.from(candidates, ({ read }) => read);
}

/** Number of scalar values in a document. */
function scalarsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + scalarsIn(inner), 0);
}

/** The first message of a check. */
function messageOf({ findings, missing, reason }: Check): string | null {
  return findings[0]?.message ?? missing[0]?.what ?? reason;
}

/** The values that the counterexamples change, with their replacements. */
export function suggestions(
  mutations: readonly Mutation<SiteObject>[],
  subject: SiteObject,
  context: { readonly site: Site; readonly now: number },
): ReadonlyMap<string, readonly unknown[]> {
  const found = new Map<string, unknown[]>();
  for (const mutation of mutations) {
    for (const edit of mutation.edit(subject, context) ?? []) {
      if (!("sourceRef" in edit) || edit.value === undefined) continue;
      const key = keyOf(edit.sourceRef.document.path, edit.sourceRef.path);
      found.set(key, [...(found.get(key) ?? []), edit.value]);
    }
  }
  return found;
}
