import type { CheckWaiver } from "../../schema/report.generated.ts";
import { phrase, sentence, escapeForTerminal } from "../text/wording.ts";

/** The terms of a waiver: `Waived until 2027-01-31 by vc-operations (CHG-1042): the lab has no more space.` */
export function waivedText(waiver: CheckWaiver | null): string {
  if (waiver === null) return "Waived.";
  const { expires, owner, ticket, reason } = waiver;
  const by = owner === null ? "" : ` by ${owner}`;
  const agreed = ticket === null ? "" : ` (${ticket})`;
  return sentence(escapeForTerminal(`Waived until ${expires}${by}${agreed}: ${phrase(reason)}`));
}
