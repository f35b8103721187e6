import { all, remove, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { hasRelease } from "../../src/facts/version-profiles.ts";

/** The guide: "supports VMware vSphere ESXi 5.x and 6.x, although we recommend ESXi 6.x" (L93). */
export default defineRule({
  id: "platform/esxi-recommended-version",
  title: "Require a recommended ESXi version",
  severity: "info",
  since: "0.1.0",
  source: guide("Supported ESXi versions", "recommended"),
  subject: "host",
  messages: { other: "Host {{host}} runs ESXi {{esxi}}; {{recommended}} is recommended." },
  remediation: "Upgrade the host to a recommended ESXi version.",
  mutations: [
    {
      edit: (host, { site }) =>
        site.profile.recommendedEsxi === null
          ? null
          : all(set(host, "version", "5.5.0"), remove(host, "api_version") ?? []),
      alsoFails: {
        "platform/deployment-type-matches-esxi": "the node is still to be deployed as for ESXi 6.7",
        "vm/hardware-version-runs-on-host": "ESXi 5.5 is supported and does not start the node's VM",
      },
    },
  ],
  check(host, { site, need, fail, notApplicable, inconclusive }) {
    const { profiles, profile } = site;
    const recommending = profiles.filter(({ recommendedEsxi }) => recommendedEsxi !== null);
    if (recommending.length === 0)
      return notApplicable(`version profile ${profile.name} does not recommend a specific ESXi version`);
    const esxi = need(host, "esxi");
    const release = `${esxi.major}.${esxi.minor}`;
    if (recommending.every(({ recommendedEsxi }) => hasRelease(recommendedEsxi ?? [], esxi))) return;
    if (recommending.length < profiles.length) {
      const version = need(site.platform, "version");
      return inconclusive(
        `whether Pexip Infinity ${String(version)} recommends an ESXi version is unknown; ${profile.name} does`,
      );
    }
    const at = [host, "version"] as const;
    fail("other", {
      at,
      dependsOn: hasRelease(profile.esxi, esxi) ? [] : [at],
      data: { host: host.name, esxi: release, recommended: `ESXi ${(profile.recommendedEsxi ?? []).join(" or ")}` },
    });
  },
});
