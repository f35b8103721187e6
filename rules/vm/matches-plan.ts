import { given, set } from "../../src/engine/api/mutation.ts";
import { type At, defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { VirtualMachine } from "../../src/site/estate/estate-objects.ts";
import { type DatastoreUser, datastoresOf, decidesFormat } from "../../src/site/relations/node-datastores.ts";
import { ownName, type SiteObject } from "../../src/site/core/site-object.ts";
import { hardwareVersion } from "../../src/facts/hardware-versions.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { canonicalMac } from "../../src/values/network/mac-address.ts";

const messages = {
  differs: "{{what}} of node {{node}} is {{planned}} in the deployment file, but {{actual}} on its VM {{vm}}.",
} as const;
type Context = RuleContext<typeof messages>;

/** What the VM has. */
interface Actual {
  readonly value: string | number;
  readonly at: At;
}

/** A value that the deployment may give, and how to find what the VM has in its place. */
interface Comparison {
  readonly what: string;
  readonly field: "vm_cpu_count" | "vm_system_memory" | PlanField;
  /** The form in which values compare; null leaves them as they are written. */
  readonly form: (value: string) => string | number | null;
  readonly actual: (deployed: Deployed) => readonly Actual[];
}

type PlanField =
  | "hardware_version"
  | "host"
  | "cluster"
  | "datastore"
  | "network"
  | "secondary_network"
  | "disk_provisioning"
  | "mac_address";

/** A node with its VM, and the value that is compared. */
interface Deployed {
  readonly node: Node;
  readonly machine: VirtualMachine;
  readonly planned: string;
  readonly context: Context;
}

const asWritten = (value: string) => value;

const COMPARISONS: readonly Comparison[] = [
  {
    what: "Number of vCPUs",
    field: "vm_cpu_count",
    form: asWritten,
    actual: ({ machine, context }) => [read(machine, "cpus", context)],
  },
  {
    what: "Memory (MB)",
    field: "vm_system_memory",
    form: asWritten,
    actual: ({ machine, context }) => [read(machine, "memory_mb", context)],
  },
  {
    what: "Hardware version",
    field: "hardware_version",
    form: hardwareVersion,
    actual: ({ machine, context }) => [read(machine, "hardware_version", context)],
  },
  {
    what: "Host",
    field: "host",
    form: canonicalName,
    actual: ({ machine, context }) => [read(machine, "host", context)],
  },
  {
    what: "Cluster",
    field: "cluster",
    form: canonicalName,
    actual: ({ machine, context: { need } }) => {
      const cluster = need(machine, "inCluster");
      return [{ value: cluster === null ? "none" : ownName(cluster), at: [machine, "cluster"] }];
    },
  },
  {
    what: "Datastore",
    field: "datastore",
    form: canonicalName,
    actual: ({ node, machine, planned, context }) =>
      disks(machine, context).map((disk) => {
        const value = context.need(disk, "datastore");
        return { value: isMember(value, planned, node, disk, context) ? planned : value, at: [disk, "datastore"] };
      }),
  },
  { what: "Network", field: "network", form: canonicalName, actual: (deployed) => [networkOf(0, deployed)] },
  {
    what: "Secondary network",
    field: "secondary_network",
    form: canonicalName,
    actual: (deployed) => [networkOf(1, deployed)],
  },
  {
    what: "Disk format",
    field: "disk_provisioning",
    form: asWritten,
    actual: ({ node, machine, context }) =>
      disks(machine, context)
        .filter((disk) => !isOverruled(node, disk, context))
        .map((disk) => ({ value: context.need(disk, "thin") ? "thin" : "thick", at: [disk, "thin"] })),
  },
  {
    what: "MAC address",
    field: "mac_address",
    form: canonicalMac,
    actual: ({ machine, context }) =>
      nics(machine, context)
        .slice(0, 1)
        .map((nic) => read(nic, "mac_address", context)),
  },
];

/**
 * Follows from what is evaluated: the inventory is the truth, and a deployment file that has fallen behind it leads the
 * next change astray.
 */
export default defineRule({
  id: "vm/matches-plan",
  title: "Require deployed VMs to match the deployment file",
  severity: "warn",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "derived"),
  subject: "node",
  messages,
  remediation: "Correct the deployment file if it is out of date, or the VM if it was changed by mistake.",
  mutations: [
    {
      edit: (node) =>
        given(node, "vm_cpu_count") === undefined || node.role === "management"
          ? null
          : set(given(node, "virtualMachine"), "cpus", (cpus) => cpus - 1),
      at: (node) => node.sourceRefOf("vm_cpu_count"),
    },
  ],
  check(node, context) {
    const machine = context.need(node, "virtualMachine");
    if (machine === null) return context.notApplicable("applies after deployment", { awaits: "deployment" });
    const owner = context.site.relations.identities.ownerOf(machine);
    if (owner !== node) return context.inconclusive(`VM ${machine.name} is already used by node ${owner?.name ?? ""}`);
    // Only what the deployment gives is compared.
    const given = COMPARISONS.filter(({ field }) => plannedValue(node, field, context) !== undefined);
    if (given.length === 0) return context.notApplicable("the deployment does not set any property of the node's VM");
    context.each(given, ({ what, field, form, actual }) => {
      const planned = plannedValue(node, field, context) ?? "";
      const comparable = (value: string | number) => form(String(value)) ?? String(value);
      const found = actual({ node, machine, planned: String(planned), context });
      if (found.length === 0) return context.notApplicable(`the deployment does not control ${what}`);
      const wanted = comparable(planned);
      const differing = found.filter(({ value }) => comparable(value) !== wanted);
      const [first] = differing;
      if (first === undefined) return;
      const at: At = [isOfNode(field) ? node : node.plan, field];
      context.fail("differs", {
        at,
        dependsOn: [at, ...differing.map(({ at: actualAt }) => actualAt)],
        data: { what, node: node.name, planned, actual: first.value, vm: machine.name },
        related: differing.map(({ value, at: sourceRef }) => ({
          message: `VM ${machine.name} has ${value}`,
          at: sourceRef,
        })),
      });
    });
  },
});

