import { expect, it } from "vitest";
import rule from "../../../rules/access/vsphere-privileges.ts";
import { deployedBy, permissions, privileges } from "../../support/permissions.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const NAME = String.raw`VSPHERE.LOCAL\svc-pexip`;
const MANAGER = `address: vcenter01, type: vcenter, account: «account|${NAME}»`;

const evaluated = (
  name: string,
  rows: readonly string[],
  expected: RuleCase["expect"][string],
  manager = MANAGER,
): RuleCase => ({
  name,
  deployment: deployedBy(manager),
  inventory: permissions(...rows),
  expect: { [`account:${NAME}`]: expected },
});

const HERE = "entity_type: Datacenter, entity: Oslo-DC1";
const OWN = `principal: svc-pexip@vsphere.local, ${HERE}`;
const GROUP = String.raw`principal: VSPHERE.LOCAL\deployers, ${HERE}`;
const on = (sourceRef: string) => `principal: svc-pexip@vsphere.local, ${sourceRef}`;
const LACKING = privileges("VApp.Import");
/** The list of a permission, as the value that the finding points to. */
const marked = (list: string) => list.replace("[", "«list|[»");

ruleTester.run(
  rule,
  [
    evaluated("passes the eight privileges", [`${OWN}, ${privileges()}`], { verdict: "pass" }),
    evaluated(
      "does not mind their case",
      [`${OWN}, ${privileges().toUpperCase().replace("PRIVILEGES", "privileges")}`],
      {
        verdict: "pass",
      },
    ),
    evaluated("passes the union of several permissions", [`${OWN}, ${LACKING}`, `${OWN}, privileges: [VApp.Import]`], {
      verdict: "pass",
    }),
    evaluated(
      "passes the root folder, which holds every datacenter",
      [on(`entity_type: Folder, entity: Datacenters, ${privileges()}`)],
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "leaves to another rule what is set too low in the datacenter",
      [on(`entity_type: Folder, entity: /Oslo-DC1/vm/pexip, ${privileges()}`)],
      { verdict: "pass" },
    ),
    evaluated(
      "fails what holds in another datacenter only",
      [on(`entity_type: Datacenter, entity: «entity|Bergen-DC1», ${privileges()}`)],
      {
        verdict: "fail",
        findings: [["elsewhere", "«entity»"]],
      },
    ),
    evaluated(
      "fails the Administrator role there",
      [on("entity_type: Datacenter, entity: «entity|Bergen-DC1», role: Admin")],
      {
        verdict: "fail",
        findings: [["elsewhere", "«entity»"]],
      },
    ),
    evaluated(
      "fails a part of the privileges there",
      [`${OWN}, ${LACKING}`, on("entity_type: Folder, entity: «entity|/Bergen-DC1/vm/x», privileges: [VApp.Import]")],
      { verdict: "fail", findings: [["elsewhere", "«entity»"]] },
    ),
    evaluated(
      "does not know where an object lies by its name",
      [on(`entity_type: ResourcePool, entity: pexip, ${privileges()}`)],
      {
        verdict: "inconclusive",
        reason: "it is unknown whether pexip applies to datacenter Oslo-DC1",
      },
    ),
    evaluated("does not decide without the object", [on(`entity_type: Datacenter, ${privileges()}`)], {
      verdict: "inconclusive",
      missing: ["permissions.entity is not in the inventory"],
    }),
    evaluated("does not decide without its type", [on(`entity: Oslo-DC1, ${privileges()}`)], {
      verdict: "inconclusive",
      missing: ["permissions.entity_type is not in the inventory"],
    }),
    ...(
      [
        ["a cluster", "ClusterComputeResource", "clusters: [{ name: x, datacenter: Oslo-DC1 }]", "pass"],
        ["a host", "HostSystem", "hosts: [{ name: x, datacenter: Oslo-DC1, cluster: null }]", "pass"],
        ["a cluster elsewhere", "ClusterComputeResource", "clusters: [{ name: x, datacenter: Bergen }]", "fail"],
        ["anything, where there is one datacenter", "ResourcePool", "datacenters: [{ name: oslo-dc1 }]", "pass"],
      ] as const
    ).map(([what, type, more, verdict]): RuleCase => ({
      name: `knows the datacenter of ${what}`,
      deployment: deployedBy(MANAGER),
      inventory: `${permissions(on(`entity_type: ${type}, entity: x, ${privileges()}`))}${more}\n`,
      expect: { [`account:${NAME}`]: { verdict } },
    })),
    {
      name: "does not decide while it is not known where a node goes",
      deployment: deployedBy(MANAGER).replace("datacenter: Oslo-DC1, ", ""),
      inventory: permissions(`${OWN}, ${privileges()}`),
      expect: {
        [`account:${NAME}`]: { verdict: "inconclusive", missing: ["the datacenter of node a is unknown;"] },
      },
    },
    {
      name: "does not ask for datacenters of an ESXi host",
      deployment: deployedBy(MANAGER.replace("vcenter,", "esxi,")),
      inventory: permissions(`principal: svc-pexip@vsphere.local, ${privileges()}`),
      expect: { [`account:${NAME}`]: { verdict: "pass" } },
    },
    evaluated("passes the Administrator role", [`${OWN}, role: Admin`], { verdict: "pass" }),
    evaluated(
      "passes what a declared group has",
      [`${OWN}, ${LACKING}`, `${GROUP}, privileges: [VApp.Import]`],
      { verdict: "pass" },
      `${MANAGER}, account_groups: [deployers@vsphere.local]`,
    ),
    evaluated("fails one that is lacking", [`${OWN}, ${marked(LACKING)}`], {
      verdict: "fail",
      findings: [["lacking", "«list»", "does not have privilege vApp > Import (VApp.Import)"]],
      severity: "error",
    }),
    evaluated("fails each that is lacking", [`${OWN}, ${marked(privileges("Network.Assign", "VApp.Import"))}`], {
      verdict: "fail",
      findings: [
        ["lacking", "«list»", "Network.Assign"],
        ["lacking", "«list»", "VApp.Import"],
      ],
    }),
    evaluated(
      "points to the first of several permissions, and names the others",
      [`${OWN}, ${marked(LACKING)}`, `${OWN}, privileges: [Datastore.Browse]`, `${OWN}, privileges: []`],
      { verdict: "fail", findings: [["lacking", "«list»"]] },
    ),
    evaluated(
      "does not decide whether an object has the rest, beside a part on the datacenter",
      [`${OWN}, ${LACKING}`, on("entity_type: ResourcePool, entity: pexip, privileges: [VApp.Import]")],
      { verdict: "inconclusive", reason: "it is unknown whether pexip applies to datacenter Oslo-DC1" },
    ),
    evaluated(
      "does not decide whether two objects have the rest, beside a part inside the datacenter",
      [
        on(`entity_type: Folder, entity: /Oslo-DC1/vm/pexip, ${privileges("VApp.Import", "Datastore.Browse")}`),
        on("entity_type: ResourcePool, entity: one, privileges: [VApp.Import]"),
        on("entity_type: Network, entity: two, privileges: [Datastore.Browse]"),
      ],
      { verdict: "inconclusive", reason: "it is unknown whether one, two applies to datacenter Oslo-DC1" },
    ),
    evaluated(
      "does not count what vCenter Server reports for another datacenter",
      [
        on("entity_type: Folder, entity: /, role: Admin"),
        on(`entity_type: Datacenter, entity: Bergen-DC1, ${LACKING}, is_effective: true`),
      ],
      { verdict: "pass" },
    ),
    evaluated(
      "names all privileges that a permission replaces",
      [
        on("entity_type: Folder, entity: Datacenters, role: Admin"),
        `${OWN}, ${marked(privileges("VApp.Import", "Datastore.Browse"))}, is_effective: true`,
      ],
      {
        verdict: "fail",
        findings: [["replaced", "«list»", "does not have Datastore > Browse datastore, vApp > Import in datacenter"]],
      },
    ),
    {
      name: "need not know where a node goes if a permission is on the root folder",
      deployment: deployedBy(MANAGER).replace("datacenter: Oslo-DC1, ", ""),
      inventory: permissions(on(`entity_type: Folder, entity: Datacenters, ${privileges()}`)),
      expect: { [`account:${NAME}`]: { verdict: "pass" } },
    },
    evaluated(
      "does not count the permission of a group that nobody declares, nor of another account",
      [`${OWN}, ${marked(LACKING)}`, `${GROUP}, ${privileges()}`, `principal: root, ${privileges()}`],
      { verdict: "fail", findings: [["lacking", "«list»"]] },
    ),
    evaluated("fails an account without any permission", [`principal: root, role: Admin`], {
      verdict: "fail",
      findings: [["none", "«account»", "has no permission"]],
    }),
    evaluated("fails an account where nobody has a permission", [], {
      verdict: "fail",
      findings: [["none", "«account»"]],
    }),
    evaluated(
      "does not decide while a permission does not tell what it grants",
      [`${OWN}, ${LACKING}`, `${OWN}, role: x`],
      {
        verdict: "inconclusive",
        missing: ["permissions.privileges is not in the inventory"],
      },
    ),
    evaluated("does not decide while a permission may be of the Administrator role", [OWN], {
      verdict: "inconclusive",
      missing: ["permissions.role is not in the inventory"],
    }),
    evaluated("does not decide while a permission does not tell whose it is", [`${OWN}, ${LACKING}`, "role: Admin"], {
      verdict: "inconclusive",
      missing: ["permissions.principal is not in the inventory"],
    }),
    evaluated("passes all the same what others grant", [`${OWN}, ${privileges()}`, "role: Admin", `${OWN}, role: x`], {
      verdict: "pass",
    }),
    evaluated(
      "passes what vCenter Server reports for the datacenter",
      [`${OWN}, ${privileges()}, is_effective: true`],
      {
        verdict: "pass",
      },
    ),
    evaluated(
      "fails what a permission on the datacenter replaces",
      [on("entity_type: Folder, entity: Datacenters, role: Admin"), `${OWN}, ${marked(LACKING)}, is_effective: true`],
      {
        verdict: "fail",
        findings: [
          ["replaced", "«list»", "does not have vApp > Import in datacenter Oslo-DC1; a permission there replaces"],
        ],
      },
    ),
    evaluated(
      "does not take an unconfirmed id for one that is replaced",
      [
        on("entity_type: Folder, entity: /, role: Admin"),
        `${OWN}, ${privileges("Network.Assign")}, is_effective: true`,
      ],
      { verdict: "pass" },
    ),
    ...[
      { rows: [`${OWN}, ${LACKING}`], verdict: "inconclusive", missing: ["no permission (System.View)"] } as const,
      { rows: [], verdict: "inconclusive", missing: ["no permission (System.View)"] } as const,
      { rows: [`${OWN}, ${privileges()}`], verdict: "pass" } as const,
    ].map(({ rows, ...expected }): RuleCase => ({
      name: `is ${expected.verdict} by ${rows.length} listed permissions where there may be more`,
      deployment: deployedBy(MANAGER),
      inventory: `${permissions(...rows)}\nincomplete: { permissions: "privileges of a: no permission (System.View)" }\n`,
      expect: { [`account:${NAME}`]: expected },
    })),
    {
      name: "does not decide without a list of permissions",
      deployment: deployedBy(MANAGER),
      inventory: "virtual_machines: []",
      expect: {
        [`account:${NAME}`]: { verdict: "inconclusive", missing: ["the list permissions is not in the inventory"] },
      },
    },
    {
      name: "does not decide without inventory",
      deployment: deployedBy(MANAGER),
      expect: { [`account:${NAME}`]: { verdict: "inconclusive", missing: ["no inventory given"] } },
    },
    {
      name: "does not decide without an account",
      deployment: deployedBy("address: vcenter01, type: vcenter"),
      inventory: permissions(`${OWN}, role: Admin`),
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["vm_manager.account is not in the deployment"],
        },
      },
    },
    {
      name: "does not apply to manual deployment",
      deployment: `vm_manager: { ${MANAGER} }\nconferencing_nodes: [{ name: a, hostname: a }]`,
      expect: { "deployment:deployment": { verdict: "not-applicable", reason: "no node is deployed automatically" } },
    },
  ],
  { optional: ["datacenter", "entity", "entity_type", "host", "is_effective", "principal", "role"] },
);

