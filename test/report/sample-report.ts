import type {
  Check,
  CheckWaiver,
  EvidenceRecord,
  Finding,
  PolicyRecord,
  ReportError,
  RuleDescription,
  RunReport,
  Severity,
  SubjectId,
  Summary,
  Topology,
  WaiverRecord,
} from "../../src/schema/report.generated.ts";
import { decideGate, exitCode } from "../../src/engine/gate/gate.ts";
import { excerptLocations } from "../../src/report/model/excerpt-places.ts";
import { excerpts } from "../../src/report/model/excerpts.ts";
import type { TextLocation } from "../../src/values/location.ts";

/** The deployment of the samples; locations are looked up in it, so that they cannot drift. */
export const DEPLOYMENT = `platform:
  version: "25"
vm_manager:
  address: vcenter01.vc.example.com
  type: vcenter
dns_servers: [10.44.0.10, 10.44.0.11]
ntp_servers: [ntp1.vc.example.com, ntp2.vc.example.com, ntp3.vc.example.com]
domains:
  - name: vc.example.com
    services: [sip, sips]
management_node:
  name: manager
  hostname: mgmt01
  domain: vc.example.com
  address: 10.44.10.5
  vm_cpu_count: 4
  vm_system_memory: 4096
conferencing_nodes:
  - name: oslo-conf01
    hostname: conf01
    domain: vc.example.com
    address: 10.44.10.21
    vm_system_memory: 8190
    vm: { name: pexip-conf01, cluster: vc-cluster, network: conferencing }
  - name: oslo-conf02
    hostname: CONF01
    domain: vc.example.com
    address: 10.44.10.22
    vm_system_memory: 8192
    vm: { name: pexip-conf02, cluster: vc-cluster, network: conferencing, hardware_version: 10 }
`;

const INVENTORY = `{
  "collected_at": "2025-03-01T08:00:00Z",
  "clusters": [
    { "name": "vc-cluster", "evc_mode": "intel-westmere" }
  ],
  "hosts": [
    { "name": "esxi01.example.com", "cluster": "vc-cluster", "port_groups": [{ "name": "conferencing", "teaming_policy": "loadbalance_ip" }] }
  ]
}
`;

/** A second inventory, with an error in it. */
const MISTAKEN = `collected_at: 2025-03-01T08:00:00Z
hosts:
  - name: esxi01.example.com
    clutser: vc-cluster
    version: "6.7.0"
`;

export const SOURCES: ReadonlyMap<string, string> = new Map([
  ["estate/lab.yaml", MISTAKEN],
  ["deployment.yaml", DEPLOYMENT],
  ["estate/inventory.json", INVENTORY],
]);

/** The range of a text in one of the sources; the how-many-eth occurrence counts from 1. */
export function at(path: string, text: string, occurrence = 1): TextLocation {
  const source = SOURCES.get(path) ?? "";
  let offset = -1;
  for (let count = 0; count < occurrence; count++) offset = source.indexOf(text, offset + 1);
  if (offset < 0) throw new Error(`${path} does not hold ${JSON.stringify(text)} ${occurrence} times`);
  const before = source.slice(0, offset).split("\n");
  const column = (before.at(-1) ?? "").length + 1;
  return { path, line: before.length, column, end_line: before.length, end_column: column + text.length };
}

/** `node oslo-conf01` as a subject. */
function subject(text: string): SubjectId {
  const [kind = "", ...name] = text.split(" ");
  return { kind, name: name.join(" ") };
}

function rule(
  id: string,
  severity: Severity,
  title: string,
  section: string,
  wording: RuleDescription["source"]["wording"],
  remediation: string,
  live = false,
): RuleDescription {
  return {
    id,
    title,
    severity,
    live,
    source: { document: "guide-v25", section, wording },
    remediation,
    since: "0.1.0",
  };
}

const SECTIONS = {
  esxi: "Manually deploying a Conferencing Node on an ESXi host",
  hardware: "VMware hardware requirements",
  network: "Network requirements",
  dns: "DNS records",
};

