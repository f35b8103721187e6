import { expect, it } from "vitest";
import rule from "../../../rules/vm/thick-disk.ts";
import { checksOf, ruleTester, type RuleCase } from "../../support/rule-tester.ts";

const DATASTORES = `
datastores:
  - { name: ds1, type: VMFS }
  - { name: vsan1, type: vsan }
  - { name: nfs1, type: NFS41 }
  - { name: vvol1, type: VVOL }
  - { name: untold }
`;

const planned = (name: string, vm: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { ${vm} } }]`,
  inventory: `virtual_machines: []${DATASTORES}`,
  expect: { "node:a": expected },
});

const deployed = (name: string, disks: string, expected: RuleCase["expect"][string]): RuleCase => ({
  name,
  deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { disk_provisioning: thick, datastore: ds1 } }]",
  inventory: `virtual_machines: [{ name: a, disks: [${disks}] }]${DATASTORES}`,
  expect: { "node:a": expected },
});

ruleTester.run(rule, [
  {
    ...planned("fixes the plan of a VM that does not exist", "datastore: ds1, disk_provisioning: «'thin'»", {
      verdict: "fail",
      findings: [["planned"]],
    }),
    fixed: "conferencing_nodes: [{ name: a, hostname: a, vm: { datastore: ds1, disk_provisioning: 'thick' } }]",
  },
  {
    name: "does not fix what may state how an existing disk is provisioned",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { disk_provisioning: «thin» } }]",
    fixed: "conferencing_nodes: [{ name: a, hostname: a, vm: { disk_provisioning: thin } }]",
    expect: { "node:a": { verdict: "fail", findings: [["planned"]] } },
  },
  planned("passes a thick plan", "datastore: ds1, disk_provisioning: thick", { verdict: "pass" }),
  planned("fails a thin plan", "datastore: ds1, disk_provisioning: «thin»", {
    verdict: "fail",
    findings: [["planned", "Disk of node a is planned as thin"]],
    severity: "warn",
  }),
  planned("does not guess what is planned", "datastore: ds1", {
    verdict: "inconclusive",
    missing: ["vm.disk_provisioning is not in the deployment"],
  }),
  planned("needs to know where a plan goes", "disk_provisioning: thick", {
    verdict: "inconclusive",
    missing: ["vm.datastore is not in the deployment"],
  }),
  planned("does not pass a datastore that the inventory does not have", "datastore: ds9, disk_provisioning: thick", {
    verdict: "inconclusive",
    missing: ["datastore ds9 is not in the inventory"],
  }),
  planned("does not apply to a thin plan on vSAN", "datastore: vsan1, disk_provisioning: thin", {
    verdict: "not-applicable",
    reason: "datastore vsan1 (vsan) determines the disk format itself",
  }),
  deployed("passes a thick disk", "{ thin: false, datastore: DS1 }", { verdict: "pass" }),
  deployed("fails a thin disk, whatever is planned", "{ label: Hard disk 1, thin: «true», datastore: ds1 }", {
    verdict: "fail",
    findings: [["deployed", "Disk a/Hard disk 1 of node a is thin provisioned"]],
  }),
  deployed("fails the thin one of two", "{ thin: false, datastore: ds1 }, { thin: «true», datastore: ds1 }", {
    verdict: "fail",
    findings: [["deployed"]],
  }),
  deployed("fails it beside one on vSAN", "{ thin: true, datastore: vsan1 }, { thin: «true», datastore: ds1 }", {
    verdict: "fail",
    findings: [["deployed"]],
  }),
  deployed("fails it beside one of which nothing is known", "{}, { thin: «true», datastore: ds1 }", {
    verdict: "fail",
    findings: [["deployed"]],
  }),
  ...["vsan1", "nfs1", "vvol1"].map((datastore) =>
    deployed(`does not apply on ${datastore}`, `{ thin: true, datastore: ${datastore} }`, {
      verdict: "not-applicable",
      reason: `datastore ${datastore}`,
    }),
  ),
  deployed("does not take a disk of unknown format for a thick one", "{ datastore: ds1 }", {
    verdict: "inconclusive",
    missing: ["virtual_machines.disks.thin is not in the inventory"],
  }),
  deployed("does not blame a disk whose datastore it does not know", "{ thin: true }", {
    verdict: "inconclusive",
    missing: ["virtual_machines.disks.datastore is not in the inventory"],
  }),
  deployed("does not blame a disk whose datastore is of unknown type", "{ thin: true, datastore: untold }", {
    verdict: "inconclusive",
    missing: ["datastores.type is not in the inventory"],
  }),
  deployed("does not pass a VM without disks", "", { verdict: "inconclusive", reason: "no disk in the inventory" }),
  {
    name: "needs the disks and never falls back to the plan",
    deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { disk_provisioning: thick, datastore: ds1 } }]",
    inventory: `virtual_machines: [{ name: a }]${DATASTORES}`,
    expect: { "node:a": { verdict: "inconclusive", missing: ["virtual_machines.disks is not in the inventory"] } },
  },
  {
    name: "needs the list of datastores",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: "virtual_machines: [{ name: a, disks: [{ thin: true, datastore: ds1 }] }]",
    expect: { "node:a": { verdict: "inconclusive", missing: ["the list datastores is not in the inventory"] } },
  },
  {
    name: "judges a plan on a datastore cluster by what the cluster holds",
    deployment: `conferencing_nodes:
  - { name: a, hostname: a, vm: { datastore: blocks, disk_provisioning: «thin» } }
  - { name: b, hostname: b, vm: { datastore: files, disk_provisioning: thin } }
  - { name: c, hostname: c, vm: { datastore: both, disk_provisioning: thin } }
