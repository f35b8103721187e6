import { expect, it } from "vitest";
import rule from "../../../rules/network/nat-not-mixed-in-location.ts";
import { checksOf, ruleTester } from "../../support/rule-tester.ts";

/** Nodes a, b, c … of the location Edge; `nat` gives a node the address. */
const edge = (...nodes: readonly ("nat" | "plain")[]) =>
  [
    "system_locations: [{ name: Edge }]",
    "conferencing_nodes:",
    ...nodes.map((kind, index) => {
      const name = "abcdef"[index];
      const nat = kind === "nat" ? `, static_nat_address: «${name}-nat|203.0.113.${index + 1}»` : "";
      return `  - { «${name}|name»: ${name}, hostname: ${name}, system_location: edge${nat} }`;
    }),
  ].join("\n");

ruleTester.run(rule, [
  { name: "passes nodes with NAT", deployment: edge("nat", "nat"), expect: { "location:Edge": { verdict: "pass" } } },
  {
    name: "passes nodes without",
    deployment: edge("plain", "plain", "plain"),
    expect: { "location:Edge": { verdict: "pass" } },
  },
  {
    name: "fails a node without NAT among nodes with it, where the address would stand",
    deployment: edge("nat", "plain", "nat"),
    expect: {
      "location:Edge": {
        verdict: "fail",
        severity: "warn",
        findings: [["mixed", "«b»", "mixes 2 nodes with a static NAT address and 1 without one; b differs"]],
      },
    },
  },
  {
    name: "fails a node with NAT among nodes without it, at the address",
    deployment: edge("plain", "plain", "nat"),
    expect: {
      "location:Edge": {
        verdict: "fail",
        findings: [
          [
            "mixed",
            "«c-nat»",
            "Location Edge mixes 1 node with a static NAT address and 2 without one; c differs from the majority.",
          ],
        ],
      },
    },
  },
  {
    name: "takes the address for forgotten where the two are equal in number",
    deployment: edge("plain", "nat"),
    expect: {
      "location:Edge": {
        verdict: "fail",
        findings: [
          [
            "mixed",
            "«a»",
            "Location Edge mixes 1 node with a static NAT address and 1 without one; a differs from the majority.",
          ],
        ],
      },
    },
  },
  {
    name: "does not apply to a location with one node, or with none",
    deployment: edge("nat").replace("{ name: Edge }", "{ name: Edge }, { name: Core }"),
    expect: {
      "location:Edge": { verdict: "not-applicable", reason: "fewer than two nodes" },
      "location:Core": { verdict: "not-applicable" },
    },
  },
  {
    name: "does not mind what other locations have, nor the Management Node",
    deployment: `${edge("nat", "nat", "plain").replace("{ name: Edge }", "{ name: Edge }, { name: Core }").replace("c, system_location: edge", "c, system_location: Core")}
management_node: { name: m, hostname: m }`,
    expect: { "location:Edge": { verdict: "pass" }, "location:Core": { verdict: "not-applicable" } },
  },
  {
    name: "does not pass while a node does not tell its location",
    deployment: `${edge("nat", "nat")}\n  - { name: z, hostname: z }`,
    expect: {
      "location:Edge": {
        verdict: "inconclusive",
        missing: ["conferencing_nodes.system_location is not in the deployment"],
      },
    },
  },
  {
    name: "does not know nodes that are not listed",
    deployment: "system_locations: [{ name: Edge }]",
    expect: {
      "location:Edge": { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] },
    },
  },
]);

it("points to a node of the other kind", async () => {
  const [check] = await checksOf(rule, { deployment: edge("nat", "plain", "nat") });
  expect(check?.findings[0]?.related).toMatchObject([{ message: "node a is different", location: { line: 3 } }]);
});
