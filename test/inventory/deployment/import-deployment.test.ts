import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readDocument } from "../../../src/input/files/read-document.ts";
import { importDeployment } from "../../../src/run/inputs/import-deployment.ts";
import type { Deployment } from "../../../src/schema/deployment.generated.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";

const API = "/api/admin/configuration/v1";

const WORKER = {
  name: "conf01",
  hostname: "conf01",
  domain: "vc.example.com",
  address: "10.44.10.21",
  netmask: "255.255.255.0",
  gateway: "10.44.10.1",
  node_type: "CONFERENCING",
  deployment_type: "MANUAL-ESXI-6.7",
  vm_cpu_count: 8,
  vm_system_memory: 8192,
  password: "do-not-copy",
  snmp_community: "public-secret",
  static_nat_address: "",
  ipv6_address: null,
};
const LOCATION = { name: 'Core: "Oslo"', description: "", mtu: 1500 };

/** What Terraform shows of a state: the provider's names from version 42 on, or those before. */
const terraform = (prefix: string, key: "values" | "planned_values") => ({
  format_version: "1.0",
  terraform_version: "1.9.0",
  [key]: {
    root_module: {
      resources: [
        { type: `${prefix}dns_server`, values: { id: `${API}/dns_server/1/`, address: "10.44.0.10" } },
        { type: `${prefix}ntp_server`, values: { id: `${API}/ntp_server/1/`, address: "ntp1.vc.example.com" } },
        {
          type: `${prefix}system_location`,
          values: { ...LOCATION, id: `${API}/system_location/1/`, dns_servers: [`${API}/dns_server/1/`] },
        },
        { type: "vsphere_virtual_machine", values: { name: "other" } },
      ],
      child_modules: [
        {
          resources: [
            {
              type: `${prefix}static_route`,
              values: {
                id: `${API}/static_route/7/`,
                name: "lab",
                address: "10.9.0.0",
                prefix: 16,
                gateway: "10.44.10.2",
              },
            },
            {
              type: `${prefix}worker_vm`,
              values: {
                ...WORKER,
                system_location: `${API}/system_location/1/`,
                static_routes: [`${API}/static_route/7/`],
              },
            },
          ],
        },
      ],
    },
  },
});

/** The same as a state file has it. */
const STATE = [
  ["infinity_dns_server", { id: `${API}/dns_server/1/`, address: "10.44.0.10" }],
  ["infinity_ntp_server", { id: `${API}/ntp_server/1/`, address: "ntp1.vc.example.com" }],
  ["infinity_system_location", { ...LOCATION, id: `${API}/system_location/1/`, dns_servers: [`${API}/dns_server/1/`] }],
  ["infinity_worker_vm", { ...WORKER, system_location: `${API}/system_location/1/` }],
] as const;

let cwd: string;
beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "preflight-deployment-"));
});
afterAll(() => rmSync(cwd, { recursive: true, force: true }));

async function imported(...documents: readonly unknown[]) {
  const paths = documents.map((document, index) => {
    writeFileSync(join(cwd, `${index}.json`), typeof document === "string" ? document : JSON.stringify(document));
    return `${index}.json`;
  });
  const result = await importDeployment({ paths, cwd });
  writeFileSync(join(cwd, "deployment.yaml"), result.text);
  const { value, inputs } = await readDocument<Deployment>("deployment", "deployment.yaml", { cwd });
  expect(inputs.errors).toEqual([]);
  return { ...result, deployment: value?.value };
}

