import { defineRule } from "../../src/engine/rule.ts";

/** The guide: "You must install a system license with sufficient concurrent call capacity for your environment" (L470). */
export default defineRule({
  id: "access/licence-capacity",
  title: "Require licences for the calls that are expected",
  severity: "error",
  since: "0.1.0",
  source: {
    document: "guide-v25",
    section: "Configuring the Pexip Infinity platform",
    wording: "must",
  },
  subject: "deployment",
  messages: {
    none: "The deployment has no licence; calls cannot be placed before one is installed.",
    short: "Licences allow {{actual}} concurrent calls in all; {{expected}} are expected.",
  },
  remediation: "Buy and install licences for as many concurrent calls as the deployment is to carry.",
  check(deployment, { need, needEntries, fail }) {
    const licences = needEntries(deployment, "licences");
    const [first, ...others] = licences;
    if (first === undefined) {
      fail("none", { at: [deployment, "licences"] });
      return;
    }
    const expected = need(deployment, "expected_calls");
    const actual = licences.reduce((sum, licence) => sum + need(licence, "concurrent_calls"), 0);
    if (actual >= expected) return;
    fail("short", {
      at: others.length === 0 ? [first, "concurrent_calls"] : [deployment, "licences"],
      data: { actual, expected },
      related: [{ message: `${expected} concurrent calls are expected`, at: [deployment, "expected_calls"] }],
    });
  },
});
