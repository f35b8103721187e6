import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { isManualEsxiType, isOlderType, manualTypeFor } from "../../src/facts/manual-deployment-types.ts";
import { softwareMajor } from "../../src/facts/version-profiles.ts";

/** The guide: "select either *Manual (ESXi 6.7 and above)*, *Manual (ESXi 6.0 and 6.5)* or *Manual (ESXi 5.x)* as appropriate" (L613). */
export default defineRule({
  id: "platform/deployment-type-matches-esxi",
  title: "Require a deployment type that matches the hosts' ESXi version",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "must"),
  subject: "conferencing-node",
  messages: {
    none: "Deployment type of node {{node}} is {{actual}}, but {{host}} runs ESXi {{esxi}}, for which there is no deployment type; use another host.",
    other: "Deployment type of node {{node}} is {{actual}}, but {{host}} runs ESXi {{esxi}}; use {{fitting}}.",
  },
  remediation: "Choose the deployment type for the oldest ESXi version among the node's candidate hosts.",
  // For an existing VM, the type states how it was deployed. For a host of unknown version, that is not certain.
  fix: ({ messageId, data: { fitting } }, node, { known }) =>
    messageId === "other" &&
    typeof fitting === "string" &&
    known(node, "virtualMachine") === null &&
    known(node.clusterHosts, "oldestEsxi") !== undefined
      ? { value: fitting }
      : null,
  mutations: [
    {
      edit: (node) =>
        set(node, "deployment_type", (type) => (type === "MANUAL-ESXI-6.0" ? "MANUAL-ESXI-6.7" : "MANUAL-ESXI-6.0")),
    },
  ],
  check(node, { site, need, fail, notApplicable, inconclusive }) {
    const asking = site.profiles.filter(({ asksForEsxi }) => asksForEsxi);
    if (asking.length === 0)
      return notApplicable(
        `Pexip Infinity with version profile ${site.profile.name} does not distinguish ESXi versions`,
      );
    const actual = need(node, "deployment_type");
    if (!isManualEsxiType(actual)) return notApplicable(`${actual} applies to all ESXi versions`);

    const { clusterHosts } = node;
    const [oldest] = clusterHosts.esxi.items;
    const fitting = oldest === undefined ? undefined : manualTypeFor(oldest.value);
    // A host that is too old for the type is proof, regardless of values missing for others.
    if (fitting === undefined || !isOlderType(fitting, actual)) need(clusterHosts, "oldestEsxi");
    if (fitting === actual || oldest === undefined) return;
    if (asking.length < site.profiles.length) {
      const version = need(site.platform, "version");
      return inconclusive(
        `deployment type ${actual} does not match, but whether Pexip Infinity ${String(version)} still distinguishes ESXi versions is unknown (${asking.map(({ name }) => name).join(", ")} does)`,
        softwareMajor(version) === null ? {} : { severity: "warn" },
      );
    }
    const { host, value } = oldest;
    const release = `${value.major}.${value.minor}`;
    const at = [node, "deployment_type"] as const;
    const data = { node: node.name, actual, host: host.name, esxi: release };
    const related = [{ message: `${host.name} runs ESXi ${release}`, at: oldest.at }];
    if (fitting === undefined) fail("none", { at, dependsOn: [oldest.at], data, related });
    else fail("other", { at, data: { ...data, fitting }, related });
  },
});
