import { expect, it } from "vitest";
import rule from "../../../rules/access/no-plaintext-secrets.ts";
import { checksOf, ruleTester } from "../../support/rule-tester.ts";

const SECRET = "«1|hunter2-correct-horse»";

const deployment = `
vm_manager:
  address: vcenter01.example.com
  password: «password|${SECRET}»
ntp_servers: [«3|"https://admin:»${SECRET}@ntp1.example.com"]
licences:
  - { concurrent_calls: 50, entitlement_key: «entitlement_key-1|${SECRET}» }
  - { concurrent_calls: 20, entitlement_key: «entitlement_key-2|${SECRET}» }
conferencing_nodes:
  - { name: a, hostname: a, ssh_password: «ssh_password|${SECRET}» }
`;

const inventory = `{
  "licences": [
    { "name": "vSphere 6 Standard", "license_key": «7|"»${SECRET}" },
    { "name": "vSphere 6 Enterprise Plus", "licence_key": «8|"»${SECRET}" }
  ]
}`;

ruleTester.run(
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
            ["secret", "«password»", "File deployment.yaml contains a secret at vm_manager.password."],
            ["secret", "«3»", "at ntp_servers[0]."],
            ["secret", "«entitlement_key-1»", "at licences[0].entitlement_key."],
            ["secret", "«entitlement_key-2»", "at licences[1].entitlement_key."],
            ["secret", "«ssh_password»", "at conferencing_nodes[0].ssh_password."],
          ],
          severity: "error",
        },
        "file:inventory.yaml": {
          verdict: "fail",
          findings: [
            ["secret", "«7»", "at licences[0].license_key."],
            ["secret", "«8»", "at licences[1].licence_key."],
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
            ["secret", "«1»", "at management_node.password."],
            ["secret", "«1»", "at conferencing_nodes[0].password."],
          ],
        },
      },
    },
  ],
  { without: ["inconclusive", "not-applicable"] },
);

it("shows no value, and distinguishes the locations", async () => {
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
