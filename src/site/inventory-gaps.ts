import { canonicalName } from "../values/host-name.ts";
import type { PathSegment } from "../values/location.ts";
import type { Document } from "./document.ts";
import type { Inventory } from "./inventory.generated.ts";
import type { Missing, Place } from "./missing.ts";
import { type Described, SiteObject } from "./site-object.ts";

/** Said once for everything that an inventory would tell. */
export const NO_INVENTORY: Missing = { what: "no inventory given; add --inventory FILE", place: null };

/** Puts the gaps of inventory objects into words: no inventory, object not in it, field not in it (and why). */
export class InventoryGaps {
  constructor(private readonly inventories: readonly Document<Inventory>[]) {}

  /**
   * A field that no description of `object` gives. `label` is the field's list in the format (`hosts.cpu`);
   * `owner` is the listed object that a part such as `cpu` belongs to.
   */
  field(label: string, owner: Described, part: readonly PathSegment[], field: string): Missing {
    const description = owner.descriptions[0];
    if (description === undefined) return this.object(owner.kind, owner.name, owner.place);
    const list = label.split(".")[0] ?? label;
    const reason = this.#coverage(
      list,
      recordName(description.record) ?? owner.name,
      [...part, field].filter((step) => typeof step === "string"),
    );
    return {
      what: `${label}.${field} is not in the inventory${reason}`,
      place: { document: description.place.document, path: [...description.place.path, ...part, field] },
    };
  }

  /** An object that something names and no inventory describes. */
  object(kind: string, name: string, namedAt: Place): Missing {
    if (this.inventories.length === 0) return NO_INVENTORY;
    return { what: `${kind.replaceAll("-", " ")} ${name} is not in the inventory`, place: namedAt };
  }

  /** A list that no inventory has at all. */
  list(name: keyof Inventory): Missing {
    const first = this.inventories[0];
    if (first === undefined) return NO_INVENTORY;
    return {
      what: `the list ${name} is not in the inventory${this.#coverage(name, "", [])}`,
      place: { document: first, path: [name] },
    };
  }

  /** The inventory's own word for why it lacks a field, in brackets with a leading blank; else nothing. */
  #coverage(list: string, name: string, path: readonly string[]): string {
    for (const { value } of this.inventories) {
      const reasons = Object.entries(value.coverage ?? {});
      for (let depth = path.length; depth >= 0; depth--) {
        const rest = path
          .slice(0, depth)
          .map((step) => `.${step}`)
          .join("");
        const wanted = [canonicalName(`${list}[${name}]${rest}`), canonicalName(`${list}${rest}`)];
        const match = reasons.find(([key]) => wanted.includes(canonicalName(key)));
        if (match !== undefined) return ` (${match[1]})`;
      }
    }
    return "";
  }
}

/** A nested record of an object (`hosts.cpu`) as an object of its own, under its owner's name. */
export function part<F>(owner: Described, label: string, path: readonly string[], gaps: InventoryGaps): SiteObject<F> {
  const descriptions = owner.descriptions.flatMap(({ record, place }) => {
    const inner = path.reduce<unknown>((value, step) => (isRecord(value) ? value[step] : undefined), record);
    return isRecord(inner)
      ? [{ record: inner, place: { document: place.document, path: [...place.path, ...path] } }]
      : [];
  });
  return new SiteObject<F>({
    kind: owner.kind,
    name: owner.name,
    descriptions,
    place: owner.place,
    missing: (_, field) => gaps.field([label, ...path].join("."), owner, path, field),
  });
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function recordName(record: Readonly<Record<string, unknown>>): string | undefined {
  const name = record["name"];
  return typeof name === "string" ? name : undefined;
}
