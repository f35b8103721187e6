import { all, remove, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { quoted } from "../../src/values/text/quoted.ts";
import { hasRelease, softwareMajor, supportsEsxi } from "../../src/facts/version-profiles.ts";

/** The guide: "Version 25 of the Pexip Infinity platform supports VMware vSphere ESXi 5.x and 6.x" (L93). */
export default defineRule({
  id: "platform/esxi-supported-version",
  title: "Require a supported ESXi version",
  severity: "error",
  since: "0.1.0",
  source: guide("Supported ESXi versions", "must"),
  subject: "host",
  messages: {
    unsupported: "Host {{host}} runs ESXi {{esxi}}; Pexip Infinity {{version}} supports {{supported}}.",
    unlisted:
      "Host {{host}} runs ESXi {{esxi}}, which no version profile that may apply to this Pexip Infinity version supports ({{supported}}).",
    notListed: "Host {{host}} runs ESXi {{esxi}}; the config lists {{supported}} for Pexip Infinity {{version}}.",
  },
  remediation:
    "Move the nodes to hosts with a supported ESXi version, or upgrade the host; a newer ESXi version may require a newer Pexip Infinity.",
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
    const release = `${esxi.major}.${esxi.minor}`;
    const data = { host: host.name, esxi: release, version: version ?? "" };
    const at = [host, "version"] as const;

    const listed = site.profileIsExact ? null : site.listedReleases;
    if (listed !== null) {
      const releases = need(listed.lists, listed.version);
      if (hasRelease(releases, esxi)) return;
      const related = [{ message: "releases that the config lists", at: [listed.lists, listed.version] as const }];
      fail("notListed", { at, data: { ...data, supported: releases.join(", ") }, related });
      return;
    }

    const isSupported = supportsEsxi(version, esxi);
    if (isSupported === true) return;
    const lists = site.profiles.map(({ name, esxi: releases }) => `${name}: ${releases.join(", ")}`).join("; ");
    if (isSupported === false) {
      if (site.profileIsExact) fail("unsupported", { at, data: { ...data, supported: site.profile.esxi.join(", ") } });
      else fail("unlisted", { at, data: { ...data, supported: lists, unconfirmed: true } });
      return;
    }
    const written = need(site.platform, "version");
    if (softwareMajor(written) === null) {
      return inconclusive(
        `platform.version ${quoted(String(written))} is not a valid version, and not all versions support ESXi ${release}`,
      );
    }
    return inconclusive(
      `this program has no profile for Pexip Infinity ${String(written)}, and the adjacent profiles differ about ESXi ${release} (${lists}); list the releases of its installation guide in the config under facts.esxi_releases`,
      { severity: "warn" },
    );
  },
});