export const RULES: readonly RuleDescription[] = [
  rule(
    "cluster/evc-min-sandy-bridge",
    "error",
    "Require an EVC mode of Sandy Bridge or newer",
    SECTIONS.hardware,
    "must",
    "Raise the EVC mode of the cluster to Sandy Bridge or newer.",
  ),
  rule(
    "dns/node-address-record",
    "error",
    "Require an address record for every node",
    SECTIONS.dns,
    "must",
    "Add an A record for the node to its zone.",
    true,
  ),
  rule(
    "dns/server-reachable",
    "error",
    "Require reachable DNS servers",
    SECTIONS.network,
    "must",
    "Check the address, and that UDP and TCP port 53 are open towards it.",
    true,
  ),
  rule(
    "dns/srv-record",
    "error",
    "Require the SRV records of every service",
    SECTIONS.dns,
    "must",
    "Add the SRV record to the zone.",
    true,
  ),
  rule(
    "network/no-ip-hash-teaming",
    "error",
    "Disallow IP hash teaming",
    SECTIONS.network,
    "must",
    "Set the teaming policy to the originating virtual port.",
  ),
  rule(
    "network/port-443-vm-manager",
    "error",
    "Require TCP port 443 of the VM manager to be open",
    SECTIONS.network,
    "must",
    "Open TCP port 443 from the Management Node to the VM manager.",
    true,
  ),
  rule(
    "node/unique-hostname",
    "error",
    "Require unique hostnames",
    SECTIONS.esxi,
    "must",
    "Give every node a hostname of its own.",
  ),
  rule(
    "time/ntp-reachable",
    "error",
    "Require reachable NTP servers",
    SECTIONS.network,
    "must",
    "Check the name, and that UDP port 123 is open towards it.",
    true,
  ),
  rule(
    "vm/hardware-version-avx2",
    "error",
    "Require hardware version 11 where hosts have AVX2",
    SECTIONS.hardware,
    "must",
    "Upgrade the virtual hardware while the node is powered off.",
  ),
  rule(
    "vm/memory-multiple-of-4",
    "error",
    "Require node memory to be a multiple of 4 MB",
    SECTIONS.esxi,
    "must",
    "Set vm_system_memory to a multiple of 4.",
  ),
  rule(
    "vm/memory-reserved",
    "warn",
    "Require reserved memory",
    SECTIONS.hardware,
    "strongly-recommended",
    "Reserve all memory of the virtual machine.",
  ),
  rule("vm/no-snapshots", "info", "Disallow snapshots of nodes", SECTIONS.hardware, "derived", "Delete the snapshots."),
];

/** A check that passed, changed where it matters. The severity is the rule's. */
export function check(ruleId: string, subjectText: string, changes: Partial<Check> = {}): Check {
  return {
    rule: ruleId,
    subject: subject(subjectText),
    severity: RULES.find(({ id }) => id === ruleId)?.severity ?? "error",
    verdict: "pass",
    reason: null,
    missing: [],
    because: [],
    root_causes: [],
    findings: [],
    evidence: [],
    waiver: null,
    remediation: null,
    location: null,
    ...changes,
  };
}

export function finding(message: string, changes: Partial<Finding> = {}): Finding {
  return {
    message_id: "found",
    message,
    data: {},
    fingerprint: fingerprintOf(message),
    location: null,
    caused_by: [],
    related: [],
    ...changes,
  };
}

/** Stands for the engine's fingerprint: equal for equal messages, and of its length. */
function fingerprintOf(message: string): string {
  let sum = 0;
  for (const character of message) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 0xffffffff;
  return sum.toString(16).padStart(8, "0").repeat(4);
}

export function failed(
  ruleId: string,
  subjectText: string,
  found: Finding | readonly Finding[],
  changes: Partial<Check> = {},
): Check {
  const remediation = RULES.find(({ id }) => id === ruleId)?.remediation ?? null;
  const findings = "message" in found ? [found] : found;
  return check(ruleId, subjectText, { verdict: "fail", findings, remediation, ...changes });
}

/** By default an inconclusive check fails the gate, and any number of warnings is fine. */
export const POLICY: PolicyRecord = {
  source: null,
  ignored: [],
  changed: [],
  inconclusive: "fail",
  max_warnings: null,
  off: [],
  unmatched: [],
};

