import { canonicalName } from "../../values/network/host-name.ts";
import { NearNames } from "../../values/text/suggest.ts";
import { oncePer } from "../core/once.ts";
import type { Path } from "../../values/location.ts";
import type { Document } from "../core/document.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import { type Missing, positionKey, type SourceRef } from "../core/missing.ts";
import type { Described } from "../core/description.ts";
import { ownName } from "../core/site-object.ts";

/** The reason of the RVTools importer for fields that no version of RVTools exports. */
export const NOT_EXPORTED_BY_RVTOOLS = "RVTools does not export it";

/** Where the reasons of the govc importer begin for values that another command prints. */
export const GOVC_OUTPUT = "the govc output";

/** The reason of importers for the clocks of hosts, for which no property of the vSphere API is collected. */
export const NO_TIME_PROPERTY = "hosts have no time property; govc host.date.info prints the time";

/** Reported once for all values of an inventory. */
export const NO_INVENTORY: Missing = { what: "no inventory given; add --inventory FILE", sourceRef: null };

/** The value to write, if the key does not show it. */
const FIXES: Readonly<Record<string, string>> = {
  "hosts.cluster": "write cluster: null for a host without a cluster",
};

/** The fix if the inventory contains no reason. */
const FIXES_WITHOUT_REASON: Readonly<Record<string, string>> = {
  "hosts.clock_offset_ms": "preflight inventory pull reads the host's time; or set clock_offset_ms",
};

/** The list of objects of a kind, by the kinds in sentences. */
const LISTS: Readonly<
  Record<
    string,
    readonly (
      "hosts" | "clusters" | "datastores" | "resource_pools" | "distributed_switches" | "distributed_port_groups"
    )[]
  >
> = {
  host: ["hosts"],
  cluster: ["clusters"],
  datastore: ["datastores"],
  "resource pool": ["resource_pools"],
  "distributed-switch": ["distributed_switches"],
  network: ["distributed_port_groups"],
};

/** Words gaps of inventory objects: no inventory, object not in it, field not in it (with the reason). */
export class InventoryGaps {
  /** The reasons of each inventory by object or list, with names in canonical form. */
  readonly #coverage: ReadonlyMap<Document, ReadonlyMap<string, string>>;
  readonly #incomplete = new Map<Document, ReadonlyMap<string, readonly Missing[]>>();

