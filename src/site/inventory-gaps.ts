import { canonicalName } from "../values/host-name.ts";
import type { Path } from "../values/location.ts";
import type { Document } from "./document.ts";
import type { Inventory } from "./inventory.generated.ts";
import type { Missing, Place } from "./missing.ts";
import type { Described } from "./site-object.ts";

/** Said once for everything that an inventory would tell. */
export const NO_INVENTORY: Missing = { what: "no inventory given; add --inventory FILE", place: null };

/** Puts the gaps of inventory objects into words: no inventory, object not in it, field not in it (and why). */
export class InventoryGaps {
  constructor(private readonly inventories: readonly Document<Inventory>[]) {}

  /** A value that no description of an object gives; `list` is the object's list in the format, `path` leads to it. */
  field(list: string, object: Described, path: Path): Missing {
    const description = object.descriptions[0];
    if (description === undefined) return this.object(object.kind, object.name, object.place);
    const steps = path.filter((step) => typeof step === "string");
    const reason = this.#coverage(list, recordName(description.record) ?? object.name, steps);
    return {
      what: `${[list, ...steps].join(".")} is not in the inventory${reason}`,
      place: { document: description.place.document, path: [...description.place.path, ...path] },
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

function recordName(record: Readonly<Record<string, unknown>>): string | undefined {
  const name = record["name"];
  return typeof name === "string" ? name : undefined;
}
