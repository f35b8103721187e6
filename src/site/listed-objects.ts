import { canonicalName } from "../values/host-name.ts";
import type { Document } from "./document.ts";
import type { Inventory } from "./inventory.generated.ts";
import type { Place } from "./missing.ts";
import { uniqueNames } from "./names.ts";
import type { Description } from "./site-object.ts";

/** An object of an inventory list, with every description of it. */
export interface ListedObject {
  /** Unique name for subject ids. */
  readonly name: string;
  /** The plain name, by which other objects refer to it. */
  readonly ownName?: string;
  readonly descriptions: readonly Description[];
  readonly place: Place;
}

type ListName =
  "hosts" | "clusters" | "datastores" | "virtual_machines" | "distributed_switches" | "distributed_port_groups";

interface Listed {
  readonly name: string;
  readonly datacenter?: string;
  readonly uuid?: string;
}

interface Draft {
  readonly record: Listed;
  readonly descriptions: Description[];
  readonly documents: Set<Document>;
}

/**
 * The objects of one list over all inventories. Objects of different files merge by vCenter, datacenter and name
 * (virtual machines by `uuid` when both have one); an absent qualifier matches where that leaves one candidate. Equal
 * names inside one file stay distinct objects.
 */
export function listObjects(inventories: readonly Document<Inventory>[], list: ListName): readonly ListedObject[] {
  const drafts: Draft[] = [];
  const byKey = new Map<string, Draft[]>();
  for (const document of inventories) {
    const records: readonly Listed[] = document.value[list] ?? [];
    for (const [index, record] of records.entries()) {
      const description: Description = { record: { ...record }, place: { document, path: [list, index] } };
      const key = canonicalName(record.name);
      const group = byKey.get(key) ?? [];
      byKey.set(key, group);
      const matches = group.filter((draft) => !draft.documents.has(document) && sameObject(draft, record, document));
      const [match] = matches;
      if (match !== undefined && matches.length === 1) {
        match.descriptions.push(description);
        match.documents.add(document);
      } else {
        const draft: Draft = { record, descriptions: [description], documents: new Set([document]) };
        drafts.push(draft);
        group.push(draft);
      }
    }
  }
  const names = uniqueNames(
    drafts,
    ({ record }) => record.name,
    ({ record }) => record.datacenter,
  );
  return drafts.map((draft) => {
    const place: Place = draft.descriptions[0]?.place ?? { document: first(inventories), path: [list] };
    return {
      name: names.get(draft) ?? draft.record.name,
      ownName: draft.record.name,
      descriptions: draft.descriptions,
      place,
    };
  });
}

function sameObject(draft: Draft, record: Listed, document: Document<Inventory>): boolean {
  if (draft.record.uuid !== undefined && record.uuid !== undefined) {
    return draft.record.uuid.toLowerCase() === record.uuid.toLowerCase();
  }
  const agree = (a: string | undefined, b: string | undefined) =>
    a === undefined || b === undefined || canonicalName(a) === canonicalName(b);
  const vcenters = [...draft.documents].map((other) => (other as Document<Inventory>).value.vcenter?.address);
  return (
    agree(draft.record.datacenter, record.datacenter) &&
    vcenters.every((address) => agree(address, document.value.vcenter?.address))
  );
}

function first(inventories: readonly Document<Inventory>[]): Document {
  const [document] = inventories;
  if (document === undefined) throw new Error("a listed object belongs to an inventory");
  return document;
}
