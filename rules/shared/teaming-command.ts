import { type Command, command } from "../../src/engine/api/command.ts";

/** A port group as it is found: a standard one by its host and name, a distributed one by its name. */
export interface NamedPortGroup {
  readonly kind: "standard" | "distributed";
  readonly host: string;
  readonly name: string;
}

/**
 * Lets a port group balance by originating virtual port.
 *
 * @param from the policy that it has: only IP hash needs the physical switch to be changed as well
 */
export function originatingPortCommand(
  { kind, host, name: group }: NamedPortGroup,
  from: "ip-hash" | "other",
): Command {
  if (kind === "standard") {
    const id = from === "ip-hash" ? "host/standard-teaming-from-ip-hash" : "host/standard-teaming";
    return command(id, { host, group });
  }
  const id = from === "ip-hash" ? "switch/distributed-teaming-from-ip-hash" : "switch/distributed-teaming";
  return command(id, { group });
}
