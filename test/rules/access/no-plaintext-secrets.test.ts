import { expect, it } from "vitest";
import rule from "../../../rules/access/no-plaintext-secrets.ts";
import { checksOf, ruleTable } from "../../support/rule-table.ts";

const SECRET = "hunter2-correct-horse";

const deployment = `
vm_manager:
  address: vcenter01.example.com
  password: ${SECRET}
ntp_servers: ["https://admin:${SECRET}@ntp1.example.com"]
licences:
  - { concurrent_calls: 50, entitlement_key: ${SECRET} }
  - { concurrent_calls: 20, entitlement_key: ${SECRET} }
conferencing_nodes:
  - { name: a, hostname: a, ssh_password: ${SECRET} }
`;

const inventory = `{
  "licences": [
    { "name": "vSphere 6 Standard", "license_key": "${SECRET}" },
    { "name": "vSphere 6 Enterprise Plus", "licence_key": "${SECRET}" }
  ]
}`;

ruleTable(
  rule,
  [
    {
      name: "passes files without secrets",
      deployment: "vm_manager: { address: vcenter01.example.com, account: svc-pexip }",
      inventory: "licences: [{ name: vSphere 6 Standard, edition: standard }]",
      expect: { "file:deployment.yaml": { verdict: "pass" }, "file:inventory.yaml": { verdict: "pass" } },
    },
    {
      name: "passes a key that is known to have no value",
      deployment: "vm_manager: { address: vcenter01.example.com, password: null }",
      expect: { "file:deployment.yaml": { verdict: "pass" } },
    },
    {
      name: "fails at each place, file by file",
      deployment,
      inventory,
      expect: {
        "file:deployment.yaml": {
          verdict: "fail",
          findings: [
            ["secret", "deployment:4:13", "in deployment.yaml at vm_manager.password."],
            ["secret", "deployment:5:15", "at ntp_servers[0]."],
            ["secret", "deployment:7:46", "at licences[0].entitlement_key."],
            ["secret", "deployment:8:46", "at licences[1].entitlement_key."],
            ["secret", "deployment:10:43", "at conferencing_nodes[0].ssh_password."],
          ],
          severity: "error",
        },
        "file:inventory.yaml": {
          verdict: "fail",
          findings: [
            ["secret", "inventory:3:52", "at licences[0].license_key."],
            ["secret", "inventory:4:59", "at licences[1].licence_key."],
          ],
        },
      },
    },
    {
      name: "fails a secret that came by an anchor where it is written",
      deployment: `
management_node: { name: m, hostname: m, password: &secret ${SECRET} }
conferencing_nodes:
  - { name: a, hostname: a, password: *secret }
`,
      expect: {
        "file:deployment.yaml": {
          verdict: "fail",
          findings: [
            ["secret", "deployment:2:60", "at management_node.password."],
            ["secret", "deployment:2:60", "at conferencing_nodes[0].password."],
          ],
        },
      },
    },
  ],
  ["inconclusive", "not-applicable"],
);

it("shows no value, and tells the places apart", async () => {
  const checks = await checksOf(rule, { deployment, inventory });
  expect(JSON.stringify(checks)).not.toContain(SECRET);
  const prints = checks.flatMap(({ findings }) => findings.map(({ fingerprint }) => fingerprint));
  expect(prints).toHaveLength(7);
  expect(new Set(prints).size).toBe(7);
});

it("keeps the fingerprint when lines and nodes move", async () => {
  const node = (name: string, more = "") => `  - { name: ${name}, hostname: ${name}${more} }\n`;
  const printOf = async (text: string) =>
    (await checksOf(rule, { deployment: text }))[0]?.findings.map(({ fingerprint }) => fingerprint);
  const one = `conferencing_nodes:\n${node("a", ", password: x")}${node("b")}`;
  const other = `# moved\nconferencing_nodes:\n${node("b")}${node("a", ", password: other")}`;
  expect(await printOf(one)).toHaveLength(1);
  expect(await printOf(other)).toEqual(await printOf(one));
});
