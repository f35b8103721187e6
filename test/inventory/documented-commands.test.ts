import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { importFiles } from "../../src/inventory/import-files.ts";
import { PROPERTIES, requestedAs } from "../../src/inventory/vsphere/properties.ts";
import { GOVC_COMMANDS } from "../../src/cli/arguments/help-text.ts";
import { importDeployment } from "../../src/run/inputs/import-deployment.ts";
import type { Inventory } from "../../src/schema/inventory.generated.ts";
import { govcXml } from "./exports/govc.ts";
import { cmdlets, powerCliCsv, powerCliJson, viJson } from "./exports/powercli.ts";
import { type ManagedObject, vsphereObjects } from "./exports/vsphere-objects.ts";

/*
 * The export commands of the pages about importers are run in a shell, with programs of the same names that return the
 * output of a server with the example inventory: the commands must write the whole inventory.
 */

const ROOT = join(import.meta.dirname, "../..");
const ESTATE = JSON.parse(readFileSync(join(ROOT, "fixtures/example/mistakes/inventory.json"), "utf8")) as Inventory;
const OBJECTS = vsphereObjects(ESTATE);

/** The code blocks of a page. */
function blocks(page: string): readonly string[] {
  return [...readFileSync(join(ROOT, page), "utf8").matchAll(/^```text\n([\s\S]*?)^```$/gm)].map(
    ([, text = ""]) => text,
  );
}

function blockWith(page: string, command: string): string {
  const found = blocks(page).find((block) => block.includes(command));
  if (found === undefined) throw new Error(`${page} has no block with ${command}`);
  return found;
}

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "preflight-commands-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

/** Runs a script with a replacement for the program that contacts servers; `outputs` are its files, by name. */
function run(script: string, program: string, source: string, outputs: Readonly<Record<string, string>>): string {
  const folder = mkdtempSync(join(cwd, `${program}-`));
  const [bin, stub] = [join(folder, "bin"), join(folder, "stub")];
  for (const each of [bin, stub]) mkdirSync(each);
  for (const [name, content] of Object.entries(outputs)) writeFileSync(join(stub, name), content);
  writeFileSync(join(bin, program), `#!/bin/sh\n${source}`);
  chmodSync(join(bin, program), 0o755);
  const env = { PATH: `${bin}:${process.env["PATH"] ?? ""}`, STUB: stub };
  execFileSync("sh", ["-e", "-c", script], { cwd: folder, env, stdio: "pipe" });
  return folder;
}

/** A file name for the arguments of a command. */
const nameOf = (args: string) => args.replaceAll(/[^A-Za-z0-9]/g, "_");

async function imported(folder: string, name: string): Promise<Inventory> {
  const { value, inputs } = await importFiles([name], { cwd: folder });
  expect(inputs.errors).toEqual([]);
  expect(value.inventories).toHaveLength(1);
  return value.inventories[0]?.value ?? {};
}

/** The objects of a type and its subtypes, with the requested properties. */
function requested(type: string, paths: readonly string[]): readonly ManagedObject[] {
  return OBJECTS.filter((object) => object.type === type || requestedAs(object.type) === type).map((object) => ({
    ...object,
    properties: Object.fromEntries(
      Object.entries(object.properties).filter(([path]) =>
        paths.some((wanted) => path === wanted || path.startsWith(`${wanted}.`)),
      ),
    ),
  }));
}

/** The inventory without values that differ between two exports of one server. */
function lists(inventory: Inventory): Inventory {
  const copy = { ...inventory };
  delete copy.coverage;
  delete copy.collected_at;
  delete copy.source;
  return copy;
}

