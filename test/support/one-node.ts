import type { RuleCase } from "./rule-table.ts";

/** A case about one node `a` with these fields, each on its own line from line 4 on, values at column 5 + key + 2. */
export function nodeCase(
  name: string,
  fields: readonly string[],
  expected: RuleCase["expect"][string],
  inventory?: string,
): RuleCase {
  const deployment = ["conferencing_nodes:", "  - name: a", "    hostname: a", ...fields.map((line) => `    ${line}`)];
  const given = { name, deployment: deployment.join("\n"), expect: { "node:a": expected } };
  return inventory === undefined ? given : { ...given, inventory };
}
