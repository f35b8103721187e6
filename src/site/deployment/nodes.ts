import { canonicalName } from "../../values/network/host-name.ts";
import type { Path } from "../../values/location.ts";
import { word } from "../../values/text/quoted.ts";
import type { CertificateFiles } from "./certificate-files.ts";
import type { DeploymentGaps } from "./deployment-gaps.ts";
import {
  type ConferencingNodeRecord,
  type ManagementNodeRecord,
  Node,
  type NodeFields,
  type Placement,
  SystemLocation,
} from "./deployment-objects.ts";
import type { VirtualMachine } from "../estate/estate-objects.ts";
import { recordOf } from "../core/description.ts";
import { positionsOf, type SourceRef } from "../core/missing.ts";
import { byName, uniqueNames } from "../core/names.ts";
import { primaryInterface, secondaryInterface } from "./node-interfaces.ts";
import { derivedTable, type Field, known, ownName, unknown } from "../core/site-object.ts";

interface Draft {
  readonly record: ManagementNodeRecord | ConferencingNodeRecord;
  readonly path: Path;
}

/** Product defaults of missing keys. */
const MANAGEMENT_DEFAULTS = { enable_ssh: "GLOBAL", mtu: 1500 } as const;
const CONFERENCING_DEFAULTS = {
  enable_ssh: "GLOBAL",
  node_type: "CONFERENCING",
  deployment_type: "MANUAL-PROVISION-ONLY",
  enable_distributed_database: true,
} as const;

/** The declared system locations. */
export function systemLocations(gaps: DeploymentGaps): readonly SystemLocation[] {
  const records = gaps.document.value.system_locations ?? [];
  const names = uniqueNames(records, ({ name }) => name);
  return records.map((record, index) => {
    const sourceRef = gaps.sourceRef(["system_locations", index]);
    return new SystemLocation({
      kind: "location",
      name: names.get(record) ?? record.name,
      descriptions: [{ record: recordOf(record), sourceRef }],
      sourceRef,
      missing: gaps.absentIn(sourceRef.path),
      defaults: { mtu: 1500 },
    });
  });
}

/** Links a node to the estate; called on first use, once per node. */
export interface NodeLinks {
  readonly machineOf: (node: Node) => Field<VirtualMachine | null>;
  readonly placementOf: (node: Node) => Placement;
}

/** Management and conferencing nodes in document order, linked to their VM and location. */
export function nodesOf(
  gaps: DeploymentGaps,
  locations: readonly SystemLocation[],
  certificates: CertificateFiles,
  { machineOf, placementOf }: NodeLinks,
): readonly Node[] {
  const drafts = inDocumentOrder(gaps);
  const names = uniqueNames(drafts, ({ record }) => record.name);
  const declared = locationsByName(locations);
  const derived = derivedTable<NodeFields>({
    virtualMachine: machineOf,
    fqdn: fqdnOf,
    certificate: (node: Node) => ofFile(node, (path, at) => certificates.file(path, at)),
    certificateChain: (node: Node) => ofFile(node, (path, at) => certificates.chain(path, at)),
    inLocation: (node: Node) => locationOf(node, declared),
    primaryInterface,
    secondaryInterface,
  });
  return drafts.map((draft) => {
    const sourceRef = gaps.sourceRef(draft.path);
    return new Node(
      {
        kind: "node",
        name: names.get(draft) ?? draft.record.name,
        descriptions: [{ record: withoutBlankName(draft.record), sourceRef }],
        sourceRef,
        missing: gaps.absentIn(draft.path),
        defaults: draft.path[0] === "management_node" ? MANAGEMENT_DEFAULTS : CONFERENCING_DEFAULTS,
        derived,
      },
      draft.path[0] === "management_node" ? "management" : "conferencing",
      placementOf,
    );
  });
}

/** Whichever of the two keys comes first in the file. */
function inDocumentOrder({ document }: DeploymentGaps): readonly Draft[] {
  const { management_node: management, conferencing_nodes: conferencing = [] } = document.value;
  const one: readonly Draft[] = management === undefined ? [] : [{ record: management, path: ["management_node"] }];
  const many = conferencing.map((record, index): Draft => ({ record, path: ["conferencing_nodes", index] }));
  const keys = Object.keys(document.value);
  return keys.indexOf("management_node") < keys.indexOf("conferencing_nodes") ? [...one, ...many] : [...many, ...one];
}

/** A blank SIP TLS FQDN counts as not set. */
function withoutBlankName(record: Draft["record"]): Readonly<Record<string, unknown>> {
  if (record.alternative_fqdn?.trim() !== "") return recordOf(record);
  return Object.fromEntries(Object.entries(record).filter(([key]) => key !== "alternative_fqdn"));
}

function fqdnOf(node: Node): Field<string> {
  const hostname = node.read("hostname");
  if (!hostname.known) return hostname;
  const domain = node.read("domain");
  return domain.known ? known(`${canonicalName(hostname.value)}.${canonicalName(domain.value)}`) : domain;
}

/** A value from the node's certificate file; a gap if it has none. */
function ofFile<T>(node: Node, find: (path: string, sourceRef: SourceRef) => Field<T>): Field<T> {
  const path = node.read("tls_certificate");
  return path.known ? find(path.value, node.sourceRefOf("tls_certificate")) : path;
}

/** The declared locations of each name; there is more than one only by error. */
export function locationsByName(locations: readonly SystemLocation[]): ReadonlyMap<string, readonly SystemLocation[]> {
  return byName(locations, ownName);
}

function locationOf(node: Node, locations: ReadonlyMap<string, readonly SystemLocation[]>): Field<SystemLocation> {
  const name = node.read("system_location");
  // node/location-exists fails there.
  if (!name.known) return unknown(...name.missing.map((gap) => ({ ...gap, isUnusable: true }) as const));
  const found = locations.get(canonicalName(name.value)) ?? [];
  const [location, second] = found;
  if (location !== undefined && second === undefined) return known(location);
  const fault =
    location === undefined
      ? "is not declared in system_locations"
      : `is declared several times: ${positionsOf(found.map(({ sourceRef }) => sourceRef))}`;
  const what = `system location ${word(name.value)} ${fault}`;
  return unknown({ what, sourceRef: node.sourceRefOf("system_location"), isUnusable: true });
}
