import { all, remove, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { candidateProfiles, hasRelease, softwareMajor } from "../../src/facts/version-profiles.ts";

/** The guide: "Version 25 of the Pexip Infinity platform supports VMware vSphere ESXi 5.x and 6.x" (L93). */
export default defineRule({
  id: "platform/esxi-supported-version",
  title: "Require an ESXi version that Pexip Infinity supports",
  severity: "error",
  since: "0.1.0",
  source: guide("Supported ESXi versions", "must"),
  subject: "host",
  messages: {
    unsupported: "Host {{host}} runs ESXi {{esxi}}; Pexip Infinity {{version}} supports {{supported}}.",
    unlisted:
      "Host {{host}} runs ESXi {{esxi}}, which none of the version profiles that may hold for this Pexip Infinity supports ({{supported}}).",
  },
  remediation:
    "Move the nodes to hosts with a supported ESXi version, or bring the host to one; a newer ESXi may need a newer Pexip Infinity.",
  mutations: [
    { edit: (host) => all(set(host, "version", "4.1.0"), remove(host, "api_version") ?? []) },
    {
      edit: (host, { site }) =>
        hasRelease(site.profile.esxi, { major: 7, minor: 0, update: 3 })
          ? null
          : all(set(host, "version", "7.0.3"), remove(host, "api_version") ?? []),
    },
  ],
  check(host, { site, need, known, fail, inconclusive }) {
    const esxi = need(host, "esxi");
    const version = known(site.platform, "version");
    const candidates = candidateProfiles(version);
    const supporting = candidates.filter((profile) => hasRelease(profile.esxi, esxi));
    if (supporting.length === candidates.length) return;

    const data = { host: host.name, esxi: `${esxi.major}.${esxi.minor}` };
    const lists = candidates.map(({ name, esxi: releases }) => `${name}: ${releases.join(", ")}`);
    if (supporting.length === 0) {
      const at = { at: [host, "version"] } as const;
      if (site.profileIsExact) {
        fail("unsupported", {
          ...at,
          data: { ...data, version: version ?? "", supported: site.profile.esxi.join(", ") },
        });
      } else {
        fail("unlisted", { ...at, data: { ...data, supported: lists.join("; "), unconfirmed: true } });
      }
    } else if (softwareMajor(version) === null) {
      const written = need(site.platform, "version");
      inconclusive(
        `platform.version ${JSON.stringify(written)} cannot be read, and not all versions support ESXi ${data.esxi}`,
      );
    }
    // One of the neighbours of a version that this program has no profile for supports it: no reason to fail.
  },
});
