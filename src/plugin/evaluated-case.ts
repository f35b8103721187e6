import { reportChecks } from "../engine/evaluation/report-checks.ts";
import { type EvaluatedPlan, evaluate } from "../engine/evaluation/evaluate.ts";
import { type Responder, Evidence } from "../engine/evaluation/evidence.ts";
import { defaultOptions, plan } from "../engine/evaluation/plan.ts";
import type { Rule } from "../engine/api/rule.ts";
import type { Check } from "../schema/report.generated.ts";
import type { CertificateFile } from "../site/deployment/certificate.ts";
import { siteWith } from "./case-site.ts";
import { withoutMarkers } from "./markers.ts";
import { type Script, scripted } from "./scripted-answers.ts";

/** The input of a case: the text of documents, and the answers of servers. */
export interface CaseInput {
  readonly deployment: string;
  /** None, one or several inventories. */
  readonly inventory?: string | readonly string[];
  /** A config file, for what it states besides the settings of rules. */
  readonly config?: string;
  /** Certificate files by their paths as the deployment writes them; a path that is not here has no file. */
  readonly files?: Readonly<Record<string, string | Uint8Array | CertificateFile>>;
  /** What servers answer. */
  readonly answers?: Script;
  /** Values of the rule's options that differ from the defaults. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** RFC 3339; the time of evaluation. */
  readonly now?: string;
}

const NOON = "2026-11-22T12:00:00Z";

/** The checks of one rule, and the result that the rule returned for each of them. */
export interface EvaluatedCase {
  readonly checks: readonly Check[];
  readonly outcomes: EvaluatedPlan["outcomes"];
}

/**
 * Evaluates documents with one rule only. Throws with all errors in the documents.
 *
 * @param responder answers instead of the case's script
 */
export async function evaluatedCase(
  rule: Rule,
  given: CaseInput,
  responder: Responder = scripted(given.answers ?? {}),
): Promise<EvaluatedCase> {
  const inventories = given.inventory === undefined ? [] : [given.inventory].flat();
  const { files, config } = given;
  const site = await siteWith({
    deployment: withoutMarkers(given.deployment),
    inventories: inventories.map(withoutMarkers),
    ...(config !== undefined && { config: withoutMarkers(config) }),
    ...(files && { files }),
    systemTime: Date.parse(given.now ?? NOON),
  });
  const evidence = new Evidence();
  const options = { ...defaultOptions(rule), ...given.options };
  const planned = plan([{ rule, severity: null, options, skip: null }], site);
  const evaluated = await evaluate(planned, { site, now: Date.parse(given.now ?? NOON), responder, evidence });
  return { checks: [...reportChecks(evaluated, evidence).checks], outcomes: evaluated.outcomes };
}

/** The checks of one rule only; see `evaluatedCase`. */
export async function checksOf(rule: Rule, given: CaseInput, responder?: Responder): Promise<readonly Check[]> {
  return (await evaluatedCase(rule, given, responder)).checks;
}
