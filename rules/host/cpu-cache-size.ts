import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** MB. */
const LARGE = 15;

/** The guide: "CPUs with a large cache (15–30 MB+) are recommended over CPUs with a smaller cache (4–10 MB)" (L198). */
export default defineRule({
  id: "host/cpu-cache-size",
  title: "Require a large CPU cache for Conferencing Nodes",
  severity: "info",
  since: "0.1.0",
  source: guide("General recommendations", "recommended"),
  subject: "host-of-conferencing-node",
  messages: {
    small: "CPU cache of host {{host}} is {{actual}} MB; {{large}} MB or more is recommended for Conferencing Nodes.",
  },
  remediation: "Run Conferencing Nodes on hosts whose CPUs have at least 15 MB of cache each.",
  mutations: [{ edit: (host) => set(host.cpu, "cache_mb", LARGE - 1) }],
  check(host, { need, fail }) {
    const actual = need(host.cpu, "cache_mb");
    if (actual >= LARGE) return;
    fail("small", { at: [host.cpu, "cache_mb"], data: { host: host.name, actual, large: LARGE } });
  },
});