function plannedValue(node: Node, field: Comparison["field"], { known }: Context): string | number | undefined {
  return isOfNode(field) ? known(node, field) : known(node.plan, field);
}

function isOfNode(field: Comparison["field"]): field is "vm_cpu_count" | "vm_system_memory" {
  return field === "vm_cpu_count" || field === "vm_system_memory";
}

function read<K extends string>(
  object: SiteObject<{ readonly [F in K]?: string | number }>,
  field: K,
  { need }: Context,
): Actual {
  return { value: need(object, field), at: [object, field] };
}

function nics(machine: VirtualMachine, { needEntries, inconclusive }: Context) {
  const found = needEntries(machine, "nics");
  return found.length > 0 ? found : inconclusive("the node's VM has no network adapter in the inventory");
}

function networkOf(index: 0 | 1, { machine, context }: Deployed): Actual {
  const nic = nics(machine, context)[index];
  return nic === undefined ? { value: "none", at: [machine, "nics"] } : read(nic, "network", context);
}

function disks(machine: VirtualMachine, { needEntries, inconclusive }: Context) {
  const found = needEntries(machine, "disks");
  return found.length > 0 ? found : inconclusive("the node's VM has no disk in the inventory");
}

/** Whether the datastore is one of the datastore cluster that the plan names. */
function isMember(name: string, cluster: string, node: Node, user: DatastoreUser, { site, need }: Context): boolean {
  if (!site.estate.datastores.hasCluster(cluster)) return false;
  const found = datastoresOf(node, user, name, site.estate).items.map((datastore) =>
    need(datastore, "datastore_cluster"),
  );
  return found.some((own) => own !== null && canonicalName(own) === canonicalName(cluster));
}

/** If the storage decides how disks are provisioned, the plan has no effect. */
function isOverruled(node: Node, disk: DatastoreUser, { site, known }: Context): boolean {
  const name = known(disk, "datastore");
  if (name === undefined) return false;
  return datastoresOf(node, disk, name, site.estate).items.some((found) => decidesFormat(known(found, "type") ?? ""));
}
