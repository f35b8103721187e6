import { createHash } from "node:crypto";
import { takesPart } from "../../engine/comparison/cross-site.ts";
import type { CrossSite, CrossSiteFinding } from "../../schema/project/project-report.generated.ts";
import type { RunReport, Severity } from "../../schema/report.generated.ts";
import { groupBy } from "../../site/core/names.ts";
import { shortList } from "../../values/text/counted.ts";
import type { Identity, NodeIdentities, SiteIdentities } from "./identities.ts";

/** A site that was checked. */
export interface CheckedSite {
  readonly name: string;
  readonly report: RunReport;
  /** Null if its files have errors. */
  readonly identities: SiteIdentities | null;
}

type Kind = CrossSiteFinding["kind"];

/** In the order of the report, each with the rule that requires uniqueness within one site. */
const KINDS = [
  ["fqdn", "node/unique-hostname"],
  ["hostname", "node/unique-hostname"],
  ["mac", "vm/mac-address"],
  ["address", "network/unique-address"],
] as const satisfies readonly (readonly [Kind, string])[];

const WORDS = {
  fqdn: "FQDN",
  hostname: "Hostname",
  mac: "MAC address",
  address: "Address",
} as const satisfies Readonly<Record<Kind, string>>;

const SCOPES = {
  fqdn: "FQDNs must be unique in a project",
  hostname: "hostnames must be unique within one Pexip platform",
  mac: "MAC addresses must be unique in a project",
  address: "addresses must be unique within one Pexip platform",
} as const satisfies Readonly<Record<Kind, string>>;

/** A value of a node, and the severity of a collision according to its site. */
interface Entry {
  readonly site: string;
  readonly platform: string;
  readonly node: NodeIdentities;
  readonly identity: Identity;
  readonly severity: Severity;
}

/**
 * Compares sites with each other: FQDNs and MAC addresses across all of them, hostnames and addresses across those of
 * one Pexip platform, that is, one Management Node. Values of a site are omitted if the rule is off or skipped for it;
 * duplicates within one site are found by its own checks.
 */
export function crossSite(sites: readonly CheckedSite[]): CrossSite {
  const all: CrossSiteFinding[] = [];
  const compared = KINDS.map(([kind, rule]) => {
    const entries = sites.flatMap((site) => entriesOf(site, kind, rule));
    all.push(...[...groupBy(entries, keyOf).values()].flatMap((group) => findingOf(group, kind, rule) ?? []));
    return { kind, values: entries.length };
  });
  const left_out = sites.flatMap(({ name, identities }) => (identities === null ? name : []));
  // A copied site is one finding per node, not one for each of its values.
  const findings = [...groupBy(all, nodesKey).values()].map(joined);
  return { compared, left_out, findings };
}

/** The first of several findings on the same nodes, which includes the values of the others. */
function joined([first, ...others]: readonly CrossSiteFinding[]): CrossSiteFinding {
  if (first === undefined) throw new Error("A group of findings is empty.");
  if (others.length === 0) return first;
  const values = others.map(
    ({ kind, value }) => `${WORDS[kind].replace(/^H/, "h").replace(/^A/, "a")} ${writtenValue(kind, value)}`,
  );
  const severity = worst([first, ...others]);
  return { ...first, severity, message: `${first.message} These nodes also share ${shortList(values)}.` };
}

function entriesOf({ name, report, identities }: CheckedSite, kind: Kind, rule: string): readonly Entry[] {
  const enabled = report.rules.find(({ id }) => id === rule);
  if (identities === null || enabled === undefined || !takesPart(report, rule)) return [];
  // A site without a Management Node shares its platform with no other.
  const platform = identities.platform ?? `\u0000${name}`;
  return identities.nodes.flatMap((node) =>
    node.identities.flatMap((identity) =>
      identity.kind === kind ? [{ site: name, platform, node, identity, severity: enabled.severity }] : [],
    ),
  );
}

function keyOf({ platform, identity: { kind, value } }: Entry): string {
  return kind === "fqdn" || kind === "mac" ? value : `${platform}\n${value}`;
}

function findingOf(group: readonly Entry[], kind: Kind, rule: string): CrossSiteFinding | null {
  const distinct = withoutSharedManagementNode(group);
  const [first] = distinct;
  if (first === undefined || distinct.every(({ site }) => site === first.site)) return null;
  const nodes = distinct.map(({ site, node, identity }) => ({ site, node: node.node, location: identity.location }));
  const used = distinct.map(({ site, node }) => `node ${node.node} of site ${site}`);
  const others = used.slice(0, -1).join(", ");
  const identity = [kind, first.identity.value, ...nodes.map(({ site, node }) => `${site}\n${node}`).sort()];
  return {
    ...{ kind, rule, severity: worst(distinct), value: first.identity.value },
    message: `${WORDS[kind]} ${writtenValue(kind, first.identity.value)} is used by ${others} and ${used.at(-1) ?? ""}; ${SCOPES[kind]}.`,
    nodes,
    fingerprint: createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32),
  };
}

/**
 * The Management Node of a platform is in every deployment of it, and is one node: it counts once. With another address
 * it is another node, whose name is used twice.
 */
function withoutSharedManagementNode(group: readonly Entry[]): readonly Entry[] {
  const management = group.find(({ node }) => node.isManagementNode);
  if (management === undefined) return group;
  return group.filter((entry) => entry === management || !isSameNode(entry, management));
}

function isSameNode(entry: Entry, management: Entry): boolean {
  if (!entry.node.isManagementNode || entry.platform !== management.platform) return false;
  const [own, other] = [entry, management].map(({ node }) => valuesOf(node, "address"));
  const isUnknown = own === undefined || other === undefined || own.length === 0 || other.length === 0;
  return isUnknown || own.some((address) => other.includes(address));
}

function valuesOf({ identities }: NodeIdentities, kind: Kind): readonly string[] {
  return identities.flatMap((identity) => (identity.kind === kind ? identity.value : []));
}

function nodesKey({ nodes }: CrossSiteFinding): string {
  return JSON.stringify(nodes.map(({ site, node }) => [site, node]));
}

function worst(entries: readonly { readonly severity: Severity }[]): Severity {
  const severities = new Set(entries.map(({ severity }) => severity));
  return severities.has("error") ? "error" : severities.has("warn") ? "warn" : "info";
}

/** A MAC address with colons, in vSphere's notation. */
function writtenValue(kind: Kind, value: string): string {
  return kind === "mac" ? (value.match(/../g) ?? []).join(":") : value;
}
