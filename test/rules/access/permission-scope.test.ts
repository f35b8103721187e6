import { expect, it } from "vitest";
import rule from "../../../rules/access/permission-scope.ts";
import { deployedBy, permissions, privileges } from "../../support/permissions.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const manager = (type: string) => `address: vcenter01, type: ${type}, account: «1|svc-pexip»`;

const evaluated = (name: string, rows: readonly string[], expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: deployedBy(manager("vcenter")),
  inventory: permissions(...rows.map((row) => `principal: svc-pexip, ${row}`)),
  expect: { "account:svc-pexip": expected },
});

const at = (type: string, entity = "«2|Oslo-DC1»", propagate: boolean | null = true) =>
  `entity: ${entity}, entity_type: ${type}${propagate === null ? "" : `, propagate: «3|${propagate}`}`;

const ALL = privileges();

/** A second node, which goes to another datacenter or to an unknown one. */
const second = (plan: string) =>
  `${deployedBy(manager("vcenter"))}  - { name: b, hostname: b, deployment_type: AUTOMATIC, ${plan} }\n`;
const IN_BERGEN = second("vm: { datacenter: Bergen-DC1 }");
const SOMEWHERE = second("vm: { host: esxi09 }");

const several = (
  name: string,
  deployment: string,
  rows: readonly string[],
  expected: RuleCase["expect"][string],
  more = "",
): RuleCase => ({
  name,
  deployment,
  inventory: `${permissions(...rows.map((row) => `principal: svc-pexip, ${row}`))}\n${more}`,
  expect: { "account:svc-pexip": expected },
});
const REFUSED = "incomplete: { permissions: refused }\n";
const EFFECTIVE = "entity_type: Datacenter, is_effective: true";