/** The placement of nodes in the sample deployment and inventory. */
const TOPOLOGY: Topology = {
  locations: [],
  nodes: (["manager", "oslo-conf01", "oslo-conf02"] as const).map((name) => ({
    name,
    role: name === "manager" ? "management" : "conferencing",
    location: null,
    host: null,
    cluster: name === "manager" ? null : "vc-cluster",
    certain: name !== "manager",
  })),
  hosts: [{ name: "esxi01.example.com", cluster: "vc-cluster" }],
  clusters: [{ name: "vc-cluster" }],
};

/** The blockers are those of the checks by the policy; the gate and its reason are as given, as a saved report may have any. */
export function report(
  checks: readonly Check[],
  gate: Pick<Summary, "gate" | "gate_reason">,
  changes: Partial<RunReport> = {},
): RunReport {
  const { policy = POLICY, errors = [], baseline = null } = changes;
  const { summary, blockers } = decideGate(
    { checks, errors: errors.length, baseline },
    { inconclusive: policy.inconclusive, maxWarnings: policy.max_warnings },
  );
  const whole = {
    tool: { name: "infinity-preflight" as const, version: "0.1.0" },
    profile: "v25",
    as_of: null,
    sources: [
      {
        ...{
          kind: "inventory" as const,
          path: "estate/inventory.json",
          source: "rvtools",
          server: "vcenter01.example.com",
        },
        ...{ collected_at: "2025-02-27T08:00:00Z", age_s: 176_400 },
      },
    ],
    exit_code: exitCode(gate.gate),
    started_at: "2025-03-01T09:00:00.000Z",
    ended_at: "2025-03-01T09:00:01.250Z",
    inputs: [
      { kind: "deployment" as const, path: "deployment.yaml", uri: "site/deployment.yaml", sha256: "3f".repeat(32) },
      {
        kind: "inventory" as const,
        path: "estate/inventory.json",
        uri: "site/estate/inventory.json",
        sha256: "a7".repeat(32),
      },
    ],
    summary: { ...summary, ...gate },
    blockers,
    topology: TOPOLOGY,
    checks,
    evidence: [],
    waivers: [],
    baseline,
    policy,
    rules: RULES,
    errors,
    ...changes,
  };
  return { schema_version: 1, mode: "static", excerpts: excerpts(excerptLocations(whole), SOURCES), ...whole };
}

export function reportError(message: string, changes: Partial<ReportError> = {}): ReportError {
  return { code: "unknown-key", message, location: null, hint: null, ...changes };
}

const NODES = ["node manager", "node oslo-conf01", "node oslo-conf02"];
const MANAGER = at("deployment.yaml", "manager");
const CONF01 = at("deployment.yaml", "oslo-conf01");
const CONF02 = at("deployment.yaml", "oslo-conf02");

const WAIVER: CheckWaiver = {
  ...{ kind: "file", reason: "The host has no more memory before the move in January", owner: "vc-operations" },
  ...{ ticket: "CHG-1042", expires: "2027-01-31", location: null, verdict: "fail", through: null },
};

/** Everything passes but what does not apply. */
export function cleanReport(): RunReport {
  const checks = [
    check("cluster/evc-min-sandy-bridge", "cluster vc-cluster"),
    ...NODES.flatMap((node) => [
      check("node/unique-hostname", node),
      check("vm/memory-multiple-of-4", node),
      check("vm/memory-reserved", node, { verdict: "not-applicable", reason: "The node has no virtual machine yet." }),
    ]),
  ];
  return report(checks, { gate: "passed", gate_reason: "every required check passed or does not apply" });
}

