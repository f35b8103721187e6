import { faultyHardware, trustSize } from "../shared/overlapping-findings.ts";
import { given, set } from "../../src/engine/api/mutation.ts";
import { type At, defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { MEMORY_STEP } from "../../src/facts/node-size.ts";
import type { Node } from "../../src/site/deployment/deployment-objects.ts";
import type { VirtualMachine } from "../../src/site/estate/estate-objects.ts";
import type { NamedKind } from "../../src/site/estate/inventory-names.ts";
import { type DatastoreUser, datastoresOf, decidesFormat } from "../../src/site/relations/node-datastores.ts";
import type { SourceRef } from "../../src/site/core/missing.ts";
import { ownName, type SiteObject } from "../../src/site/core/site-object.ts";
import { hardwareVersion } from "../../src/facts/hardware-versions.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";
import { canonicalMac } from "../../src/values/network/mac-address.ts";
import { quoted } from "../../src/values/text/quoted.ts";

/** Names that vm/placement-exists fails when nothing has them: then no VM can be on what they name. */
const KINDS: Readonly<Partial<Record<string, NamedKind>>> = {
  host: "host",
  cluster: "cluster",
  datastore: "datastore",
  network: "network",
  secondary_network: "network",
};

const messages = {
  differs: "{{what}} of node {{node}} is {{planned}} in the deployment, but {{actual}} on its VM {{vm}}.",
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
  title: "Require the VMs of nodes to be as the deployment says",
  severity: "warn",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "derived"),
  subject: "node",
  messages,
  remediation: "Correct the deployment file where it is out of date, or the VM where it was changed by mistake.",
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
    if (machine === null) return context.notApplicable("the node has no VM yet");
    const owner = context.site.relations.identities.ownerOf(machine);
    if (owner !== node) return context.inconclusive(`VM ${machine.name} is that of node ${owner?.name ?? ""} already`);
    const comparisons = comparisonsOf(node, machine, context);
    if (comparisons.length === 0) return context.notApplicable("the deployment says nothing of how its VM should be");
    context.each(comparisons, ({ what, planned, at, form, actual }) => {
      const comparable = (value: string | number) => form(String(value)) ?? String(value);
      const found = actual();
      if (found.length === 0) return context.notApplicable(`${what} is not for the deployment to decide`);
      const differing = found.filter(({ value }) => comparable(value) !== comparable(planned));
      const [first] = differing;
      if (first === undefined) return;
      for (const side of [{ value: planned, at }, ...differing]) trustValue(side, node, context);
      context.fail("differs", {
        at,
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
    const compared = () => {
      skipUnlisted(KINDS[field], String(value), object.sourceRefOf(field), context);
      return actual(String(value));
    };
    return [{ what, planned: value, at: [object, field], form, actual: compared }];
  };
  const nic = (index: 0 | 1) => {
    const nics = needEntries(machine, "nics");
    if (nics.length === 0) inconclusive("its VM has no network adapter in the inventory");
    // A second one that is missing fails network/secondary-interface.
    return nics[index] ?? wrongAt(machine.sourceRefOf("nics"), "the node's VM has no second network adapter", context);
  };
  const disks = () => {
    const found = needEntries(machine, "disks");
    return found.length > 0 ? found : inconclusive("its VM has no disk in the inventory");
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
    ...planned("Network", plan, "network", canonicalName, () => [read(nic(0), "network")]),
    ...planned("Secondary network", plan, "secondary_network", canonicalName, () => [read(nic(1), "network")]),
    ...planned("Disk format", plan, "disk_provisioning", asWritten, () =>
      disks()
        .filter((disk) => !isOverruled(node, disk, context))
        .map((disk) => ({ value: need(disk, "thin") ? "thin" : "thick", at: [disk, "thin"] })),
    ),
    ...planned("MAC address", plan, "mac_address", canonicalMac, () => [read(nic(0), "mac_address")]),
  ];
}

/** Ends the comparison with a value that is wrong in itself, whatever stands on the other side. */
function trustValue({ value, at }: Actual, node: Node, context: Context): void {
  const [object, field] = at;
  const wrong = (what: string) => wrongAt(object.sourceRefOf(field ?? ""), what, context);
  const number = Number(value);
  if (field === "vm_cpu_count" || field === "cpus") trustSize(node, { value: number, at }, "cpus", context);
  if (field === "vm_system_memory" || field === "memory_mb") {
    trustSize(node, { value: number, at }, "memory", context);
    if (number % MEMORY_STEP !== 0) wrong(`${number} MB is not a multiple of ${MEMORY_STEP}`);
  }
  // The plan is not judged by these two while there is a VM.
  if (object === node.plan) return;
  const hardware = field === "hardware_version" ? hardwareVersion(String(value)) : null;
  if (hardware !== null && faultyHardware(node, hardware, context) !== null) {
    wrong(`hardware version ${hardware} is too old`);
  }
  if (value === "thin") wrong("the disk is thin provisioned");
}

/** Ends the comparison with a name that is nowhere: it is wrong in itself, whatever the VM has. */
function skipUnlisted(kind: NamedKind | undefined, name: string, sourceRef: SourceRef, context: Context): void {
  if (kind === undefined) return;
  const { items, missing } = context.site.estate.names.called(kind, name);
  if (items.length === 0 && missing.length === 0) {
    wrongAt(sourceRef, `${kind} ${quoted(name)} is not in the inventory`, context);
  }
}

/** Ends the comparison with a value at which another rule fails; the report then names that one as the cause. */
function wrongAt(sourceRef: SourceRef, what: string, { needAll, inconclusive }: Context): never {
  needAll({ items: [], missing: [{ what, sourceRef, isUnusable: true }] });
  return inconclusive(what);
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
