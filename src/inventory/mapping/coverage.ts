/** Inventory lists whose objects can have coverage reasons. */
export type ListName =
  | "clusters"
  | "hosts"
  | "distributed_switches"
  | "distributed_port_groups"
  | "datastores"
  | "resource_pools"
  | "virtual_machines";

/**
 * Collects the reasons for unknown values, for the `coverage` of an inventory. A reason shared by most objects of a
 * list is recorded once for the list; others are recorded per object.
 */
export class Coverage {
  readonly #single = new Map<string, string>();
  readonly #fields = new Map<string, Map<string, string>>();
  readonly #objects = new Map<string, string>();
  readonly #unreadable = new Map<ListName, Map<string, string>>();
  readonly #incomplete = new Map<string, string>();

  /** A list or key of the whole inventory: `permissions`. */
  whole(key: string, reason: string): void {
    this.#single.set(key, reason);
  }

  /** A list that may have more entries, or the VMs of a host (`hosts[esxi01].virtual_machines`). */
  incomplete(key: string, reason: string): void {
    this.#incomplete.set(key, reason);
  }

  /** The lists that may have more entries, in the form of an inventory; undefined if all are complete. */
  get incompleteLists(): Record<string, string> | undefined {
    return this.#incomplete.size === 0 ? undefined : Object.fromEntries(this.#incomplete);
  }

  /** A field of one object, such as `ntp.servers`. */
  field(list: ListName, name: string, field: string, reason: string): void {
    const key = `${list}.${field}`;
    let reasons = this.#fields.get(key);
    if (reasons === undefined) this.#fields.set(key, (reasons = new Map<string, string>()));
    reasons.set(name, reason);
  }

  /** A field of one object, for a reason that applies to no other object. */
  fieldOf(list: ListName, name: string, field: string, reason: string): void {
    this.#single.set(`${list}[${name}].${field}`, reason);
  }

  /** All fields of one object. */
  object(list: ListName, name: string, reason: string): void {
    this.#objects.set(`${list}[${name}]`, reason);
    let reasons = this.#unreadable.get(list);
    if (reasons === undefined) this.#unreadable.set(list, (reasons = new Map<string, string>()));
    reasons.set(name, reason);
  }

  /** In the form of an inventory; undefined if nothing is missing. */
  toRecord(): Record<string, string> | undefined {
    const record = new Map([...this.#single, ...this.#objects]);
    for (const [key, reasons] of this.#fields) {
      const [list = "", ...field] = key.split(".");
      const shared = mostFrequent([...reasons.values()]);
      record.set(key, shared);
      // A reason for the list's field would be found before that for the whole object.
      const others = [...(this.#unreadable.get(list as ListName) ?? []), ...reasons];
      for (const [name, reason] of others) {
        if (reason !== shared) record.set(`${list}[${name}].${field.join(".")}`, reason);
      }
    }
    return record.size === 0 ? undefined : Object.fromEntries([...record].sort(([a], [b]) => (a < b ? -1 : 1)));
  }
}

function mostFrequent(texts: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text, (counts.get(text) ?? 0) + 1);
  const [first = ""] = [...counts].sort(([, a], [, b]) => b - a).map(([text]) => text);
  return first;
}