describe("preflight deployment import", () => {
  it.each([
    ["a state", terraform("infinity_", "values")],
    ["a plan", terraform("pexip_infinity_", "planned_values")],
    [
      "a state file",
      {
        version: 4,
        terraform_version: "1.9.0",
        resources: STATE.map(([type, attributes]) => ({ type, instances: [{ attributes }] })),
      },
    ],
  ])("reads %s of Terraform", async (_, document) => {
    const { deployment, text } = await imported(document);
    expect(deployment?.dns_servers).toEqual(["10.44.0.10"]);
    expect(deployment?.ntp_servers).toEqual(["ntp1.vc.example.com"]);
    expect(deployment?.system_locations).toEqual([{ name: LOCATION.name, mtu: 1500, dns_servers: ["10.44.0.10"] }]);
    expect(deployment?.conferencing_nodes?.[0]).toMatchObject({
      name: "conf01",
      system_location: LOCATION.name,
      deployment_type: "MANUAL-ESXI-6.7",
      vm_cpu_count: 8,
    });
    expect(text).not.toMatch(/do-not-copy|public-secret/);
    // Where nodes run is in no configuration, and is not invented.
    expect(deployment?.conferencing_nodes?.[0]).not.toHaveProperty("vm");
    expect(text).toContain("# vm: {name: …, host: …");
    expect(text).toContain("# management_node: not in the configuration");
  });

  it("reads static routes by their references", async () => {
    const { deployment } = await imported(terraform("infinity_", "values"));
    expect(deployment?.conferencing_nodes?.[0]?.static_routes).toEqual([
      { name: "lab", address: "10.9.0.0", prefix: 16, gateway: "10.44.10.2" },
    ]);
  });

  it("reads lists and single resources of the Management API", async () => {
    const { deployment, nodes, locations } = await imported(
      {
        meta: { limit: 100, total_count: 1 },
        objects: [
          { ...WORKER, id: 3, resource_uri: `${API}/worker_vm/3/`, system_location: `${API}/system_location/1/` },
        ],
      },
      {
        ...LOCATION,
        id: 1,
        resource_uri: `${API}/system_location/1/`,
        ntp_servers: [{ address: "ntp1.vc.example.com", resource_uri: `${API}/ntp_server/1/` }],
      },
      { objects: [{ ...WORKER, name: "manager", hostname: "mgmt01", resource_uri: `${API}/management_vm/1/` }] },
    );
    expect([nodes, locations]).toEqual([1, 1]);
    expect(deployment?.system_locations?.[0]?.ntp_servers).toEqual(["ntp1.vc.example.com"]);
    expect(deployment?.conferencing_nodes?.[0]?.system_location).toBe(LOCATION.name);
    expect(deployment?.management_node).toMatchObject({ name: "manager", hostname: "mgmt01" });
  });

  it("rejects a list with missing pages, and reads them from several files", async () => {
    const page = (...ids: readonly number[]) => ({
      meta: { limit: 2, total_count: 3, next: `${API}/worker_vm/?limit=2&offset=2` },
      objects: ids.map((id) => ({ ...WORKER, name: `conf0${id}`, resource_uri: `${API}/worker_vm/${id}/` })),
    });
    const error = await imported(page(1, 2)).catch((reason: unknown) => reason);
    expect((error as PreflightErrors).errors.map(({ message, hint }) => [message, hint])).toEqual([
      [
        "The files contain 2 of 3 records of worker_vm.",
        "request the list with ?limit=100, or give the further pages as well",
      ],
    ]);
    expect((await imported(page(1, 2), page(3))).nodes).toBe(3);
  });

  it("reads the transcoding and overflow locations and the syslog servers of a location", async () => {
    const uri = (kind: string, id: number) => `${API}/${kind}/${id}/`;
    const { deployment, notes, text } = await imported({
      objects: [
        { address: "10.44.0.14", port: 6514, transport: "tls", resource_uri: uri("syslog_server", 1) },
        { name: "Oslo", resource_uri: uri("system_location", 1) },
        {
          name: "DMZ",
          resource_uri: uri("system_location", 2),
          transcoding_location: uri("system_location", 1),
          overflow_location1: null,
          overflow_location2: uri("system_location", 9),
          syslog_servers: [uri("syslog_server", 1)],
        },
      ],
    });
    const syslog_servers = [{ address: "10.44.0.14", port: 6514, transport: "tls" }];
    expect(deployment?.syslog_servers).toEqual(syslog_servers);
    expect(deployment?.system_locations).toEqual([
      { name: "Oslo" },
      { name: "DMZ", transcoding_location: "Oslo", syslog_servers },
    ]);
    expect(text).toContain(`# overflow_location2: "${uri("system_location", 9)}"`);
    expect(notes).toEqual(["DMZ: its overflow_location2 is not in the files"]);
  });

  it("omits what a deployment on VMware does not have, and reports it", async () => {
    const { text, notes } = await imported({
      objects: [
        {
          name: "edge",
          hostname: "edge",
          deployment_type: "MANUAL-HYPERV2012",
          resource_uri: `${API}/worker_vm/3/`,
          system_location: `${API}/system_location/9/`,
        },
      ],
    });
    expect(text).toContain('# deployment_type: "MANUAL-HYPERV2012"  # not one of AUTOMATIC, ');
    expect(text).toContain("# address: not in the configuration");
    expect(notes).toEqual([
      'edge: deployment_type is "MANUAL-HYPERV2012", which does not apply to VMware',
      "edge: its system location is not in the files",
    ]);
  });

  it.each<readonly [string, unknown, RegExp]>([
    ["no JSON", "hosts: []", /0\.json is not JSON\.$/],
    ["JSON of something else", { a: 1 }, /is neither a Terraform state or plan nor a Management API response\.$/],
    [
      "a state of something else",
      { terraform_version: "1.9.0", values: {} },
      /no resource of the provider pexip\/infinity/,
    ],
  ])("refuses %s in one sentence", async (_, document, sentence) => {
    const error = await imported(document).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(PreflightErrors);
    expect((error as PreflightErrors).errors.map(({ message }) => message)).toEqual([expect.stringMatching(sentence)]);
  });
});
