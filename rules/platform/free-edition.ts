import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide on the free edition: "we do not recommend its use except in smaller deployments, or test or demo environments"
 * (L97).
 */
export default defineRule({
  id: "platform/free-edition",
  title: "Disallow the free edition of vSphere Hypervisor in production",
  severity: "warn",
  since: "0.1.0",
  source: guide("Supported VMware editions", "recommended"),
  subject: "host",
  messages: {
    free: "Host {{host}} has the free edition of vSphere Hypervisor, which excludes vCenter, vMotion, API access and full support; license it.",
  },
  remediation:
    "License the host with vSphere Standard or higher, or set platform.environment: test for a test environment.",
  inTestEnvironment: "not applicable",
  mutations: [
    {
      edit: (host) => set(host, "edition", "free"),
      alsoFails: { "platform/edition-standard": "the free edition is below the standard one" },
    },
  ],
  check(host, { site, need, fail, notApplicable }) {
    if (site.environment === "test") return notApplicable("the free edition is allowed in a test environment");
    if (need(host, "edition") !== "free") return;
    fail("free", { at: [host, "edition"], data: { host: host.name } });
  },
});
