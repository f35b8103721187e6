import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { atLeast, type EsxiVersion } from "../../src/facts/esxi-version.ts";
import { isManualEsxiType, isOlderType, manualTypeFor } from "../../src/facts/manual-deployment-types.ts";
import { softwareMajor } from "../../src/facts/version-profiles.ts";

/** The guide: "select either *Manual (ESXi 6.7 and above)*, *Manual (ESXi 6.0 and 6.5)* or *Manual (ESXi 5.x)* as appropriate" (L613). */
export default defineRule({
  id: "platform/deployment-type-matches-esxi",
  title: "Require the deployment type to fit the hosts' ESXi version",
  severity: "error",
  since: "0.1.0",
  source: guide("Manually deploying a Conferencing Node on an ESXi host", "must"),
  subject: "conferencing-node",
  messages: {
    none: "Deployment type of node {{node}} is {{actual}}, but {{host}} runs ESXi {{esxi}}, for which there is no deployment type.",
    other: "Deployment type of node {{node}} is {{actual}}, but {{host}} runs ESXi {{esxi}}, which takes {{fitting}}.",
  },
  remediation: "Choose the deployment type for the oldest ESXi version among the hosts that the node may run on.",
  mutations: [
    {
      edit: (node) =>
        set(node, "deployment_type", (type) => (type === "MANUAL-ESXI-6.0" ? "MANUAL-ESXI-6.7" : "MANUAL-ESXI-6.0")),
    },
  ],
  check(node, { site, need, known, needAll, fail, notApplicable, inconclusive }) {
    const asking = site.profiles.filter(({ asksForEsxi }) => asksForEsxi);
    if (asking.length === 0)
      return notApplicable(`Pexip Infinity of version profile ${site.profile.name} does not ask for the ESXi version`);
    const actual = known(node, "deployment_type") ?? "MANUAL-PROVISION-ONLY";
    if (!isManualEsxiType(actual)) return notApplicable(`${actual} is for any ESXi version`);

    const found = node.candidateHosts.items.flatMap((host) => {
      const esxi = known(host, "esxi");
      return esxi === undefined ? [] : [{ host, esxi }];
    });
    const [oldest] = found.sort((a, b) => compare(a.esxi, b.esxi));
    const fitting = oldest === undefined ? undefined : manualTypeFor(oldest.esxi);
    // A host that is too old for the type is proof, whatever is missing of the others.
    if (fitting === undefined || !isOlderType(fitting, actual)) {
      for (const host of needAll(node.candidateHosts)) need(host, "esxi");
    }
    if (fitting === actual || oldest === undefined) return;
    if (asking.length < site.profiles.length) {
      const version = need(site.platform, "version");
      return inconclusive(
        `the type does not fit, and this program does not know whether Pexip Infinity ${String(version)} still asks for the ESXi version (${asking.map(({ name }) => name).join(", ")} does)`,
        softwareMajor(version) === null ? {} : { severity: "warn" },
      );
    }
    const { host, esxi } = oldest;
    const release = `${esxi.major}.${esxi.minor}`;
    const at = [node, "deployment_type"] as const;
    const data = { node: node.name, actual, host: host.name, esxi: release };
    const related = [{ message: `${host.name} runs ESXi ${release}`, at: [host, "version"] as const }];
    if (fitting === undefined) fail("none", { at, dependsOn: [[host, "version"]], data, related });
    else fail("other", { at, data: { ...data, fitting }, related });
  },
});

function compare(a: EsxiVersion, b: EsxiVersion): number {
  if (a.major === b.major && a.minor === b.minor) return 0;
  return atLeast(a, b.major, b.minor) ? 1 : -1;
}
