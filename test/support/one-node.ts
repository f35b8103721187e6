import type { RuleCase } from "./rule-tester.ts";

/** A case about one node `a` with these fields. The node itself is marked as `node`. */
export function nodeCase(
  name: string,
  fields: readonly string[],
  expected: RuleCase["expect"][string],
  inventory?: string,
): RuleCase {
  const deployment = [
    "conferencing_nodes:",
    "  - «node|name»: a",
    "    hostname: a",
    ...fields.map((line) => `    ${line}`),
  ];
  const given = { name, deployment: deployment.join("\n"), expect: { "node:a": expected } };
  return inventory === undefined ? given : { ...given, inventory };
}
