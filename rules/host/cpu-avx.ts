import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "the AVX instruction set, which is the minimum required to run the Pexip Infinity platform" (L261). */
export default defineRule({
  id: "host/cpu-avx",
  title: "Require hosts with AVX",
  severity: "error",
  since: "0.1.0",
  source: guide("Enhanced vMotion Compatibility (EVC)", "must"),
  subject: "runnable-host",
  messages: {
    none: "VMs on host {{host}} cannot use AVX ({{evidence}}), which Pexip Infinity requires.",
  },
  remediation:
    "If EVC hides AVX, raise the cluster's EVC mode to Sandy Bridge (AMD: Bulldozer) or later, or disable EVC. Otherwise move the nodes to hosts with newer CPUs.",
  mutations: [{ edit: (host) => set(host.features, "avx", false) }],
  check(host, { need, fail }) {
    const avx = need(host, "avx");
    if (avx.present) return;
    fail("none", {
      at: avx.at,
      // An EVC mode that hides AVX does so on every host of the cluster.
      dependsOn: avx.hiddenBy === undefined ? [] : [[avx.hiddenBy, "evc_mode"]],
      data: { host: host.name, evidence: avx.from, ...(avx.confirmed ? {} : { unconfirmed: true }) },
    });
  },
});
