import { parsedPowerShell } from "../../support/powershell.ts";
import { powerShellTokens, type Token } from "./powershell-tokens.ts";
import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { CommandShell } from "../../../src/engine/api/command-table.ts";
import { changesOf } from "../../../src/report/script/changes.ts";
import { remediationScript } from "../../../src/report/script/remediation-script.ts";
import type { Check, CheckCommand, RunReport, SubjectId } from "../../../src/schema/report.generated.ts";
import { check, finding, report } from "../sample-report.ts";

const folder = mkdtempSync(join(tmpdir(), "preflight-script-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** Shells of POSIX that this machine has; each has to read the scripts alike. */
const SHELLS = ["/bin/sh", "/bin/dash", "/bin/bash", "/bin/busybox"].filter((path) => existsSync(path));
const shellOf = (path: string) => (path.endsWith("busybox") ? [path, "sh"] : [path]);

/** A govc that records its arguments, returns a power state, and fails on request. */
const log = join(folder, "log");
const state = join(folder, "state");
writeFileSync(
  join(folder, "govc"),
  `#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word"; done >> '${log}'; printf '\\n\\0' >> '${log}'
case $1 in
  vm.info) printf '  Power state:  %s\\n' "$(cat '${state}')" ;;
  vm.power) case $2 in -s) echo poweredOff ;; *) echo poweredOn ;; esac > '${state}' ;;
  "\${FAIL-}") exit 3 ;;
esac
`,
);
chmodSync(join(folder, "govc"), 0o755);

const node = (name: string): SubjectId => ({ kind: "node", name });
const host = (name: string): SubjectId => ({ kind: "host", name });

/** A failed check with commands. */
function failed(rule: string, subject: SubjectId, commands: readonly CheckCommand[], more: Partial<Check> = {}): Check {
  const findings = [finding(`${rule} is wrong; fix it.`)];
  return check(rule, "node a", { verdict: "fail", subject, findings, remediation: "Fix it.", commands, ...more });
}

const row = (id: string, values: CheckCommand["values"]): CheckCommand => ({ id, values });

function reportOf(checks: readonly Check[], vm = "pexip-conf01"): RunReport {
  const place = { location: "Oslo", cluster: "vc", certain: true };
  const topology = {
    locations: [{ name: "Oslo" }],
    nodes: [
      { ...place, name: "manager", role: "management" as const, location: null, host: "esxi02", vm: "pexip-mgmt" },
      { ...place, name: "conf01", role: "conferencing" as const, host: "esxi01", vm },
      { ...place, name: "conf02", role: "conferencing" as const, host: "esxi01", vm: "pexip-conf02" },
    ],
    hosts: [
      { name: "esxi01", cluster: "vc" },
      { name: "esxi02", cluster: "vc" },
    ],
    clusters: [{ name: "vc" }],
  };
  return { ...report(checks, { gate: "failed", gate_reason: "1 error" }), topology };
}

const text = (given: RunReport, shell: CommandShell = "govc") => [...remediationScript(given, shell)].join("");

/** The steps of a script: its commands and prompts, in order. */
const steps = (script: string) =>
  script
    .split("\n")
    .filter((line) => /^(?:manual '|step '|  (?:govc|esxcli) |Invoke-Step '|Confirm-Manual ')/.test(line))
    .filter((line) => !line.includes('"$1"'));

interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  /** Calls of govc, each as its words. */
  readonly calls: readonly (readonly string[])[];
}

function run(script: string, args: readonly string[], input = "", shell = SHELLS[0] ?? "/bin/sh", fail = ""): Ran {
  const file = join(folder, "remediate.sh");
  writeFileSync(file, script);
  writeFileSync(log, "");
  writeFileSync(state, "poweredOn\n");
  const [program = "", ...before] = shellOf(shell);
  const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}`, FAIL: fail };
  const { status, stdout, stderr } = spawnSync(program, [...before, file, ...args], {
    cwd: folder,
    env,
    input,
    encoding: "utf8",
  });
  const calls = readFileSync(log, "utf8").split("\n\0").slice(0, -1);
  return { status, stdout, stderr, calls: calls.map((call) => call.split("\0").slice(0, -1)) };
}

const changed = (calls: Ran["calls"]) => calls.filter(([name]) => name !== "vm.info");

const UPGRADE = (version: number, vm = "pexip-conf01") => row("vm/upgrade-hardware", { vm, version });

describe("the order of a script", () => {
  const given = reportOf([
    failed("vm/no-snapshots", node("conf01"), [row("vm/remove-snapshots", { vm: "pexip-conf01" })]),
    failed("vm/hardware-version-minimum", node("conf01"), [UPGRADE(11)]),
    failed("vm/no-resource-limits", node("conf01"), [row("vm/unlimited", { vm: "pexip-conf01" })]),
    failed("time/host-ntp-running", host("esxi01"), [row("host/start-service", { host: "esxi01", service: "ntpd" })]),
    failed("access/vsphere-privileges", { kind: "account", name: "a" }, [row("account/role", { privileges: ["A.B"] })]),
  ]);

  it("is: shared objects, the host, then VM by VM: running, maintenance mode, shutdown, backup, change, power-on", () => {
    expect(steps(text(given))).toEqual([
      "step 'access/vsphere-privileges for account a' \\",
      "  govc role.create pexip-deploy A.B",
      "step 'time/host-ntp-running for host esxi01' \\",
      "  govc host.service -host esxi01 start ntpd",
      "step 'vm/no-resource-limits for node conf01' \\",
      "  govc vm.change -vm pexip-conf01 -cpu.limit=-1 -mem.limit=-1",
      "manual 'Put node conf01 into Pexip maintenance mode.'",
      "manual 'Wait until no conferences run on node conf01.'",
      "step 'vm/no-snapshots for node conf01' \\",
      "  govc snapshot.remove -vm pexip-conf01 '*'",
      "step 'Shut down the guest of VM pexip-conf01' shut_down_guest pexip-conf01",
      "manual 'Take a backup of node conf01 (VM pexip-conf01).'",
      "step 'vm/hardware-version-minimum for node conf01' \\",
      "  govc vm.upgrade -vm pexip-conf01 -version 11",
      "step 'Power on VM pexip-conf01' power_on pexip-conf01",
      "manual 'Check that node conf01 is running, then leave Pexip maintenance mode.'",
    ]);
  });

  it("has no Pexip maintenance mode for the Management Node", () => {
    const upgrade = failed("vm/hardware-version-minimum", node("manager"), [UPGRADE(11, "pexip-mgmt")]);
    expect(text(reportOf([upgrade]))).not.toContain("Pexip maintenance mode");
    expect(steps(text(reportOf([upgrade])))[0]).toContain("Shut down the guest of VM pexip-mgmt");
  });

  it.each([
    [
      "its host",
      "network/mtu-receive-check",
      host("esxi01"),
      row("host/receive-mtu-check-off", { host: "esxi01" }),
      "govc",
      ["conf01", "conf02"],
    ],
    [
      "its cluster",
      "cluster/evc-min-sandy-bridge",
      { kind: "cluster", name: "vc" },
      row("cluster/raise-evc", { cluster: "vc", mode: "intel-sandybridge" }),
      "powercli",
      ["conf01", "conf02", "manager"],
    ],
  ] as const)(
    "power-cycles every VM that sees a change of %s only then, without a backup",
    (_, rule, subject, one, shell, nodes) => {
      const script = text(reportOf([failed(rule, subject, [one])]), shell);
      const cycled = script.split("\n").filter((line) => line.startsWith("# The VM needs a power cycle"));
      expect(cycled).toEqual(
        nodes.map(() => `# The VM needs a power cycle to see the changes for ${rule}; a reboot is not enough.`),
      );
      expect(nodes.filter((name) => !script.includes(` Node ${name} (VM `))).toEqual([]);
      expect(script).not.toContain("backup");
      const order = steps(script).map((line) => /Shut down|Power on|raise|receive|EVC|host\.option/.exec(line)?.[0]);
      expect(order.indexOf("Shut down")).toBeLessThan(order.indexOf("Power on"));
      expect(script.indexOf(rule)).toBeLessThan(script.indexOf("Shut down"));
    },
  );

  it("shuts a VM down once for all of its changes", () => {
    const mac = row("vm/manual-mac-address", { vm: "pexip-conf01", network: "n", mac: "00:50:56:00:00:01" });
    const script = text(
      reportOf([
        failed("vm/hardware-version-minimum", node("conf01"), [UPGRADE(11)]),
        failed("vm/static-mac-management", node("conf01"), [mac]),
        failed("network/mtu-receive-check", host("esxi01"), [row("host/receive-mtu-check-off", { host: "esxi01" })]),
      ]),
    );
    expect(script.match(/shut_down_guest pexip-conf01$/gm)).toHaveLength(1);
    expect(script.match(/power_on pexip-conf01$/gm)).toHaveLength(1);
  });
});

