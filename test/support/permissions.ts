import { DEPLOYMENT_PRIVILEGES } from "../../src/facts/privileges.ts";

const ALL = DEPLOYMENT_PRIVILEGES.map(({ id }) => id);

/** The privileges that automatic deployment needs, as a YAML list; without some of them. */
export function privileges(...without: readonly string[]): string {
  return `privileges: [${ALL.filter((id) => !without.includes(id)).join(", ")}]`;
}

/** A deployment with one node that Pexip deploys by an account. */
export function deployedBy(manager: string): string {
  return `
vm_manager: { ${manager} }
conferencing_nodes:
  - { name: a, hostname: a, deployment_type: AUTOMATIC, vm: { datacenter: Oslo-DC1, host: esxi01 } }
`;
}

/** An inventory with these permissions. */
export function permissions(...rows: readonly string[]): string {
  return rows.length === 0 ? "permissions: []" : `\npermissions:\n${rows.map((row) => `  - { ${row} }\n`).join("")}`;
}
