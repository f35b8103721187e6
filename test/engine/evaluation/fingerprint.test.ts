import { describe, expect, it } from "vitest";
import { fingerprint, namedPath } from "../../../src/engine/evaluation/fingerprint.ts";
import type { Site } from "../../../src/site/site.ts";
import { documentOf, siteOf } from "../../support/documents.ts";
import { checksOf, tinyRule } from "../tiny-rules.ts";

const memory = tinyRule("node", (node, { need, fail }) => {
  const actual = need(node, "vm_system_memory");
  if (actual % 4 !== 0) fail("bad", { at: [node, "vm_system_memory"], data: { what: String(actual) } });
});

async function fingerprints(site: Site, rule = memory): Promise<Readonly<Record<string, readonly string[]>>> {
  const checks = await checksOf([rule], site);
  return Object.fromEntries(
    checks.map(({ subject, findings }) => [subject.name, findings.map((finding) => finding.fingerprint)]),
  );
}

const SITE = `
conferencing_nodes:
  - { name: a, hostname: a, vm_system_memory: 4097 }
  - { name: b, hostname: b, vm_system_memory: 4098 }
`;

describe("a fingerprint stays", () => {
  it.each([
    ["when lines move", `# a\n# few\n# lines\nplatform: { version: "25" }\n${SITE}`],
    ["when values change", SITE.replace("4097", "8191")],
    [
      "when the file becomes JSON",
      JSON.stringify({
        conferencing_nodes: [
          { name: "a", hostname: "a", vm_system_memory: 4097 },
          { name: "b", hostname: "b", vm_system_memory: 4098 },
        ],
      }),
    ],
    ["when other fields come and go", SITE.replace("hostname: a,", "hostname: z, description: new,")],
    [
      "when nodes are reordered, and others come between them",
      `
conferencing_nodes:
  - { name: b, hostname: b, vm_system_memory: 4098 }
  - { name: c, hostname: c, vm_system_memory: 4096 }
  - { name: a, hostname: a, vm_system_memory: 4097 }
`,
    ],
  ])("%s", async (_, changed) => {
    const before = await fingerprints(await siteOf(SITE));
    const after = await fingerprints(await siteOf(changed));
    expect(before["a"]).toHaveLength(1);
    expect([after["a"], after["b"]]).toEqual([before["a"], before["b"]]);
  });

  // printf '["vm/memory","node:a","bad","conferencing_nodes[a].vm_system_memory",""]' | sha256sum | cut -c1-32
  it("has a known value: a change here invalidates the waivers and baselines of all users", async () => {
    const document = await documentOf("deployment", SITE);
    const sourceRef = { document, path: ["conferencing_nodes", 0, "vm_system_memory"] };
    expect(fingerprint("vm/memory", { kind: "node", name: "a" }, "bad", sourceRef, null)).toBe(
      "2465dca86d845ad2bfc786fbc749d5ce",
    );
  });
});

describe("a fingerprint differs", () => {
  it("by rule, subject, message, field and key", async () => {
    const document = await documentOf("deployment", SITE);
    const of = (changes: {
      rule?: string;
      kind?: string;
      name?: string;
      message?: string;
      field?: string;
      key?: string;
    }) =>
      fingerprint(
        changes.rule ?? "vm/memory",
        { kind: changes.kind ?? "node", name: changes.name ?? "a" },
        changes.message ?? "bad",
        { document, path: ["conferencing_nodes", 0, changes.field ?? "vm_system_memory"] },
        changes.key ?? null,
      );
    const all = [
      of({}),
      of({ rule: "vm/memory2" }),
      of({ kind: "host" }),
      of({ name: "b" }),
      of({ message: "worse" }),
      of({ field: "hostname" }),
      of({ key: "10.0.0.1" }),
      of({ key: "10.0.0.2" }),
    ];
    expect(new Set(all).size).toBe(all.length);
    for (const print of all) expect(print).toMatch(/^[0-9a-f]{32}$/);
  });

  it("between nodes of one name", async () => {
    const twins = await siteOf(SITE.replace("name: b", "name: a"));
    const prints = await fingerprints(twins);
    expect(Object.keys(prints)).toEqual(["a", "a#2"]);
    expect(prints["a"]).not.toEqual(prints["a#2"]);
  });

  it("between findings of one check that differ only in their order", async () => {
    const site = await siteOf(
      "conferencing_nodes: [{ name: n, hostname: n, static_routes: [{ name: r }, { name: s }, {}] }]",
    );
    const routes = tinyRule("node", (node, { needEntries, fail }) => {
      for (const route of needEntries(node, "static_routes")) {
        fail("plain", { at: [route] });
        fail("plain", { at: [route] });
      }
    });
    const [prints = []] = Object.values(await fingerprints(site, routes));
    expect(prints).toHaveLength(6);
    expect(new Set(prints).size).toBe(6);
  });
});

describe("namedPath", () => {
  it("names list items by their name, or by themselves when they are texts, or else by their index", async () => {
    const document = await documentOf(
      "deployment",
      `
dns_servers: [10.0.0.1]
licences: [{ concurrent_calls: 5 }]
system_locations: [{ name: Oslo }]
`,
    );
    const of = (...path: (string | number)[]) => namedPath({ document, path });
    expect(of("system_locations", 0, "mtu")).toBe("system_locations[Oslo].mtu");
    expect(of("dns_servers", 0)).toBe("dns_servers[10.0.0.1]");
    expect(of("licences", 0, "concurrent_calls")).toBe("licences[0].concurrent_calls");
    expect(of("system_locations", 7, "mtu")).toBe("system_locations[7].mtu");
    expect(of()).toBe("");
  });
});
