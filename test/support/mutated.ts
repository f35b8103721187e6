import { type Document, isCollection, isMap, parseDocument } from "yaml";
import { defaultOptions, plan } from "../../src/engine/evaluation/plan.ts";
import { evaluate } from "../../src/engine/evaluation/evaluate.ts";
import { Evidence, type Responder } from "../../src/engine/evaluation/evidence.ts";
import { reportChecks } from "../../src/engine/evaluation/report-checks.ts";
import type { Edit, Mutation } from "../../src/engine/api/mutation.ts";
import type { Rule } from "../../src/engine/api/rule.ts";
import type { Check } from "../../src/schema/report.generated.ts";
import type { SiteTexts } from "../../src/plugin/case-site.ts";
import type { SourceRef } from "../../src/site/core/missing.ts";
import type { SiteObject } from "../../src/site/core/site-object.ts";
import type { Site } from "../../src/site/site.ts";
import { subjectKinds } from "../../src/site/subjects.ts";
import { isTextLocation } from "../../src/values/location.ts";
import { documentOf, siteWith } from "./documents.ts";

/** Documents that mutations are applied to, and when they are evaluated. */
export interface Base extends SiteTexts {
  readonly now: number;
}

/** One mutation of one subject: the documents after it, and where the rule must point in them. */
export interface Mutated {
  readonly subject: string;
  readonly base: Base;
  readonly place: SourceRef;
}

/** Every subject of the rule that a mutation can be applied to, those whose check passes first. */
export async function mutatedBy(mutation: Mutation<SiteObject>, rule: Rule, base: Base): Promise<readonly Mutated[]> {
  const site = await siteWith(base);
  const passing = new Set((await checksOf(base, [rule])).filter(({ verdict }) => verdict === "pass").map(subjectOf));
  const subjects: readonly SiteObject[] = subjectKinds[rule.subject].find(site).items;
  const found = subjects.flatMap((subject) => {
    const context = { site, now: base.now };
    const edits = mutation.edit(subject, context);
    const first = edits?.[0];
    if (edits === null || first === undefined) return [];
    const place = mutation.at?.(subject, context) ?? placeOf(first, subject);
    return [{ subject: `${subject.kind}:${subject.name}`, base: applied(edits, base, site), place }];
  });
  const isPassing = ({ subject }: Mutated) => passing.has(subject);
  return found.some(isPassing) ? found.filter(isPassing) : found;
}

/** All checks of the rules; no server answers. */
export async function checksOf(base: Base, rules: readonly Rule[]): Promise<readonly Check[]> {
  return checksOn(await siteWith(base), base.now, rules);
}

/** The same on a site that is there already, with the answers to live rules where there are any. */
export async function checksOn(
  site: Site,
  now: number,
  rules: readonly Rule[],
  responder: Responder = () => Promise.reject(new Error("no server is queried")),
): Promise<readonly Check[]> {
  const enabled = rules.map((rule) => ({ rule, severity: null, options: defaultOptions(rule), skip: null }));
  const evidence = new Evidence();
  return [...reportChecks(await evaluate(plan(enabled, site), { site, now, responder, evidence }), evidence).checks];
}

export function subjectOf({ subject }: Pick<Check, "subject">): string {
  return `${subject.kind}:${subject.name}`;
}

/** Lines of findings that do not lie inside the value that the rule must point to. */
export async function findingsElsewhere(
  checks: readonly Check[],
  { base, place }: Mutated,
): Promise<readonly string[]> {
  const { kind, path } = place.document;
  const text = kind === "inventory" ? base.inventories[0] : base.deployment;
  const wanted = (await documentOf(kind, text ?? "", path)).locate(place.path);
  return checks.flatMap(({ findings }) =>
    findings.flatMap(({ location }) => {
      const isInside =
        isTextLocation(location) &&
        isTextLocation(wanted) &&
        location.path === wanted.path &&
        location.line >= wanted.line &&
        location.line <= wanted.end_line;
      return isInside ? [] : [JSON.stringify({ location, wanted })];
    }),
  );
}

function placeOf(edit: Edit, subject: SiteObject): SourceRef {
  return "sourceRef" in edit ? edit.sourceRef : subject.sourceRefOf("tls_certificate");
}

function applied(edits: readonly Edit[], base: Base, site: Site): Base {
  const [deployment = "", ...inventories] = [base.deployment, ...base.inventories].map((text, index) => {
    const document = index === 0 ? site.deployment.sourceRef.document : site.files[index]?.document;
    const own = edits.flatMap((edit) => ("sourceRef" in edit && edit.sourceRef.document === document ? [edit] : []));
    if (own.length === 0) return text;
    const changed = parseDocument(text, { merge: true });
    for (const { sourceRef, value } of own) {
      spellOut(changed, sourceRef);
      if (value === undefined) changed.deleteIn(sourceRef.path);
      else changed.setIn(sourceRef.path, changed.createNode(value));
    }
    const isJson = isMap(changed.contents) && text.trimStart().startsWith("{");
    return isJson ? JSON.stringify(changed, null, 2) : changed.toString({ lineWidth: 0 });
  });
  const certificates = edits.flatMap((edit) => ("certificate" in edit ? [edit.certificate] : []));
  const files = { ...base.files, ...Object.fromEntries(certificates.map((file) => [file.path, file])) };
  return { ...base, deployment, inventories, files };
}

/** Expands aliases and merge keys on the path to a value, and adds missing parts. */
function spellOut(text: Document, { document, path }: SourceRef): void {
  for (let depth = 1; depth < path.length; depth++) {
    const outer = path.slice(0, depth);
    if (isCollection(text.getIn(outer, true))) continue;
    const value = outer.reduce<unknown>(
      (holder, step) => (holder as Record<string, unknown> | undefined)?.[step],
      document.value,
    );
    text.setIn(outer, text.createNode(value ?? (typeof path[depth] === "number" ? [] : {})));
  }
}