describe("commands that several checks require", () => {
  it("are there once, with all their reasons", () => {
    const service = row("host/start-service", { host: "esxi01", service: "ntpd" });
    const script = text(
      reportOf([
        failed("time/host-ntp-running", host("esxi01"), [service]),
        failed("time/host-ntp-configured", host("esxi01"), [service]),
      ]),
    );
    expect(script.match(/host\.service/g)).toHaveLength(1);
    expect(script).toContain("#   time/host-ntp-running is wrong; fix it.");
    expect(script).toContain("#   time/host-ntp-configured is wrong; fix it.");
  });

  it("upgrade a VM once, to the highest version that a rule requires", () => {
    const checks = [11, 14, 7].map((version) =>
      failed(`vm/hardware-version-${version}`, node("conf01"), [UPGRADE(version)]),
    );
    const { hosts } = changesOf(reportOf(checks), "govc");
    const off = hosts.flatMap(({ machines }) => machines.flatMap((machine) => machine.off));
    expect(off.map(({ line }) => line)).toEqual(["govc vm.upgrade -vm pexip-conf01 -version 14"]);
    expect(off[0]?.checks).toHaveLength(3);
  });

  it("run neither of two that contradict each other", () => {
    const cluster = { kind: "cluster", name: "vc" };
    const script = text(
      reportOf([
        failed("cluster/evc-min-sandy-bridge", cluster, [
          row("cluster/raise-evc", { cluster: "vc", mode: "intel-sandybridge" }),
        ]),
        failed("cluster/evc-disabled-on-mixed-cpus", cluster, [row("cluster/disable-evc", { cluster: "vc" })]),
      ]),
      "powercli",
    );
    expect(steps(script)).toEqual([]);
    expect(script.match(/choose one, and run it yourself/g)).toHaveLength(2);
  });

  it("keep the step before them, whichever rule comes first", () => {
    const rows = ["switch/distributed-teaming", "switch/distributed-teaming-from-ip-hash"].map((id) =>
      row(id, { group: "pg" }),
    );
    for (const order of [rows, [...rows].reverse()]) {
      const checks = order.map((one, index) =>
        failed(`network/rule-${index}`, { kind: "port-group", name: "pg" }, [one]),
      );
      const script = text(reportOf(checks), "powercli");
      expect(steps(script)).toHaveLength(2);
      expect(steps(script)[0]).toContain("remove their static EtherChannel");
      expect(script).toContain(
        "# WARNING: It changes the port group on every host of its switch. IP hash requires an EtherChannel",
      );
    }
  });
});

