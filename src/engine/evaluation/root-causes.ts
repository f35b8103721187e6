import type { Sequence } from "../../values/sequence.ts";
import { checksWith, withNotable } from "./check-table.ts";
import type { Check, CheckReference, Severity } from "../../schema/report.generated.ts";

const NONE: readonly never[] = [];
const RANK: Readonly<Record<Severity, number>> = { error: 0, warn: 1, info: 2 };

/** A failed check as a vertex: for each of its findings the failed checks that caused it. */
interface Failure {
  readonly check: Check;
  /** Indices into the list of failures, by finding. */
  causes: readonly (readonly number[])[];
}

/**
 * The checks with their root causes. A finding is caused by the failed checks that its `caused_by` names, as far as
 * they count in this run: a waived check causes nothing, nor does one of lower severity, nor one that depends on this
 * check in turn. A check is a consequence when every one of its findings has a cause; its root causes are the failed
 * checks at the end of those chains. Its verdict and severity stay: it counts for the gate like any other.
 */
export function withRootCauses(checks: Sequence<Check>): Sequence<Check> {
  const failed = checksWith(checks, "fail", "waived");
  if (!failed.some(({ findings }) => findings.some(({ caused_by }) => caused_by.length > 0))) return checks;
  const failures = failuresOf(failed);
  const component = components(failures.map(({ causes }) => [...new Set(causes.flat())]));
  for (const [index, failure] of failures.entries()) {
    const acyclic = failure.causes.map((causes) => causes.filter((cause) => component[cause] !== component[index]));
    failure.causes = acyclic.some((causes) => causes.length === 0) ? NONE : acyclic;
  }
  const roots = rootsOf(failures);
  const indexOf = new Map(failures.map(({ check }, index) => [check, index]));
  return withNotable(checks, (check) => {
    const index = indexOf.get(check);
    if (index === undefined) return check.findings.length === 0 ? check : { ...check, findings: unlinked(check) };
    const causes = failures[index]?.causes ?? NONE;
    return {
      ...check,
      findings: check.findings.map((finding, position) => ({
        ...finding,
        caused_by: (causes[position] ?? NONE).flatMap((cause) => referenceOf(failures[cause])),
      })),
      root_causes: causes.length === 0 ? NONE : (roots[index] ?? NONE).flatMap((root) => referenceOf(failures[root])),
    };
  });
}

function unlinked({ findings }: Check): Check["findings"] {
  return findings.map((finding) => (finding.caused_by.length === 0 ? finding : { ...finding, caused_by: NONE }));
}

function failuresOf(checks: readonly Check[]): Failure[] {
  const failed = checks.filter(({ verdict }) => verdict === "fail");
  const byReference = new Map(failed.map((check, index) => [keyOf(check), index]));
  return failed.map((check, own) => {
    const causes = check.findings.map(({ caused_by }) =>
      caused_by.flatMap((reference) => {
        const cause = byReference.get(keyOf(reference));
        const found = cause === undefined ? undefined : failed[cause];
        if (cause === undefined || found === undefined || cause === own) return [];
        return RANK[found.severity] <= RANK[check.severity] ? [cause] : [];
      }),
    );
    // A check with a finding of its own is a root, whatever its other findings depend on.
    return { check, causes: causes.some((found) => found.length === 0) ? NONE : causes };
  });
}

/** The number of the strongly connected component of each vertex (Tarjan, without recursion: chains may be long). */
function components(edges: readonly (readonly number[])[]): readonly number[] {
  const component = new Array<number>(edges.length).fill(-1);
  const order = new Array<number>(edges.length).fill(-1);
  const low = new Array<number>(edges.length).fill(0);
  const open: number[] = [];
  let visited = 0;
  let count = 0;
  for (const start of edges.keys()) {
    if (order[start] !== -1) continue;
    const path: { readonly vertex: number; next: number }[] = [{ vertex: start, next: 0 }];
    while (path.length > 0) {
      const top = path[path.length - 1];
      if (top === undefined) break;
      const { vertex } = top;
      if (top.next === 0) {
        order[vertex] = low[vertex] = visited++;
        open.push(vertex);
      }
      const target = edges[vertex]?.[top.next++];
      if (target !== undefined) {
        if (order[target] === -1) path.push({ vertex: target, next: 0 });
        else if (component[target] === -1) low[vertex] = Math.min(low[vertex] ?? 0, order[target] ?? 0);
        continue;
      }
      path.pop();
      const parent = path[path.length - 1]?.vertex;
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[vertex] ?? 0);
      if (low[vertex] !== order[vertex]) continue;
      for (let member = open.pop(); member !== undefined; member = member === vertex ? undefined : open.pop()) {
        component[member] = count;
      }
      count++;
    }
  }
  return component;
}

/** For each failure, its root causes in the order of the run; there are no cycles. */
function rootsOf(failures: readonly Failure[]): readonly (readonly number[])[] {
  const roots = new Array<readonly number[] | undefined>(failures.length).fill(undefined);
  for (const start of failures.keys()) {
    const pending = [start];
    for (let vertex = pending[pending.length - 1]; vertex !== undefined; vertex = pending[pending.length - 1]) {
      const causes = [...new Set(failures[vertex]?.causes.flat())];
      const unknown = causes.filter((cause) => roots[cause] === undefined);
      if (unknown.length > 0) pending.push(...unknown);
      else {
        roots[vertex] ??= causes.length === 0 ? [vertex] : distinctSorted(causes.map((cause) => roots[cause] ?? NONE));
        pending.pop();
      }
    }
  }
  return roots.map((found) => found ?? NONE);
}

function distinctSorted(lists: readonly (readonly number[])[]): readonly number[] {
  return lists.length === 1 ? (lists[0] ?? NONE) : [...new Set(lists.flat())].sort((a, b) => a - b);
}

function referenceOf(failure: Failure | undefined): readonly CheckReference[] {
  return failure === undefined ? NONE : [{ rule: failure.check.rule, subject: failure.check.subject }];
}

function keyOf({ rule, subject }: CheckReference): string {
  return `${rule}\n${subject.kind}:${subject.name}`;
}
