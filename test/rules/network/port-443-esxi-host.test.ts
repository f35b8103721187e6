import rule from "../../../rules/network/port-443-esxi-host.ts";
import { ruleTester, type RuleCase } from "../../support/rule-tester.ts";
import { BROKEN_ENDPOINTS, vsphereEndpoint } from "../../support/https-script.ts";
import { dnsRecords, type Script } from "../../support/scripted-answers.ts";

const REFUSED = { status: "no-answer", reason: "refused" } as const;
const NO_ROUTE = { status: "not-asked", reason: "own-network-error" } as const;

const NAME = "esxi01.example.com";

const deployment = (host: string, type = "AUTOMATIC") => `
dns_servers: [10.0.0.1]
conferencing_nodes:
  - name: a
    hostname: a
    deployment_type: ${type}
    vm: { host: «host|${host}» }
`;

const inventory = (host: string) => `
hosts:
  - «2|name»: ${host}
    cluster: null
virtual_machines: []
`;

const ESXI = { api: { about: { api_type: "HostAgent", version: "7.0.3", build: "1" } } };

const esxi = (address: string, name = NAME) => vsphereEndpoint(address, name, ESXI);

const resolved: Script = {
  [`dns 10.0.0.1 53 ${NAME} A`]: dnsRecords(NAME, ["A", "10.0.0.11"], ["A", "10.0.0.12"]),
};

const evaluated = (
  name: string,
  given: { readonly host?: string; readonly answers?: Script },
  expected: RuleCase["expect"][string],
): RuleCase => {
  const written = given.host ?? NAME;
  return {
    name,
    deployment: deployment(written),
    inventory: inventory(written),
    answers: { ...resolved, ...given.answers },
    expect: { [`host:${written.replaceAll('"', "")}`]: expected },
  };
};

