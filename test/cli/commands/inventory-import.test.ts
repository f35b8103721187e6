import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import type { Inventory } from "../../../src/schema/inventory.generated.ts";
import { govcXml } from "../../inventory/exports/govc.ts";
import { csv } from "../../inventory/exports/csv.ts";
import { rvtoolsTabs } from "../../inventory/exports/rvtools-tabs.ts";
import { vsphereObjects } from "../../inventory/exports/vsphere-objects.ts";
import { xlsx } from "../../inventory/exports/xlsx.ts";
import { EXAMPLE, preflight, shell } from "../program.ts";

const MISTAKES = join(EXAMPLE, "mistakes", "deployment.yaml");
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "preflight-import-cli-"));
  const estate = JSON.parse(readFileSync(join(EXAMPLE, "mistakes", "inventory.json"), "utf8")) as Inventory;
  const other = { ...estate, vcenter: { ...estate.vcenter, address: "vcenter02.vc.example.com" } };
  const tabs = rvtoolsTabs(estate);
  writeFileSync(join(cwd, "estate.xlsx"), xlsx(tabs, { prefix: "x:" }));
  writeFileSync(join(cwd, "other.xlsx"), xlsx(rvtoolsTabs(other)));
  writeFileSync(join(cwd, "broken.xlsx"), xlsx(tabs).subarray(0, 9000));
  writeFileSync(join(cwd, "own.yaml"), "hosts: []\n");
  writeFileSync(join(cwd, "govc.xml"), govcXml(vsphereObjects(estate)));
  mkdirSync(join(cwd, "csv"));
  for (const tab of tabs) writeFileSync(join(cwd, "csv", `RVTools_tab${tab.name}.csv`), csv(tab, ";"));
  writeFileSync(join(cwd, "csv", "notes.md"), "# exported on Monday\n");
  writeFileSync(join(cwd, "csv", "hosts.xml"), "");
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

describe("preflight inventory import", () => {
  it("writes indented JSON to standard output, and reports on stderr what it read", async () => {
    const { exitCode, stdout, stderr } = await preflight(["inventory", "import", "estate.xlsx"], { cwd });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\{\n {2}"collected_at": "2026-11-20T08:15:00",\n {2}"source": \{\n {4}"kind": "rvtools"/);
    expect(stdout.endsWith("}\n")).toBe(true);
    expect(stderr).toContain("RVTools export estate.xlsx\n  server: vcenter01.vc.example.com\n");
    expect(stderr).toContain("\n  vInfo: 6 rows\n");
    expect(stderr).toContain("unknown columns, not read: Owner of the VM (vInfo, ");
  });

  it("gives the same result for a workbook, a folder of CSV files and a pipe", async () => {
    const one = await preflight(["inventory", "import", "estate.xlsx"], { cwd });
    const folder = await preflight(["inventory", "import", "csv", "-o", "out/from-csv.json"], { cwd });
    expect(folder).toMatchObject({ exitCode: 0, stdout: "" });
    expect(folder.stderr).toContain("not read: not an export of RVTools, govc, PowerCLI or vSphere: csv/notes.md");
    expect(folder.stderr).toContain("empty; the command that creates it may have failed: csv/hosts.xml");
    expect(folder.stderr).toContain("written to out/from-csv.json");
    expect(readFileSync(join(cwd, "out", "from-csv.json"), "utf8")).toBe(one.stdout);
    for (const line of [
      "$PREFLIGHT inventory import - < estate.xlsx",
      "$PREFLIGHT inventory import <(cat estate.xlsx)",
    ]) {
      expect((await shell(line, { cwd })).stdout).toBe(one.stdout);
    }
  });

  it("writes what it can read again", async () => {
    await preflight(["inventory", "import", "estate.xlsx", "-o", "inventory.json"], { cwd });
    const run = (inventory: string) =>
      preflight(
        [MISTAKES, "--inventory", inventory, "--no-live", "--format", "json", "--now", "2026-11-22T08:00:00Z"],
        { cwd },
      );
    const [written, direct] = await Promise.all([run("inventory.json"), run("estate.xlsx")]);
    const verdicts = ({ stdout }: { readonly stdout: string }) =>
      (JSON.parse(stdout) as RunReport).checks
        .filter(({ subject }) => !["file", "inventory"].includes(subject.kind))
        .map(({ rule, subject, verdict }) => `${rule} ${subject.name} ${verdict}`);
    expect(verdicts(direct)).toEqual(verdicts(written));
  });

  it("takes --collected-at for exports that do not have their time, or its zone", async () => {
    const collectedAt = async (...words: readonly string[]) => {
      const { exitCode, stdout } = await preflight(["inventory", "import", ...words], { cwd });
      expect(exitCode).toBe(0);
      return (JSON.parse(stdout) as Inventory).collected_at;
    };
    expect(await collectedAt("govc.xml")).toBeUndefined();
    const time = "2026-11-20T07:15:00Z";
    expect(await collectedAt("govc.xml", "--collected-at", time)).toBe(time);
    expect(await collectedAt("estate.xlsx", "--collected-at", time)).toBe(time);
    const other = await preflight(["inventory", "import", "estate.xlsx", "--collected-at", "2026-11-22T07:15:00Z"], {
      cwd,
    });
    expect(other).toMatchObject({ exitCode: 2, stdout: "" });
    expect(other.stderr.replaceAll(/\s+/g, " ")).toContain("contains the collection time 2026-11-20T08:15:00");
    const pull = await preflight(["inventory", "pull", "--server", "vc.example.com", "--collected-at", time], { cwd });
    expect(pull.exitCode).toBe(2);
    expect(pull.stderr).toContain("--collected-at applies to preflight inventory import only");
  });

  it("makes one file for each server in a folder, and refuses to make one of both", async () => {
    const both = ["inventory", "import", "estate.xlsx", "other.xlsx"];
    const refused = await preflight([...both, "-o", "both.json"], { cwd });
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr.replaceAll(/\s+/g, " ")).toContain(
      "These exports contain 2 inventories, but a file contains one: ",
    );
    expect(refused.stderr).toContain("--output FOLDER/");
    const made = await preflight([...both, "-o", "each/"], { cwd });
    expect(made.exitCode).toBe(0);
    expect(readdirSync(join(cwd, "each"))).toEqual(["vcenter01.vc.example.com.json", "vcenter02.vc.example.com.json"]);
  });

  it.each([
    [["import"], "preflight inventory import requires an export."],
    [["import", "broken.xlsx"], "broken.xlsx cannot be read as an Excel workbook: it is truncated or damaged."],
    [["import", "own.yaml"], "own.yaml contains neither an RVTools export nor output of govc."],
    [["import", "missing.xlsx"], "File missing.xlsx does not exist."],
    [["import", "estate.xlsx", "-o", "estate.xlsx"], "would overwrite an input file"],
    [["import", "estate.xlsx", "-o", "govc.xml/x.json"], "cannot be written"],
  ])("%j ends with one sentence and exit code 2", async (words, sentence) => {
    const { exitCode, stdout, stderr } = await preflight(["inventory", ...words], { cwd });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain(sentence);
    expect(stderr).not.toMatch(/\n +at |internal error/);
  });
});

