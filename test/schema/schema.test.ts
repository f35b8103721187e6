import { Ajv } from "ajv";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { rules } from "../../rules/index.generated.ts";
import { publishedConfigSchema } from "../../src/schema/config.schema.ts";
import { deploymentSchema } from "../../src/schema/deployment.schema.ts";
import { inventorySchema } from "../../src/schema/inventory.schema.ts";
import { isSecretKey } from "../../src/input/secrets/secrets.ts";
import { isDeployment, isInventory } from "../../src/input/validation/validators.generated.ts";
import { reportSchema } from "../../src/schema/report.schema.ts";
import type { JsonSchema } from "../../src/values/json-schema.ts";
import { deploymentExample, inventoryExample } from "./examples.ts";

const schemas = {
  deployment: deploymentSchema,
  inventory: inventorySchema,
  config: publishedConfigSchema(rules),
  report: reportSchema,
};

/** All schemas inside a schema, with their paths, itself first. */
function* parts(schema: JsonSchema, place = "#"): Generator<[string, JsonSchema]> {
  yield [place, schema];
  for (const keyword of ["properties", "patternProperties", "definitions"] as const) {
    for (const [name, part] of Object.entries(schema[keyword] ?? {})) yield* parts(part, `${place}/${keyword}/${name}`);
  }
  if (schema.items !== undefined) yield* parts(schema.items, `${place}/items`);
  if (typeof schema.additionalProperties === "object") {
    yield* parts(schema.additionalProperties, `${place}/additionalProperties`);
  }
  for (const [index, part] of (schema.anyOf ?? []).entries()) yield* parts(part, `${place}/anyOf/${index}`);
}

function target(root: JsonSchema, schema: JsonSchema): JsonSchema | undefined {
  return schema.$ref === undefined ? schema : root.definitions?.[schema.$ref.replace("#/definitions/", "")];
}

describe.each(Object.entries(schemas))("the %s schema", (name, schema) => {
  const all = [...parts(schema)];
  const properties = all.filter(([place]) => /\/(properties|patternProperties)\/[^/]+$/.test(place));

  it("is valid draft-07, and passes ajv's strict mode", () => {
    const ajv = new Ajv({ strict: true, allowUnionTypes: true, validateFormats: false });
    expect(ajv.validateSchema(schema)).toBe(true);
    expect(() => ajv.compile(schema)).not.toThrow();
    expect(schema.$schema).toBe("http://json-schema.org/draft-07/schema#");
    expect(schema.$id).toBe(`${name}.schema.json`);
  });

  it("describes every field in full sentences", () => {
    expect(properties.length).toBeGreaterThan(60);
    const silent = properties.filter(([, part]) => !/^[A-Z0-9].{5,}\.$/s.test(target(schema, part)?.description ?? ""));
    expect(silent.map(([place]) => place)).toEqual([]);
  });

  it("refers only to definitions that exist, and uses all of them", () => {
    const refs = new Set(all.flatMap(([, part]) => (part.$ref === undefined ? [] : [part.$ref])));
    const definitions = Object.keys(schema.definitions ?? {}).map((key) => `#/definitions/${key}`);
    expect([...refs].sort()).toEqual(definitions.sort());
  });

  it("closes every object", () => {
    const open = all.filter(([, { type, additionalProperties }]) => {
      return [type].flat().includes("object") && (additionalProperties === undefined || additionalProperties === true);
    });
    expect(open.map(([place]) => place)).toEqual([]);
  });

  it("gives examples and defaults that are valid themselves", () => {
    const wrong = all.flatMap(([place, part]) => {
      const given = [...(part.examples ?? []), ...(part.default === undefined ? [] : [part.default])];
      const ajv = new Ajv({ allowUnionTypes: true });
      return given.filter((value) => !ajv.validate(part, value)).map((value) => `${place}: ${JSON.stringify(value)}`);
    });
    expect(wrong).toEqual([]);
  });
});