ruleTester.run(
  rule,
  [
    evaluated(
      "passes a host when each of its addresses accepts",
      {
        answers: { ...esxi("10.0.0.11"), ...esxi("10.0.0.12") },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "fails for the one address that is dead",
      {
        answers: { ...esxi("10.0.0.11"), "tcp 10.0.0.12 443": REFUSED },
      },
      {
        verdict: "fail",
        findings: [
          ["closed", "«2»", "Host esxi01.example.com does not accept TCP connections at 10.0.0.12 port 443 (refused)"],
        ],
      },
    ),
    ...BROKEN_ENDPOINTS.map(([title, answers, severity, message, words]) =>
      evaluated(
        `fails at ${severity} for the one address: ${title}`,
        { answers: { ...esxi("10.0.0.11"), ...vsphereEndpoint("10.0.0.12", NAME, { ...ESXI, ...answers }) } },
        { verdict: "fail", severity, findings: [[message, "«2»", words.replaceAll("10.0.0.9", "10.0.0.12")]] },
      ),
    ),
    evaluated(
      "warns that a vCenter Server answers for the host",
      { answers: { ...esxi("10.0.0.11"), ...vsphereEndpoint("10.0.0.12", NAME) } },
      {
        verdict: "fail",
        severity: "warn",
        findings: [["otherProduct", "«2»", "should be an ESXi host, but 10.0.0.12 is a vCenter Server"]],
      },
    ),
    evaluated(
      "tries a host that is named by its address",
      {
        host: "10.0.0.13",
        answers: { ...esxi("10.0.0.13", "10.0.0.13") },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "passes over an address that this machine has no route to when another accepts",
      {
        answers: { ...esxi("10.0.0.11"), "tcp 10.0.0.12 443": NO_ROUTE },
      },
      { verdict: "pass" },
    ),
    evaluated(
      "says nothing when this machine has no route at all",
      {
        answers: { "tcp 10.0.0.11 443": NO_ROUTE, "tcp 10.0.0.12 443": NO_ROUTE },
      },
      { verdict: "inconclusive", reason: "not every address could be tried" },
    ),
    evaluated(
      "does not pass while an address was not tried",
      {
        answers: { ...esxi("10.0.0.11"), "tcp 10.0.0.12 443": { status: "not-asked", reason: "deadline" } },
      },
      { verdict: "inconclusive", reason: "10.0.0.12: deadline" },
    ),
    evaluated(
      "does not judge a host whose name does not resolve",
      { host: "esxi02.example.com" },
      {
        verdict: "inconclusive",
        reason: "esxi02.example.com does not resolve to an address (10.0.0.1: NXDOMAIN)",
      },
    ),
    evaluated(
      "does not try a host whose name is none",
      { host: '"esxi 01/a"' },
      {
        verdict: "inconclusive",
        reason: "the name of the host is neither an address nor a valid hostname",
      },
    ),
    {
      name: "does not judge a name without a DNS server",
      deployment: deployment(NAME).replace("dns_servers: [10.0.0.1]", ""),
      inventory: inventory(NAME),
      expect: {
        [`host:${NAME}`]: { verdict: "inconclusive", missing: ["no DNS server is declared where one is used"] },
      },
    },
    {
      name: "points to the deployment when no inventory describes the host",
      deployment: deployment(NAME),
      inventory: "hosts: []\nvirtual_machines: []",
      answers: resolved,
      expect: {
        [`host:${NAME}`]: {
          verdict: "fail",
          findings: [
            ["closed", "«host»", "at 10.0.0.11 port 443 (timeout)"],
            ["closed", "«host»", "at 10.0.0.12 port 443 (timeout)"],
          ],
        },
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["host esxi01.example.com is not in the inventory"],
        },
      },
    },
    {
      name: "judges every host of the cluster that the node may land on, once",
      deployment: `
conferencing_nodes:
  - { name: a, hostname: a, deployment_type: AUTOMATIC, vm: { cluster: vc-core } }
  - { name: b, hostname: b, deployment_type: AUTOMATIC, vm: { host: 10.0.0.22 } }
  - { name: c, hostname: c, deployment_type: MANUAL-ESXI-6.7, vm: { host: 10.0.0.23 } }
`,
      inventory: `
clusters: [{ name: vc-core, ha_enabled: true, ha_host_monitoring: true }]
hosts:
  - { name: 10.0.0.21, cluster: vc-core }
  - «{ name: 10.0.0.22, cluster: vc-core }»
  - { name: 10.0.0.23, cluster: null }
virtual_machines: []
`,
      answers: { ...esxi("10.0.0.21", "10.0.0.21") },
      expect: {
        "host:10.0.0.21": { verdict: "pass" },
        "host:10.0.0.22": { verdict: "fail", findings: [["closed"]] },
      },
    },
    {
      name: "does not know the hosts of a node that is placed nowhere",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, deployment_type: AUTOMATIC }]",
      inventory: "virtual_machines: []",
      expect: {
        "deployment:deployment": {
          verdict: "inconclusive",
          missing: ["the placement of the node is unknown: no VM in the inventory, no vm.host, no vm.cluster"],
        },
      },
    },
    {
      name: "tries the planned host without an inventory, and says that there may be more",
      deployment: deployment("10.0.0.13"),
      answers: { ...esxi("10.0.0.13", "10.0.0.13") },
      expect: {
        "host:10.0.0.13": { verdict: "pass" },
        "deployment:deployment": { verdict: "inconclusive", missing: ["no inventory given; add --inventory FILE"] },
      },
    },
    ...["MANUAL-ESXI-6.7", "MANUAL-PROVISION-ONLY"].map((type) => ({
      name: `does not apply to a node that is deployed by hand (${type})`,
      deployment: deployment(NAME, type),
      inventory: inventory(NAME),
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "no node is deployed automatically" },
      } as const,
    })),
    {
      name: "does not apply to a node that does not say how it is deployed: by hand is the default",
      deployment: "conferencing_nodes: [{ name: a, hostname: a, vm: { host: esxi01 } }]",
      inventory: inventory("esxi01"),
      expect: {
        "deployment:deployment": { verdict: "not-applicable", reason: "no node is deployed automatically" },
      },
    },
    {
      name: "does not take a deployment without the key for one without nodes",
      deployment: "management_node: { name: m, hostname: m }",
      expect: {
        "deployment:deployment": { verdict: "inconclusive", missing: ["conferencing_nodes is not in the deployment"] },
      },
    },
  ],
  { sharedAnswers: true, optional: ["deployment_type", "ha_enabled", "ha_host_monitoring", "host"] },
);
