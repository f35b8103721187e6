import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { collectionTime } from "../../src/values/collection-time.ts";

const DAY_MS = 86_400_000;

/**
 * All verdicts about the estate apply to the moment at which the inventory was collected: hosts, EVC modes and teaming
 * policies change. A time in the future comes from a wrong clock and shows nothing about the age; one day is allowed
 * for differing clocks and zones. It is compared with the clock of this machine, as `--now` may be in the past.
 */
export default defineRule({
  id: "inventory/age",
  title: "Require a current inventory",
  severity: "error",
  since: "0.1.0",
  source: { document: "Good practice", section: "Age of data", wording: "beyond" },
  subject: "inventory",
  options: {
    max_age_days: {
      type: "integer",
      minimum: 1,
      default: 30,
      description: "Maximum age of the collected data in days.",
    },
  },
  stricterOptions: { max_age_days: "lower" },
  strictOptions: { max_age_days: 14 },
  messages: {
    old: "Inventory {{inventory}} was collected {{days}} days ago; the limit is {{limit}} days. Collect it again.",
    future:
      "Inventory {{inventory}} has the collection time {{time}}, which is in the future; correct the clock of the machine that collected it.",
    unreadable: "Collection time {{time}} of inventory {{inventory}} is not a valid date.",
  },
  remediation: "Collect the inventory again with preflight inventory pull, or export it again.",
  mutations: [
    { edit: (inventory, { now }) => set(inventory, "collected_at", new Date(now - 31 * DAY_MS).toISOString()) },
  ],
  check(inventory, { site, now, options, need, fail, inconclusive }) {
    if (inventory.isLive) return;
    const at = [inventory, "collected_at"] as const;
    const written = need(inventory, "collected_at", { severity: "warn" });
    const time = collectionTime(written);
    const data = { inventory: inventory.name, time: written };
    if (time === null) {
      fail("unreadable", { at, data });
      return;
    }
    if (site.systemTime !== null && time.earliest > site.systemTime + DAY_MS) {
      fail("future", { at, data });
      return;
    }
    const limit = options.max_age_days;
    const oldest = now - time.earliest;
    const youngest = now - time.latest;
    if (youngest > limit * DAY_MS) {
      fail("old", { at, data: { inventory: inventory.name, days: Math.floor(youngest / DAY_MS), limit } });
      return;
    }
    if (oldest > limit * DAY_MS) {
      inconclusive(
        `the collection time ${written} of ${inventory.name} has no time zone, so its age may exceed ${limit} days; import it with preflight inventory import --collected-at TIME`,
        { at },
      );
    }
  },
});