describe("--inventory with an export", () => {
  const check = (...args: readonly string[]) =>
    preflight([MISTAKES, ...args, "--no-live", "--now", "2026-11-22T08:00:00Z"], { cwd, env: { COLUMNS: "200" } });

  it("names sheet and cell, and the line of the deployment that refers to it", async () => {
    const { exitCode, stdout } = await check(
      "--inventory",
      "estate.xlsx",
      "--only",
      "cluster/evc-min-sandy-bridge,network/no-ip-hash-teaming",
    );
    expect(exitCode).toBe(1);
    expect(stdout).toMatch(
      /cluster vc-edge\n {2}error .*\n {11}at estate\.xlsx:vCluster!\w+\n {11}named at .*deployment\.yaml:\d+:\d+\n/,
    );
    expect(stdout).toMatch(/at estate\.xlsx:vSwitch!G\d+\n {11}named at .*deployment\.yaml:\d+:\d+\n/);
  });

  it("uses a line of the deployment in SARIF for locations without one", async () => {
    for (const inventory of ["estate.xlsx", "govc.xml"]) {
      const { stdout } = await check("--inventory", inventory, "--format", "sarif", "--sarif-include", "pass");
      const { runs } = JSON.parse(stdout) as {
        runs: {
          results: {
            message: { text: string };
            locations: { physicalLocation: { artifactLocation: { uri: string }; region: { startLine: number } } }[];
          }[];
        }[];
      };
      const results = runs[0]?.results ?? [];
      expect(results.length).toBeGreaterThan(10);
      const places = results.map(({ locations }) => locations[0]?.physicalLocation);
      for (const place of places) expect(place?.artifactLocation.uri).toMatch(/deployment\.yaml$/);
      const about = results.filter(({ message }) => /This is about (?:host|cluster) /.test(message.text));
      expect(about.length).toBeGreaterThan(0);
      for (const { locations } of about) expect(locations[0]?.physicalLocation.region.startLine).toBeGreaterThan(10);
    }
  });

  it("names file and line of what is in a CSV file", async () => {
    const { stdout } = await check("--inventory", "csv", "--only", "cluster/evc-min-sandy-bridge");
    expect(stdout).toMatch(/csv\/RVTools_tabvCluster\.csv\n {2}3:1 {2}error /);
  });

  it("groups inconclusive checks by what the source cannot provide, with the command that provides it", async () => {
    const { stdout } = await check("--inventory", "estate.xlsx", "--only", "host/*,time/*");
    expect(stdout).toMatch(
      / {2}hosts\.ntp\.firewall_open is not in the inventory \(RVTools does not export it; preflight inventory pull supplies it\): \d+ checks?\n/,
    );
    expect(stdout.match(/hosts\.ntp\.startup_policy is not in the inventory/g)).toHaveLength(1);
  });

  it("is also taken by plan and probe, beside others, and from a pipe", async () => {
    const planned = await preflight(["plan", MISTAKES, "--inventory", "csv", "--no-live", "--format", "json"], { cwd });
    expect(planned).toMatchObject({ exitCode: 0, stderr: "" });
    const several = await check("--inventory", "estate.xlsx", "--inventory", "govc.xml", "--format", "json");
    const report = JSON.parse(several.stdout) as RunReport;
    expect(report.inputs.map(({ path }) => path).slice(1)).toEqual(["estate.xlsx", "govc.xml"]);
    // Each fills what the other lacks: adapters from both are one adapter.
    const missing = report.checks.flatMap((one) => one.missing.map(({ what }) => what));
    expect(missing.filter((what) => /two values for (nics|disks|port_groups|physical_nics)/.test(what))).toEqual([]);
    const piped = await shell(`$PREFLIGHT '${MISTAKES}' --no-live --format json --inventory <(cat govc.xml)`, { cwd });
    expect((JSON.parse(piped.stdout) as RunReport).errors).toEqual([]);
    const own = await shell(`$PREFLIGHT '${MISTAKES}' --no-live --format json --inventory <(cat own.yaml)`, { cwd });
    expect((JSON.parse(own.stdout) as RunReport).errors).toEqual([]);
  });

  it("that is broken gives no verdict", async () => {
    const { exitCode, stdout, stderr } = await check("--inventory", "broken.xlsx");
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("broken.xlsx cannot be read as an Excel workbook");
  });
});