describe.each([
  ["deployment", deploymentSchema, isDeployment],
  ["inventory", inventorySchema, isInventory],
] as const)("objects of the %s schema", (_, schema, isValid) => {
  const objects = [...parts(schema)].filter(([, { type }]) => [type].flat().includes("object"));

  it("accept x- keys and the keys of secrets, each with a word on it", () => {
    expect(objects.length).toBeGreaterThan(9);
    for (const [place, { patternProperties }] of objects) {
      const [note, secret] = Object.entries(patternProperties ?? {});
      expect(note?.[0], place).toBe("^x-");
      expect(secret?.[1].description, place).toContain("Secrets have no place");
    }
    expect(isValid({ "x-note": [1], password: null, snmp_v3_auth_password: 7, licence_key: "A-B" })).toBe(true);
    expect(isValid({ "y-note": 1 })).toBe(false);
    expect(isValid({ passwords: 1 })).toBe(false);
  });

  it("use the same list of secrets as the reader that drops them", () => {
    const pattern = Object.keys(objects[0]?.[1].patternProperties ?? {})[1] ?? "";
    const words = ["password", "ssh_password", "licence_key", "token", "snmp_x_password", "snmp_community"];
    const accepted = new RegExp(pattern);
    for (const word of words) expect([word, accepted.test(word), isSecretKey(word)]).toEqual([word, true, true]);
    fc.assert(
      fc.property(fc.stringMatching(/^[a-z0-9_]{0,9}$/), (middle) => {
        const key = `snmp_${middle}_password`;
        expect([accepted.test(key), isSecretKey(key)]).toEqual([true, true]);
      }),
    );
  });
});

describe("the examples of the format", () => {
  it("omit no field of the inventory", () => {
    const used = new Set<string>();
    const note = (value: unknown): void => {
      if (typeof value !== "object" || value === null) return;
      for (const [key, inner] of Object.entries(value)) {
        used.add(key);
        note(inner);
      }
    };
    note(parse(inventoryExample));
    const known = [...parts(inventorySchema)].flatMap(([, { properties }]) => Object.keys(properties ?? {}));
    expect(known.filter((key) => !used.has(key))).toEqual([]);
  });

  it("are a valid deployment and a valid inventory", () => {
    isDeployment(parse(deploymentExample));
    expect(isDeployment.errors ?? []).toEqual([]);
    isInventory(parse(inventoryExample));
    expect(isInventory.errors ?? []).toEqual([]);
  });

  it("and an empty mapping is both: every key is optional", () => {
    expect([isDeployment({}), isInventory({})]).toEqual([true, true]);
  });
});

/** Which of the values a field accepts. */
function accepted(
  field: (value: unknown) => unknown,
  isValid: (value: unknown) => boolean,
  values: readonly unknown[],
): unknown[] {
  return values.filter((value) => isValid(field(value)));
}

describe("fields of a deployment", () => {
  const node = (fields: object) => ({ conferencing_nodes: [{ name: "n", hostname: "h", ...fields }] });

  it.each([
    ["platform.version", (v: unknown) => ({ platform: { version: v } }), ["25", "25.4", 25], [25.4, null, true, -1]],
    ["environment", (v: unknown) => ({ platform: { environment: v } }), ["production", "test"], ["Test", "lab", null]],
    ["vm_manager", (v: unknown) => ({ vm_manager: v }), [null, {}], ["vcenter", []]],
    [
      "vm.hardware_version",
      (v: unknown) => node({ vm: { hardware_version: v } }),
      [3, 14, 99, "vmx-08", "vmx-14"],
      [2, 100, 14.5, "14", "vmx-8", "vmx-02", "VMX-14", null],
    ],
    [
      "vm_system_memory",
      (v: unknown) => node({ vm_system_memory: v }),
      [1, 8190, 2_147_483_647],
      [0, -4, 1e300, 8192.5, "8192", "8G", null],
    ],
    ["address", (v: unknown) => node({ address: v }), ["10.0.0.1", "not an address", ""], [10, null]],
    [
      "node_type",
      (v: unknown) => node({ node_type: v }),
      ["CONFERENCING", "PROXYING"],
      ["conferencing", "TRANSCODING", null],
    ],
    [
      "static_routes",
      (v: unknown) => node({ static_routes: v }),
      [[], [{}], [{ name: "a", address: "10.0.0.0", prefix: 40, gateway: "10.0.0.1" }]],
      [{}, [{ prefix: "16" }], null],
    ],
    ["name", (v: unknown) => ({ conferencing_nodes: [{ name: v, hostname: "h" }] }), ["n"], ["", null, undefined, 1]],
    ["dns_servers", (v: unknown) => ({ dns_servers: v }), [[], ["10.0.0.1:5353"]], ["10.0.0.1", [null], [1], null]],
    [
      "services",
      (v: unknown) => ({ domains: [{ name: "d", services: v }] }),
      [["sip", "h323_registration"]],
      [["SIP"], "sip"],
    ],
  ])("%s", (_, field, good, bad) => {
    expect(accepted(field, isDeployment, [...good, ...bad])).toEqual(good);
  });

  it("has node fields on the node kind that owns them only", () => {
    const owners = ["mtu", "network_mtu", "dns_servers", "ntp_servers", "syslog_servers"];
    const nodes = ["node_type", "system_location", "deployment_type", "enable_distributed_database", "always_on"];
    const manager = Object.keys(deploymentSchema.properties?.["management_node"]?.properties ?? {});
    const conferencing = Object.keys(deploymentSchema.properties?.["conferencing_nodes"]?.items?.properties ?? {});
    expect(manager.filter((key) => !conferencing.includes(key))).toEqual(owners);
    expect(conferencing.filter((key) => !manager.includes(key))).toEqual(nodes);
  });
});

