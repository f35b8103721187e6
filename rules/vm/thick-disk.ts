import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { machineOrPlan } from "../shared/virtual-hardware.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import { type DatastoreUser, datastoresOf, decidesFormat } from "../../src/site/relations/node-datastores.ts";
import { ownName } from "../../src/site/core/site-object.ts";

const messages = {
  planned: "Disk of node {{node}} is planned as thin provisioned; choose a thick format.",
  deployed: "Disk {{disk}} of node {{node}} is thin provisioned; convert it to thick.",
} as const;
type Context = RuleContext<typeof messages>;

/** The guide: "You should always deploy the nodes with Thick Provisioned disks." (L657; Management Node: L353) */
export default defineRule({
  id: "vm/thick-disk",
  title: "Require thick-provisioned disks",
  severity: "warn",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "strongly-recommended"),
  subject: "node",
  messages,
  remediation:
    "Choose a thick format when you deploy the node. To convert a thin disk, inflate it (shut the node down first) or move it to another datastore in a thick format.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    const disks = machine == null ? [] : (known(machine, "disks") ?? []);
    return disks.flatMap(({ label, thin }) =>
      machine == null || label === undefined || thin !== true
        ? []
        : [command("vm/inflate-disk", { vm: ownName(machine), disk: label })],
    );
  },
  // Without an inventory the line may state how an existing disk is provisioned.
  fix: ({ messageId }, node, { known }) =>
    messageId === "planned" && known(node, "virtualMachine") === null ? { value: "thick" } : null,
  mutations: [
    { edit: (node) => (given(node, "virtualMachine") === null ? set(node.plan, "disk_provisioning", "thin") : null) },
    {
      edit: (node) => {
        const machine = given(node, "virtualMachine");
        return (given(machine, "disks") ?? []).length === 0 ? null : set(machine?.entry("disks", 0), "thin", true);
      },
    },
  ],
  check(node, context) {
    const { need, needEntries, each, fail, inconclusive } = context;
    const machine = machineOrPlan(node, context);
    if (machine === null) {
      // Without any inventory the storage is unknown: then the plan is evaluated as written.
      if (context.site.estate.isInventoried) skipOwnFormat(node, node.plan, context);
      if (need(node.plan, "disk_provisioning") === "thick") return;
      fail("planned", { at: [node.plan, "disk_provisioning"], data: { node: node.name } });
      return;
    }
    const disks = needEntries(machine, "disks");
    if (disks.length === 0) return inconclusive("the node's VM has no disk in the inventory");
    each(disks, (disk) => {
      skipOwnFormat(node, disk, context);
      if (need(disk, "thin")) fail("deployed", { at: [disk, "thin"], data: { disk: disk.name, node: node.name } });
    });
  },
});

/** On vSAN, vVols and NFS the storage decides how disks are provisioned, whatever is chosen. */
function skipOwnFormat(node: Node, user: DatastoreUser, { site, need, needAll, notApplicable, inconclusive }: Context) {
  const name = need(user, "datastore");
  const types = needAll(datastoresOf(node, user, name, site.estate)).map((datastore) => need(datastore, "type"));
  const own = types.filter(decidesFormat);
  if (own.length === 0) return;
  if (own.length < types.length) inconclusive(`only some of the datastores named ${name} determine the disk format`);
  notApplicable(`datastore ${name} (${own[0] ?? ""}) determines the disk format itself`);
}
