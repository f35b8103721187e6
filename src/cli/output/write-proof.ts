import type { ProofView } from "../../report/proof/proof-view.ts";
import { jsonText } from "../../report/text/json-text.ts";
import type { OptionValues } from "../arguments/options.ts";
import type { CliContext } from "../cli-context.ts";
import { useColor } from "./color.ts";
import type { Destination, FormatChoice } from "./destinations.ts";
import { writeReport } from "./write-report.ts";

type ProofFormat = "stylish" | "json";

export const PROOF_FORMATS: FormatChoice<ProofFormat> = { names: ["stylish", "json"], fallback: "stylish" };

/** Writes a proof to every requested destination: as text, or as JSON. */
export async function writeProof<Proof>(
  proof: Proof,
  text: (proof: Proof, view: ProofView) => Iterable<string>,
  outputs: readonly Destination<ProofFormat>[],
  { color, isBrief }: OptionValues<"color"> & Pick<ProofView, "isBrief">,
  { cwd, env, stdout }: CliContext,
): Promise<void> {
  for (const { format, file } of outputs) {
    const view = {
      color: file === null && useColor(color, env, stdout.isTerminal),
      width: file === null ? stdout.width : 80,
      isBrief,
    };
    const pieces = format === "json" ? [...jsonText(proof, 2), "\n"] : text(proof, view);
    if (file !== null) writeReport(file, cwd, pieces);
    else await stdout[format === "json" ? "writeDocument" : "write"](pieces);
  }
}
