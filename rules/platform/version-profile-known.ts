import { remove, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * Follows from the guide, which describes "Version 25 of the Pexip Infinity platform" (L93): limits change with the software
 * version, and this program knows those of some versions only.
 */
export default defineRule({
  id: "platform/version-profile-known",
  title: "Require a Pexip Infinity version with known limits",
  severity: "warn",
  since: "0.1.0",
  source: guide("Supported ESXi versions", "derived"),
  subject: "deployment",
  messages: {
    missing: "The deployment does not set platform.version; the limits of version profile {{profile}} were applied.",
    unknown:
      "The limits of Pexip Infinity {{version}} are not included in this program; those of version profile {{profile}} were applied.",
    listed:
      "Limits of Pexip Infinity {{version}} are not included in this program; profile {{profile}} was applied, with ESXi releases from the config ({{releases}}).",
    superseded:
      "The config lists ESXi releases for Pexip Infinity {{version}}, which has version profile {{profile}}; the list is ignored. Remove it.",
  },
  remediation:
    "Set platform.version to the software version. If this program has no profile for it, check the findings against the installation guide of that version, and list its ESXi releases in the config under facts.esxi_releases.",
  mutations: [
    { edit: (_, { site }) => set(site.platform, "version", "27") },
    { edit: (_, { site }) => remove(site.platform, "version") },
  ],
  check(_, { site, need, known, fail }) {
    const version = known(site.platform, "version");
    const profile = site.profile.name;
    const at = [site.platform, "version"] as const;
    const listed = site.listedReleases;
    if (site.profileIsExact) {
      if (listed !== null)
        fail("superseded", { at: [listed.lists, listed.version], data: { version: version ?? "", profile } });
    } else if (version === undefined) fail("missing", { at, data: { profile } });
    else if (listed === null) fail("unknown", { at, data: { version, profile } });
    else {
      const releases = need(listed.lists, listed.version).join(", ");
      const related = [{ message: "releases that the config lists", at: [listed.lists, listed.version] as const }];
      fail("listed", { at, data: { version, profile, releases }, related });
    }
  },
});
