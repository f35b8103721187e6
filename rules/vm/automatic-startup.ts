import { given, set } from "../../src/engine/api/mutation.ts";
import { command } from "../../src/engine/api/command.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { canonicalName } from "../../src/values/network/host-name.ts";

/** The restart priorities with which HA starts a VM again (vSphere API: ClusterDasVmSettingsRestartPriority). */
const PRIORITIES = ["lowest", "low", "medium", "high", "highest"];

/**
 * The guide: "you must enable automatic startup of that virtual machine (VM)" (L361, L574, L663). In a cluster with HA,
 * which "will automatically start the VM on another host" (L272), VMware deactivates the automatic startup of hosts.
 */
export default defineRule({
  id: "vm/automatic-startup",
  title: "Require automatic startup of node VMs",
  severity: "error",
  since: "0.1.0",
  source: guide("Enabling automatic startup", "must"),
  subject: "node",
  messages: {
    hostOff:
      "VM {{vm}} of node {{node}} does not start with host {{host}}, because automatic startup is disabled on the host; enable it.",
    notListed: "VM {{vm}} of node {{node}} is not in the automatic startup list of host {{host}}; add it.",
    noMonitoring:
      "HA of cluster {{cluster}} does not monitor hosts, so VM {{vm}} of node {{node}} is not restarted after a host failure; enable host monitoring.",
    noRestart:
      "HA of cluster {{cluster}} does not restart VM {{vm}} of node {{node}}, whose restart priority is disabled; raise the priority.",
  },
  remediation:
    "Enable automatic startup on the host (Configure, VM Startup/Shutdown) and give the VM the start action power on. In a cluster with HA, give the VM a restart priority other than disabled instead.",
  commands: (node, { known }) => {
    const machine = known(node, "virtualMachine");
    if (machine == null) return [];
    const cluster = known(machine, "inCluster");
    const host = known(machine, "onHost");
    const vm = ownName(machine);
    if (cluster != null && known(cluster, "ha_enabled") === true) {
      return [command("vm/ha-restart-priority", { cluster: ownName(cluster), vm })];
    }
    if (host === undefined) return [];
    const on = ownName(host);
    return [command("host/autostart", { host: on }), command("vm/autostart", { host: on, vm })];
  },
  mutations: [
    {
      edit: (node) => {
        const cluster = given(given(node, "virtualMachine"), "inCluster");
        return given(cluster, "ha_enabled") === true ? set(cluster, "ha_host_monitoring", false) : null;
      },
    },
    {
      edit: (node) => {
        const machine = given(node, "virtualMachine");
        return given(given(machine, "inCluster"), "ha_enabled") === true
          ? set(machine, "ha_restart_priority", "disabled")
          : null;
      },
    },
    {
      edit: (node) => {
        const machine = given(node, "virtualMachine");
        return given(given(machine, "inCluster"), "ha_enabled") === true
          ? null
          : set(given(machine, "onHost")?.autostart, "enabled", false);
      },
    },
  ],
  check(node, { need, known, fail, notApplicable, inconclusive }) {
    const machine = need(node, "virtualMachine");
    if (machine === null) return notApplicable("applies after deployment", { awaits: "deployment" });
    const data = { vm: machine.name, node: node.name };
    const cluster = need(machine, "inCluster");
    if (cluster !== null && need(cluster, "ha_enabled")) {
      const inCluster = { ...data, cluster: cluster.name };
      if (known(cluster, "ha_host_monitoring") === false) {
        fail("noMonitoring", { at: [cluster, "ha_host_monitoring"], data: inCluster });
        return;
      }
      if (known(machine, "ha_restart_priority")?.trim().toLowerCase() === "disabled") {
        fail("noRestart", { at: [machine, "ha_restart_priority"], data: inCluster });
        return;
      }
      need(cluster, "ha_host_monitoring");
      const priority = need(machine, "ha_restart_priority").trim().toLowerCase();
      if (PRIORITIES.includes(priority)) return;
      return inconclusive(`restart priority ${JSON.stringify(priority)} is not in this program's table`);
    }
    const host = need(machine, "onHost");
    const { autostart } = host;
    const related =
      cluster === null
        ? []
        : [{ message: `HA of cluster ${cluster.name} is disabled`, at: [cluster, "ha_enabled"] as const }];
    if (!need(autostart, "enabled")) {
      fail("hostOff", { at: [autostart, "enabled"], data: { ...data, host: host.name }, related });
      return;
    }
    const started = need(autostart, "virtual_machines").map(canonicalName);
    if (started.includes(canonicalName(ownName(machine)))) return;
    fail("notListed", { at: [autostart, "virtual_machines"], data: { ...data, host: host.name }, related });
  },
});
