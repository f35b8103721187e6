import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "The minimum edition of VMware that we recommend is the vSphere **Standard edition**" (L99). */
export default defineRule({
  id: "platform/edition-standard",
  title: "Require vSphere Standard or higher",
  severity: "info",
  since: "0.1.0",
  source: guide("Supported VMware editions", "recommended"),
  subject: "host",
  messages: { below: "Host {{host}} has the free edition; vSphere Standard or higher is recommended." },
  remediation:
    "License the host with vSphere Standard or higher; the Essentials kits include licenses for three hosts.",
  mutations: [
    {
      edit: (host) => set(host, "edition", "free"),
      alsoFails: { "platform/free-edition": "the free edition is not supported in production at all" },
    },
  ],
  check(host, { need, fail, notApplicable, inconclusive }) {
    const edition = need(host, "edition");
    if (edition === "evaluation")
      return notApplicable("the host is in evaluation mode, which includes all features for a limited time");
    if (edition === "other") return inconclusive("the edition of the host is not in this program's table");
    // Essentials: "will provide you with Standard edition licenses" (L99).
    if (edition === "free") fail("below", { at: [host, "edition"], data: { host: host.name } });
  },
});
