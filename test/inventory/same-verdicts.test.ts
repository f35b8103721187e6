import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Check } from "../../src/schema/report.generated.ts";
import { check } from "../../src/run/check.ts";
import type { Inventory } from "../../src/schema/inventory.generated.ts";
import { csv } from "./exports/csv.ts";
import { govcInfo, govcJson, govcXml, hostTimes } from "./exports/govc.ts";
import { collected, viJson } from "./exports/powercli.ts";
import { pulled } from "./exports/pull.ts";
import { rvtoolsTabs } from "./exports/rvtools-tabs.ts";
import { withTwinClusters } from "./exports/twin-clusters.ts";
import { vsphereObjects } from "./exports/vsphere-objects.ts";
import { xlsx } from "./exports/xlsx.ts";

const EXAMPLE = join(import.meta.dirname, "..", "..", "fixtures", "example");
const about = (estate: Inventory) =>
  `${JSON.stringify({ about: { apiType: estate.vcenter?.api_type, version: estate.vcenter?.version } })}\n`;
const ASSIGNED = (estate: Inventory) =>
  JSON.stringify(
    (estate.hosts ?? []).map((host, index) => ({
      entityId: `host-${index + 21}`,
      assignedLicense: {
        licenseKey: "AB1CD-2EF3G-4HI5J-6KL7M-8NO9P",
        name: host.edition === "standard" ? "VMware vSphere 6 Standard" : "VMware vSphere 6 Enterprise Plus",
      },
    })),
  );

type Files = Readonly<Record<string, string | Buffer>>;

/** The files of each source for an inventory, by name. */
const SOURCES: Readonly<Record<string, (estate: Inventory) => Files | Promise<Files>>> = {
  "inventory pull": async (estate) => ({ "pull/inventory.json": JSON.stringify(await pulled(estate)) }),
  "RVTools xlsx, as RVTools writes it": (estate) => ({ "estate.xlsx": xlsx(rvtoolsTabs(estate), { prefix: "x:" }) }),
  "RVTools xlsx, saved by Excel": (estate) => ({ "estate.xlsx": xlsx(rvtoolsTabs(estate), { blankRows: 50 }) }),
  "RVTools csv": (estate) =>
    Object.fromEntries(rvtoolsTabs(estate).map((tab) => [`csv/RVTools_tab${tab.name}.csv`, csv(tab, ";")])),
  "govc -json 0.30": (estate) => ({
    "govc/all.json": about(estate) + govcJson(vsphereObjects(estate), "0.30"),
    "govc/licences.json": ASSIGNED(estate),
  }),
  "govc -json 0.45": (estate) => ({
    "govc/a.json": about(estate),
    "govc/b.json": govcJson(vsphereObjects(estate).slice(0, 7), "0.45"),
    "govc/c.json": govcJson(vsphereObjects(estate).slice(7), "0.31"),
    "govc/licences.json": ASSIGNED(estate),
  }),
  "govc host.info and vm.info -json": (estate) => {
    const objects = vsphereObjects(estate);
    const of = (type: string) => objects.filter((object) => object.type === type);
    const others = objects.filter(({ type }) => type !== "HostSystem" && type !== "VirtualMachine");
    return {
      "govc/about.json": about(estate),
      "govc/hosts.json": govcInfo(of("HostSystem"), "hostSystems", "0.45"),
      "govc/vms.json": govcInfo(of("VirtualMachine"), "virtualMachines", "0.30"),
      "govc/others.json": govcJson(others, "0.45"),
      "govc/licences.json": ASSIGNED(estate),
    };
  },
  "PowerCLI by collect-inventory.ps1": (estate) => ({
    "powercli/estate.json": collected(vsphereObjects(estate), estate),
    "powercli/licences.json": ASSIGNED(estate),
  }),
  "vSphere's own JSON": (estate) => ({
    "vi/about.json": about(estate),
    "vi/all.json": viJson(vsphereObjects(estate)),
    "vi/licences.json": ASSIGNED(estate),
  }),
  "govc -xml": (estate) => ({
    "govc/about.json": about(estate),
    "govc/all.xml": `<?xml version="1.0"?>\n${govcXml(vsphereObjects(estate))}`,
    "govc/host-times.txt": hostTimes(estate),
    "govc/licences.json": ASSIGNED(estate),
  }),
};

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "preflight-verdicts-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function checks(site: string, ...inventories: readonly string[]): Promise<readonly Check[]> {
  const { report, inputs } = await check({
    deployment: join(site, "deployment.yaml"),
    inventories,
    cwd: folder,
    live: false,
    only: [],
    severities: [],
    now: Date.parse("2026-11-22T08:00:00Z"),
    maxWarnings: null,
    inconclusive: "fail",
  } as unknown as Parameters<typeof check>[0]);
  expect(inputs.errors).toEqual([]);
  return [...report.checks];
}

