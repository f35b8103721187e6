import { given, set } from "../../src/engine/api/mutation.ts";
import { type At, defineRule, type RuleContext } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { hardwareVersionOf, inconclusiveHardware } from "../shared/virtual-hardware.ts";
import { evcMode } from "../../src/facts/evc-modes.ts";
import type { VirtualMachine } from "../../src/site/estate/estate-objects.ts";

/** What the mutation sets: a level below that of every current Intel cluster. */
const STALE = "intel-sandybridge";

/**
 * The guide: "When disabling EVC or raising the EVC mode, any currently running VMs will not have access to the new level
 * until they have been shut down and restarted" (L264). A higher level hides nothing; that such VMs are shut down before
 * the mode is lowered (L263) is a step of the change, which vCenter Server itself requires.
 */
export default defineRule({
  id: "vm/evc-level-current",
  title: "Disallow running node VMs below their cluster's EVC mode",
  severity: "warn",
  since: "0.1.0",
  source: guide("Enhanced vMotion Compatibility (EVC)", "strongly-recommended"),
  subject: "node",
  messages: {
    stale:
      "VM {{vm}} of node {{node}} runs with EVC mode {{level}}, but {{owner}} provides {{mode}}; power cycle the VM.",
  },
  remediation:
    "Power cycle the VM (a Conferencing Node in Pexip maintenance mode); a reboot is not enough. If the mode does not change, the VM has its own EVC mode (vSphere Client: Configure, VMware EVC).",
  mutations: [
    {
      edit: (node) => {
        const machine = given(node, "virtualMachine");
        const mode =
          given(given(machine, "inCluster"), "evc_mode") ?? given(given(machine, "onHost")?.cpu, "max_evc_mode");
        const offer = evcMode(mode ?? "");
        const isAbove = offer?.vendor === "intel" && offer.rank > (evcMode(STALE)?.rank ?? Infinity);
        return isAbove ? set(machine, "min_required_evc_mode", STALE) : null;
      },
    },
  ],
  check(node, context) {
    const { need, fail, notApplicable, inconclusive } = context;
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    // A suspended VM keeps its level (vSphere API, VirtualMachineRuntimeInfo.minRequiredEVCModeKey).
    if (need(machine, "power_state") === "poweredOff") return notApplicable("the node's VM is powered off");
    const level = need(machine, "min_required_evc_mode");
    if (level === null) return notApplicable("EVC does not apply to the node's VM");
    const offer = offered(machine, context);
    if (level.trim().toLowerCase() === offer.mode.trim().toLowerCase()) return;

    const [own, wanted] = [evcMode(level), evcMode(offer.mode)];
    if (own === undefined || wanted === undefined) {
      const unknown = own === undefined ? level : offer.mode;
      return inconclusive(`EVC mode ${JSON.stringify(unknown)} is not in this program's table of modes`);
    }
    if (own.vendor !== wanted.vendor) {
      return inconclusive(
        `EVC modes ${level} and ${offer.mode} are of different CPU vendors; the inventory is inconsistent`,
      );
    }
    if (own.rank >= wanted.rank) return;
    const host = need(machine, "onHost");
    const newest = need(host, "newestHardware");
    const hardware = hardwareVersionOf(node, context).value;
    if (hardware < newest.least) {
      return notApplicable(
        `hardware version ${hardware} may limit the VM's EVC mode; ${host.name} supports newer ones`,
      );
    }
    if (hardware < newest.most) return inconclusiveHardware(host, newest, context);
    const unconfirmed = newest.confirmed ? {} : { unconfirmed: true };
    const at = [machine, "min_required_evc_mode"] as const;
    fail("stale", {
      at,
      dependsOn: [...(own.avx ? [] : [at]), ...(wanted.avx ? [] : [offer.at])],
      data: { vm: machine.name, node: node.name, level, mode: offer.mode, owner: offer.owner, ...unconfirmed },
      related: [{ message: `${offer.owner} provides ${offer.mode}`, at: offer.at }],
    });
  },
});

/** The level that the VM would have if it were started now: its cluster's EVC mode, or with EVC off its host's highest. */
function offered(
  machine: VirtualMachine,
  { need, inconclusive }: Pick<RuleContext<Record<string, string>>, "need" | "inconclusive">,
): { readonly mode: string; readonly owner: string; readonly at: At } {
  const cluster = need(machine, "inCluster");
  const mode = cluster === null ? null : need(cluster, "evc_mode");
  if (cluster !== null && mode !== null) {
    return { mode, owner: `cluster ${cluster.name}`, at: [cluster, "evc_mode"] };
  }
  const host = need(machine, "onHost");
  const highest = need(host.cpu, "max_evc_mode");
  if (highest === null)
    return inconclusive(`EVC is disabled, and ${host.name} supports no EVC mode according to the inventory`);
  return { mode: highest, owner: `host ${host.name}`, at: [host.cpu, "max_evc_mode"] };
}
