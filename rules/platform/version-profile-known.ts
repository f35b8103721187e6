import { remove, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * Follows from the guide, which speaks for "Version 25 of the Pexip Infinity platform" (L93): limits change with the software
 * version, and this program knows those of some versions only.
 */
export default defineRule({
  id: "platform/version-profile-known",
  title: "Require a Pexip Infinity version whose limits are known",
  severity: "warn",
  since: "0.1.0",
  source: guide("Supported ESXi versions", "derived"),
  subject: "deployment",
  messages: {
    missing:
      "The deployment does not say which Pexip Infinity version it is for (platform.version); the limits of version profile {{profile}} were applied.",
    unknown:
      "Limits of Pexip Infinity {{version}} are not known to this program; those of version profile {{profile}} were applied.",
  },
  remediation:
    "Write the software version into platform.version. Where this program has no profile for it, check the findings against the installation guide of that version.",
  mutations: [
    { edit: (_, { site }) => set(site.platform, "version", "27") },
    { edit: (_, { site }) => remove(site.platform, "version") },
  ],
  check(_, { site, known, fail }) {
    if (site.profileIsExact) return;
    const version = known(site.platform, "version");
    const profile = site.profile.name;
    const at = { at: [site.platform, "version"] } as const;
    if (version === undefined) fail("missing", { ...at, data: { profile } });
    else fail("unknown", { ...at, data: { version, profile } });
  },
});