/** A real inventory has values that the example omits, and every source would contain them. */
function completed(estate: Inventory): Inventory {
  const { clusters = [], hosts = [] } = estate;
  return {
    ...estate,
    clusters: clusters.map((cluster) => ({
      ...cluster,
      evc_mode: cluster.evc_mode ?? hosts.find((host) => host.cluster === cluster.name)?.cpu?.evc_mode ?? null,
    })),
    hosts: hosts.map((host) => ({
      ...host,
      port_groups: (host.port_groups ?? []).map((group) => ({ teaming_policy: null, ...group })),
    })),
  };
}

const idOf = ({ rule, subject }: Check) => `${rule} ${subject.kind} ${subject.name}`;

/** An example in a separate folder; "twins" is the clean one, whose two clusters have one name. */
function copied(site: string, to: string): Inventory {
  mkdirSync(to, { recursive: true });
  cpSync(join(EXAMPLE, site === "twins" ? "clean" : site), to, { recursive: true });
  const estate = completed(JSON.parse(readFileSync(join(to, "inventory.json"), "utf8")) as Inventory);
  if (site !== "twins") return estate;
  const file = join(to, "deployment.yaml");
  const twins = withTwinClusters(readFileSync(file, "utf8"), estate);
  writeFileSync(file, twins.deployment);
  return twins.estate;
}

describe.each(["clean", "mistakes", "twins"])("the estate of %s, told by another source", (site) => {
  it.each(Object.keys(SOURCES))("%s: the same verdicts, except where the coverage has a reason", async (name) => {
    const own = join(folder, `${site} ${name}`);
    const estate = copied(site, own);
    writeFileSync(join(own, "inventory.json"), JSON.stringify(estate));
    const files = (await SOURCES[name]?.(estate)) ?? {};
    for (const [file, content] of Object.entries(files)) {
      mkdirSync(join(own, file, ".."), { recursive: true });
      writeFileSync(join(own, file), content);
    }
    const [given] = new Set(Object.keys(files).map((file) => file.split("/")[0] ?? ""));
    const wanted = new Map((await checks(own, join(own, "inventory.json"))).map((it) => [idOf(it), it]));
    const found = await checks(own, join(own, given === "pull" ? "pull/inventory.json" : (given ?? "")));
    const different = found.flatMap((it) => {
      const other = wanted.get(idOf(it));
      if (other?.verdict === it.verdict || ["file", "inventory"].includes(it.subject.kind)) return [];
      const gaps = it.missing.map(({ what }) => what);
      const isExplained =
        it.verdict === "inconclusive" && gaps.length > 0 && gaps.every((what) => / \(.+\)$/.test(what));
      return isExplained
        ? []
        : [
            `${idOf(it)}: ${other?.verdict ?? "no such check"} became ${it.verdict}: ${it.reason ?? ""} ${gaps.join("; ")}`,
          ];
    });
    expect(different).toEqual([]);
    // Most checks are conclusive; otherwise this would prove nothing.
    const decided = found.filter(({ verdict }) => verdict === "pass" || verdict === "fail").length;
    const before = [...wanted.values()].filter(({ verdict }) => verdict === "pass" || verdict === "fail").length;
    expect(decided / before).toBeGreaterThan(0.7);
  });
});
