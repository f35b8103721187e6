import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "ensure that value in the **Date & Time** field is correct" (L137). */
export default defineRule({
  id: "time/host-clock-offset",
  title: "Require host clocks to be accurate",
  severity: "error",
  since: "0.1.0",
  source: guide("Synchronizing time", "must"),
  subject: "runnable-host",
  messages: {
    wrong:
      "The clock of host {{host}} was {{offset}} ms {{direction}} when the inventory was collected; at most {{limit}} ms are allowed.",
  },
  options: {
    max_offset_ms: {
      type: "integer",
      minimum: 0,
      default: 1000,
      description: "Maximum offset of a host's clock in ms, in either direction.",
    },
  },
  stricterOptions: { max_offset_ms: "lower" },
  remediation:
    "Check that the host's NTP service is running and reaches its servers, wait until the clock is synchronized, and collect the inventory again.",
  mutations: [{ edit: (host) => set(host, "clock_offset_ms", () => -600_000) }],
  check(host, { site, options, need, fail }) {
    const isNeverExported = site.estate.gaps.isNeverExported("hosts", host, "clock_offset_ms");
    const offset = need(host, "clock_offset_ms", isNeverExported ? { severity: "warn" } : {});
    if (Math.abs(offset) <= options.max_offset_ms) return;
    fail("wrong", {
      at: [host, "clock_offset_ms"],
      data: {
        host: host.name,
        offset: Math.abs(offset),
        direction: offset > 0 ? "ahead" : "behind",
        limit: options.max_offset_ms,
      },
    });
  },
});
