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

/** A value that the deployment gives, and how to find what the VM has in its place. */
interface Comparison {
  readonly what: string;
  readonly planned: string | number;
  readonly at: At;
  /** The form in which values compare; null leaves them as they are written. */
  readonly form: (value: string) => string | number | null;
  readonly actual: () => readonly Actual[];
}

/**
 * Follows from what is judged here: the inventory is the truth, and a deployment file that has fallen behind it leads the
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
    const comparisons = comparisonsOf(node, machine, context);
    if (comparisons.length === 0)
      return context.notApplicable("the deployment does not set any property of the node's VM");
    context.each(comparisons, ({ what, planned, at, form, actual }) => {
      const comparable = (value: string | number) => form(String(value)) ?? String(value);
      const found = actual();
      if (found.length === 0) return context.notApplicable(`the deployment does not control ${what}`);
      const differing = found.filter(({ value }) => comparable(value) !== comparable(planned));
      const [first] = differing;
      if (first === undefined) return;
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

/** Only what the deployment gives is compared. */
function comparisonsOf(node: Node, machine: VirtualMachine, context: Context): readonly Comparison[] {
  const { need, needEntries, inconclusive } = context;
  const { plan } = node;
  const read = <F, K extends keyof F & string>(object: SiteObject<F>, field: K) => ({
    value: need(object, field),
    at: [object, field] as const,
  });
  const planned = <F extends object>(
    what: string,
    object: SiteObject<F>,
    field: keyof F & string,
    form: Comparison["form"],
    actual: (planned: string) => readonly Actual[],
  ): readonly Comparison[] => {
    const value = context.known(object, field) as string | number | undefined;
    if (value === undefined) return [];
    return [{ what, planned: value, at: [object, field], form, actual: () => actual(String(value)) }];
  };
  const nics = () => {
    const found = needEntries(machine, "nics");
    return found.length > 0 ? found : inconclusive("the node's VM has no network adapter in the inventory");
  };
  const networkOf = (index: 0 | 1): Actual => {
    const nic = nics()[index];
    return nic === undefined ? { value: "none", at: [machine, "nics"] } : read(nic, "network");
  };
  const disks = () => {
    const found = needEntries(machine, "disks");
    return found.length > 0 ? found : inconclusive("the node's VM has no disk in the inventory");
  };
  const asWritten = (value: string) => value;

  return [
    ...planned("Number of vCPUs", node, "vm_cpu_count", asWritten, () => [read(machine, "cpus")]),
    ...planned("Memory (MB)", node, "vm_system_memory", asWritten, () => [read(machine, "memory_mb")]),
    ...planned("Hardware version", plan, "hardware_version", hardwareVersion, () => [
      read(machine, "hardware_version"),
    ]),
    ...planned("Host", plan, "host", canonicalName, () => [read(machine, "host")]),
    ...planned("Cluster", plan, "cluster", canonicalName, () => {
      const cluster = need(machine, "inCluster");
      return [{ value: cluster === null ? "none" : ownName(cluster), at: [machine, "cluster"] }];
    }),
    ...planned("Datastore", plan, "datastore", canonicalName, (name) =>
      disks().map((disk) => {
        const { value, at } = read(disk, "datastore");
        return { value: isMember(value, name, node, disk, context) ? name : value, at };
      }),
    ),
    ...planned("Network", plan, "network", canonicalName, () => [networkOf(0)]),
    ...planned("Secondary network", plan, "secondary_network", canonicalName, () => [networkOf(1)]),
    ...planned("Disk format", plan, "disk_provisioning", asWritten, () =>
      disks()
        .filter((disk) => !isOverruled(node, disk, context))
        .map((disk) => ({ value: need(disk, "thin") ? "thin" : "thick", at: [disk, "thin"] })),
    ),
    ...planned("MAC address", plan, "mac_address", canonicalMac, () =>
      nics()
        .slice(0, 1)
        .map((nic) => read(nic, "mac_address")),
    ),
  ];
}

/** Whether the datastore is one of the datastore cluster that the plan names. */
function isMember(name: string, cluster: string, node: Node, user: DatastoreUser, { site, need }: Context): boolean {
  if (!site.estate.datastores.hasCluster(cluster)) return false;
  const found = datastoresOf(node, user, name, site.estate).items.map((datastore) =>
    need(datastore, "datastore_cluster"),
  );
  return found.some((own) => own !== null && canonicalName(own) === canonicalName(cluster));
}

/** Where the storage decides how disks are provisioned, a plan says nothing. */
function isOverruled(node: Node, disk: DatastoreUser, { site, known }: Context): boolean {
  const name = known(disk, "datastore");
  if (name === undefined) return false;
  return datastoresOf(node, disk, name, site.estate).items.some((found) => decidesFormat(known(found, "type") ?? ""));
}