it("gives the commands that make the role and set the permission", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployedBy(MANAGER),
    inventory: permissions(`${OWN}, ${LACKING}`),
  });
  const lines = check?.remediation?.split("\n") ?? [];
  expect(lines[1]).toMatch(/^govc role\.create pexip-deploy (\S+ ){7}VirtualMachine\.Interact\.PowerOn$/);
  expect(lines[2]).toBe(
    String.raw`govc permissions.set -principal 'VSPHERE.LOCAL\svc-pexip' -role pexip-deploy -propagate=true /Oslo-DC1`,
  );
});

it("has a separate finding for each privilege, and reports which ids are not confirmed", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployedBy(MANAGER),
    inventory: permissions(`${OWN}, privileges: []`),
  });
  expect(new Set(check?.findings.map(({ fingerprint }) => fingerprint)).size).toBe(8);
  const unconfirmed = check?.findings.filter(({ data }) => data["unconfirmed"] === true);
  expect(unconfirmed?.map(({ data }) => data["privilege"])).toContain("Network.Assign");
  expect(unconfirmed?.map(({ data }) => data["privilege"])).not.toContain("VApp.Import");
});

it("passes the complete privileges from vCenter Server if the listed permissions are only a part", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployedBy(MANAGER),
    inventory: permissions(`${OWN}, ${LACKING}`, `${OWN}, ${privileges()}, is_effective: true`),
  });
  expect(check?.verdict).toBe("pass");
});
