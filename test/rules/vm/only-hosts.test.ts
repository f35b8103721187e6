import rule from "../../../rules/vm/only-hosts.ts";
import { type RuleCase, ruleTester } from "../../support/rule-tester.ts";

/** A VM on esxi01 of a cluster of three; what is given of the node's plan, the cluster and more of the VM. */
const on = (
  name: string,
  [plan, cluster, vm = ""]: readonly [plan: string, cluster: string, vm?: string],
  expected: RuleCase["expect"][string],
): RuleCase => ({
  name,
  deployment: `conferencing_nodes: [{ name: a, hostname: a, vm: { ${plan} } }]`,
  inventory: `
clusters: [{ name: core, ha_enabled: true, ha_host_monitoring: true, drs_enabled: false, ${cluster} }]
hosts:
  - { name: esxi01, cluster: core }
  - { name: esxi02, cluster: core }
  - { name: esxi03, cluster: core }
virtual_machines: [{ name: a, host: esxi01, cluster: core, ${vm} }]
`,
  expect: { "node:a": expected },
});
const bound = (fields: string) => `vm_host_rules: [{ name: r, virtual_machines: [A], ${fields} }]`;
const MUST = "enabled: true, mandatory: true";
const TWO = "only_hosts: «[esxi01, ESXI02]»";
const UNBOUND = { verdict: "fail", findings: [["unbound", "may be moved to host esxi03"]] } as const;

ruleTester.run(
  rule,
  [
    on(
      "passes where a mandatory rule keeps the VM on these hosts",
      [TWO, bound(`${MUST}, affine_hosts: [esxi01, esxi02]`)],
      {
        verdict: "pass",
      },
    ),
    on("passes where a mandatory rule keeps it from the others", [TWO, bound(`${MUST}, anti_affine_hosts: [esxi03]`)], {
      verdict: "pass",
    }),
    on(
      "passes where two rules do so together",
      [
        "only_hosts: [esxi01]",
        `vm_host_rules: [{ name: r, virtual_machines: [a], ${MUST}, affine_hosts: [esxi01, esxi02] }, { name: s, virtual_machines: [a], ${MUST}, anti_affine_hosts: [esxi02] }]`,
      ],
      { verdict: "pass" },
    ),
    on(
      "passes a VM that HA does not restart, for it stays",
      [TWO, "vm_host_rules: []", "ha_restart_priority: disabled"],
      {
        verdict: "pass",
      },
    ),
    on(
      "fails a rule that should be followed",
      [TWO, bound("enabled: true, mandatory: false, affine_hosts: [esxi01]")],
      UNBOUND,
    ),
    on(
      "fails a rule that is not enabled",
      [TWO, bound("enabled: false, mandatory: true, affine_hosts: [esxi01]")],
      UNBOUND,
    ),
    on(
      "fails a rule for another VM",
      [TWO, `vm_host_rules: [{ name: r, virtual_machines: [b], ${MUST}, affine_hosts: [esxi01] }]`],
      UNBOUND,
    ),
    on("fails a rule of whose hosts nothing is known", [TWO, bound(MUST)], UNBOUND),
    on("fails a VM that is on another host", ["only_hosts: «[esxi02]»", bound(`${MUST}, affine_hosts: [esxi02]`)], {
      verdict: "fail",
      findings: [["elsewhere", "VM a of node a is on host esxi01, which vm.only_hosts does not list."]],
    }),
    on(
      "fails a host that no inventory has",
      ["only_hosts: [esxi01, «esxi9»]", bound(`${MUST}, affine_hosts: [esxi01]`)],
      {
        verdict: "fail",
        findings: [["unlisted", 'Host "esxi9" in vm.only_hosts of node a is not in the inventory']],
      },
    ),
    on("does not decide without the rules of the cluster", [TWO, "host_count: 3"], {
      verdict: "inconclusive",
      missing: ["clusters.vm_host_rules is not in the inventory"],
    }),
    on(
      "does not decide while a host may be hidden",
      [TWO, bound(`${MUST}, affine_hosts: [esxi01]`).replace("vm_host", "host_count: 4, vm_host")],
      {
        verdict: "inconclusive",
        missing: ["cluster core has 4 hosts, and the inventory shows 3 of them"],
      },
    ),
    on("does not apply to a node that names no hosts", ["cluster: core", "vm_host_rules: []"], {
      verdict: "not-applicable",
      reason: "vm.only_hosts is not set",
    }),
  ],
  {
    optional: [
      "affine_hosts",
      "anti_affine_hosts",
      "cluster",
      "drs_enabled",
      "enabled",
      "ha_enabled",
      "ha_host_monitoring",
      "ha_restart_priority",
      "host",
      "mandatory",
      "virtual_machines",
      "vm_host_rules",
    ],
  },
);