describe("docs/inventory/govc.md", () => {
  const script = blockWith("docs/inventory/govc.md", "govc collect");

  it("lists the commands that --help prints", () => {
    expect(script).toBe(GOVC_COMMANDS.map(([command, file]) => `${command} > govc/${file}\n`).join(""));
  });

  it("has commands that export the whole estate", async () => {
    const hosts = (ESTATE.hosts ?? []).map(
      ({ name, cluster, datacenter }) => `/${datacenter ?? ""}/host/${cluster ?? name}/${name}`,
    );
    const outputs = Object.fromEntries(
      GOVC_COMMANDS.flatMap(([command]): [string, string][] => {
        const [, type, paths] = /^govc collect -xml -wait 5s -type (\w+) \/ (.*)$/.exec(command) ?? [];
        return type === undefined
          ? []
          : [[nameOf(command.slice("govc ".length)), govcXml(requested(type, paths?.split(" ") ?? []))]];
      }),
    );
    const source = [
      `case "$1" in`,
      `host.date.info) date -u '+{"timeZone":{"key":"UTC"},"current":"%FT%T.%3NZ"}' ;;`,
      `*) cat "$STUB/$(printf %s "$*" | tr -c 'A-Za-z0-9' _)" ;;`,
      `esac`,
    ].join("\n");
    const folder = run(`mkdir govc\n${script}`, "govc", source, {
      ...outputs,
      about__json: JSON.stringify({ about: { apiType: "VirtualCenter", version: ESTATE.vcenter?.version } }),
      license_assigned_ls__json: JSON.stringify([
        { entityId: "host-21", assignedLicense: { name: "VMware vSphere 6 Standard" } },
      ]),
      permissions_ls__json: JSON.stringify({ permissions: [], roles: [] }),
      find____type_h: `${hosts.join("\n")}\n`,
    });
    const found = await imported(folder, "govc");
    expect(found.hosts?.map(({ clock_offset_ms: offset }) => Math.abs(offset ?? NaN) < 1000)).toEqual(
      ESTATE.hosts?.map(() => true),
    );
    expect(found.hosts?.[0]?.edition).toBe("standard");
    // Every property that preflight reads is requested: more properties would not change the inventory.
    mkdirSync(join(folder, "all"));
    cpSync(join(folder, "govc"), join(folder, "all"), { recursive: true });
    writeFileSync(join(folder, "all", "more.xml"), govcXml(OBJECTS));
    expect(lists(found)).toEqual(lists(await imported(folder, "all")));
    expect(found.virtual_machines?.map(({ snapshots }) => snapshots)).toEqual(
      ESTATE.virtual_machines?.map(({ snapshots = 0 }) => snapshots),
    );
  });
});

/** Writes the output that a URL names, keeps what is sent, and refuses headers from files that are not there. */
const CURL = `url= out= headers= data=
while [ $# -gt 0 ]; do
  case "$1" in
  -o) out=$2; shift ;;
  -D) headers=$2; shift ;;
  -d) data=$2; shift ;;
  -H) case "$2" in @*) test -s "\${2#@}" || exit 9 ;; esac; shift ;;
  -u | -X) shift ;;
  -*) ;;
  *) url=$1 ;;
  esac
  shift
done
name=$(printf %s "\${url%%\\?*}" | sed 's,/$,,; s,.*/,,')
case "$data" in @*) cat "\${data#@}" ;; *) printf %s "$data" ;; esac > "$STUB/sent-$name"
test -z "$headers" || printf 'HTTP/1.1 200 OK\\r\\nvmware-api-session-id: 0123\\r\\n' > "$headers"
test -z "$out" || cat "$STUB/$name" > "$out"
`;

describe("docs/inventory/vsphere-json.md", () => {
  it("has commands that export the whole estate, page by page", async () => {
    const [request = ""] = blocks("docs/inventory/vsphere-json.md").filter((block) => block.includes('"specSet"'));
    const [login = ""] = blocks("docs/inventory/vsphere-json.md").filter((block) => block.startsWith('{ "userName"'));
    const script = blockWith("docs/inventory/vsphere-json.md", "curl ");
    const save = `cat > request.json << 'END'\n${request}END\ncat > login.json << 'END'\n${login}END\n`;
    const page = (from: number, to: number, token?: string) =>
      JSON.stringify({ ...(JSON.parse(viJson(OBJECTS.slice(from, to))) as object), token });
    const folder = run(save + script, "curl", CURL, {
      content: JSON.stringify({
        _typeName: "ServiceContent",
        about: { apiType: "VirtualCenter", version: ESTATE.vcenter?.version },
      }),
      Login: "{}",
      CreateContainerView: '{"_typeName":"ManagedObjectReference","type":"ContainerView","value":"session[52a]52b"}',
      RetrievePropertiesEx: page(0, 20, "7"),
      ContinueRetrievePropertiesEx: page(20, Infinity),
      Logout: "",
    });
    expect(readdirSync(join(folder, "vi"))).toEqual(["about.json", "page001.json", "page002.json"]);
    const sent = (method: string): unknown => JSON.parse(readFileSync(join(folder, "stub", `sent-${method}`), "utf8"));
    expect(sent("Login")).toEqual({ userName: "reader@vsphere.local", password: "PASSWORD" });
    expect(sent("CreateContainerView")).toMatchObject({ type: ["ManagedEntity"], recursive: true });
    expect(sent("ContinueRetrievePropertiesEx")).toEqual({ token: "7" });
    const { specSet } = sent("RetrievePropertiesEx") as {
      specSet: readonly { propSet: readonly { type: string; pathSet: readonly string[] }[]; objectSet: unknown }[];
    };
    expect(Object.fromEntries((specSet[0]?.propSet ?? []).map(({ type, pathSet }) => [type, pathSet]))).toEqual(
      PROPERTIES,
    );
    expect(JSON.stringify(specSet[0]?.objectSet)).toContain('"session[52a]52b"');
    // What allows access is deleted.
    expect(readdirSync(folder)).not.toEqual(expect.arrayContaining(["login.json"]));
    const found = await imported(folder, "vi");
    expect(found).not.toHaveProperty("incomplete");
    expect(found.virtual_machines).toHaveLength(ESTATE.virtual_machines?.length ?? 0);
    expect(found.hosts).toHaveLength(ESTATE.hosts?.length ?? 0);
  });
});

