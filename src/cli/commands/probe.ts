import type { EvidenceFile } from "../../schema/evidence.generated.ts";
import type { NotAskedReason } from "../../engine/api/question.ts";
import { jsonText } from "../../report/text/json-text.ts";
import { counted, listed, thousands } from "../../report/text/wording.ts";
import { probe, type ProbeResult } from "../../run/probe.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { Arguments } from "../arguments/commands.ts";
import { inputFiles, probeLimits, runOptions } from "../arguments/run-options.ts";
import { outputFile, outputOption, refuseOverwriting } from "../output/destinations.ts";
import { printErrors, printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { progressLine } from "../output/progress-line.ts";
import { writeReport } from "../output/write-report.ts";

/** `preflight probe`: asks what a check would ask, and writes down what is answered. */
export async function probeCommand(options: Arguments<"probe">, context: CliContext): Promise<ExitCode> {
  const run = await runOptions(options, context);
  const file = outputFile(options.output, context.cwd, inputFiles(options, context));
  const progress = progressLine(context.stderr, context.env);
  const result = await probe({
    ...run,
    probe: probeLimits(options),
    signal: context.signal,
    interruptible: context.interruptible,
    onFiles: refuseOverwriting([outputOption(file)], context.cwd),
    onProgress: progress.show,
  }).finally(progress.clear);
  const { evidence, inputs } = result;
  if (evidence === null) {
    await printInputErrors(inputs, context, options);
    return 2;
  }
  await context.interruptible(async () => {
    if (file === null) await context.stdout.writeDocument(evidenceText(evidence));
    else writeReport(file, context.cwd, evidenceText(evidence), "file");
  });
  await context.stderr.write([`${summary(evidence)}${file === null ? "" : `; written to ${file}`}\n`]);
  const lacks = lacksOf(result);
  if (lacks.length === 0) return 0;
  await printErrors(lacks, inputs.texts, context, options);
  return 2;
}

function* evidenceText(evidence: EvidenceFile): Generator<string> {
  yield* jsonText(evidence, 2);
  yield "\n";
}

/** `asked 58 questions from "jump-oslo": 55 answered, 3 without an answer` */
function summary({ from, answers }: EvidenceFile): string {
  const count = (wanted: string) => answers.filter(({ answer }) => answer.status === wanted).length;
  const [answered, silent] = [count("answered"), count("no-answer")];
  const detail =
    silent === 0 ? "all answered" : `${thousands(answered)} answered, ${thousands(silent)} without an answer`;
  const spared = answers.filter(({ answer }) => answer.reason === "server-silent").length;
  const rest = spared === 0 ? "" : `; ${thousands(spared)} more not, as their DNS server gave no sign of life`;
  return `asked ${counted(answered + silent, "question")} from ${quoted(from)}${answered + silent === 0 ? "" : `: ${detail}`}${rest}`;
}

const WHY: Readonly<Partial<Record<NotAskedReason, string>>> = {
  aborted: "because the run was interrupted",
  deadline: "because the time was over (--deadline)",
  "own-network-error": "because this machine's own network failed or has no way there",
};

/** What keeps the recording from being whole. */
function lacksOf({ evidence, unasked, crashed }: ProbeResult): readonly PreflightError[] {
  const errors = crashed.map((rule) => {
    const message = `Rule ${rule} broke, so not everything was asked that it needs.`;
    return new PreflightError("crashed-rule", message, null, "this is a bug; preflight check shows more of it");
  });
  const count = [...unasked.values()].reduce((sum, one) => sum + one, 0);
  if (count > 0) {
    const reasons = [...unasked].map(([reason, times]) => `${thousands(times)} ${WHY[reason] ?? `(${reason})`}`);
    const verb = count === 1 ? "was" : "were";
    const message = `${counted(count, "question")} ${verb} not asked: ${listed(reasons)}.`;
    errors.push(
      new PreflightError("not-all-asked", message, null, "what was asked is recorded; record the rest again"),
    );
  } else if (evidence?.answers.length === 0 && errors.length === 0) {
    const message = "No question could be asked, so nothing is recorded.";
    errors.push(
      new PreflightError("nothing-asked", message, null, "preflight plan shows what keeps the rules from asking"),
    );
  }
  return errors;
}
