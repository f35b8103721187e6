import { Readable } from "node:stream";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { firstErrors } from "../../../src/input/validation/first-errors.ts";
import { readDocument } from "../../../src/input/files/read-document.ts";
import { validateDocument } from "../../../src/input/validation/validate-document.ts";
import { parseSource } from "../../../src/input/syntax/parse-source.ts";
import type { ParsedSource } from "../../../src/input/source/parsed-source.ts";
import type { DocumentKind } from "../../../src/site/core/document.ts";
import { isTextLocation } from "../../../src/values/location.ts";
import type { PreflightError } from "../../../src/values/preflight-error.ts";
import { deploymentExample, inventoryExample } from "../../schema/examples.ts";

async function parsed(text: string): Promise<ParsedSource> {
  const { source, errors } = await parseSource(text, "file.yaml");
  if (source === null) throw new Error(`The reader refuses ${JSON.stringify(text)}: ${errors.map(String).join(" ")}`);
  return source;
}

/** A source with another value than its text, for values that no text could give or no reader would let through. */
function sourceOf(value: unknown, secrets: ParsedSource["secrets"] = []): ParsedSource {
  const locate = () => ({ path: "file.yaml", line: 1, column: 1, end_line: 1, end_column: 2 });
  return {
    path: "file.yaml",
    format: "yaml",
    text: "?",
    value,
    secrets,
    hasLongText: false,
    directives: [],
    locate,
    edit: () => null,
    locateKey: locate,
  };
}

/** The text that is shown for the errors of a source. */
function errorsIn(kind: DocumentKind, source: ParsedSource): readonly PreflightError[] {
  const { errors, omitted } = validateDocument(kind, source);
  return firstErrors(source.path, errors, omitted);
}

/** The errors of a text as `line:column code message hint`. */
async function errorsOf(kind: DocumentKind, text: string): Promise<readonly string[]> {
  return errorsIn(kind, await parsed(text)).map(({ code, message, location, hint }) => {
    const place = isTextLocation(location) ? `${location.line}:${location.column}` : "nowhere";
    return [place, code, message, ...(hint === null ? [] : [hint])].join(" ");
  });
}

const node = (field: string): string => `conferencing_nodes:\n  - name: a\n    hostname: b\n    ${field}\n`;
const host = (field: string): string => `hosts:\n  - name: a\n    ${field}\n`;

