import { expect, it } from "vitest";
import rule from "../../../rules/network/no-ip-hash-teaming.ts";
import { checksOf, ruleTable, type RuleCase } from "../../support/rule-table.ts";

const SUBJECT = "port-group:esxi01/media";

const deployment = `
conferencing_nodes:
  - name: a
    hostname: a
    vm: { host: esxi01, network: media }
`;

/** A host with one standard switch and the port group `media` on it. */
const standard = ({
  teaming,
  uplinks = "[vmnic0, vmnic1]",
  portGroup = "teaming_policy: null",
}: {
  readonly teaming: string;
  readonly uplinks?: string;
  readonly portGroup?: string;
}) => `
hosts:
  - name: esxi01
    cluster: null
    virtual_switches:
      - name: vSwitch0
        uplinks: ${uplinks}
        ${teaming}
    port_groups:
      - name: media
        virtual_switch: vSwitch0
        ${portGroup}
distributed_port_groups: []
virtual_machines: []
`;

const onStandard = (
  name: string,
  given: Parameters<typeof standard>[0],
  expected: RuleCase["expect"][string],
): RuleCase => ({ name, deployment, inventory: standard(given), expect: { [SUBJECT]: expected } });

/** A host that is a member of a distributed switch with the port group `media`. */
const distributed = ({
  group,
  member = "{ name: esxi01, uplinks: [vmnic0, vmnic1] }",
  onHost = "port_groups: []",
}: {
  readonly group: string;
  readonly member?: string;
  readonly onHost?: string;
}) => `
hosts:
  - { name: esxi01, cluster: null, ${onHost} }
distributed_switches:
  - { name: dvs, hosts: [${member}] }
distributed_port_groups:
  - name: media
    distributed_switch: dvs
    ${group}
virtual_machines: []
`;

const onDistributed = (
  name: string,
  given: Parameters<typeof distributed>[0],
  expected: RuleCase["expect"][string],
): RuleCase => ({ name, deployment, inventory: distributed(given), expect: { [SUBJECT]: expected } });

const FIXED = "port_teaming_override_allowed: false";

ruleTable(rule, [
  ...["loadbalance_srcid", "loadbalance_srcmac", "failover_explicit"].map((policy) =>
    onStandard(`passes ${policy}`, { teaming: `teaming_policy: ${policy}` }, { verdict: "pass" }),
  ),
  onStandard(
    "fails IP hash that the port group inherits, at the switch",
    { teaming: "teaming_policy: loadbalance_ip" },
    { verdict: "fail", findings: [["inherited", "inventory:8:25", "esxi01/media inherits IP hash from esxi01/vSwitch0"]] },
  ),
  onStandard(
    "fails IP hash of the port group itself, though its switch has none",
    { teaming: "teaming_policy: loadbalance_srcid", portGroup: "teaming_policy: loadbalance_ip" },
    { verdict: "fail", findings: [["own", "inventory:12:25", "esxi01/media balances by IP hash"]] },
  ),
  onStandard(
    "passes a port group that overrides its switch's IP hash",
    { teaming: "teaming_policy: loadbalance_ip", portGroup: "teaming_policy: loadbalance_srcmac" },
    { verdict: "pass" },
  ),
  onStandard(
    "does not apply with one uplink",
    { teaming: "teaming_policy: loadbalance_ip", uplinks: "[vmnic0]" },
    { verdict: "not-applicable", reason: "at most one uplink" },
  ),
  onStandard(
    "does not apply without any uplink",
    { teaming: "teaming_policy: loadbalance_ip", uplinks: "[]" },
    { verdict: "not-applicable", reason: "at most one uplink" },
  ),
  onStandard(
    "does not ask for a policy where there is one uplink",
    { teaming: "mtu: 1500", uplinks: "[vmnic0]" },
    { verdict: "not-applicable", reason: "at most one uplink" },
  ),
  onStandard(
    "counts the port group's own uplinks first",
    { teaming: "teaming_policy: loadbalance_ip", portGroup: "{ teaming_policy: null, uplinks: [vmnic1] }".slice(2, -2) },
    { verdict: "fail" },
  ),
  onStandard(
    "does not know a policy that the switch does not tell",
    { teaming: "mtu: 1500" },
    { verdict: "inconclusive", missing: ["hosts.virtual_switches.teaming_policy is not in the inventory"] },
  ),
  onStandard(
    "does not take a missing policy for an inherited one",
    { teaming: "teaming_policy: loadbalance_srcid", portGroup: "vlan: 44" },
    { verdict: "inconclusive", missing: ["hosts.port_groups.teaming_policy is not in the inventory"] },
  ),
]);
