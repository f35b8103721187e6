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
    none: "VMs on host {{host}} cannot use AVX2 ({{evidence}}); Conferencing Nodes perform better on hosts with AVX2.",
  },
  remediation:
    "Run Conferencing Nodes on hosts with AVX2 (Intel Haswell, AMD Zen, and later), without an EVC mode that hides it.",
  mutations: [{ edit: (host) => set(host.features, "avx2", false) }],
  check(host, { need, known, fail }) {
    const avx = known(host, "avx");
    // AVX2 extends AVX: a host without AVX does not have it either.
    const feature = known(host, "avx2") ?? (avx?.present === false ? avx : need(host, "avx2"));
    if (feature.present) return;
    fail("none", {
      at: feature.at,
      dependsOn: [
        ...(avx?.present === false ? [avx.at] : []),
        ...(feature.hiddenBy === undefined ? [] : [[feature.hiddenBy, "evc_mode"] as const]),
      ],
      data: { host: host.name, evidence: feature.from, ...(feature.confirmed ? {} : { unconfirmed: true }) },
    });
  },
});
