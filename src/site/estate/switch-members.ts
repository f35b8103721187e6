import type { DistributedSwitch, Host } from "./estate-objects.ts";
import type { Estate } from "./estate.ts";
import { type PartialList, union } from "../core/partial-list.ts";

/** The hosts that take part in a distributed switch; a gap when it does not list them, or not by name. */
export function membersOf(distributedSwitch: DistributedSwitch, estate: Estate): PartialList<Host> {
  const members = distributedSwitch.entries("hosts");
  if (!members.known) return { items: [], missing: members.missing };
  const datacenter = distributedSwitch.read("datacenter");
  const scope = datacenter.known ? datacenter.value : undefined;
  return union(
    members.value.map((member) => {
      const name = member.read("name");
      if (!name.known) return { items: [], missing: name.missing };
      const host = estate.host(name.value, scope, member.sourceRefOf("name"));
      return host.known ? { items: [host.value], missing: [] } : { items: [], missing: host.missing };
    }),
  );
}
