import { all, given, set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";
import { hashesAddressesOrPorts } from "../../src/facts/lag-hashes.ts";
import { attachmentsOf } from "../../src/site/relations/network-attachment.ts";
import { ownName } from "../../src/site/core/site-object.ts";
import { quoted } from "../../src/values/text/quoted.ts";
import { originatingPortCommand } from "../shared/teaming-command.ts";

const LAG =
  "LAG {{lag}}, which port group {{portGroup}} uses, balances by {{algorithm}}, a hash of IP addresses or ports; the port group's own teaming policy has no effect.";

/** The severities that `lag_severity` may have, and the message for each. */
const LAG_MESSAGES = { error: "lagAsError", warn: "lag", info: "lagAsInfo" } as const;

/**
 * The guide: "we do not recommend IP hash because of the high CPU overhead" (L228). It names the teaming policy; a LAG
 * replaces that policy with its own algorithm.
 */
export default defineRule({
  id: "network/no-ip-hash-teaming",
  title: "Disallow NIC teaming by IP hash on node networks",
  severity: "error",
  since: "0.1.0",
  source: guide("NIC teaming", "recommended"),
  subject: "port-group",
  messages: {
    own: "Port group {{portGroup}} uses IP hash teaming; use the originating virtual port or the source MAC hash.",
    inherited:
      "Port group {{portGroup}} inherits IP hash from {{virtualSwitch}}; use the originating virtual port or the source MAC hash.",
    lag: LAG,
    lagAsError: LAG,
    lagAsInfo: LAG,
  },
  messageSeverity: { lag: "warn", lagAsInfo: "info" },
  options: {
    lag_severity: {
      type: "string",
      enum: ["error", "warn", "info"],
      default: "warn",
      description:
        "Severity for LAGs that balance by a hash of IP addresses or ports; the guide mentions only the teaming policy.",
    },
  },
  remediation:
    "Change the teaming policy to the originating virtual port, together with the physical switch: IP hash requires an EtherChannel there, and changing one side alone disconnects the host. A LAG's algorithm is set on the distributed switch (vSphere Client: Configure, LACP); the physical switch may use a different one.",
  commands: (portGroup, { known }) =>
    attachmentsOf(portGroup).items.flatMap((attachment) => {
      const { kindOfGroup, group, host } = attachment;
      const hasLag = (known(attachment, "lags") ?? []).length > 0;
      const named = { kind: kindOfGroup, host: ownName(host), name: ownName(group) };
      return hasLag ? [] : [originatingPortCommand(named, "ip-hash")];
    }),
  mutations: [
    { edit: (portGroup) => set(given(portGroup, "distributed")?.[0], "teaming_policy", "loadbalance_ip") },
    {
      edit: (portGroup) => {
        const standard = given(portGroup, "standard");
        return given(standard, "teaming_policy") === null
          ? set(given(standard, "onSwitch"), "teaming_policy", "loadbalance_ip")
          : null;
      },
    },
    {
      edit: (portGroup) => {
        const group = given(portGroup, "distributed")?.[0];
        return all(
          set(given(group, "onSwitch"), "lags", [{ name: "lag1", load_balance: "srcDestIp" }]),
          set(given(group, "onSwitch"), "lacp_api_version", "multipleLag"),
          set(group, "active_uplinks", ["lag1"]),
        );
      },
    },
  ],
  check(portGroup, { options, need, known, each, fail, inconclusive, notApplicable }) {
    const { name } = portGroup;
    const severity = (["error", "warn", "info"] as const).find((level) => level === options.lag_severity) ?? "warn";
    each(attachmentsOf(portGroup), (attachment) => {
      const assertNoOverride = () => {
        if (!need(attachment, "portsMayOverrideTeaming")) return;
        inconclusive(
          `ports of ${attachment.group.name} may override its teaming policy, and port settings are not in the inventory`,
        );
      };
      if (known(attachment, "hasSeveralUplinks") === false) {
        notApplicable("the port group has at most one uplink");
      }
      const lags = known(attachment, "lags") ?? [];
      if (lags.length > 0) {
        each(lags, (lag) => {
          const algorithm = need(lag, "load_balance", { severity });
          const hashes = hashesAddressesOrPorts(algorithm);
          if (hashes === undefined) {
            return inconclusive(
              `algorithm ${quoted(algorithm)} of LAG ${ownName(lag)} is not in this program's table`,
              {
                at: [lag, "load_balance"],
                severity,
              },
            );
          }
          if (!hashes) return;
          fail(LAG_MESSAGES[severity], {
            at: [lag, "load_balance"],
            data: { lag: ownName(lag), portGroup: name, algorithm },
            related: [{ message: `port group ${name} uses it`, at: [attachment.group, "active_uplinks"] }],
          });
        });
        assertNoOverride();
        return;
      }
      const { value, at, inheritedFrom } = need(attachment, "teaming");
      if (value !== "loadbalance_ip") {
        assertNoOverride();
        // A LAG that may be in force would replace the policy.
        need(attachment, "lags", { severity });
        return;
      }
      need(attachment, "hasSeveralUplinks");
      if (inheritedFrom === null) {
        fail("own", { at, data: { portGroup: name } });
        return;
      }
      fail("inherited", {
        at,
        data: { portGroup: name, virtualSwitch: inheritedFrom.name },
        related: [{ message: `port group ${name} inherits it`, at: [attachment.group, "teaming_policy"] }],
      });
    });
  },
});
