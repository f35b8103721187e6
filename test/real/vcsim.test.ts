import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Explanation } from "../../src/schema/proof/explanation.generated.ts";
import type { RunReport } from "../../src/schema/report.generated.ts";
import type { Inventory } from "../../src/schema/inventory.generated.ts";
import { preflight, program } from "../cli/program.ts";
import { describeReal, workFolder } from "./real-server.ts";

/** Where Debian's golang-github-vmware-govmomi-dev puts Go packages. */
const GOPATH = "/usr/share/gocode";
const SIMULATOR = join(GOPATH, "src/github.com/vmware/govmomi/simulator");
/** Where .ci/run puts the source package of the same, which has govc too. */
const SOURCES = join(tmpdir(), "preflight-govmomi");
const hasGovc = existsSync(join(SOURCES, "src/github.com/vmware/govmomi/govc"));
const USER = "reader@vsphere.local";
const PASSWORD = "s3cret & <more>";

/** A running simulator. */
interface Simulator {
  readonly url: string;
  /** The file of its certificate. */
  readonly ca: string;
  /** The methods that were called, in order. */
  readonly calls: readonly string[];
  /** Resolves as soon as the method is called. */
  called(method: string): Promise<void>;
}

// The package of the simulator has no program: it is built from its sources.
describeReal("govmomi's simulator", existsSync(SIMULATOR) ? ["go"] : ["go", "govmomi's simulator"], ([go = ""]) => {
  const folder = workFolder();
  const at = (name: string) => join(folder, name);
  const binary = at("vcsim");
  const running: ChildProcess[] = [];

  beforeAll(() => {
    const env = {
      ...process.env,
      // One copy of govmomi for both, so that it is compiled once.
      GOPATH: hasGovc ? `${SOURCES}:${GOPATH}` : GOPATH,
      GO111MODULE: "off",
      GOFLAGS: "-trimpath",
      GOCACHE: join(tmpdir(), "preflight-go-cache"),
    };
    const build = (name: string) => {
      const cwd = join(import.meta.dirname, name);
      execFileSync(go, ["build", "-o", at(name), "."], { cwd, env, stdio: "pipe" });
    };
    build("vcsim");
    if (hasGovc) build("govc");
  }, 600_000);

  afterAll(() => {
    for (const child of running) child.kill("SIGKILL");
  });

  /** Starts a simulator that ends with the tests of the file. */
  async function start(...args: readonly string[]): Promise<Simulator> {
    const ca = at(`vcsim-${running.length}.pem`);
    const child = spawn(binary, [...args, "-cert", ca], { stdio: ["pipe", "pipe", "inherit"] });
    running.push(child);
    const calls: string[] = [];
    const waiting = new Map<string, () => void>();
    let buffered = "";
    const url = await new Promise<string>((resolve, reject) => {
      child.once("error", reject).once("exit", () => reject(new Error("the simulator ended")));
      child.stdout.setEncoding("utf8").on("data", (chunk: string) => {
        const lines = (buffered + chunk).split("\n");
        buffered = lines.pop() ?? "";
        for (const line of lines) {
          const [word, value = ""] = line.split(" ");
          if (word === "URL") resolve(value);
          if (word !== "CALL") continue;
          calls.push(value);
          waiting.get(value)?.();
        }
      });
    });
    const called = (method: string) => new Promise<void>((resolve) => void waiting.set(method, resolve));
    return { url, ca, calls, called };
  }

  const login = { GOVC_USERNAME: USER, GOVC_PASSWORD: PASSWORD };

  /** Pulls the inventory as a user would. */
  async function pull(simulator: Simulator): Promise<Inventory> {
    const file = at("inventory.json");
    const args = ["inventory", "pull", "--server", simulator.url, "--ca", simulator.ca, "-o", file];
    const { exitCode, stderr } = await preflight(args, { env: login });
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining("written to")]);
    return JSON.parse(readFileSync(file, "utf8")) as Inventory;
  }

  /** The findings of a check of the deployment on the inventory: rules with the subjects that fail. */
  async function failures(source: readonly string[]): Promise<ReadonlySet<string>> {
    const deployment = at("deployment.yaml");
    writeFileSync(deployment, DEPLOYMENT);
    const args = [deployment, ...source, "--no-live", "--format", "json"];
    const { stdout } = await preflight(args, { env: login });
    const { checks, errors } = JSON.parse(stdout) as RunReport;
    expect(errors).toEqual([]);
    return new Set(
      checks.flatMap(({ rule, subject, verdict, root_causes }) =>
        verdict === "fail" && root_causes.length === 0 && /^(cluster|host|vm|platform|network|time)\//.test(rule)
          ? [`${rule} ${subject.kind}:${subject.name}`]
          : [],
      ),
    );
  }

  describe("as a vCenter", () => {
    let clean: Simulator;
    let broken: Simulator;
    beforeAll(async () => {
      clean = await start();
      broken = await start("-defects");
    });

    it("is read in few calls, and left as it was found", async () => {
      const { hosts, virtual_machines, datacenters } = await pull(clean);
      expect(datacenters).toEqual([{ name: "Oslo/DC" }]);
      expect(hosts?.map(({ name }) => name).sort()).toEqual([
        "esxi01.example.com",
        "esxi02.example.com",
        "esxi03.example.com",
        "esxi99.example.com",
      ]);
      expect(virtual_machines).toHaveLength(8);
      expect(clean.calls.slice(0, 4)).toEqual([
        "RetrieveServiceContent",
        "Login",
        "CreateContainerView",
        "RetrievePropertiesEx",
      ]);
      expect(clean.calls).toContain("DestroyView");
      expect(clean.calls.at(-1)).toBe("Logout");
      // The time of each host, and little else.
      const asked = clean.calls.filter((call) => call === "QueryDateTime");
      expect(asked).toHaveLength(4);
      expect(clean.calls.length - asked.length).toBeLessThan(12);
    });

    it("gives an inventory without a gap in its content", async () => {
      const { coverage, ...inventory } = await pull(clean);
      const host = inventory.hosts?.find(({ name }) => name === "esxi01.example.com");
      expect(host).toMatchObject({
        cluster: "vc-cluster",
        version: "6.7.0",
        api_version: "6.7.3",
        lockdown_mode: "lockdownNormal",
        memory_mb: 131072,
        cpu: {
          vendor: "intel",
          sockets: 2,
          cores: 32,
          threads: 64,
          mhz: 2600,
          max_evc_mode: "intel-skylake",
          evc_mode: "intel-skylake",
          features: { avx: true, avx2: true, avx512f: true },
        },
        ntp: { running: true, startup_policy: "on", firewall_open: true },
        autostart: { enabled: true, virtual_machines: [] },
        options: { "Net.Vmxnet3NonTsoPacketGtMtuAllowed": 1 },
      });
      // Their clock is this machine's; an answer may take a second.
      for (const { clock_offset_ms } of inventory.hosts ?? [])
        expect(Math.abs(clock_offset_ms ?? NaN)).toBeLessThan(501);
      const alone = inventory.hosts?.find(({ name }) => name === "esxi99.example.com");
      expect([alone?.cluster, alone?.cpu?.evc_mode]).toEqual([null, null]);
      const machine = inventory.virtual_machines?.find(({ name }) => name === "pexip-conf01");
      expect(machine).toMatchObject({
        hardware_version: 15,
        power_state: "poweredOn",
        cpu_limit_mhz: null,
        ha_restart_priority: "medium",
        drs_behavior: null,
        snapshots: 0,
        numa_node_affinity: null,
        disks: [{ thin: false, datastore: "ssd-01" }],
        nics: [{ adapter: "vmxnet3", network: "dv-conferencing", mac_address_type: "manual" }],
      });
      expect(inventory.distributed_port_groups).toContainEqual(
        expect.objectContaining({ name: "dv-conferencing", distributed_switch: "dvs-core", vlan: 110 }),
      );
      expect(JSON.stringify(inventory)).not.toMatch(/hunter2|not for you/);
      expect(Object.keys(coverage ?? {}).filter((key) => key.includes("["))).toEqual([]);
    });

    it("shows exactly the defects that were put into it", async () => {
      await pull(clean);
      const before = await failures(["--inventory", at("inventory.json")]);
      await pull(broken);
      const after = await failures(["--inventory", at("inventory.json")]);
      expect([...after].filter((failure) => !before.has(failure)).sort()).toEqual(DEFECTS);
      expect([...before].filter((failure) => !after.has(failure)).sort()).toEqual([]);
    });

    it("gives the same verdicts to a check that reads it itself", async () => {
      await pull(broken);
      const fromFile = await failures(["--inventory", at("inventory.json")]);
      const live = await failures(["--vcenter", broken.url, "--ca", broken.ca]);
      expect([...live].sort()).toEqual([...fromFile].sort());
    });

    it("is what the verdict of one check is explained by", async () => {
      writeFileSync(at("deployment.yaml"), DEPLOYMENT);
      const server = ["--vcenter", broken.url, "--ca", broken.ca, "--format", "json"];
      const why = ["why", "vm/hardware-version-minimum", "node:conf01", at("deployment.yaml")];
      const { stdout, stderr } = await preflight([...why, ...server], { env: login });
      expect(stderr).toBe("");
      const { check, values } = JSON.parse(stdout) as Explanation;
      expect(check.verdict).toBe("fail");
      expect(values.find(({ path }) => path.endsWith(".hardware_version"))).toMatchObject({
        ...{ file: broken.url.replace(/^https:\/\/|\/sdk$/g, ""), location: null, value: "7", decisive: true },
        changed: { verdict: "pass" },
      });
    });

    it("has a host without a connection, whose values are unknown", async () => {
      const { hosts, coverage } = await pull(broken);
      const away = hosts?.find(({ name }) => name === "esxi03.example.com");
      expect(away).toEqual({
        name: "esxi03.example.com",
        cluster: "vc-cluster",
        datacenter: "Oslo/DC",
        managed_by_vcenter: true,
        connection_state: "disconnected",
        in_maintenance_mode: false,
      });
      expect(coverage?.["hosts[esxi03.example.com]"]).toBe("host disconnected");
    });

    it("refuses a wrong password in one sentence", async () => {
      const args = ["inventory", "pull", "--server", clean.url, "--insecure"];
      const { exitCode, stdout, stderr } = await preflight(args, { env: { ...login, GOVC_PASSWORD: "topsecret" } });
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain("error[login-refused]");
      expect(stderr).not.toContain("topsecret");
    });
  });

  describe.skipIf(!hasGovc)(`and govc${hasGovc ? "" : " (skipped: its source is not there, see .ci/run)"}`, () => {
    it("fix what a remediation script is for: the next pull has none of it", async () => {
      const simulator = await start("-defects");
      await pull(simulator);
      const before = await failures(["--inventory", at("inventory.json")]);
      const [report, script] = [at("report.json"), at("remediate.sh")];
      const mac = 'network: dv-conferencing, mac_address: "00:50:56:2a:00:00" }\nconferencing_nodes';
      writeFileSync(at("deployment.yaml"), DEPLOYMENT.replace("network: dv-conferencing }\nconferencing_nodes", mac));
      const args = [
        at("deployment.yaml"),
        "--inventory",
        at("inventory.json"),
        "--no-live",
        "--format",
        `json=${report}`,
      ];
      expect((await preflight(args)).exitCode).toBe(1);
      expect(await preflight(["remediate", report, "-o", script])).toMatchObject({ exitCode: 0, stderr: "" });

      const env = {
        ...{ ...login, GOVC_URL: simulator.url, GOVC_TLS_CA_CERTS: simulator.ca },
        PATH: `${folder}:${process.env["PATH"] ?? ""}`,
      };
      const shown = await program("sh", [script], { env });
      expect(shown).toMatchObject({ exitCode: 0, stderr: "" });
      expect(shown.stdout).toContain("Nothing was changed");
      await pull(simulator);
      expect([...(await failures(["--inventory", at("inventory.json")]))].sort()).toEqual([...before].sort());

      const applied = await program("sh", [script, "--apply"], { env, stdin: "done\n".repeat(20) });
      expect(applied).toMatchObject({ exitCode: 0, stderr: "" });
      expect(simulator.calls).toContain("ShutdownGuest");
      expect(simulator.calls).toContain("UpgradeVM_Task");
      await pull(simulator);
      const after = await failures(["--inventory", at("inventory.json")]);
      expect([...before].filter((failure) => !after.has(failure)).sort()).toEqual(FIXED);
      expect([...after].filter((failure) => !before.has(failure))).toEqual([]);
    }, 60_000);
  });

  it.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
    "closes the session when %s interrupts the reading",
    async (signal) => {
      const simulator = await start("-slow");
      const args = ["inventory", "pull", "--server", simulator.url, "--insecure"];
      const { exitCode, stdout, stderr } = await preflight(args, {
        env: login,
        onStart: (child) => void simulator.called("RetrievePropertiesEx").then(() => child.kill(signal)),
      });
      expect([exitCode, stdout]).toEqual([2, ""]);
      expect(stderr).toContain("error[interrupted]");
      expect(simulator.calls.slice(-2)).toEqual(["DestroyView", "Logout"]);
    },
  );

  it("is read as an ESXi host too, which returns no EVC mode", async () => {
    const { vcenter, hosts, clusters, coverage } = await pull(await start("-esx"));
    expect(vcenter?.api_type).toBe("HostAgent");
    expect(clusters).toEqual([]);
    expect(hosts).toMatchObject([{ cluster: null, managed_by_vcenter: false, lockdown_mode: "lockdownNormal" }]);
    expect(hosts?.[0]?.cpu).not.toHaveProperty("evc_mode");
    expect(coverage?.["hosts.cpu.evc_mode"]).toBe("vSphere does not report summary.currentEVCModeKey");
  });
});

