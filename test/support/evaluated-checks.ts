import type { Outcome } from "../../src/engine/evaluation/evaluate-check.ts";
import type { EvaluatedPlan } from "../../src/engine/evaluation/evaluate.ts";
import type { PlannedCheck } from "../../src/engine/evaluation/plan.ts";

/** A check of a plan with what came of it. */
export interface EvaluatedCheck {
  readonly planned: PlannedCheck;
  readonly outcome: Outcome | null;
  readonly questions: readonly string[];
}

/** The checks of an evaluated plan, one by one. */
export function evaluatedChecks({ plan, outcomes, questions }: EvaluatedPlan): readonly EvaluatedCheck[] {
  return [...plan].map((planned, position) => ({
    planned,
    outcome: outcomes[position] ?? null,
    questions: questions.get(position) ?? [],
  }));
}
