import type { Readable } from "node:stream";
import { contradiction } from "../../engine/gate/contradiction.ts";
import { projectContradiction } from "../../engine/gate/project-gate.ts";
import type { ProjectReport } from "../../schema/project/project-report.generated.ts";
import type { RunReport } from "../../schema/report.generated.ts";
import type { Location, Path } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import { Budget } from "../source/budget.ts";
import { isFields, pathOf, valueAt } from "../source/plain-data.ts";
import { parseJson } from "../syntax/json.ts";
import { hasLongLine, overlongText } from "../source/overlong-text.ts";
import { displayPath, readSource } from "../source/read-source.ts";
import { NO_INPUTS, onlyErrors, type Read } from "../source/run-inputs.ts";
import type { SchemaError } from "../validation/validator.ts";

const WRITE_AGAIN = "Write it again: preflight DEPLOYMENT --format json=FILE.";

const WRITE_FEWER = "Write fewer checks to it, with --only.";

/** Longest text that is searched for the location of a fault, in UTF-16 units. */
const LONGEST_SCANNED = 20_000_000;

/** The report of one site; its name where the file has those of several. */
export interface SiteReport {
  readonly name: string | null;
  readonly report: RunReport;
}

/**
 * Reads the reports that a file has: that of a run, or those of the sites of a project, of which `names` chooses. No name is
 * all of them. `whole` is the report over sites that the file is.
 */
export async function readSiteReports(
  given: string,
  context: ReportContext & { readonly names: readonly string[] },
): Promise<Read<readonly SiteReport[]> & { readonly whole: ProjectReport | null }> {
  const { value, inputs } = await readAnyReport(given, context);
  if (value === null) return { value: [], inputs, whole: null };
  const path = displayPath(given, context.cwd);
  const failed = (error: PreflightError) => ({ value: [], inputs: onlyErrors([error]), whole: null });
  const { names } = context;
  if (value.schema_version === 1) return { value: [{ name: null, report: value }], inputs, whole: null };
  const missing = names.find((name) => !value.sites.some((site) => site.name === name));
  if (missing !== undefined) {
    const known = value.sites.map((site) => quoted(site.name)).slice(0, MOST_NAMED);
    const hint = `sites of the report: ${known.join(", ")}${value.sites.length > MOST_NAMED ? " …" : ""}`;
    return failed(new PreflightError("usage", `${path} has no site ${quoted(missing)}.`, null, hint));
  }
  const chosen = value.sites.filter(({ name }) => names.length === 0 || names.includes(name));
  return { value: chosen.map(({ name, report }) => ({ name, report })), inputs, whole: value };
}

/** Reads the report of one run, or of one site of a project. */
export async function readReport(
  given: string,
  context: ReportContext & { readonly names?: readonly string[] },
): Promise<Read<RunReport | null>> {
  const { value, inputs } = await readSiteReports(given, { ...context, names: context.names ?? [] });
  const [first, ...others] = value;
  if (first === undefined) return { value: null, inputs };
  if (first.name === null && (context.names ?? []).length > 0) {
    const one = `${displayPath(given, context.cwd)} is the report of one run, without sites.`;
    return { value: null, inputs: onlyErrors([new PreflightError("usage", one, null, "omit --site")]) };
  }
  if (others.length === 0) return { value: first.report, inputs };
  const message = `${displayPath(given, context.cwd)} has the reports of ${value.length} sites; only one can be read here.`;
  const hint =
    context.names === undefined
      ? "Write the report of one site: name its deployment file."
      : `Choose one with --site, such as --site ${first.name ?? "NAME"}.`;
  return { value: null, inputs: onlyErrors([new PreflightError("several-reports", message, null, hint)]) };
}

/** Number of sites that are listed if none of them is selected. */
const MOST_NAMED = 10;

interface ReportContext {
  readonly cwd: string;
  readonly stdin?: Readable | undefined;
}

/**
 * Reads what `--format json` wrote, for one run or for several sites. Such a file is not written by hand, so only the
 * first error is reported, with its source location where it has one. The file may be from an untrusted source: what is
 * returned follows the schema and does not contradict itself.
 */