const DEPLOYMENT = `
platform: { version: "25" }
system_locations: [{ name: Oslo }]
management_node:
  name: manager
  hostname: mgmt01
  domain: example.com
  vm: { name: pexip-mgmt01, datastore: ssd-01, network: dv-conferencing }
conferencing_nodes:
  - name: conf01
    hostname: conf01
    domain: example.com
    system_location: Oslo
    vm: { name: pexip-conf01, datastore: ssd-01, network: dv-conferencing }
  - name: conf02
    hostname: conf02
    domain: example.com
    system_location: Oslo
    vm: { name: pexip-conf02, datastore: ssd-01, network: dv-conferencing }
`;

/** What vcsim/main.go puts in with -defects, as checks see it. */
const DEFECTS: readonly string[] = [
  // The EVC mode hides AVX: the cluster fails for it, and its hosts wait for it. Running VMs keep their level.
  "cluster/evc-min-sandy-bridge cluster:vc-cluster",
  "host/in-maintenance-mode host:esxi02.example.com",
  "host/in-maintenance-mode host:esxi03.example.com",
  // The adapters of esxi03 are not known, so that one uplink may be all it has; shaping needs no adapters.
  "network/no-ip-hash-teaming port-group:esxi01.example.com/dv-conferencing",
  "network/no-ip-hash-teaming port-group:esxi02.example.com/dv-conferencing",
  "network/no-traffic-shaping port-group:esxi01.example.com/dv-conferencing",
  "network/no-traffic-shaping port-group:esxi02.example.com/dv-conferencing",
  "network/no-traffic-shaping port-group:esxi03.example.com/dv-conferencing",
  "platform/lockdown-mode host:esxi02.example.com",
  "time/host-clock-offset host:esxi01.example.com",
  "time/host-ntp-running host:esxi01.example.com",
  "time/host-ntp-server-count host:esxi01.example.com",
  "time/host-ntp-startup-policy host:esxi01.example.com",
  "cluster/drs-not-fully-automated node:conf02",
  "vm/automatic-startup node:conf02",
  "vm/memory-reserved node:conf02",
  "vm/no-resource-limits node:conf02",
  "vm/tools-time-sync-off node:conf02",
  "vm/hardware-version-minimum node:conf01",
  "vm/no-snapshots node:conf01",
  "vm/static-mac-management node:manager",
  "vm/thick-disk node:conf01",
].sort();

/** Those that commands of govc fix. The others need PowerCLI, the hardware, or a person. */
const FIXED: readonly string[] = [
  "cluster/drs-not-fully-automated node:conf02",
  "time/host-ntp-running host:esxi01.example.com",
  "time/host-ntp-startup-policy host:esxi01.example.com",
  "vm/automatic-startup node:conf02",
  "vm/hardware-version-minimum node:conf01",
  "vm/memory-reserved node:conf02",
  "vm/no-resource-limits node:conf02",
  "vm/no-snapshots node:conf01",
  "vm/static-mac-management node:manager",
  "vm/tools-time-sync-off node:conf02",
].sort();
