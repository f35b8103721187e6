import { given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "You must install a system license with sufficient concurrent call capacity for your environment" (L470). */
export default defineRule({
  id: "access/licence-capacity",
  title: "Require licenses for the expected concurrent calls",
  severity: "error",
  since: "0.1.0",
  source: guide("Configuring the Pexip Infinity platform", "must"),
  subject: "deployment",
  messages: {
    none: "No license is declared for the deployment; calls cannot be placed until one is installed.",
    short:
      "Licenses allow {{actual}} concurrent calls in total, but {{expected}} are expected; add licenses or lower expected_calls.",
    shortForLocations:
      "Licenses allow {{actual}} concurrent calls in total, but the locations together expect {{expected}}; add licenses or lower expected_calls.",
  },
  remediation: "Buy and install licenses for the expected number of concurrent calls.",
  mutations: [
    { edit: (deployment) => set(deployment, "licences", []) },
    {
      edit: (deployment) => {
        const [first] = given(deployment, "licences") ?? [];
        return (first?.concurrent_calls ?? Infinity) < (given(deployment, "expected_calls") ?? 0)
          ? set(deployment, "licences", (licences) => licences.slice(0, 1))
          : null;
      },
    },
  ],
  check(deployment, { site, need, known, needEntries, fail }) {
    const licences = needEntries(deployment, "licences");
    const [first, ...others] = licences;
    if (first === undefined) {
      fail("none", { at: [deployment, "licences"] });
      return;
    }
    const actual = licences.reduce((sum, licence) => sum + need(licence, "concurrent_calls"), 0);
    const at = others.length === 0 ? ([first, "concurrent_calls"] as const) : ([deployment, "licences"] as const);

    // Both should be equal; the larger number is the safe one. A call through proxying nodes is forwarded to a
    // transcoding node and counted there.
    const stated = known(deployment, "expected_calls") ?? 0;
    const locations = site.locations.filter((location) => {
      const nodes = site.relations.nodesIn(location).items;
      return nodes.length === 0 || nodes.some((node) => known(node, "node_type") !== "PROXYING");
    });
    const sum = locations.reduce((calls, location) => calls + (known(location, "expected_calls") ?? 0), 0);
    if (actual < stated && stated >= sum) {
      const related = [
        { message: `${stated} concurrent calls are expected`, at: [deployment, "expected_calls"] as const },
      ];
      fail("short", { at, data: { actual, expected: stated }, related });
    } else if (actual < sum) {
      const related = locations.flatMap((location) => {
        const calls = known(location, "expected_calls");
        const sourceRef = [location, "expected_calls"] as const;
        return calls === undefined ? [] : [{ message: `location ${location.name} expects ${calls}`, at: sourceRef }];
      });
      fail("shortForLocations", { at, data: { actual, expected: sum }, related });
    }
    // Without a total, every location must state its own number.
    const isEachGiven = locations.length > 0 && locations.every((it) => known(it, "expected_calls") !== undefined);
    if (!isEachGiven) need(deployment, "expected_calls");
  },
});