  /** The names that the inventories list, by kind. */
  readonly #namesOf = oncePer((kind: string) => {
    const lists = Object.hasOwn(LISTS, kind) ? (LISTS[kind] ?? []) : [];
    const objects = this.inventories.flatMap(({ value }) => [
      ...lists.flatMap((list) => (value[list] ?? []) as readonly { readonly name: string }[]),
      ...(kind === "network" ? (value.hosts ?? []).flatMap((host) => host.port_groups ?? []) : []),
    ]);
    return new NearNames(objects.map(({ name }) => name));
  });

  /** @param contradictory why values are missing that another value contradicts, by `positionKey` */
  constructor(
    private readonly inventories: readonly Document<Inventory>[],
    private readonly contradictory: ReadonlyMap<string, Missing> = new Map(),
  ) {
    this.#coverage = new Map(
      inventories.map((document) => [
        document,
        new Map(Object.entries(document.value.coverage ?? {}).map(([key, reason]) => [coverageKey(key), reason])),
      ]),
    );
  }

  /** A value that no description of an object gives; `list` is the object's list in the format, `path` leads to it. */
  field(list: string, object: Described, path: Path): Missing {
    const [key = ""] = path;
    const owner = object.descriptions.find(({ record }) => record[key] !== undefined) ?? object.descriptions[0];
    if (owner === undefined) return this.object(object.kind, object.name, object.sourceRef);
    if (this.contradictory.size > 0) {
      const positions = object.descriptions.map(({ sourceRef: { document, path: base } }) => {
        return { document, path: [...base, ...path] };
      });
      const found = positions.map((position) => this.contradictory.get(positionKey(position)));
      const contradictory = found.find((gap) => gap !== undefined);
      if (contradictory !== undefined) return contradictory;
    }
    const steps = path.filter((step) => typeof step === "string");
    const documents = object.descriptions.map(({ sourceRef }) => sourceRef.document);
    const field = [list, ...steps].join(".");
    const reason = this.#reason(documents, list, ownName(object), steps);
    const fixes = reason === "" ? { ...FIXES, ...FIXES_WITHOUT_REASON } : FIXES;
    const fix = Object.hasOwn(fixes, field) ? `; ${fixes[field] ?? ""}` : "";
    return {
      what: `${field} is not in the inventory${reason}${fix}`,
      sourceRef: { document: owner.sourceRef.document, path: [...owner.sourceRef.path, ...path] },
    };
  }

  /** Whether every description of an object comes from a source that can never have the field. */
  isNeverExported(list: string, { descriptions }: Described, field: string): boolean {
    const isRvtools = ({ value }: Document) => (value as Inventory).source?.kind === "rvtools";
    return (
      descriptions.length > 0 &&
      descriptions.every(({ sourceRef: { document } }) => {
        const reason = this.#coverage.get(document)?.get(coverageKey(`${list}.${field}`));
        return isRvtools(document) && reason === NOT_EXPORTED_BY_RVTOOLS;
      })
    );
  }

  /** An object that something names and no inventory describes. */
  object(kind: string, name: string, namedAt: SourceRef): Missing {
    if (this.inventories.length === 0) return NO_INVENTORY;
    const near = this.nearest(kind, name);
    const hint = near === null ? "" : `; did you mean ${near}?`;
    return { what: `${kind.replaceAll("-", " ")} ${name} is not in the inventory${hint}`, sourceRef: namedAt };
  }

  /** The object of a kind that was probably meant by a name that no inventory has; null when there is none like it. */
  nearest(kind: string, name: string): string | null {
    const near = this.#namesOf(kind).nearest(name);
    return near !== null && canonicalName(near) === canonicalName(name) ? null : near;
  }

  /** Why a list that an inventory has may have more entries; null when it is complete. `key` is as in `incomplete`. */
  incomplete(key: string, document: Document): Missing | null {
    const [found] = this.#incompleteIn(document).get(coverageKey(key)) ?? [];
    return found ?? null;
  }

  /** The same for the VMs of any host, without the hosts of which the inventory shows all. */
  incompleteMachines(document: Document): readonly Missing[] {
    const all = [...this.#incompleteIn(document)];
    return all.flatMap(([key, missing]) => (/^virtual_machines$|\]\.virtual_machines$/.test(key) ? missing : []));
  }

  #incompleteIn(document: Document): ReadonlyMap<string, readonly Missing[]> {
    let found = this.#incomplete.get(document);
    if (found === undefined) {
      const { value } = document as Document<Inventory>;
      const { incomplete = {}, coverage = {} } = value;
      // A list that is there, and that its source does not provide: there may be more than what is listed.
      const partial = Object.entries(coverage).filter(([key]) => Array.isArray(value[key as keyof Inventory]));
      const given = [
        ...partial.map(([key, reason]) => ["coverage", key, reason] as const),
        ...Object.entries(incomplete).map(([key, reason]) => ["incomplete", key, reason] as const),
      ];
      found = new Map(
        given.map(([from, key, reason]) => {
          const host = /^hosts\[(.*)\]\.virtual_machines$/.exec(key)?.[1];
          const what =
            host === undefined
              ? `the list ${key} is incomplete (${reason})`
              : `the VMs of host ${host} are not all in the inventory (${reason})`;
          return [coverageKey(key), [{ what, sourceRef: { document, path: [from, key] } }]];
        }),
      );
      this.#incomplete.set(document, found);
    }
    return found;
  }

  /** A list that an inventory does not have at all; by default the first one. */
  list(name: keyof Inventory, document: Document | undefined = this.inventories[0]): Missing {
    if (document === undefined) return NO_INVENTORY;
    return {
      what: `the list ${name} is not in the inventory${this.#reason([document], name, "", [])}`,
      sourceRef: { document, path: [name] },
    };
  }

  /**
   * The inventory's own reason for a missing field, in brackets with a leading blank; otherwise nothing. The reason for
   * one object precedes that for all, and that for the field precedes that for its parent.
   */
  #reason(documents: readonly Document[], list: string, name: string, path: readonly string[]): string {
    for (const document of documents) {
      const reasons = this.#coverage.get(document);
      if (reasons === undefined || reasons.size === 0) continue;
      for (let depth = path.length; depth >= 0; depth--) {
        const rest = path
          .slice(0, depth)
          .map((step) => `.${step}`)
          .join("");
        const reason =
          reasons.get(coverageKey(`${list}[${name}]${rest}`)) ?? reasons.get(coverageKey(`${list}${rest}`));
        if (reason !== undefined) return ` (${reason}${fixOf(document, reason)})`;
      }
    }
    return "";
  }
}

/** The command that provides values that a source cannot contain, or that were not requested. */
function fixOf({ value }: Document, reason: string): string {
  const kind = (value as Inventory).source?.kind;
  if (kind === "rvtools" && reason === NOT_EXPORTED_BY_RVTOOLS) return "; preflight inventory pull supplies it";
  const isNotRequested = kind === "govc" && (reason.startsWith(`${GOVC_OUTPUT} `) || reason === NO_TIME_PROPERTY);
  return isNotRequested ? "; preflight inventory import --help shows the govc command" : "";
}

function coverageKey(key: string): string {
  return canonicalName(key).replace(".]", "]");
}
