import type { Document } from "../../site/core/document.ts";
import { canonicalName } from "../../values/network/host-name.ts";
import type { Path } from "../../values/location.ts";
import type { Analysis } from "./session.ts";

/** A name that a value may have, and the location of the object with this name. */
export interface NamedObject {
  readonly name: string;
  readonly kind: string;
  readonly document: Document;
  readonly path: Path;
}

type Lists = readonly (readonly [
  document: "deployment" | "inventory",
  path: readonly (string | null)[],
  kind: string,
])[];

const LOCATIONS: Lists = [["deployment", ["system_locations", null], "system location"]];
const HOSTS: Lists = [["inventory", ["hosts", null], "ESXi host"]];
const NETWORKS: Lists = [
  ["inventory", ["distributed_port_groups", null], "distributed port group"],
  ["inventory", ["hosts", null, "port_groups", null], "port group"],
];

/** The objects to which the value of a key refers; null in a path matches every item of a list. */
const NAMED_BY: Readonly<Record<string, Lists>> = {
  system_location: LOCATIONS,
  transcoding_location: LOCATIONS,
  overflow_location1: LOCATIONS,
  overflow_location2: LOCATIONS,
  locations: LOCATIONS,
  host: HOSTS,
  only_hosts: HOSTS,
  cluster: [["inventory", ["clusters", null], "cluster"]],
  datastore: [["inventory", ["datastores", null], "datastore"]],
  network: NETWORKS,
  secondary_network: NETWORKS,
};

/** Every object to which a value of this key may refer, each name once. */
export function namesFor(key: string, { documents }: Analysis): readonly NamedObject[] {
  const found = new Map<string, NamedObject>();
  for (const [kind, steps, label] of Object.hasOwn(NAMED_BY, key) ? (NAMED_BY[key] ?? []) : []) {
    for (const document of documents.filter((each) => each.kind === kind)) {
      for (const path of pathsIn(document.value, steps)) {
        const name = valueIn(document.value, [...path, "name"]);
        if (typeof name === "string" && !found.has(canonicalName(name))) {
          found.set(canonicalName(name), { name, kind: label, document, path: [...path, "name"] });
        }
      }
    }
  }
  return [...found.values()];
}

/** The object to which a value of this key refers; null if no document has it. */
export function objectNamed(key: string, name: string, analysis: Analysis): NamedObject | null {
  return namesFor(key, analysis).find((object) => canonicalName(object.name) === canonicalName(name)) ?? null;
}

/** The value at a path of plain data; undefined if there is none. */
export function valueIn(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (inner, step) => (isObject(inner) && Object.hasOwn(inner, step) ? inner[step] : undefined),
    value,
  );
}

function pathsIn(value: unknown, [step, ...rest]: readonly (string | null)[]): Path[] {
  if (step === undefined) return [[]];
  if (step !== null) return pathsIn(valueIn(value, [step]), rest).map((path) => [step, ...path]);
  if (!Array.isArray(value)) return [];
  return value.flatMap((item, index) => pathsIn(item, rest).map((path) => [index, ...path]));
}

function isObject(value: unknown): value is Readonly<Record<string | number, unknown>> {
  return typeof value === "object" && value !== null;
}
