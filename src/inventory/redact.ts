import { createHash } from "node:crypto";
import type { Inventory } from "../schema/inventory.generated.ts";
import { canonicalName } from "../values/network/host-name.ts";

/**
 * The inventory with pseudonyms for the hosts and virtual machines that are not in a deployment: for a colleague or a
 * ticket. The same name always gets the same pseudonym, in every list and reason, so that verdicts do not change.
 *
 * @param deployment the values of the deployment file: every name in it is kept
 */
export function redacted(inventory: Inventory, deployment: unknown): Inventory {
  const kept = namesIn(deployment);
  const pseudonyms = new Map<string, string>();
  const note = (name: string | undefined, kind: string) => {
    if (name === undefined || kept.has(canonicalName(name)) || AGENT.test(name)) return;
    pseudonyms.set(canonicalName(name), `${kind}-${digest(name)}`);
  };
  for (const { name } of inventory.virtual_machines ?? []) note(name, "vm");
  for (const { name } of inventory.hosts ?? []) note(name, "host");
  // Hosts to which other objects refer, and that are not listed.
  for (const { host } of inventory.virtual_machines ?? []) note(host, "host");
  for (const { hosts } of inventory.datastores ?? []) for (const host of hosts ?? []) note(host, "host");
  for (const { hosts } of inventory.distributed_switches ?? []) for (const { name } of hosts ?? []) note(name, "host");
  const shown = <T extends string | undefined>(name: T): T | string =>
    name === undefined ? name : (pseudonyms.get(canonicalName(name)) ?? name);
  const inTexts = textReplacer(inventory, pseudonyms);
  const { hosts, virtual_machines: machines, distributed_switches: switches, datastores, permissions } = inventory;
  return {
    ...inventory,
    ...(inventory.coverage !== undefined && { coverage: inTexts(inventory.coverage) }),
    ...(inventory.incomplete !== undefined && { incomplete: inTexts(inventory.incomplete) }),
    ...(hosts !== undefined && {
      hosts: hosts.map((host) => ({
        ...host,
        name: shown(host.name),
        ...(host.autostart?.virtual_machines !== undefined && {
          autostart: { ...host.autostart, virtual_machines: host.autostart.virtual_machines.map(shown) },
        }),
      })),
    }),
    ...(machines !== undefined && {
      virtual_machines: machines.map((machine) => ({
        ...machine,
        name: shown(machine.name),
        ...(machine.host !== undefined && { host: shown(machine.host) }),
      })),
    }),
    ...(switches !== undefined && {
      distributed_switches: switches.map((it) => ({
        ...it,
        ...(it.hosts !== undefined && {
          hosts: it.hosts.map((member) => ({
            ...member,
            ...(member.name !== undefined && { name: shown(member.name) }),
          })),
        }),
      })),
    }),
    ...(datastores !== undefined && {
      datastores: datastores.map((it) => ({ ...it, ...(it.hosts !== undefined && { hosts: it.hosts.map(shown) }) })),
    }),
    ...(permissions !== undefined && {
      permissions: permissions.map((it) => ({ ...it, ...(it.entity !== undefined && { entity: shown(it.entity) }) })),
    }),
  };
}

/** vSphere's own agents, which rules identify by name. */
const AGENT = /^vCLS\b/i;

function digest(name: string): string {
  return createHash("sha256").update(canonicalName(name)).digest("hex").slice(0, 10);
}

/** Every text in the deployment in canonical form, and the combinations of hostnames and domains. */
function namesIn(value: unknown, names = new Set<string>()): ReadonlySet<string> {
  if (typeof value === "string") names.add(canonicalName(value));
  else if (Array.isArray(value)) for (const item of value as readonly unknown[]) namesIn(item, names);
  else if (typeof value === "object" && value !== null) {
    const { hostname, domain } = value as { readonly hostname?: unknown; readonly domain?: unknown };
    if (typeof hostname === "string" && typeof domain === "string") names.add(canonicalName(`${hostname}.${domain}`));
    for (const inner of Object.values(value)) namesIn(inner, names);
  }
  return names;
}

/** Replaces names in keys and reasons; longer names first, as one may contain another. */
function textReplacer(inventory: Inventory, pseudonyms: ReadonlyMap<string, string>) {
  const written = [...(inventory.hosts ?? []), ...(inventory.virtual_machines ?? [])].map(({ name }) => name);
  const known = [...new Set(written)].filter((name) => pseudonyms.has(canonicalName(name)));
  const pattern =
    known.length === 0
      ? null
      : new RegExp(
          known
            .sort((a, b) => b.length - a.length)
            .map((name) => `(?<![\\w.-])${name.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&")}(?![\\w-])`)
            .join("|"),
          "gi",
        );
  const replaced = (text: string) =>
    pattern === null ? text : text.replaceAll(pattern, (name) => pseudonyms.get(canonicalName(name)) ?? name);
  return (texts: Readonly<Record<string, string>>): Record<string, string> =>
    Object.fromEntries(Object.entries(texts).map(([key, reason]) => [replaced(key), replaced(reason)]));
}