/** A live run with failures of every severity, in files and elsewhere, and one root cause that keeps others open. */
export function failingReport(): RunReport {
  const dnsServer = { rule: "dns/server-reachable", subject: subject("dns-server 10.44.0.11") };
  const checks = [
    failed(
      "cluster/evc-min-sandy-bridge",
      "cluster vc-cluster",
      finding(
        "The EVC mode of vc-cluster is intel-westmere, below intel-sandybridge, the lowest that the nodes run on.",
        {
          location: at("estate/inventory.json", '"intel-westmere"'),
        },
      ),
      {
        remediation:
          "Raise the EVC mode of the cluster to Sandy Bridge or newer.\ngovc cluster.change -evc-mode intel-sandybridge /Oslo/host/vc-cluster",
      },
    ),
    check("dns/node-address-record", "node oslo-conf01", {
      verdict: "inconclusive",
      because: [dnsServer],
      location: CONF01,
    }),
    check("dns/node-address-record", "node oslo-conf02", {
      verdict: "inconclusive",
      because: [dnsServer],
      location: CONF02,
    }),
    failed(
      "dns/server-reachable",
      "dns-server 10.44.0.11",
      finding("10.44.0.11 gives no answer to a query for vc.example.com SOA over UDP or TCP (2 attempts, 4.0 s)."),
      { location: at("deployment.yaml", "10.44.0.11") },
    ),
    check("dns/srv-record", "domain-service vc.example.com/_sips._tcp", {
      verdict: "inconclusive",
      because: [dnsServer],
    }),
    failed(
      "network/no-ip-hash-teaming",
      "port-group esxi01.example.com/conferencing",
      finding("Port group conferencing of esxi01.example.com balances by IP hash, which breaks conferencing.", {
        location: at("estate/inventory.json", '"loadbalance_ip"'),
        related: [
          { message: "used by node oslo-conf01 here", location: at("deployment.yaml", "conferencing", 2) },
          { message: "used by node oslo-conf02 here", location: at("deployment.yaml", "conferencing", 3) },
        ],
      }),
    ),
    check("network/port-443-vm-manager", "vm-manager vcenter01.vc.example.com"),
    check("node/unique-hostname", "node manager"),
    check("node/unique-hostname", "node oslo-conf01"),
    failed(
      "node/unique-hostname",
      "node oslo-conf02",
      finding("Hostname CONF01 of oslo-conf02 is also the hostname of oslo-conf01.", {
        location: at("deployment.yaml", "CONF01"),
        related: [{ message: "first used here", location: at("deployment.yaml", "conf01", 2) }],
      }),
    ),
    failed(
      "vm/hardware-version-avx2",
      "node oslo-conf02",
      finding("Hardware version 10 of pexip-conf02 hides AVX2 from the node; it must be 11 or newer.", {
        location: at("deployment.yaml", "hardware_version: 10"),
      }),
      {
        remediation:
          "Upgrade the virtual hardware while the node is powered off.\ngovc vm.power -s pexip-conf02\ngovc vm.upgrade -version 11 -vm pexip-conf02",
      },
    ),
    failed(
      "vm/memory-multiple-of-4",
      "node oslo-conf01",
      finding("Memory of oslo-conf01 is 8190 MB, not a multiple of 4; the next larger one is 8192 MB.", {
        location: at("deployment.yaml", "8190"),
      }),
    ),
    check("vm/memory-multiple-of-4", "node oslo-conf02"),
    failed(
      "vm/memory-reserved",
      "node oslo-conf01",
      finding("pexip-conf01 reserves 4096 of its 8192 MB.", {
        location: { path: "vms.xlsx", sheet: "vMemory", cell: "K7" },
      }),
    ),
    failed(
      "vm/memory-reserved",
      "node oslo-conf02",
      finding("pexip-conf02 reserves 0 of its 8192 MB.", {
        location: { path: "vms.xlsx", sheet: "vMemory", cell: "K8" },
      }),
    ),
    failed("vm/no-snapshots", "node oslo-conf01", finding("pexip-conf01 has 2 snapshots."), { location: CONF01 }),
    check("vm/no-snapshots", "node oslo-conf02", { verdict: "waived", waiver: WAIVER }),
  ];
  return report(
    checks,
    { gate: "failed", gate_reason: "6 required checks failed and 3 are inconclusive" },
    { mode: "live", evidence: answers(14) },
  );
}

