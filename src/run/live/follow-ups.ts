import { evaluate } from "../../engine/evaluation/evaluate.ts";
import { type Responder, Evidence } from "../../engine/evaluation/evidence.ts";
import { Plan } from "../../engine/evaluation/plan.ts";
import type { Answer, Question } from "../../engine/api/question.ts";
import type { Prober } from "../../probe/prober.ts";
import type { Site } from "../../site/site.ts";
import { canonicalIp } from "../../values/network/ip-address.ts";
import { imagine } from "./connections.ts";

interface Context {
  readonly site: Site;
  readonly plan: Plan;
  readonly now: number;
}

/**
 * Queries servers, and starts the follow-up queries for a name as soon as the first DNS server has answered: the checks
 * themselves wait for all of its servers, one of which may not answer.
 */
export async function withFollowUps(prober: Prober, context: Context): Promise<Responder> {
  const byName = await followUps(context);
  return (questions, answered) =>
    prober.query(questions, (index, answer) => {
      answered?.(index, answer);
      const question = questions[index];
      if (question === undefined) return;
      const next = addressesIn(answer).flatMap((address) =>
        (byName.get(nameOf(question)) ?? []).map((template) => ({ ...template, address })),
      );
      // A bug in a probe is reported by the query of the check that needs the answer.
      if (next.length > 0) prober.query(next).catch(() => undefined);
    });
}

type AddressQuestion = Exclude<Question, { readonly kind: "dns" }>;

/** The queries to the addresses of each name. */
async function followUps({ site, plan, now }: Context): Promise<ReadonlyMap<string, readonly AddressQuestion[]>> {
  const evidence = new Evidence();
  const live = new Plan(plan.groups.filter(({ enabled }) => enabled.rule.live === true));
  await evaluate(live, { site, now, responder: imagine, evidence });
  const byName = new Map<string, AddressQuestion[]>();
  for (const { question } of evidence.records) {
    if (question.kind === "dns" || canonicalIp(question.address) !== null) continue;
    const others = byName.get(question.address);
    if (others === undefined) byName.set(question.address, [question]);
    else others.push(question);
  }
  return byName;
}

function nameOf(question: Question): string {
  return question.kind === "dns" ? question.name : "";
}

function addressesIn(answer: Answer): readonly string[] {
  if (answer.kind !== "dns") return [];
  return answer.records.flatMap((record) => (record.type === "A" || record.type === "AAAA" ? [record.address] : []));
}
