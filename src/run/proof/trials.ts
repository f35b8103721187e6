import type { Mutation } from "../../engine/api/mutation.ts";
import type { Responder } from "../../engine/evaluation/evidence.ts";
import type { EnabledRule } from "../../engine/evaluation/plan.ts";
import type { Counterexample, Effect, ExplainedValue } from "../../schema/proof/explanation.generated.ts";
import type { Check, SubjectId } from "../../schema/report.generated.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import type { Site } from "../../site/site.ts";
import { pathText } from "../../values/location.ts";
import type { SiteOrigin, SiteSources } from "../read-run.ts";
import { documentsOf, type SourceChange, withChanges, withEdits } from "./edited-sources.ts";
import { evaluateOne, groupOf } from "./evaluate-rule.ts";
import { areValid, otherValues } from "./other-values.ts";
import { keyOf, type ReadValue } from "./recording.ts";

/** What a check is evaluated with, and how it ended. */
export interface TrialInput {
  readonly origin: SiteOrigin;
  readonly enabled: EnabledRule;
  readonly subject: SubjectId;
  readonly now: number;
  readonly responder: Responder;
  readonly systemResolvers: readonly string[];
  readonly check: Check;
}

/** Evaluations on the smallest of documents, at least, and per value of all documents together. */
const [MOST_EVALUATIONS, LEAST_EVALUATIONS, EVALUATED_VALUES] = [2000, 300, 3_000_000];
/** Values that are tried in place of one: of what a check reads, and of what only links objects. */
const [MOST_IN_PLACE, MOST_IN_LINKS] = [12, 4];

/** Evaluates one check again and again on changed copies of the documents. */
export class Trials {
  readonly #input: TrialInput;
  readonly #documents: ReturnType<typeof documentsOf>;
  /** How many evaluations are left. */
  #left: number;

  constructor(input: TrialInput) {
    this.#input = input;
    this.#documents = documentsOf(input.origin.sources);
    const size = [...this.#documents.values()].reduce((sum, { value }) => sum + scalarsIn(value), 1);
    this.#left = Math.max(LEAST_EVALUATIONS, Math.min(MOST_EVALUATIONS, Math.floor(EVALUATED_VALUES / size)));
  }

  /** The check after some changes; null when the documents are no longer valid, or the subject is no longer there. */
  async after(changes: readonly SourceChange[]): Promise<Check | null> {
    return this.#evaluate(withChanges(this.#input.origin.sources, changes));
  }

  /** Whether further values may be tried: large documents take long to link. */
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

  /** The errors that the rule declares, for this subject: each states a limit in the words of the rule. */
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

  /** Whether a value decides the verdict: its removal or another value in its place, alone, gives another one. */
  async explained(read: ReadValue, suggested: readonly unknown[]): Promise<ExplainedValue> {
    const { file, path, value } = read;
    const document = this.#documents.get(file);
    if (document === undefined) throw new Error(`no document ${file}`);
    const base = {
      file,
      location: document.locate(path),
      path: pathText(path),
      value: value === undefined ? null : JSON.stringify(value),
      request: read.request,
    };
    const removed = value === undefined ? null : await this.#effect({ file, path, value: undefined });
    const changed = await this.#changed(
      read,
      [...new Set([...suggested, ...otherValues(document, path, value)])].slice(
        0,
        read.isLinked ? MOST_IN_LINKS : MOST_IN_PLACE,
      ),
    );
    return { ...base, decisive: removed !== null || changed !== null, removed, changed };
  }

  /** Another value that makes the check fail, or else one that gives any other verdict. */
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

  /** Null when the verdict stays as it is. */
  async #effect(change: SourceChange): Promise<Effect | null> {
    const check = await this.after([change]);
    if (check === null || check.verdict === this.#input.check.verdict) return null;
    return { verdict: check.verdict, message: messageOf(check) };
  }
}

/** How many values a document has that are no lists or mappings. */
function scalarsIn(value: unknown): number {
  if (typeof value !== "object" || value === null) return 1;
  return Object.values(value).reduce((sum: number, inner) => sum + scalarsIn(inner), 0);
}

/** The first thing that a check has to say. */
function messageOf({ findings, missing, reason }: Check): string | null {
  return findings[0]?.message ?? missing[0]?.what ?? reason;
}

/** The values in whose place the counterexamples have others, with those. */
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