describe("validateDocument", () => {
  it("reports nothing for valid files", async () => {
    expect(await errorsOf("deployment", deploymentExample)).toEqual([]);
    expect(await errorsOf("inventory", inventoryExample)).toEqual([]);
    expect(await errorsOf("deployment", "{}")).toEqual([]);
  });

  it.each([
    [
      "a number in quotes",
      node('vm_system_memory: "8192"'),
      '4:23 wrong-type conferencing_nodes[0].vm_system_memory must be an integer (MB), not the string "8192". Write 8192 without quotes.',
    ],
    [
      "a size with a unit",
      node("vm_system_memory: 8G"),
      '4:23 wrong-type conferencing_nodes[0].vm_system_memory must be an integer (MB), not the string "8G". The unit is MB: write 8192.',
    ],
    [
      "a size with another spelling of the unit",
      node("vm: { cpu_reservation_mhz: 2.6 GHz }"),
      '4:32 wrong-type conferencing_nodes[0].vm.cpu_reservation_mhz must be an integer (MHz), not the string "2.6 GHz". The unit is MHz: write 2600.',
    ],
    [
      "a fraction",
      node("vm_system_memory: 8192.5"),
      "4:23 wrong-type conferencing_nodes[0].vm_system_memory must be an integer (MB), not the number 8192.5.",
    ],
    [
      "a thousands separator",
      node("vm_system_memory: 8_192"),
      '4:23 wrong-type conferencing_nodes[0].vm_system_memory must be an integer (MB), not the string "8_192". Write 8192.',
    ],
    [
      "a version that YAML takes for a number",
      "platform: { version: 25.10 }",
      '1:22 wrong-type platform.version must be a string or an integer, not the number 25.10. Put it in quotes: "25.10".',
    ],
    [
      "a name that YAML takes for a boolean",
      "system_locations: [{ name: true }]",
      '1:28 wrong-type system_locations[0].name must be a string, not true. Put it in quotes: "true".',
    ],
    [
      "a word for a boolean",
      "vm_manager: { verify_tls: yes }",
      '1:27 wrong-type vm_manager.verify_tls must be true or false, not the string "yes". Write true, without quotes.',
    ],
    [
      "one server where a list belongs",
      "dns_servers: 10.44.0.10",
      '1:14 wrong-type dns_servers must be a list of strings, not the string "10.44.0.10". Write a list: [10.44.0.10].',
    ],
    [
      "a mapping where a list belongs",
      "system_locations:\n  name: Oslo",
      "2:3 wrong-type system_locations must be a list of mappings, not a mapping. Start each item with a dash.",
    ],
    [
      "a scalar where a mapping or null belongs",
      "vm_manager: vcenter01",
      '1:13 wrong-type vm_manager must be a mapping or null, not the string "vcenter01".',
    ],
    [
      "another case of an enum",
      node("node_type: proxying"),
      '4:16 not-allowed-value conferencing_nodes[0].node_type must be one of CONFERENCING or PROXYING, not the string "proxying". Did you mean PROXYING?',
    ],
    [
      "a value outside an enum",
      "platform: { environment: lab }",
      '1:26 not-allowed-value platform.environment must be one of production or test, not the string "lab".',
    ],
    [
      "another type for an enum",
      "platform: { environment: 5 }",
      "1:26 wrong-type platform.environment must be one of production or test, not the number 5.",
    ],
    [
      "a service that does not exist",
      "domains: [{ name: x, services: [sip, spi] }]",
      '1:38 not-allowed-value domains[0].services[1] must be one of sip, sips, h323, h323_registration, pexapp or sip_federation, not the string "spi". Did you mean sip?',
    ],
    [
      "a hardware version out of range",
      node("vm: { hardware_version: 2 }"),
      "4:29 out-of-range conferencing_nodes[0].vm.hardware_version must be an integer from 3 to 99, not the number 2.",
    ],
    [
      "a hardware version in quotes: one sentence for two types",
      node('vm: { hardware_version: "14" }'),
      '4:29 not-allowed-value conferencing_nodes[0].vm.hardware_version must be an integer from 3 to 99 or a string like vmx-14, not the string "14". Write 14 without quotes.',
    ],
    [
      "a number below its minimum",
      node("vm_cpu_count: 0"),
      "4:19 out-of-range conferencing_nodes[0].vm_cpu_count must be an integer from 1 to 2147483647, not the number 0.",
    ],
    [
      "an empty name",
      "system_locations: [{ name: '' }]",
      "1:28 not-allowed-value system_locations[0].name must not be empty.",
    ],
    [
      "null where nothing can be off",
      node("address: null"),
      "4:14 wrong-type conferencing_nodes[0].address must be a string, not null. Delete the key if the value is unknown.",
    ],
    [
      "a misspelt key",
      node("vm_system_memroy: 4096"),
      "4:5 unknown-key Unknown key vm_system_memroy in conferencing_nodes[0]. Did you mean vm_system_memory?",
    ],
    [
      "a key with hyphens",
      node("vm-cpu-count: 4"),
      "4:5 unknown-key Unknown key vm-cpu-count in conferencing_nodes[0]. Did you mean vm_cpu_count?",
    ],
    [
      "a key that belongs one level below",
      node("host: esxi01"),
      "4:5 unknown-key Unknown key host in conferencing_nodes[0]. host belongs in conferencing_nodes[].vm.",
    ],
    [
      "a key that belongs elsewhere",
      "environment: test",
      "1:1 unknown-key Unknown key environment in the deployment. environment belongs in platform.",
    ],
    [
      "a key that belongs in the other document",
      node("evc_mode: intel-sandybridge"),
      "4:5 unknown-key Unknown key evc_mode in conferencing_nodes[0]. evc_mode belongs in clusters[] or hosts[].cpu of the inventory.",
    ],
    [
      "a list of the other document",
      "hosts: []\nplatform: {}",
      "1:1 unknown-key Unknown key hosts in the deployment. hosts belongs in the inventory.",
    ],
    [
      "a key that nobody knows",
      "licences: [{ colour: red }]",
      "1:14 unknown-key Unknown key colour in licences[0]. Known keys are concurrent_calls.",
    ],
    [
      "a missing key, at its parent",
      "management_node:\n  address: 10.0.0.1\n  name: m",
      "1:1 missing-key management_node has no hostname, which is required in every management node.",
    ],
    [
      "a missing key of a list item, at its first key",
      "conferencing_nodes:\n  - address: 10.0.0.1\n    name: n",
      "2:5 missing-key conferencing_nodes[0] has no hostname, which is required in every conferencing node.",
    ],
  ])("%s", async (_, text, expected) => {
    expect(await errorsOf("deployment", text)).toEqual([expected]);
  });

  it.each([
    [
      "a limit of -1, as the vSphere API writes it",
      "virtual_machines: [{ name: a, cpu_limit_mhz: -1 }]",
      "1:46 out-of-range virtual_machines[0].cpu_limit_mhz must be an integer (MHz) from 0 to 2147483647, not the number -1. Write null for none or unlimited.",
    ],
    [
      "an enum that may be null",
      host("port_groups: [{ name: p, teaming_policy: iphash }]"),
      '3:46 not-allowed-value hosts[0].port_groups[0].teaming_policy must be one of loadbalance_srcid, loadbalance_srcmac, loadbalance_ip, failover_explicit, loadbalance_loadbased or null, not the string "iphash".',
    ],
    [
      "a link speed in words",
      host("physical_nics: [{ name: vmnic0, speed_mbps: 10 Gbit/s }]"),
      '3:49 wrong-type hosts[0].physical_nics[0].speed_mbps must be an integer (Mbit/s) or null, not the string "10 Gbit/s". The unit is Mbit/s: write 10000.',
    ],
    [
      "a time without a zone",
      "collected_at: 2026-11-22 08:00",
      '1:15 not-allowed-value collected_at must be a string like 2026-11-22T08:00:00Z, not the string "2026-11-22 08:00".',
    ],
    [
      "an advanced setting that is a list",
      host("options: { Net.Some.Option: [1] }"),
      "3:33 wrong-type hosts[0].options.Net.Some.Option must be a string, an integer or true or false, not a list.",
    ],
    [
      "a misspelt key beside others",
      host("lockdown: lockdownNormal"),
      "3:5 unknown-key Unknown key lockdown in hosts[0]. Did you mean lockdown_mode?",
    ],
  ])("inventory: %s", async (_, text, expected) => {
    expect(await errorsOf("inventory", text)).toEqual([expected]);
  });

  it("reports all errors of a file in its order", async () => {
    const text = "expected_calls: many\nsystem_locations:\n  - mtu: big\n    colour: red\nplatform: 25\n";
    expect((await errorsOf("deployment", text)).map((error) => error.split(" ").slice(0, 2).join(" "))).toEqual([
      "1:17 wrong-type",
      "3:5 missing-key",
      "3:10 wrong-type",
      "4:5 unknown-key",
      "5:11 wrong-type",
    ]);
  });

  it("does not miss a key that is there misspelt", async () => {
    expect(await errorsOf("deployment", "conferencing_nodes:\n  - name: a\n    host_name: b\n")).toEqual([
      "3:5 unknown-key Unknown key host_name in conferencing_nodes[0]. Did you mean hostname?",
    ]);
  });

  it("takes no other value than a mapping for a document", () => {
    const message = (value: unknown) => errorsIn("deployment", sourceOf(value)).map((error) => error.message);
    expect(message([])).toEqual(["The deployment must be a mapping, not a list."]);
    expect(message("x")).toEqual(['The deployment must be a mapping, not the string "x".']);
    expect(message(null)).toEqual(["The deployment must be a mapping, but has no value."]);
  });

  it("reports swapped files", async () => {
    expect(await errorsOf("deployment", inventoryExample)).toEqual([
      "2:1 wrong-document This looks like an inventory, not a deployment: it has collected_at, source, coverage. The deployment is the argument; an inventory is given with --inventory FILE.",
    ]);
    expect((await errorsOf("inventory", deploymentExample))[0]).toContain(
      "This looks like a deployment, not an inventory",
    );
    expect(await errorsOf("inventory", deploymentExample)).toHaveLength(1);
  });

  it("reports an error at an anchor once", async () => {
    const text = [
      "x-base: &base { colour: red, vm_cpu_count: two, vm: { nam: a } }",
      "conferencing_nodes:",
      "  - { <<: *base, name: a, hostname: a }",
      "  - { <<: *base, name: b }",
      "  - { <<: *base, name: c }",
    ];
    const errors = (await errorsOf("deployment", `${text.join("\n")}\n`)).map((error) => error.split(" ", 2).join(" "));
    expect(errors).toEqual([
      "1:17 unknown-key",
      "1:44 wrong-type",
      "1:55 unknown-key",
      "4:7 missing-key",
      "5:7 missing-key",
    ]);
  });

  it("takes a schema at the top level, and nowhere else", async () => {
    for (const kind of ["deployment", "inventory"] as const) {
      expect(await errorsOf(kind, `{"$schema": "./${kind}.schema.json"}`)).toEqual([]);
    }
    expect(await errorsOf("deployment", "platform: { $schema: a }")).toEqual([
      "1:13 unknown-key Unknown key $schema in platform. $schema belongs in the deployment itself.",
    ]);
  });

  it("suggests null only where null is a value", async () => {
    const hints = async (kind: DocumentKind, text: string) => {
      const stdin = Readable.from([Buffer.from(text)]);
      const { inputs } = await readDocument(kind, "-", { cwd: "/", stdin });
      return inputs.errors.map(({ code, hint }) => `${code} ${hint}`);
    };
    expect(await hints("inventory", "clusters:\n  - name: a\n    evc_mode:\n    ha_enabled:\n")).toEqual([
      "empty-value Write null if it is off or not set, or delete the key.",
      "empty-value Give it a value, or delete the key.",
    ]);
    expect(await hints("deployment", "dns_servers:\n  -\n")).toEqual([
      "empty-value Give it a value, or delete the item.",
    ]);
  });

  it("reports a hundred errors and counts the rest", async () => {
    const text = `dns_servers:\n${"  - 1\n".repeat(102)}`;
    const errors = await errorsOf("deployment", text);
    expect(errors).toHaveLength(101);
    expect(errors[99]).toMatch(/^101:5 wrong-type dns_servers\[99\] /);
    expect(errors[100]).toBe("101:5 more-errors … and 2 more errors in file.yaml.");
    expect((await errorsOf("deployment", `dns_servers:\n${"  - 1\n".repeat(101)}`)).at(-1)).toContain(
      "… and 1 more error in",
    );
    expect((await errorsOf("deployment", `dns_servers:\n${"  - 1\n".repeat(100)}`)).at(-1)).toMatch(
      /^101:5 wrong-type/,
    );
  });

  it("reports a hundred of which each kind is one, at any position", async () => {
    const text = `dns_servers:\n${"  - 1\n".repeat(300)}fooo: 1\nntp_servers:\n${"  - 2\n".repeat(300)}baar: 1\n`;
    const errors = await errorsOf("deployment", text);
    expect(errors).toHaveLength(101);
    expect(errors.filter((error) => error.includes("unknown-key"))).toHaveLength(2);
    for (const list of ["dns_servers", "ntp_servers"]) {
      expect(errors.filter((error) => error.includes(`wrong-type ${list}[`))).toHaveLength(49);
    }
    expect(errors.at(-1)).toContain("… and 502 more errors in");
    const lines = errors.slice(0, 100).map((error) => Number.parseInt(error, 10));
    expect(lines).toEqual([...lines].sort((a, b) => a - b));
  });

  it("counts more errors than it looks up", async () => {
    const errors = await errorsOf("deployment", `{"dns_servers": [${"1,".repeat(10_049)}1]}`);
    expect(errors).toHaveLength(101);
    expect(errors.at(-1)).toContain("… and 9,950 more errors in file.yaml.");
  });

  it("reports one error for a value that violates the schema in several ways", () => {
    expect(errorsIn("inventory", sourceOf({ hosts: [{ name: "a", build: -1.5, edition: 5 }] }))).toHaveLength(2);
  });

  it("shows hostile text harmlessly and briefly", async () => {
    const [error] = errorsIn("deployment", await parsed('expected_calls: "\\e[31m\\u202E\\n' + "x".repeat(500) + '"'));
    expect(error?.message).toBe(
      `expected_calls must be an integer, not the string "\\u{1b}[31m\\u{202e}\\n${"x".repeat(53)}…".`,
    );
    const [key] = errorsIn("deployment", await parsed('"a\\e[2Jb\\nc": 1'));
    expect(key?.message).toBe('Unknown key "a\\u{1b}[2Jb\\nc" in the deployment.');
  });

  it("handles keys that have a meaning to JavaScript or to JSON pointers", async () => {
    const value = JSON.parse('{"__proto__": 1, "constructor": 2, "a/b~c": 3, "toString": {}}') as unknown;
    const errors = errorsIn("deployment", sourceOf(value));
    expect(errors.map(({ code, message }) => `${code} ${message}`).sort()).toEqual([
      'unknown-key Unknown key "a/b~c" in the deployment.',
      "unknown-key Unknown key __proto__ in the deployment.",
      "unknown-key Unknown key constructor in the deployment.",
      "unknown-key Unknown key toString in the deployment.",
    ]);
    const options = await errorsOf("inventory", 'hosts:\n  - name: a\n    options: { "a/b~c": [], "~1": [] }\n');
    expect(options).toHaveLength(2);
    expect(options[0]).toContain('3:25 wrong-type hosts[0].options."a/b~c" must be');
  });

  it("never shows a secret, even in the wrong place", async () => {
    const location = { path: "file.yaml", line: 1, column: 17, end_line: 1, end_column: 24 };
    const source = sourceOf({ expected_calls: "hunter2" }, [{ path: ["expected_calls"], location }]);
    expect(errorsIn("deployment", source)[0]?.message).toBe(
      "expected_calls must be an integer, not a value with a secret in it.",
    );
    const url = await parsed("expected_calls: https://svc:hunter2@vcenter01/sdk");
    const [shown] = errorsIn("deployment", url);
    expect(shown?.message).toContain("expected_calls must be an integer");
    expect(shown?.message).not.toContain("hunter2");
    expect(shown?.hint ?? "").not.toContain("hunter2");
    const misspelt = errorsIn("deployment", await parsed("vm_manager: { passwrod: hunter2 }"));
    expect(misspelt).toHaveLength(1);
    expect(misspelt[0]?.message).not.toContain("hunter2");
    expect(misspelt[0]?.hint).not.toContain("hunter2");
  });

  it("writes fixes in the syntax of the file", async () => {
    const json = async (text: string) => errorsIn("deployment", await parsed(text)).map(({ hint }) => hint);
    expect(await json('{"dns_servers": "10.0.0.1"}')).toEqual(['Write a list: ["10.0.0.1"].']);
    expect(await json('{"system_locations": {"name": "Oslo"}}')).toEqual(["Put it in square brackets."]);
  });

  it("finds an error in every value that is not valid, and none in one that is", () => {
    const values = fc.oneof(fc.jsonValue(), fc.constantFrom(14, "vmx-14", "GLOBAL", "Oslo", ["sip"], null));
    const keys = fc.constantFrom(
      "platform",
      "vm_manager",
      "dns_servers",
      "domains",
      "management_node",
      "x-note",
      "nmae",
    );
    fc.assert(
      fc.property(fc.dictionary(keys, values), (value) => {
        const errors = errorsIn("deployment", sourceOf(value));
        const isMapping = (v: unknown): boolean => typeof v === "object" && v !== null && !Array.isArray(v);
        if ("nmae" in value) expect(errors.map(({ code }) => code)).toContain("unknown-key");
        if ("platform" in value && !isMapping(value["platform"])) expect(errors).not.toEqual([]);
        if (Object.keys(value).every((key) => key === "x-note")) expect(errors).toEqual([]);
        for (const { message } of errors) expect(message).toMatch(/^[^\n\r]+[.]$/);
      }),
    );
  });
});