/** No inventory was given, and the live rules were switched off. */
export function inconclusiveReport(): RunReport {
  const noInventory = { what: "no inventory given; add --inventory FILE", location: null };
  const noMemory = { what: "vm_system_memory of the node is not in the deployment", location: CONF02 };
  const places = new Map([
    ["node manager", MANAGER],
    ["node oslo-conf01", CONF01],
    ["node oslo-conf02", CONF02],
  ]);
  const lacking = (ruleId: string, node: string) =>
    check(ruleId, node, { verdict: "inconclusive", missing: [noInventory], location: places.get(node) ?? null });
  const checks = [
    check("cluster/evc-min-sandy-bridge", "cluster vc-cluster", {
      verdict: "inconclusive",
      missing: [noInventory],
      location: at("deployment.yaml", "vc-cluster"),
    }),
    check("dns/server-reachable", "dns-server 10.44.0.10", { verdict: "skipped", reason: "--no-live" }),
    check("dns/server-reachable", "dns-server 10.44.0.11", { verdict: "skipped", reason: "--no-live" }),
    ...NODES.map((node) => lacking("vm/hardware-version-avx2", node)),
    ...NODES.map((node) => lacking("vm/memory-reserved", node)),
    check("vm/memory-multiple-of-4", "node manager"),
    check("vm/memory-multiple-of-4", "node oslo-conf01"),
    check("vm/memory-multiple-of-4", "node oslo-conf02", {
      verdict: "inconclusive",
      missing: [noMemory, noInventory],
      location: CONF02,
    }),
    check("network/no-ip-hash-teaming", "port-group esxi01.example.com/conferencing", {
      verdict: "inconclusive",
      reason: "Ports of this group may override its teaming policy, and the inventory does not list them.",
      location: at("deployment.yaml", "conferencing", 2),
    }),
  ];
  return report(
    checks,
    { gate: "failed", gate_reason: "6 required checks inconclusive" },
    { inputs: report([], { gate: "passed", gate_reason: "" }).inputs.slice(0, 1) },
  );
}

/** A broken rule and a broken input beside checks that went well. */
export function crashedReport(): RunReport {
  const checks = [
    check("node/unique-hostname", "node manager"),
    check("vm/memory-multiple-of-4", "node oslo-conf01", {
      verdict: "crashed",
      reason: "TypeError: Cannot read properties of undefined (reading 'toFixed') in check",
      location: CONF01,
    }),
    check("vm/memory-multiple-of-4", "node oslo-conf02", {
      verdict: "crashed",
      reason: "TypeError: Cannot read properties of undefined (reading 'toFixed') in check",
      location: CONF02,
    }),
    failed(
      "node/unique-hostname",
      "node oslo-conf02",
      finding("Hostname CONF01 of oslo-conf02 is also the hostname of oslo-conf01.", {
        location: at("deployment.yaml", "CONF01"),
      }),
    ),
  ];
  return report(
    checks,
    { gate: "no-verdict", gate_reason: "2 checks crashed, and an input has mistakes" },
    {
      errors: [
        reportError('"clutser" is not a key of a host.', {
          location: at("estate/lab.yaml", "clutser"),
          hint: 'Did you mean "cluster"?',
        }),
        reportError("The report could not be written to /var/reports/preflight.json: no space left on device.", {
          code: "unwritable-report",
        }),
      ],
    },
  );
}

/** Control characters that colour, move, reorder and hide; markup; links; other scripts; a very long name. */
export const HOSTILE_NAME =
  "evil\u001b[2J\u001b[31m\r\nGate: PASSED\u0007\u009b1A\u202egnp.\u2066\u200b\u2028::error::[click](https://evil.example) {0} <b>%0A`";

/** Names in every text field that try to forge lines, colours and links. */
export function hostileReport(): RunReport {
  const node = `node ${HOSTILE_NAME}`;
  const wide = "node 会議ノード-東京-第一データセンター";
  const checks = [
    failed(
      "vm/memory-multiple-of-4",
      node,
      finding(`Memory of ${HOSTILE_NAME} is 8190 MB.`, {
        location: at("deployment.yaml", "8190"),
        related: [{ message: HOSTILE_NAME, location: { ...CONF01, path: HOSTILE_NAME } }],
      }),
      { remediation: `Rename ${HOSTILE_NAME}` },
    ),
    failed(
      "vm/memory-multiple-of-4",
      wide,
      finding("会議ノード-東京-第一データセンター のメモリは 8190 MB です。4 の倍数でなければなりません。", {
        location: CONF02,
      }),
    ),
    failed("vm/no-snapshots", `node ${"x".repeat(100_000)}`, finding(`${"y".repeat(100_000)} has snapshots.`)),
    failed(
      "vm/no-snapshots",
      node,
      finding(HOSTILE_NAME, { location: { path: HOSTILE_NAME, sheet: HOSTILE_NAME, cell: "A1" } }),
    ),
    check("vm/memory-reserved", node, { verdict: "inconclusive", missing: [{ what: HOSTILE_NAME, location: null }] }),
    check("vm/hardware-version-avx2", node, {
      verdict: "inconclusive",
      missing: [{ what: HOSTILE_NAME, location: CONF01 }],
    }),
    check("node/unique-hostname", node, {
      verdict: "inconclusive",
      because: [{ rule: "dns/srv-record", subject: subject(node) }],
    }),
  ];
  return report(
    checks,
    { gate: "failed", gate_reason: `failed for ${HOSTILE_NAME}` },
    {
      errors: [
        reportError(HOSTILE_NAME, {
          code: "unreadable-file",
          hint: HOSTILE_NAME,
          location: { ...CONF01, path: HOSTILE_NAME },
        }),
      ],
      exit_code: 1,
    },
  );
}

