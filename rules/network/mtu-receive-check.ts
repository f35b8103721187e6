import { set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import type { EsxiVersion } from "../../src/facts/esxi-version.ts";
import type { LocationFields, Node } from "../../src/site/deployment/deployment-objects.ts";
import type { Host } from "../../src/site/estate/estate-objects.ts";
import { DEFAULT_MTU } from "../../src/site/relations/node-groups.ts";
import { attachmentsOf } from "../../src/site/relations/network-attachment.ts";
import { ownName, type SiteObject } from "../../src/site/core/site-object.ts";

const OPTION = "Net.Vmxnet3NonTsoPacketGtMtuAllowed";

const messages = {
  checked:
    "Host {{host}} drops packets larger than the MTU of {{nodes}}, because option {{option}} is {{value}}; set it to 1.",
  absent:
    "Host {{host}} drops packets larger than the MTU of {{nodes}} and has no option {{option}}; patch it (ESXi 6.7: ESXi670-201912001 or later), then set it to 1.",
} as const;

/**
 * The guide: "If you are using ESXi 6.7u2 and above, and are operating Pexip nodes at an MTU below that of the local
 * network, you need to disable ESXi's receive MTU check." (L145)
 */
export default defineRule({
  id: "network/mtu-receive-check",
  title: "Disallow ESXi's receive MTU check on hosts of nodes with a reduced MTU",
  severity: "error",
  since: "0.1.0",
  source: guide("Reducing MTU with ESXi 6.7u2 and above", "must"),
  subject: "host",
  messages,
  remediation:
    "Set the advanced option to 1 on the host: with esxcli on the host itself, or with govc through vCenter. It takes effect when a node's VM is next powered on.",
  commands: (host) => [command("host/receive-mtu-check-off", { host: ownName(host) })],
  mutations: [{ edit: (host) => set(host, "options", (options) => ({ ...options, [OPTION]: 0 })) }],
  check(host, context) {
    const { site, need, known, each, fail, notApplicable, inconclusive } = context;
    const esxi = known(host, "esxi");
    if (esxi !== undefined && checksMtu(esxi) === false) {
      notApplicable("ESXi before 6.7 Update 2 does not check the MTU of received packets");
    }
    // If the check is disabled, it harms no node, regardless of its MTU.
    if (isOn(known(host, "options")?.[OPTION])) return;

    const perhaps = site.relations.nodesWithReducedMtuOn(host);
    if (perhaps.length === 0) notApplicable("no node on the host has an MTU below that of its network");

    const reduced: Node[] = [];
    each(perhaps, (node) => {
      if (!isBelowNetwork(node, host, context))
        notApplicable("no node on the host has an MTU below that of its network");
      needsVmxnet3(node, context);
      reduced.push(node);
    });
    if (reduced.length === 0) return;
    if (checksMtu(need(host, "esxi")) === null) {
      need(host, "api_version");
      inconclusive("the update level of ESXi 6.7 cannot be determined from api_version and build");
    }
    const value = need(host, "options")[OPTION];
    const nodes = reduced.map(({ name }) => name).join(", ");
    const data = { host: host.name, nodes, option: OPTION };
    if (value === undefined) fail("absent", { at: [host, "options"], data });
    else fail("checked", { at: [host, "options", OPTION], data: { ...data, value } });
  },
});

type Context = Pick<
  RuleContext<typeof messages>,
  "need" | "known" | "needAll" | "needEntries" | "notApplicable" | "site"
>;

/** Whether the release has the check; null where the update level of 6.7 is not known. */
function checksMtu({ major, minor, update }: EsxiVersion): boolean | null {
  if (major !== 6 || minor !== 7) return major > 6;
  return update === null ? null : update >= 2;
}

/** Exporters write the option as a number, as text or as a switch. */
function isOn(value: string | number | boolean | undefined): boolean {
  return ["1", "true"].includes(String(value).trim().toLowerCase());
}

/** The local network's MTU: as the deployment states it, else the switch's, but no more than Ethernet's usual 1500. */
function isBelowNetwork(node: Node, host: Host, { need, known, needAll, site }: Context): boolean {
  const owner: SiteObject<Pick<LocationFields, "mtu" | "network_mtu">> =
    node.role === "management" ? node : need(node, "inLocation");
  // The node's MTU is known to be below the one that is stated, or below Ethernet's.
  if (known(owner, "network_mtu") !== undefined) return true;
  const mtu = need(owner, "mtu");
  // On a host without the network, the node cannot run with it.
  return needAll(site.relations.networksInUse.of(node, host))
    .filter((network) => !network.isAbsent)
    .flatMap((network) => needAll(attachmentsOf(network)))
    .map((attachment) => Math.min(need(attachment, "mtu").value, DEFAULT_MTU))
    .some((network) => mtu < network);
}

/** Only vmxnet3 adapters have the check. A node without a VM is evaluated as if it had one, to be on the safe side. */
function needsVmxnet3(node: Node, { need, known, needEntries, notApplicable }: Context): void {
  const machine = need(node, "virtualMachine");
  if (machine === null) return;
  const nics = needEntries(machine, "nics");
  if (nics.some((nic) => known(nic, "adapter")?.toLowerCase().includes("vmxnet3"))) return;
  for (const nic of nics) need(nic, "adapter");
  notApplicable("no node with an MTU below its network's has a vmxnet3 adapter");
}
