import type { EvidenceFile } from "../../schema/evidence.generated.ts";
import { jsonText } from "../../report/text/json-text.ts";
import { counted, thousands } from "../../report/text/wording.ts";
import { probe, type ProbeResult } from "../../run/probe.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { Arguments } from "../arguments/commands.ts";
import { inputFiles, probeLimits, runOptions } from "../arguments/run-options.ts";
import { outputFile, outputOption, refuseOverwriting } from "../output/destinations.ts";
import { printErrors, printInputErrors } from "../output/print-errors.ts";
import type { ExitCode, CliContext } from "../cli-context.ts";
import { progressLine } from "../output/progress-line.ts";
import { argumentsOfSites, onlySite } from "../project/site-arguments.ts";
import { writeReport } from "../output/write-report.ts";

/** `preflight probe`: sends the queries of a check, and records the answers. */
export async function probeCommand(given: Arguments<"probe">, context: CliContext): Promise<ExitCode> {
  const { cwd } = context;
  const { sites, inputs: ofProject } = await argumentsOfSites(given, cwd);
  const options = onlySite(sites, { deployment: given.deployment, cwd, why: "evidence is recorded for one" });
  if (options === null) {
    await printInputErrors(ofProject, context, given);
    return 2;
  }
  const run = await runOptions(options, context);
  const file = outputFile(options.output, cwd, [...inputFiles(options, context), ...ofProject.reserved]);
  const progress = progressLine(context.stderr, context.env);
  const result = await probe({
    ...run,
    probe: probeLimits(options),
    allowProbe: options["allow-probe"],
    signal: context.signal,
    interruptible: context.interruptible,
    onFiles: refuseOverwriting([outputOption(file)], cwd),
    onProgress: progress.show,
  }).finally(progress.clear);
  const { evidence, inputs } = result;
  if (evidence === null) {
    await printInputErrors(inputs, context, options);
    return 2;
  }
  await context.interruptible(async () => {
    if (file === null) await context.stdout.writeDocument(evidenceText(evidence));
    else writeReport(file, cwd, evidenceText(evidence), "file");
  });
  await context.stderr.write([`${summary(evidence, result.unasked)}${file === null ? "" : `; written to ${file}`}\n`]);
  const lacks = lacksOf(result);
  if (lacks.length === 0) return 0;
  await printErrors(lacks, inputs.texts, context, options);
  return 2;
}

function* evidenceText(evidence: EvidenceFile): Generator<string> {
  yield* jsonText(evidence, 2);
  yield "\n";
}

/** `sent 58 queries from "jump-oslo": 55 answered, 3 without an answer; 12 not sent` */
function summary({ from, answers }: EvidenceFile, unasked: ProbeResult["unasked"]): string {
  const count = (wanted: string) => answers.filter(({ answer }) => answer.status === wanted).length;
  const [answered, silent] = [count("answered"), count("no-answer")];
  const spared = answers.filter(({ answer }) => answer.reason === "server-silent").length;
  const cut = sum(unasked);
  const isWhole = silent + spared + cut === 0;
  const detail = isWhole ? "all answered" : `${thousands(answered)} answered, ${thousands(silent)} without an answer`;
  const rest = [
    ...(spared === 0 ? [] : [`; ${thousands(spared)} not sent because their DNS server did not respond`]),
    ...(cut === 0 ? [] : [`; ${thousands(cut)} not sent`]),
  ].join("");
  return `sent ${counted(answered + silent, "query")} from ${quoted(from)}${answered + silent === 0 ? "" : `: ${detail}`}${rest}`;
}

function sum(counts: ReadonlyMap<string, number>): number {
  return [...counts.values()].reduce((total, count) => total + count, 0);
}

/** Number of servers listed individually. */
const MOST_LINES = 20;

/** Reasons why the recording is incomplete. */
function lacksOf({ evidence, unasked, crashed }: ProbeResult): readonly PreflightError[] {
  const errors = crashed.map((rule) => {
    const message = `Rule ${rule} failed with an internal error, so some of its queries were not sent.`;
    return new PreflightError("crashed-rule", message, null, "this is a bug; preflight check shows details");
  });
  if (unasked.size > 0) {
    const lines = [...unasked].map(([why, times]) => `${why} (${counted(times, "query")} not sent).`);
    const more = lines.length - MOST_LINES;
    const shown = [
      ...lines.slice(0, MOST_LINES),
      ...(more > 0 ? [`The same for ${counted(more, "more server")}.`] : []),
    ];
    const last = "the answers are recorded; record the others again";
    errors.push(
      ...shown.map(
        (message, index) => new PreflightError("not-all-sent", message, null, index === shown.length - 1 ? last : null),
      ),
    );
  } else if (evidence?.answers.length === 0 && errors.length === 0) {
    const message = "No query could be sent, so nothing is recorded.";
    errors.push(new PreflightError("nothing-sent", message, null, "preflight plan shows the reasons"));
  }
  return errors;
}