ruleTester.run(
  rule,
  [
    evaluated("passes the datacenter", [`${at("Datacenter")}, ${ALL}`], { verdict: "pass" }),
    evaluated("passes the root folder", [`${at("Folder", "Datacenters")}, role: Admin`], { verdict: "pass" }),
    evaluated("passes the root folder as a path", [`${at("Folder", "/")}, ${ALL}`], { verdict: "pass" }),
    evaluated("passes the datacenter by its path", [`${at("Datacenter", "/Norway/OSLO-DC1")}, ${ALL}`], {
      verdict: "pass",
    }),
    evaluated("does not know which datacenters a folder holds", [`${at("Folder", "/Norway")}, ${ALL}`], {
      verdict: "inconclusive",
      reason: "it is unknown whether /Norway (Folder) contains datacenter Oslo-DC1",
    }),
    evaluated(
      "fails another datacenter than the one that nodes go to",
      [`${at("Datacenter", "«4|Bergen-DC1»")}, ${ALL}`],
      {
        verdict: "fail",
        findings: [
          ["elsewhere", "«4»", "only on Bergen-DC1 (Datacenter), but nodes will be deployed to datacenter Oslo-DC1"],
        ],
      },
    ),
    evaluated(
      "does not count what is granted in another datacenter for what is set too low in this one",
      [`${at("Datacenter", "«Bergen-DC1»")}, ${ALL}`, `${at("«ResourcePool»", "pexip")}, ${ALL}`],
      {
        verdict: "fail",
        findings: [["elsewhere"], ["below"]],
      },
    ),
    evaluated(
      "does not know whether privileges that vCenter Server reports propagate, and fails no narrow permission beside them",
      [
        `${at("ResourcePool", "pexip")}, ${ALL}`,
        `entity: Oslo-DC1, entity_type: Datacenter, is_effective: true, ${ALL}`,
      ],
      { verdict: "inconclusive", missing: ["permissions.propagate is not in the inventory"] },
    ),
    evaluated(
      "fails a narrow permission where vCenter Server does not report the privileges for the datacenter",
      [
        `${at("«ResourcePool»", "pexip")}, ${ALL}`,
        "entity: Oslo-DC1, entity_type: Datacenter, is_effective: true, privileges: [System.View]",
      ],
      { verdict: "fail", findings: [["below"]] },
    ),
    ...[
      { row: `${at("Datacenter")}, ${ALL}`, verdict: "pass" } as const,
      { row: `${at("Folder", "/")}, ${ALL}`, verdict: "pass" } as const,
      {
        row: `${at("Datacenter")}, ${privileges("VApp.Import")}`,
        verdict: "inconclusive",
        missing: ["refused"],
      } as const,
    ].map(({ row, ...expected }): RuleCase => ({
      name: `is ${expected.verdict} where there may be more permissions than ${row.slice(0, 40)}`,
      deployment: deployedBy(manager("vcenter")),
      inventory: `${permissions(`principal: svc-pexip, ${row}`)}\nincomplete: { permissions: refused }\n`,
      expect: { "account:svc-pexip": expected },
    })),
    {
      name: "asks for every datacenter that nodes go to",
      deployment: `${deployedBy(manager("vcenter"))}  - { name: b, hostname: b, deployment_type: AUTOMATIC, vm: { datacenter: Bergen-DC1 } }\n`,
      inventory: permissions(`principal: svc-pexip, ${at("Datacenter")}, ${ALL}`),
      expect: {
        "account:svc-pexip": { verdict: "fail", findings: [["elsewhere", "«2»", "to datacenter Bergen-DC1"]] },
      },
    },
    ...(
      [
        [
          "the datacenter of its host",
          "host: esxi01",
          "hosts: [{ name: esxi01, datacenter: Oslo-DC1, cluster: null }]",
        ],
        ["that of its cluster", "cluster: core", "clusters: [{ name: core, datacenter: Oslo-DC1 }]"],
        ["the only one that there is", "name: a", "datacenters: [{ name: Oslo-DC1 }]"],
        ["that of its VM", "network: media", "virtual_machines: [{ name: a, datacenter: Oslo-DC1 }]"],
      ] as const
    ).map(([what, plan, more]): RuleCase => ({
      name: `knows where a node goes by ${what}`,
      deployment: deployedBy(manager("vcenter")).replace("datacenter: Oslo-DC1, host: esxi01", plan),
      inventory: `${permissions(`principal: svc-pexip, ${at("Datacenter")}, ${ALL}`)}${more}\n`,
      expect: { "account:svc-pexip": { verdict: "pass" } },
    })),
    {
      name: "does not decide while it is not known where a node goes",
      deployment: deployedBy(manager("vcenter")).replace("datacenter: Oslo-DC1, ", ""),
      inventory: permissions(`principal: svc-pexip, ${at("Datacenter")}, ${ALL}`),
      expect: {
        "account:svc-pexip": {
          verdict: "inconclusive",
          missing: ["the datacenter of node a is unknown; set vm.datacenter"],
        },
      },
    },
    {
      name: "need not know it where a permission is on the root folder",
      deployment: deployedBy(manager("vcenter")).replace("datacenter: Oslo-DC1, ", ""),
      inventory: permissions(`principal: svc-pexip, ${at("Folder", "Datacenters")}, ${ALL}`),
      expect: { "account:svc-pexip": { verdict: "pass" } },
    },
    several(
      "does not decide by all known datacenters while another is unknown",
      SOMEWHERE,
      [`${at("Datacenter")}, ${ALL}`],
      { verdict: "inconclusive", missing: ["the datacenter of node b is unknown"] },
    ),
    several(
      "names the missing permissions as well while another datacenter is unknown",
      SOMEWHERE,
      [`${at("Datacenter")}, ${ALL}`],
      { verdict: "inconclusive", missing: ["the datacenter of node b is unknown", "refused"] },
      REFUSED,
    ),
    several(
      "fails a narrow permission though it is unknown where a node goes",
      SOMEWHERE,
      [`${at("«ResourcePool»", "pexip")}, ${ALL}`],
      { verdict: "fail", findings: [["below"]] },
    ),
    several(
      "fails a narrow permission if vCenter Server reports the privileges for another datacenter",
      deployedBy(manager("vcenter")),
      [`${at("«ResourcePool»", "pexip")}, ${ALL}`, `entity: Bergen-DC1, ${EFFECTIVE}, ${ALL}`],
      { verdict: "fail", findings: [["below"]] },
    ),
    several(
      "fails a narrow permission if vCenter Server reports the privileges for one of two datacenters",
      IN_BERGEN,
      [`${at("«ResourcePool»", "pexip")}, ${ALL}`, `entity: Oslo-DC1, ${EFFECTIVE}, ${ALL}`],
      { verdict: "fail", findings: [["below"]] },
    ),
    several(
      "names the missing permissions as well if one datacenter has what vCenter Server reports",
      IN_BERGEN,
      [`${at("Datacenter")}, ${ALL}`, `entity: Bergen-DC1, ${EFFECTIVE}, ${ALL}`],
      { verdict: "inconclusive", missing: ["permissions.propagate is not in the inventory", "refused"] },
      REFUSED,
    ),
    several(
      "needs no other permissions beside all privileges and a permission of unknown privileges",
      deployedBy(manager("vcenter")),
      [`${at("Datacenter")}, ${ALL}`, `${at("Datacenter")}, role: x`],
      { verdict: "inconclusive", missing: ["permissions.privileges is not in the inventory"] },
      REFUSED,
    ),
    evaluated(
      "fails a permission below the datacenter on an object without a name",
      [`entity_type: «ResourcePool», propagate: true, ${ALL}`],
      {
        verdict: "fail",
        findings: [["below", "only on an unnamed object (ResourcePool)"]],
      },
    ),
    evaluated("fails what does not propagate on an object of unknown type", [`entity: x, propagate: «false», ${ALL}`], {
      verdict: "fail",
      findings: [["noPropagation", "on x without propagation"]],
    }),
    evaluated("fails a cluster", [`${at("«ClusterComputeResource»", "vc-core")}, ${ALL}`], {
      verdict: "fail",
      findings: [["below", "only on vc-core (ClusterComputeResource)"]],
      severity: "error",
    }),
    evaluated("fails a resource pool", [`${at("ResourcePool", "pexip")}, ${ALL}`], { verdict: "fail" }),
    evaluated("fails a folder below a datacenter by its path", [`${at("«Folder»", "/Oslo-DC1/vm/pexip")}, ${ALL}`], {
      verdict: "fail",
      findings: [["below"]],
    }),
    evaluated("fails what does not propagate", [`${at("Datacenter", "Oslo-DC1", false)}», ${ALL}`], {
      verdict: "fail",
      findings: [["noPropagation", "«3»", "on Oslo-DC1 without propagation"]],
    }),
    evaluated(
      "fails what is below and does not propagate for both",
      [`${at("«ResourcePool»", "pexip", false)}, ${ALL}`],
      {
        verdict: "fail",
        findings: [["below"], ["noPropagation", "«3»"]],
      },
    ),
    evaluated(
      "fails a part of the privileges",
      [
        `${at("Datacenter")}, ${privileges("Network.Assign")}`,
        `${at("«5|ResourcePool»", "pexip")}, privileges: [Network.Assign]`,
      ],
      {
        verdict: "fail",
        findings: [["below", "«5»"]],
      },
    ),
    evaluated(
      "does not mind what is granted twice, nor other privileges",
      [
        `${at("Datacenter")}, ${ALL}`,
        `${at("ResourcePool", "pexip", false)}, privileges: [Network.Assign]`,
        `${at("VirtualMachine", "old")}, privileges: [VirtualMachine.State.CreateSnapshot]`,
      ],
      { verdict: "pass" },
    ),
    evaluated("does not know where a folder lies by its name", [`${at("Folder", "pexip")}, ${ALL}`], {
      verdict: "inconclusive",
      reason: "pexip (Folder)",
    }),
    evaluated("does not know other types", [`${at("Cluster", "vc-core")}, ${ALL}`], { verdict: "inconclusive" }),
    evaluated("does not decide without a type", [`entity: Oslo-DC1, propagate: true, ${ALL}`], {
      verdict: "inconclusive",
      missing: ["permissions.entity_type is not in the inventory"],
    }),
    evaluated("does not decide without propagation", [`${at("Datacenter", "Oslo-DC1", null)}, ${ALL}`], {
      verdict: "inconclusive",
      missing: ["permissions.propagate is not in the inventory"],
    }),
    evaluated("does not decide without the name of a folder", [`entity_type: Folder, propagate: true, ${ALL}`], {
      verdict: "inconclusive",
      missing: ["permissions.entity is not in the inventory"],
    }),
    evaluated("does not decide without knowing what is granted", [at("ResourcePool", "pexip")], {
      verdict: "inconclusive",
      missing: ["permissions.privileges is not in the inventory"],
    }),
    evaluated("fails an account without permissions", [], {
      verdict: "fail",
      findings: [["none", "«1»"]],
    }),
    {
      name: "does not decide while a permission does not tell whose it is",
      deployment: deployedBy(manager("vcenter")),
      inventory: permissions(`${at("ResourcePool", "pexip")}, ${ALL}`),
      expect: {
        "account:svc-pexip": { verdict: "inconclusive", missing: ["permissions.principal is not in the inventory"] },
      },
    },
    {
      name: "does not apply to an ESXi host as VM manager",
      deployment: deployedBy(manager("esxi")),
      inventory: permissions(`principal: svc-pexip, ${at("ResourcePool", "pexip")}, ${ALL}`),
      expect: { "account:svc-pexip": { verdict: "not-applicable", reason: "ESXi host" } },
    },
    {
      name: "does not decide without the type of VM manager",
      deployment: deployedBy("address: vcenter01, account: svc-pexip"),
      inventory: permissions(`principal: svc-pexip, ${at("Datacenter")}, ${ALL}`),
      expect: {
        "account:svc-pexip": { verdict: "inconclusive", missing: ["vm_manager.type is not in the deployment"] },
      },
    },
  ],
  { optional: ["cluster", "datacenter", "entity", "entity_type", "host", "is_effective", "name", "principal"] },
);