describe("fields of an inventory", () => {
  const host = (fields: object) => ({ hosts: [{ name: "h", ...fields }] });
  const vm = (fields: object) => ({ virtual_machines: [{ name: "v", ...fields }] });

  it.each([
    [
      "collected_at",
      (v: unknown) => ({ collected_at: v }),
      ["2026-11-22T08:00:00Z", "2026-11-22T08:00:00.5+01:00"],
      ["2026-11-22", "yesterday", 0, null],
    ],
    [
      "evc_mode",
      (v: unknown) => ({ clusters: [{ name: "c", evc_mode: v }] }),
      ["intel-sandybridge", null, "new-mode"],
      [5, false],
    ],
    ["hosts[].cluster", (v: unknown) => host({ cluster: v }), ["c", null], [1]],
    ["hosts[].version", (v: unknown) => host({ version: v }), ["6.7.0"], [7, 6.7, null]],
    ["hosts[].build", (v: unknown) => host({ build: v }), ["15160138", 15160138], [1.5, null]],
    [
      "hosts[].options",
      (v: unknown) => host({ options: v }),
      [{}, { a: 1, b: "1", c: true }],
      [{ a: null }, { a: 1.5 }, { a: [] }, []],
    ],
    ["clock_offset_ms", (v: unknown) => host({ clock_offset_ms: v }), [-1200, 0, 7], [0.5, "7"]],
    [
      "speed_mbps",
      (v: unknown) => host({ physical_nics: [{ name: "vmnic0", speed_mbps: v }] }),
      [1000, null],
      [-1, "1000"],
    ],
    [
      "port_groups[].teaming_policy",
      (v: unknown) => host({ port_groups: [{ name: "p", teaming_policy: v }] }),
      ["loadbalance_ip", null],
      ["ip", ""],
    ],
    [
      "virtual_switches[].teaming_policy",
      (v: unknown) => host({ virtual_switches: [{ name: "s", teaming_policy: v }] }),
      ["loadbalance_srcid"],
      [null],
    ],
    [
      "startup_policy",
      (v: unknown) => host({ ntp: { startup_policy: v } }),
      ["on", "automatic", "off"],
      [true, "On", null],
    ],
    ["memory_limit_mb", (v: unknown) => vm({ memory_limit_mb: v }), [0, 8192, null], [-1, "none"]],
    ["memory_mb", (v: unknown) => vm({ memory_mb: v }), [8192], [null, "8192"]],
    ["drs_behavior", (v: unknown) => vm({ drs_behavior: v }), [null, "manual", "disabled"], ["off", true]],
    ["coverage", (v: unknown) => ({ coverage: v }), [{ "hosts[esxi03.example.com]": "not asked" }], [{ a: null }, []]],
  ])("%s", (_, field, good, bad) => {
    expect(accepted(field, isInventory, [...good, ...bad])).toEqual(good);
  });
});