function answers(number: number): EvidenceRecord[] {
  return Array.from({ length: number }, (_, index) => ({
    id: `e${index + 1}`,
    question: { kind: "tcp", address: `10.44.10.${index + 1}`, port: 443 },
    answer: {
      kind: "tcp",
      status: "answered",
      reason: "open",
      attempts: [{ transport: "tcp", duration_ms: 3, result: "open" }],
      started_at: "2025-03-01T09:00:00.100Z",
      duration_ms: 3,
      from: "local",
    },
  }));
}

/** Waivers of every kind, waivers that need attention, and checks of the approved plan that did not take place. */
export function waivedReport(): RunReport {
  const cause = { rule: "vm/memory-multiple-of-4", subject: subject("node oslo-conf01") };
  const inline: CheckWaiver = {
    ...{ kind: "inline", reason: "a snapshot for the upgrade.", owner: null, ticket: null, expires: "2026-12-01" },
    ...{ location: null, verdict: "inconclusive", through: null },
  };
  const checks = [
    failed(
      cause.rule,
      "node oslo-conf01",
      finding("Memory of oslo-conf01 is 8190 MB, not a multiple of 4.", { location: at("deployment.yaml", "8190") }),
      { verdict: "waived", waiver: WAIVER },
    ),
    check("vm/memory-reserved", "node oslo-conf01", {
      ...{ verdict: "waived", because: [cause], location: CONF01 },
      waiver: { ...WAIVER, verdict: "inconclusive", through: cause },
    }),
    check("vm/no-snapshots", "node oslo-conf02", {
      ...{
        verdict: "waived",
        waiver: inline,
        missing: [{ what: "virtual_machines[].snapshots is not known", location: CONF02 }],
      },
    }),
    check("node/unique-hostname", "node manager"),
  ];
  const record = (state: WaiverRecord["state"], rule: string, message: string | null): WaiverRecord => ({
    ...{ kind: "file", reason: "agreed", owner: "vc-operations", ticket: null, expires: "2026-01-31" },
    ...{ location: { path: "preflight.waivers.yaml", line: 3, column: 5, end_line: 3, end_column: 9 } },
    ...{ rule, subject: "node:oslo-conf01", state, message },
  });
  return report(
    checks,
    { gate: "failed", gate_reason: "3 checks of the approved plan no longer evaluated" },
    {
      policy: {
        ...POLICY,
        off: [
          { rule: "vm/thick-disk", checks: 2, by: "policies/house.yaml", location: null },
          { rule: "time/utc-only", checks: 3, by: "--rule", location: null },
        ],
      },
      waivers: [
        record("used", cause.rule, null),
        record(
          "expired",
          "vm/memory-reserved",
          'The waiver of vm/memory-reserved for "node:oslo-conf01" expired on 2026-01-31, so its check counts again. Fix what it covered, or agree on a new date.',
        ),
        record("not-evaluated", "vm/no-snapshots", "Its check was skipped."),
        record(
          "unneeded",
          "node/unique-hostname",
          'The waiver of node/unique-hostname for "node:oslo-conf01" is not needed: its check passed. Remove it.',
        ),
      ],
      baseline: {
        path: "approved/plan.json",
        planned: 412,
        relaxed: [],
        missing: [
          ...NODES.map((node) => ({
            rule: "dns/node-address-record",
            subject: subject(node),
            reason: "the rule did not run",
          })),
          {
            rule: "time/ntp-reachable",
            subject: subject("ntp-server ntp3"),
            reason: "skipped: not selected by --only",
          },
        ],
      },
    },
  );
}