it("gives the command for each permission that is too narrow", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployedBy(`${manager("vcenter")}, account_groups: [deployers]`),
    inventory: permissions(
      `principal: svc-pexip, role: pexip role, ${at("ResourcePool", "pexip")}, ${ALL}`,
      `principal: deployers, role: deploy, ${at("Datacenter", "Oslo-DC1", false)}, ${ALL}`,
      `principal: deployers, role: wide, ${at("Datacenter")}, privileges: []`,
    ),
  });
  expect(check?.remediation?.split("\n").slice(1)).toEqual([
    "govc permissions.set -principal svc-pexip -role 'pexip role' -propagate=true /Oslo-DC1",
    "govc permissions.set -principal deployers -group=true -role deploy -propagate=true /Oslo-DC1",
  ]);
});

it("accepts another datacenter beside the right one", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployedBy(manager("vcenter")),
    inventory: permissions(
      `principal: svc-pexip, ${at("Datacenter", "Bergen-DC1")}, ${ALL}`,
      `principal: svc-pexip, ${at("Datacenter")}, ${ALL}`,
    ),
  });
  expect(check?.verdict).toBe("pass");
});

it("passes what is listed, regardless of other privileges that vCenter Server reports for the datacenter", async () => {
  const [check] = await checksOf(rule, {
    deployment: deployedBy(manager("vcenter")),
    inventory: permissions(
      `principal: svc-pexip, ${at("Datacenter")}, ${ALL}`,
      `principal: svc-pexip, entity: Oslo-DC1, entity_type: Datacenter, is_effective: true, ${ALL}`,
    ),
  });
  expect(check?.verdict).toBe("pass");
});
