import { rules } from "../../../rules/index.generated.ts";
import type { Document } from "../../site/core/document.ts";
import type { SourceRef } from "../../site/core/missing.ts";
import type { Node } from "../../site/deployment/deployment-objects.ts";
import type { SiteObject } from "../../site/core/site-object.ts";
import { type Path, positionText } from "../../values/location.ts";
import type { Check } from "../../schema/report.generated.ts";
import type { Analysis } from "./session.ts";

type AnyObject = SiteObject<Record<string, unknown>>;

/** The requirement of a rule and its source: Markdown. */
export function ruleText(id: string, { report }: Analysis): string | null {
  const rule = report.rules.find((each) => each.id === id) ?? rules.find((each) => each.id === id);
  if (rule === undefined) return null;
  const { title, severity, source, remediation } = rule;
  return [
    `**${id}** (${severity}): ${plain(title)}.`,
    `Source: ${plain(source.document)}, “${plain(source.section)}” (${source.wording}).`,
    plain(remediation),
  ].join("\n\n");
}

/** The failed checks at a value, with their rules. */
export function failuresText(
  failed: readonly { readonly check: Check; readonly message: string }[],
  analysis: Analysis,
): string {
  return failed
    .map(({ check, message }) => `${plain(message)}\n\n${ruleText(check.rule, analysis) ?? check.rule}`)
    .join("\n\n---\n\n");
}

/** Number of rules listed that read a value; more are counted. */
const MOST_READERS = 5;

/** The rules that read a value, with their requirement, its source and their verdict; null if there are none. */
export function readersText(checks: readonly Check[], { report }: Analysis): string | null {
  const byRule = new Map(checks.toReversed().map((check) => [check.rule, check] as const));
  const lines = [...byRule.values()].reverse().flatMap(({ rule: id, verdict }) => {
    const rule = report.rules.find((each) => each.id === id);
    if (rule === undefined) return [];
    const { title, source } = rule;
    const where = `${plain(source.document)}, “${plain(source.section)}”`;
    return [`- **${id}** (${verdict.replaceAll("-", " ")}): ${plain(title)}. ${where}`];
  });
  if (lines.length === 0) return null;
  const left = lines.length - MOST_READERS;
  return ["Rules that read it:", "", ...lines.slice(0, MOST_READERS), ...(left > 0 ? [`- and ${left} more`] : [])].join(
    "\n",
  );
}

/** The effective value at a path of the deployment, and its source; null if the path does not exist. */
export function effectiveText(path: Path, analysis: Analysis): string | null {
  const { site } = analysis;
  const owner = ownerOf(path, analysis);
  const key = path.at(-1);
  if (owner === null) {
    const document = analysis.documents.find(({ kind }) => kind === "deployment");
    return document === undefined ? null : writtenText(path, document);
  }
  if (key === "name" && owner.field === "name") {
    const node = site.nodes.find((each) => each.sourceRef.path === owner.object.sourceRef.path);
    return node === undefined ? null : nodeText(node, analysis);
  }
  return line(owner.object, owner.field);
}

/** The node, location or planned VM that contains a path, and the field. */
function ownerOf(path: Path, { site }: Analysis): { readonly object: AnyObject; readonly field: string } | null {
  const objects = [...site.nodes.flatMap((node) => [node.plan, node]), ...site.locations, site.platform];
  for (const object of objects) {
    const own = object.sourceRef.path;
    const field = path[own.length];
    if (typeof field === "string" && own.every((step, index) => step === path[index])) {
      return { object: anyFields(object), field };
    }
  }
  return null;
}

/** The object with arbitrary field names, as a key in an editor may be any text. */
function anyFields(object: SiteObject): AnyObject {
  return object as unknown as AnyObject;
}

/** The effective values of a node, including those from its location, the deployment and defaults. */
function nodeText(node: Node, { site, report }: Analysis): string {
  const fields = ["fqdn", "system_location", "node_type", "deployment_type", "enable_ssh"] as const;
  const own = fields.map((field) => line(anyFields(node), field)).filter((text) => text !== null);
  const lists = (["dns", "ntp"] as const).flatMap((protocol) => site.serverLists(protocol).items);
  const used = lists.filter((list) => site.relations.nodesUsing(list).items.includes(node));
  const servers = used.map(
    (list) =>
      `- ${list.protocol}_servers: ${list.written.map(plain).join(", ") || "none"} (${originOf(list.sourceRef)})`,
  );
  const checks = report.checks.filter(({ subject }) => subject.kind === node.kind && subject.name === node.name);
  return [
    `**${plain(node.name)}**`,
    [...own.map((text) => `- ${text}`), ...servers].join("\n"),
    checksText(checks),
  ].join("\n\n");
}

/** `Checks of this node: 46 passed, 1 failed (vm/thick-disk), 2 skipped` */
function checksText(checks: readonly Check[]): string {
  const verdicts = new Map<string, string[]>();
  for (const { verdict, rule } of checks) verdicts.set(verdict, [...(verdicts.get(verdict) ?? []), rule]);
  const counts = Object.entries(VERDICTS).flatMap(([verdict, words]) => {
    const rules = verdicts.get(verdict) ?? [];
    if (rules.length === 0) return [];
    const isNamed = verdict === "fail" || verdict === "inconclusive" || verdict === "crashed";
    return [`${rules.length} ${words}${isNamed ? ` (${rules.slice(0, MOST_READERS).join(", ")})` : ""}`];
  });
  return `Checks of this node: ${counts.join(", ") || "none"}`;
}

const VERDICTS: Readonly<Record<Check["verdict"], string>> = {
  ...{ crashed: "failed with an internal error", fail: "failed", inconclusive: "inconclusive", waived: "waived" },
  ...{ pass: "passed", "not-applicable": "not applicable", skipped: "skipped" },
};

function line(object: AnyObject, field: string): string | null {
  const value = object.read(field);
  if (!value.known) return null;
  const shown = (Array.isArray(value.value) ? (value.value as readonly unknown[]) : [value.value]).flatMap(scalarText);
  if (shown.length === 0) return null;
  const from = object.isGiven(field)
    ? originOf(object.sourceRefOf(field))
    : field === "fqdn"
      ? "hostname and domain"
      : "default";
  return `${field}: ${plain(shown.join(", "))} (${from})`;
}

function scalarText(value: unknown): readonly string[] {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? [String(value)] : [];
}

function writtenText(path: Path, document: Document): string | null {
  const key = path.findLast((step) => typeof step === "string");
  return key === undefined ? null : `${key} (${originOf({ document, path })})`;
}

function originOf({ document, path }: SourceRef): string {
  const location = document.locate(path);
  return plain(location === null ? document.path : positionText(location));
}

/** Text from files is data and must not act as markup. */
function plain(text: string): string {
  return text.replace(/[\\`*_{}[\]()#+!|<>~]/g, "\\$&").replace(/[\p{Cc}\p{Cf}]/gu, " ");
}