describe("what is not run", () => {
  const commentOf = (script: string, words: string) => {
    const lines = script.split("\n");
    const index = lines.findIndex((line) => line.includes(words));
    return [lines[index], lines[index + 1]];
  };

  it("is a command without confirmed syntax for the shell, and the VM is not shut down for it", () => {
    const inflate = row("vm/inflate-disk", { vm: "pexip-conf01", disk: "Hard disk 1" });
    const script = text(reportOf([failed("vm/thick-disk", node("conf01"), [inflate])]));
    expect(steps(script)).toEqual([]);
    expect(commentOf(script, "# Not run")).toEqual([
      "# Not run (no syntax for govc is confirmed; this is for powercli):",
      "#   Get-VM -Name 'pexip-conf01' | Get-HardDisk -Name 'Hard disk 1' | Set-HardDisk -Inflate",
    ]);
  });

  it("is a command whose syntax was never confirmed, in its own shell too", () => {
    const inflate = row("vm/inflate-disk", { vm: "pexip-conf01", disk: "Hard disk 1" });
    const script = text(reportOf([failed("vm/thick-disk", node("conf01"), [inflate])]), "powercli");
    expect(commentOf(script, "# Not run")[0]).toBe(
      "# Not run (its syntax is not confirmed; try it on one object first, and run it yourself):",
    );
  });

  it("is a command that a person has to complete", () => {
    const script = text(
      reportOf([failed("time/host-ntp-configured", host("esxi01"), [row("host/set-ntp-servers", { host: "esxi01" })])]),
    );
    expect(steps(script)).toEqual([]);
    expect(commentOf(script, "# Not run")[0]).toBe("# Not run (complete it, and run it yourself):");
  });

  it("is a command of a plugin, of another version, or without a value", () => {
    const script = text(
      reportOf([
        failed("lab/rule", node("conf01"), [{ id: null, text: "reboot\nnow", values: {} }]),
        failed("vm/rule", node("conf01"), [row("vm/of-the-future", { vm: "a\nreboot" })]),
        failed("vm/other", node("conf01"), [row("vm/unlimited", {})]),
        failed("vm/object", node("conf01"), [row("toString", {})]),
      ]),
    );
    expect(steps(script)).toEqual([]);
    expect(script).toContain("# Not run (a command of a plugin):\n#   reboot\\x0anow\n");
    expect(script).toContain("# Not run (this version has no command vm/of-the-future):");
    expect(script).toContain("# Not run (a value of it is not in the report):");
    expect(run(script, ["--apply"]).calls).toEqual([]);
  });

  it("is a fix of a consequence; a failed check without a command has its fix in words", () => {
    const script = text(
      reportOf([
        failed("vm/no-resource-limits", node("conf01"), [row("vm/unlimited", { vm: "a" })], {
          root_causes: [{ rule: "vm/b", subject: node("conf01") }],
        }),
        failed("vm/by-hand", node("conf01"), []),
      ]),
    );
    expect(steps(script)).toEqual([]);
    expect(script).toContain("# Not included: 1 failed check that another failed check causes.");
    expect(script).toContain("#   Fix: Fix it.\n");
  });

  it.each(["a*", "a?", "[a]", "dir/a", "-rf", "a%2fb", "a\\b", "a\nb", "a\u202eb", " "])(
    "is a command for an object that govc may not find by its name: %j",
    (name) => {
      const checks = [
        failed("vm/no-resource-limits", node("conf01"), [row("vm/unlimited", { vm: name })]),
        failed("vm/hardware-version-minimum", node("conf01"), [UPGRADE(11, name)]),
      ];
      const script = text(reportOf(checks, name));
      expect(steps(script)).toEqual([]);
      expect(script.match(/a name in it may be taken for a pattern, a path or an option/g)).toHaveLength(2);
      expect(run(script, ["--apply"]).calls).toEqual([]);
    },
  );

  it("is a power operation of such a VM, as a manual step", () => {
    const cycle = failed("network/mtu-receive-check", host("esxi01"), [
      row("host/receive-mtu-check-off", { host: "esxi01" }),
    ]);
    const script = text(reportOf([cycle], "pexip*"));
    expect(script).toContain(
      "manual 'Shut down the guest of node conf01 (VM pexip*), and wait until its VM is powered off.'",
    );
    expect(script).toContain("manual 'Power on the VM of node conf01 (VM pexip*).'");
  });
});

