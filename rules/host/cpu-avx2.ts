import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/**
 * The guide: "Newer Intel (or AMD) CPUs typically provide more features which Pexip Infinity will utilize to give better
 * performance" (L208, similarly L196). That newer begins with AVX2 is our measure; the guide names no number.
 */
export default defineRule({
  id: "host/cpu-avx2",
  title: "Require hosts with AVX2 for Conferencing Nodes",
  severity: "info",
  since: "0.1.0",
  source: guide("CPU", "recommended"),
  subject: "host-of-conferencing-node",
  messages: {
    none: "Virtual machines on host {{host}} have no AVX2 ({{evidence}}); Conferencing Nodes run faster on newer hosts.",
  },
  remediation:
    "Run Conferencing Nodes on hosts with AVX2 (Intel Haswell, AMD Zen, and later), and set no EVC mode that hides it.",
  mutations: [{ edit: (host) => set(host.features, "avx2", false) }],
  check(host, { need, known, fail, notApplicable, inconclusive }) {
    if (known(host, "avx")?.present === false)
      return notApplicable("the host lacks even AVX, which is an error of its own");
    const avx2 = need(host, "avx2");
    if (avx2.present) return;
    const { hiddenBy } = avx2;
    // Below what the CPUs can do, the mode is the mistake: cluster/evc-disabled-on-mixed-cpus fails.
    if (hiddenBy !== undefined && known(host.cpu, "max_evc_mode") != null) {
      return inconclusive(`the EVC mode of cluster ${hiddenBy.name} hides AVX2`, [hiddenBy, "evc_mode"]);
    }
    fail("none", {
      at: avx2.at,
      data: { host: host.name, evidence: avx2.from, ...(avx2.confirmed ? {} : { unconfirmed: true }) },
    });
  },
});