export async function readAnyReport(
  given: string,
  context: ReportContext,
): Promise<Read<RunReport | ProjectReport | null>> {
  const path = displayPath(given, context.cwd);
  const read = await readSource(given, { ...context, displayName: path, hint: WRITE_FEWER });
  const failed = (...errors: readonly PreflightError[]) => ({ value: null, inputs: onlyErrors(errors) });
  if (read.text === null) return failed(...read.errors);
  const text = read.text.replace(/^\uFEFF/, "");
  if (!/^[ \t\r\n]*\{/.test(text)) return failed(notAReport(path));
  let value: unknown;
  try {
    new Budget().spendValues(text, "json", path, WRITE_FEWER);
  } catch (error) {
    if (error instanceof PreflightError) return failed(error);
    throw error;
  }
  try {
    value = JSON.parse(text);
  } catch {
    return failed(...syntaxErrors(text, path).slice(0, 1).map(truncated));
  }
  const tooLong = hasLongLine(text) ? overlongText(value, (at) => locationOf(text, path, at)) : null;
  if (tooLong !== null) return failed(tooLong);
  const { isReport, isProjectReport } = await import("../validation/report-validator.generated.ts");
  if (isFields(value) && value["schema_version"] === 2 && isProjectReport(value)) {
    const project = value as unknown as ProjectReport;
    const reports: RunReport[] = [];
    for (const [index, site] of project.sites.entries()) {
      if (!isReport(site.report)) return failed(faultError(isReport.errors?.[0], ["sites", index, "report"]));
      const wrong = contradiction(site.report);
      if (wrong !== null) return failed(contradictory(path, `in site ${quoted(site.name)} ${wrong}`));
      reports.push(withoutPages(site.report));
    }
    const wrong = projectContradiction(project);
    if (wrong !== null) return failed(contradictory(path, wrong));
    const sites = project.sites.map((site, index) => ({ ...site, report: reports[index] ?? site.report }));
    return { value: { ...project, sites }, inputs: NO_INPUTS };
  }
  if (isReport(value)) {
    const report = value as RunReport;
    const wrong = contradiction(report);
    return wrong === null ? { value: withoutPages(report), inputs: NO_INPUTS } : failed(contradictory(path, wrong));
  }
  if (!isFields(value) || !isFields(value["tool"]) || value["tool"]["name"] !== "infinity-preflight") {
    return failed(notAReport(path));
  }
  if (value["schema_version"] === 2) return failed(faultError(isProjectReport.errors?.[0], []));
  if (value["schema_version"] !== 1) return failed(otherVersion(path, value));
  return failed(faultError(isReport.errors?.[0], []));

  /** Where a value breaks the schema, as a sentence. */
  function faultError(fault: SchemaError | undefined, outer: Path): PreflightError {
    const inner = pathOf(fault?.instancePath ?? "", valueAt(value, outer));
    const place = [...outer, ...inner];
    const key = fault?.params.missingProperty ?? fault?.params.additionalProperty;
    const what = [...place, ...(key === undefined ? [] : [key])].map(String).join(".");
    const problem = fault?.params.missingProperty !== undefined ? "is missing" : "is invalid";
    const message = `This is not a report written by preflight: ${quoted(what)} ${problem}.`;
    return new PreflightError("not-a-report", message, locationOf(text, path, place), WRITE_AGAIN);
  }
}

function contradictory(path: string, wrong: string): PreflightError {
  return new PreflightError("not-a-report", `${path} contradicts itself: ${wrong}.`, null, WRITE_AGAIN);
}

/** Rule pages are Markdown, which formats include unescaped; those of a saved report are untrusted. */
function withoutPages(report: RunReport): RunReport {
  const rules = report.rules.map((rule) => {
    const { docs, ...facts } = rule;
    return docs === undefined ? rule : facts;
  });
  return { ...report, rules };
}

/** The fault with its location, unless the search for that would take long. */
function syntaxErrors(text: string, path: string): readonly PreflightError[] {
  if (text.length <= LONGEST_SCANNED) return parseJson(text, path).errors;
  return [new PreflightError("json-syntax", `${path} is incomplete: it is not valid JSON.`)];
}

function locationOf(text: string, path: string, place: Path): Location | null {
  return text.length <= LONGEST_SCANNED ? (parseJson(text, path).source?.locate(place) ?? null) : null;
}

function notAReport(path: string): PreflightError {
  const hint = "Use a file written by preflight DEPLOYMENT --format json=FILE.";
  return new PreflightError("not-a-report", `${path} is not a report of infinity-preflight.`, null, hint);
}

function otherVersion(path: string, report: Readonly<Record<string, unknown>>): PreflightError {
  const { schema_version: version, tool } = report;
  const found = typeof version === "number" ? `schema_version ${version}` : "no schema_version";
  const writer = isFields(tool) && typeof tool["version"] === "string" ? `, written by ${quoted(tool["version"])}` : "";
  const message = `${path} has ${found}${writer}; this version of preflight reads schema_version 1 and 2.`;
  return new PreflightError("other-report-version", message, null, `Use the version that wrote it. ${WRITE_AGAIN}`);
}

function truncated({ code, message, location }: PreflightError): PreflightError {
  return new PreflightError(code, message, location, `The file may be truncated. ${WRITE_AGAIN}`);
}