/** Texts that a shell would act on, were they not quoted. */
const HOSTILE = [
  "it's",
  "$(reboot)",
  "`reboot`",
  '"; reboot; "',
  "a && reboot",
  "a | reboot > /dev/null",
  "~root",
  "$HOME ${IFS}",
  "!!",
  "# no comment",
  "a'\"'\"'b",
  "\u2019; reboot",
  "ø å 会議",
  "a=b",
  "''",
];

describe.each(SHELLS)("with names that a shell would act on, %s", (shell) => {
  it.each(HOSTILE)("hands %j to govc as one word", (name) => {
    const script = text(
      reportOf([failed("vm/no-resource-limits", node("conf01"), [row("vm/unlimited", { vm: name })])]),
    );
    // A path in govc; a backquote escapes in PowerShell only, but is refused alike.
    const isCertain = !/[`/]/.test(name);
    const { status, stderr, calls } = run(script, ["--apply"], "", shell);
    expect([status, stderr]).toEqual([0, ""]);
    expect(calls).toEqual(isCertain ? [["vm.change", "-vm", name, "-cpu.limit=-1", "-mem.limit=-1"]] : []);
  });

  it("reads no name as code, wherever in a report it is", () => {
    const evil = "x\n$(govc pwned)\r`govc pwned`';govc pwned;'\u2028govc pwned\n";
    const evilNode = { kind: evil, name: evil };
    const evilFinding = {
      ...finding(evil),
      location: { path: evil, line: 1, column: 1, end_line: 1, end_column: 1 },
    };
    const one = failed(evil, evilNode, [row("vm/unlimited", { vm: "a" }), UPGRADE(11, "a")], {
      findings: [evilFinding],
      remediation: evil,
    });
    const two = failed(evil, host(evil), [
      row("host/receive-mtu-check-off", { host: evil }),
      { id: evil, values: { [evil]: evil } },
    ]);
    const base = reportOf([one, two, failed(evil, evilNode, [])]);
    const given: RunReport = {
      ...base,
      summary: { ...base.summary, gate_reason: evil },
      profile: evil,
      inputs: [{ kind: "inventory", path: evil, uri: "x", sha256: "0".repeat(64) }],
      topology: {
        locations: [],
        hosts: [],
        clusters: [],
        nodes: [
          { name: evil, role: "conferencing", location: null, host: evil, vm: evil, cluster: null, certain: true },
        ],
      },
    };
    for (const kind of ["govc", "esxcli"] as const) {
      const args = kind === "govc" ? [] : ["--host", evil];
      for (const mode of [[], ["--apply", ...args]]) {
        const { status, calls } = run(text(given, kind), mode, "done\n".repeat(20), shell);
        expect(calls.flat()).not.toContain("pwned");
        expect(status === 0 || kind === "esxcli").toBe(true);
      }
    }
    const powerShell = text(given, "powercli")
      .split("\n")
      .filter((line) => /pwned/.test(line));
    expect(powerShell.length).toBeGreaterThan(3);
    for (const line of powerShell)
      expect(
        line.startsWith("#") ||
          /^[^'\u2018-\u201b]*'(?:[^'\u2018-\u201b]|['\u2018-\u201b]{2})*'[^'\u2018-\u201b]*$/.test(line),
      ).toBe(true);
  });
});

describe("running a script", () => {
  const script = text(
    reportOf([
      failed("time/host-ntp-running", host("esxi01"), [row("host/start-service", { host: "esxi01", service: "ntpd" })]),
      failed("vm/hardware-version-minimum", node("conf01"), [UPGRADE(11)]),
    ]),
  );

  it("shows all steps and calls nothing without --apply", () => {
    const { status, stdout, stderr, calls } = run(script, []);
    expect([status, stderr, calls]).toEqual([0, "", []]);
    expect(stdout.split("\n")).toEqual([
      "[1] time/host-ntp-running for host esxi01",
      "    govc host.service -host esxi01 start ntpd",
      "[2] By hand: Put node conf01 into Pexip maintenance mode.",
      "[3] By hand: Wait until no conferences run on node conf01.",
      "[4] Shut down the guest of VM pexip-conf01",
      "    shut_down_guest pexip-conf01",
      "[5] By hand: Take a backup of node conf01 (VM pexip-conf01).",
      "[6] vm/hardware-version-minimum for node conf01",
      "    govc vm.upgrade -vm pexip-conf01 -version 11",
      "[7] Power on VM pexip-conf01",
      "    power_on pexip-conf01",
      "[8] By hand: Check that node conf01 is running, then leave Pexip maintenance mode.",
      "Nothing was changed; --apply runs these steps.",
      "",
    ]);
  });

  it("runs them with --apply, once a person has confirmed what is done by hand", () => {
    const { status, calls } = run(script, ["--apply"], "done\n".repeat(4));
    expect(status).toBe(0);
    expect(changed(calls)).toEqual([
      ["host.service", "-host", "esxi01", "start", "ntpd"],
      ["vm.power", "-s", "pexip-conf01"],
      ["vm.upgrade", "-vm", "pexip-conf01", "-version", "11"],
      ["vm.power", "-on", "pexip-conf01"],
    ]);
  });

  it.each([
    ["nothing is answered", ""],
    ["another word is", "yes\n"],
  ])("stops at a step by hand when %s", (_, input) => {
    const { status, stderr, calls } = run(script, ["--apply"], input);
    expect([status, changed(calls)]).toEqual([1, [["host.service", "-host", "esxi01", "start", "ntpd"]]]);
    expect(stderr).toContain("Step 2 failed. Fix the cause, then continue: --apply --from 2");
  });

  it("stops at the first command that fails, and continues from there", () => {
    const failedRun = run(script, ["--apply"], "done\n".repeat(4), undefined, "vm.upgrade");
    expect(failedRun.status).toBe(1);
    expect(failedRun.stderr).toContain("Step 6 failed. Fix the cause, then continue: --apply --from 6");
    expect(changed(failedRun.calls).at(-1)?.[0]).toBe("vm.upgrade");
    const rest = run(script, ["--apply", "--from", "6"], "done\n");
    expect(changed(rest.calls)).toEqual([["vm.upgrade", "-vm", "pexip-conf01", "-version", "11"]]);
  });

  it.each([[["--aply"]], [["--from"]], [["--from", "x"]], [["--host", "a"]]])("refuses %j", (args) => {
    const { status, calls } = run(script, args);
    expect([status, calls]).toEqual([2, []]);
  });

  it("changes the power state of no VM that has it already", () => {
    const file = join(folder, "remediate.sh");
    writeFileSync(file, script);
    writeFileSync(log, "");
    writeFileSync(state, "poweredOff\n");
    const env = { PATH: `${folder}:${process.env["PATH"] ?? ""}` };
    execFileSync("/bin/sh", [file, "--apply", "--from", "4"], {
      cwd: folder,
      env,
      input: "done\n".repeat(3),
      stdio: "pipe",
    });
    expect(readFileSync(log, "utf8")).not.toContain("-s\0");
  });
});

describe("esxcli", () => {
  const teaming = (name: string) =>
    failed("network/recommended-teaming", { kind: "port-group", name: `${name}/pg` }, [
      row("host/standard-teaming", { host: name, group: "pg 1" }),
    ]);
  const script = text(reportOf([teaming("esxi01"), teaming("esxi02")]), "esxcli");

  it("is run on one host at a time, which is named", () => {
    writeFileSync(join(folder, "esxcli"), readFileSync(join(folder, "govc")));
    chmodSync(join(folder, "esxcli"), 0o755);
    expect(run(script, ["--apply"]).status).toBe(2);
    expect(run(script, []).stdout.match(/esxcli network/g)).toHaveLength(2);
    const { status, stdout, calls } = run(script, ["--apply", "--host", "esxi02"]);
    expect([status, calls.length]).toEqual([0, 1]);
    expect(stdout).toContain("network/recommended-teaming for port-group esxi02/pg");
    expect(calls[0]).toContain("--portgroup-name=pg 1");
  });

  it("leaves power operations to a person", () => {
    const cycle = failed("network/mtu-receive-check", host("esxi01"), [
      row("host/receive-mtu-check-off", { host: "esxi01" }),
    ]);
    expect(steps(text(reportOf([cycle]), "esxcli")).filter((line) => line.startsWith("manual"))).toHaveLength(10);
  });
});

describe("PowerShell", () => {
  /** A script with steps of every kind about a VM, a host, a cluster and a port group of this name. */
  const script = (name: string) =>
    text(
      reportOf([
        failed("vm/no-resource-limits", node(name), [row("vm/unlimited", { vm: name })]),
        failed("vm/hardware-version-minimum", node(name), [UPGRADE(11, name)]),
        failed("time/host-ntp-running", host(name), [row("host/start-service", { host: name, service: "ntpd" })]),
        failed("cluster/evc-min-sandy-bridge", host(name), [
          row("cluster/raise-evc", { cluster: name, mode: "intel-sandybridge" }),
        ]),
      ]),
      "powercli",
    );
  const about = (name: string) => powerShellTokens(script(name));
  /** What is run: without comments, and without what strings contain. */
  const code = (tokens: readonly Token[]) =>
    tokens.flatMap(({ kind, text: own }) =>
      kind === "comment" || kind === "line" ? [] : [kind === "string" ? "'" : own],
    );
  const strings = (tokens: readonly Token[]) =>
    tokens.flatMap(({ kind, text: own }) => (kind === "string" ? [own] : []));

  it("has the same tokens for any names, and has them as strings", () => {
    const plain = about("plain");
    expect(strings(plain)).toContain("plain");
    let run = 0;
    for (const name of [
      ...HOSTILE,
      "a\u2018; reboot #",
      "\u201c$(reboot)\u201d",
      "@'",
      "<# x #>",
      "${x}",
      "a`",
      "\u2013Force",
    ]) {
      const tokens = about(name);
      // A name that PowerCLI may take for a pattern or an option leaves its step a comment.
      const isRun = code(tokens).length === code(plain).length;
      if (isRun) expect(code(tokens), name).toEqual(code(plain));
      if (isRun) expect(strings(tokens), name).toContain(name);
      if (isRun) run++;
      for (const { kind, text: own } of tokens) if (kind === "word") expect(own).not.toMatch(/reboot|Force/);
    }
    expect(run).toBeGreaterThan(8);
  });

  it("is a script to PowerShell's grammar", async () => {
    for (const name of [
      "plain",
      ...HOSTILE,
      "a\u2018; reboot #",
      "\u201c$(reboot)\u201d",
      "@'",
      "<# x #>",
      "${x}",
      "a`",
    ]) {
      const { errors, commands } = await parsedPowerShell(script(name));
      expect(errors, name).toEqual([]);
      expect(commands, name).not.toContain("reboot");
    }
    expect((await parsedPowerShell("Get-VM 'open")).errors).not.toEqual([]);
  });

  it.each(["'open", 'a "b"', "a ` b", "a \u2028"])("is read strictly: %j is not", (script) => {
    expect(() => powerShellTokens(script)).toThrow();
  });

  it("makes sure that a name means one object before it changes it", () => {
    const script = text(
      reportOf([failed("vm/no-resource-limits", node("conf01"), [row("vm/unlimited", { vm: "it's" })])]),
      "powercli",
    );
    expect(script).toContain(
      [
        "Invoke-Step 'vm/no-resource-limits for node conf01' {",
        "  Get-One 'VM' 'it''s' | Out-Null",
        "  Get-VM -Name 'it''s' | Get-VMResourceConfiguration | Set-VMResourceConfiguration -CpuLimitMhz $null -MemLimitGB $null",
        "}",
      ].join("\n"),
    );
  });
});

it("reports that there is nothing to do", () => {
  const script = text(reportOf([]));
  expect(script).toContain("# No failed check has a command.\n");
  expect(run(script, ["--apply"])).toMatchObject({ status: 0, calls: [] });
});
