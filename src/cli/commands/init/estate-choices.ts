import type { Inventory } from "../../../schema/inventory.generated.ts";

/** Number of names listed per kind; the inventory has the others. */
const LISTED = 12;

/**
 * The names in an inventory to which a deployment refers, as indented comments of a YAML file: hosts, clusters,
 * datastores and networks. Names are data: one that does not fit into a one-line comment is omitted.
 */
export function choiceComments(inventory: Inventory, from: string, indent: string): string {
  const { hosts = [], clusters = [], datastores = [], distributed_port_groups = [] } = inventory;
  const networks = [...hosts.flatMap(({ port_groups = [] }) => port_groups), ...distributed_port_groups];
  const kinds = [
    ["host", hosts],
    ["cluster", clusters],
    ["datastore", datastores],
    ["network", networks],
  ] as const;
  const lines = kinds.flatMap(([key, objects]) => {
    const names = [...new Set(objects.map(({ name }) => name))].filter(isPrintable).sort();
    if (names.length === 0) return [];
    const rest = names.length - LISTED;
    return [
      ...names.slice(0, LISTED).map((name) => `#   ${key}: ${scalar(name)}`),
      ...(rest > 0 ? [`#   … and ${rest} more; see ${from}`] : []),
    ];
  });
  const head =
    lines.length === 0 ? `# ${from} has no hosts, clusters, datastores or networks.` : `# Choices in ${from}:`;
  return [head, ...lines].map((line) => `${indent}${line}\n`).join("");
}

function isPrintable(name: string): boolean {
  return name.trim() !== "" && !/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/u.test(name);
}

/** In a form that can be copied into YAML: in quotes unless it is a plain word. */
function scalar(name: string): string {
  return /^[A-Za-z][\w.-]*(?: [\w.-]+)*$/.test(name) ? name : JSON.stringify(name);
}