`,
    inventory: `virtual_machines: []
datastores:
  - { name: ds1, type: VMFS, datastore_cluster: blocks }
  - { name: nfs1, type: NFS, datastore_cluster: files }
  - { name: ds2, type: VMFS, datastore_cluster: both }
  - { name: nfs2, type: NFS, datastore_cluster: both }
`,
    expect: {
      "node:a": { verdict: "fail", findings: [["planned"]] },
      "node:b": { verdict: "not-applicable", reason: "disk format itself" },
      "node:c": { verdict: "inconclusive", reason: "only some of the datastores" },
    },
  },
  {
    name: "tells datastores of one name apart by the VM's host",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }, { name: b, hostname: b }, { name: c, hostname: c }]",
    inventory: `hosts: [{ name: esxi01, cluster: null }, { name: esxi02, cluster: null }, { name: esxi03, cluster: null }]
virtual_machines:
  - { name: a, host: esxi01, disks: [{ thin: «true», datastore: local }] }
  - { name: b, host: esxi02, disks: [{ thin: true, datastore: local }] }
  - { name: c, host: esxi03, disks: [{ thin: true, datastore: local }] }
datastores:
  - { name: local, type: VMFS, hosts: [ESXI01.] }
  - { name: local, type: vsan, hosts: [esxi02] }
`,
    expect: {
      "node:a": { verdict: "fail", findings: [["deployed"]] },
      "node:b": { verdict: "not-applicable" },
      "node:c": { verdict: "inconclusive", missing: ["datastore local is not in the inventory"] },
    },
  },
  {
    name: "does not choose between datastores of one name",
    deployment: "conferencing_nodes: [{ name: a, hostname: a }]",
    inventory: `hosts: [{ name: esxi01, cluster: null }]
virtual_machines: [{ name: a, host: esxi01, disks: [{ thin: true, datastore: local }] }]
datastores: [{ name: local, type: VMFS, hosts: [esxi01] }, { name: local, type: vsan }]
`,
    expect: { "node:a": { verdict: "inconclusive", missing: ["datastores.hosts is not in the inventory"] } },
  },
  {
    name: "judges the plan as it is written while there is no inventory",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { disk_provisioning: «thin» } }
  - { name: b, hostname: b, vm: { disk_provisioning: thick } }
  - { name: c, hostname: c, vm: { datastore: ds } }
`,
    expect: {
      "node:a": { verdict: "fail", findings: [["planned"]] },
      "node:b": { verdict: "pass" },
      "node:c": { verdict: "inconclusive", missing: ["vm.disk_provisioning is not in the deployment"] },
    },
  },
  {
    name: "fails a thin plan, and does not pass a thick one, while the inventory does not list VMs",
    deployment: `
conferencing_nodes:
  - { name: a, hostname: a, vm: { disk_provisioning: «thin», datastore: ds } }
  - { name: b, hostname: b, vm: { disk_provisioning: thick, datastore: ds } }
`,
    inventory: "datastores: [{ name: ds, type: VMFS }]",
    expect: {
      "node:a": { verdict: "fail", findings: [["planned"]] },
      "node:b": { verdict: "inconclusive", missing: ["the list virtual_machines is not in the inventory"] },
    },
  },
]);

it("prints the command for each thin disk", async () => {
  const [check] = await checksOf(rule, {
    deployment: "conferencing_nodes: [{ name: a, hostname: it's }]",
    inventory: `
virtual_machines:
  - name: it's
    disks:
      - { label: Hard disk 1, thin: true, datastore: ds1 }
      - { label: Hard disk 2, thin: false, datastore: ds1 }
datastores: [{ name: ds1, type: VMFS }]
`,
  });
  expect(check?.remediation?.split("\n").slice(1)).toEqual([
    "Get-VM -Name 'it''s' | Get-HardDisk -Name 'Hard disk 1' | Set-HardDisk -Inflate",
  ]);
});