describe("docs/inventory/powercli.md", () => {
  it("has cmdlets whose outputs are read together", async () => {
    const printed = cmdlets(ESTATE);
    const folder = mkdtempSync(join(cwd, "powercli-"));
    mkdirSync(join(folder, "out"));
    const lines = blockWith("docs/inventory/powercli.md", "Get-VMHost").trimEnd().split("\n");
    for (const line of lines) {
      const [, pipe = "", file = ""] =
        /^(.*?)(?: \| Export-Csv -NoTypeInformation)?(?: >)? (out\/[\w-]+\.(?:json|csv))$/.exec(line) ?? [];
      const names = [...pipe.matchAll(/Get-\w+/g)].map(([name]) => name);
      const rows = printed[names.at(-1) ?? ""];
      if (rows === undefined) throw new Error(`no generator for ${line}`);
      writeFileSync(
        join(folder, file),
        pipe.includes("ConvertTo-Json -Depth 3") ? powerCliJson(rows) : powerCliCsv(rows),
      );
    }
    expect(lines).toHaveLength(Object.keys(printed).length);
    const found = await imported(folder, "out");
    for (const list of ["hosts", "virtual_machines", "clusters", "distributed_port_groups"] as const) {
      expect(found[list]?.map(({ name }) => name).sort()).toEqual(ESTATE[list]?.map(({ name }) => name).sort());
    }
  });
});

describe("docs/deployment-import.md", () => {
  it("has commands whose responses are the whole configuration", async () => {
    const script = blockWith("docs/deployment-import.md", "curl ").replace(/^preflight .*$/m, "");
    const uri = (kind: string) => `/api/admin/configuration/v1/${kind}/1/`;
    const record = (kind: string, values: object) =>
      JSON.stringify({ meta: { total_count: 1 }, objects: [{ ...values, resource_uri: uri(kind) }] });
    const machine = {
      hostname: "a",
      domain: "vc.example.com",
      address: "10.44.10.21",
      netmask: "255.255.255.0",
      gateway: "10.44.10.1",
    };
    const folder = run(script, "curl", CURL, {
      management_vm: record("management_vm", { ...machine, name: "manager" }),
      worker_vm: record("worker_vm", {
        ...machine,
        name: "conf01",
        system_location: uri("system_location"),
        static_routes: [uri("static_route")],
      }),
      system_location: record("system_location", {
        name: "Oslo",
        dns_servers: [uri("dns_server")],
        ntp_servers: [uri("ntp_server")],
        syslog_servers: [uri("syslog_server")],
      }),
      dns_server: record("dns_server", { address: "10.44.0.10" }),
      ntp_server: record("ntp_server", { address: "10.44.0.11" }),
      syslog_server: record("syslog_server", { address: "10.44.0.14", port: 514, transport: "udp" }),
      static_route: record("static_route", { name: "lab", address: "10.9.0.0", prefix: 16, gateway: "10.44.10.2" }),
    });
    const paths = readdirSync(folder).filter((name) => name.endsWith(".json"));
    const { text, nodes, locations, notes } = await importDeployment({ paths, cwd: folder });
    expect({ nodes, locations, notes }).toEqual({ nodes: 1, locations: 1, notes: [] });
    for (const value of ["manager", "conf01", "Oslo", "10.44.0.10", "10.44.0.11", "10.44.0.14", "10.9.0.0"]) {
      expect(text).toContain(value);
    }
  });
});
