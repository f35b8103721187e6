import { readdirSync, readFileSync } from "node:fs";
import { join, relative } from "node:path";
import { describe, expect, it } from "vitest";
import {
  crowdedFolders,
  fileCycles,
  folderCycles,
  type FolderTable,
  type Import,
  importsAgainstFolders,
  importsAgainstLayers,
  importsAgainstRules,
  importsOf,
  importsOutside,
  impureFiles,
  layerOf,
  lonelyHelpers,
  unusedEntries,
} from "./support/import-graph.ts";

const ROOT = join(import.meta.dirname, "..");

/** Which layers a layer may import from, besides itself: imports go down only. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/values": [],
  "src/facts": ["src/values"],
  "src/schema": ["src/values"],
  "src/site": ["src/schema", "src/facts", "src/values"],
  "src/engine": ["src/site", "src/schema", "src/values"],
  "src/input": ["src/engine", "src/site", "src/schema", "src/values"],
  "src/inventory": ["src/input", "src/site", "src/schema", "src/facts", "src/values"],
  "src/plugin": ["src/input", "src/engine", "src/site", "src/schema", "src/values"],
  "src/probe": ["src/engine", "src/schema", "src/values"],
  "src/report": ["src/engine", "src/schema", "src/values"],
  "rules/shared": ["src/engine", "src/site", "src/facts", "src/values"],
  rules: ["rules/shared", "src/engine", "src/site", "src/facts", "src/values"],
  "src/run": [
    "src/report",
    "src/engine",
    "src/probe",
    "src/inventory",
    "src/input",
    "src/site",
    "src/schema",
    "src/values",
    "rules",
  ],
  "src/cli": [
    "src/run",
    "src/inventory",
    "src/site",
    "src/report",
    "src/input",
    "src/engine",
    "src/probe",
    "src/schema",
    "src/values",
    "rules",
  ],
  bin: ["src/cli"],
};

/**
 * Which folders and root modules of its own layer a folder may import. Modules at the root of a layer compose its
 * folders, and may import any of them; no two of them import each other, directly or through others.
 */
const INSIDE: Readonly<Record<string, FolderTable>> = {
  "src/values": { network: [], text: [], x509: ["network"] },
  "src/schema": {
    proof: [
      "report.schema.ts",
      "report.generated.ts",
      "question.schema.ts",
      "question.generated.ts",
      "schema-parts.ts",
    ],
    project: ["report.schema.ts", "report.generated.ts", "schema-parts.ts"],
  },
  "src/site": {
    core: [],
    estate: ["core"],
    deployment: ["core", "estate"],
    relations: ["core", "estate", "deployment"],
  },
  "src/engine": {
    api: [],
    evaluation: ["api"],
    waivers: ["evaluation"],
    policy: ["api", "evaluation"],
    gate: ["evaluation"],
    comparison: [],
  },
  "src/input": {
    source: [],
    secrets: ["source"],
    syntax: ["source", "secrets"],
    validation: ["source"],
    certificates: ["source"],
    files: ["source", "syntax", "validation"],
    policy: ["source", "syntax", "validation", "files"],
    project: ["source", "files", "policy"],
  },
  "src/inventory": {
    mapping: [],
    spreadsheet: [],
    content: ["spreadsheet"],
    files: ["content", "spreadsheet"],
    rvtools: ["mapping", "files", "content", "spreadsheet"],
    govc: ["mapping", "files", "spreadsheet"],
    deployment: [],
    vsphere: ["mapping"],
  },
  "src/probe": {
    query: [],
    dns: ["query"],
    ntp: ["query"],
    tcp: ["query"],
    tls: ["query", "tcp"],
    vsphere: ["query", "tls"],
  },
  "src/report": {
    text: [],
    model: ["text"],
    html: ["text", "model"],
    script: ["text"],
    datasheet: ["text", "html"],
    sarif: ["text", "model", "format-options.ts"],
    stylish: ["text", "model", "format-options.ts", "errors.ts"],
    proof: ["text"],
    project: [
      "text",
      "model",
      "html",
      "sarif",
      "stylish",
      "csv.ts",
      "format-options.ts",
      "github.ts",
      "gitlab.ts",
      "junit.ts",
      "markdown.ts",
      "comparison-markdown.ts",
    ],
  },
  "src/run": {
    inputs: ["options.ts", "pull.ts"],
    config: ["options.ts", "version.ts"],
    live: ["options.ts", "config"],
    exceptions: ["options.ts", "config"],
    proof: ["options.ts", "config", "exceptions", "live", "check.ts", "read-run.ts", "version.ts"],
    datasheet: ["check.ts", "options.ts"],
    project: ["check.ts", "options.ts", "version.ts"],
  },
  "src/cli": {
    arguments: ["cli-context.ts"],
    output: ["arguments", "cli-context.ts", "streams.ts", "system-reason.ts"],
    vsphere: ["arguments", "cli-context.ts", "system-reason.ts"],
    completion: ["arguments", "cli-context.ts"],
    project: ["arguments"],
    commands: ["arguments", "cli-context.ts", "rule-page.ts", "system-reason.ts", "output", "project", "vsphere"],
    lsp: ["cli-context.ts"],
  },
};

/** More in one folder, and it takes reading to see what the folder is about. */
const MOST_ENTRIES = 20;

/** Modules of Node that touch the outside world, and the layers or folders that may. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  "node:fs": ["src/input", "src/inventory", "src/cli"],
  "node:fs/promises": ["src/input", "src/inventory", "src/cli"],
  "node:net": ["src/probe"],
  "node:tls": ["src/probe", "src/inventory/vsphere"],
  "node:dgram": ["src/probe"],
  // To read the DNS servers configured in the system; names are resolved only by preflight's own client, see below.
  "node:dns": ["src/probe"],
  // For its types; requests are made over TLS.
  "node:http": ["src/inventory/vsphere", "src/probe/vsphere"],
  "node:https": ["src/inventory/vsphere", "src/probe/vsphere"],
  "node:child_process": [],
  // The watch over plugins, see decision 79.
  "node:worker_threads": ["src/cli"],
  "node:inspector": ["src/cli"],
};

/** All that rules and their helpers see of the engine. */
const RULE_API = [
  "src/engine/api/rule.ts",
  "src/engine/api/question.ts",
  "src/engine/api/mutation.ts",
  "src/engine/api/command.ts",
];

const PURE = /^(src\/(values|facts|site|engine|report)|rules)\//;

const LAYERS = Object.keys(MAY_IMPORT);
const names = ["src", "rules", "bin"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(ROOT, join(entry.parentPath, entry.name))),
);
const files = names.filter((name) => name.endsWith(".ts"));
const sources = new Map(files.map((file) => [file, readFileSync(join(ROOT, file), "utf8")]));
const imports = importsOf(sources);

/** The imports of invented files. */
const invented = (...texts: readonly (readonly [file: string, text: string])[]) => importsOf(new Map(texts));
const targetsOf = (found: readonly Import[]) => found.map(({ target }) => target);

describe("imports", () => {
  it("are read from statements, re-exports, types and import(), and not from sentences about them", () => {
    const text = [
      'import { a } from "./a.ts"; // import { no } from "./no.ts"',
      'import type { B } from "../b.ts";',
      'export type { C } from "./c/c.ts";',
      'export * from "d";',
      'const later = () => import("./e.ts");',
      'type F = import("./f.ts").F;',
      '/* import "./no.ts" */ const text = \'import "./no.ts"\';',
    ].join("\n");
    expect(targetsOf(invented(["src/x/x.ts", text]))).toEqual([
      "src/x/a.ts",
      "src/b.ts",
      "src/x/c/c.ts",
      "d",
      "src/x/e.ts",
      "src/x/f.ts",
    ]);
  });

  it("resolve to files of this repository, Node or packages", () => {
    const isKnown = (target: string) =>
      /^(src|rules|bin)\//.test(target) ? sources.has(target) : /^(node:|[a-z@])[a-z0-9@/._-]*$/.test(target);
    expect([...new Set(targetsOf(imports))].filter((target) => !isKnown(target))).toEqual([]);
    expect(imports.length).toBeGreaterThan(1000);
  });
});

describe("layers", () => {
  it("contain every file, and none is empty", () => {
    expect(files.filter((file) => layerOf(file, LAYERS) === "")).toEqual([]);
    expect(LAYERS.filter((layer) => !files.some((file) => file.startsWith(`${layer}/`)))).toEqual([]);
  });

  it("import only those below them", () => {
    expect(importsAgainstLayers(imports, MAY_IMPORT)).toEqual([]);
    const wrong = invented(
      ["src/site/site.ts", 'import type { Rule } from "../engine/api/rule.ts"; import "../values/location.ts";'],
      ["rules/vm/x.ts", 'import "../shared/y.ts"; import "../../src/report/csv.ts";'],
    );
    expect(targetsOf(importsAgainstLayers(wrong, MAY_IMPORT))).toEqual(["src/engine/api/rule.ts", "src/report/csv.ts"]);
  });

  it("let rules see the rule API and nothing else of the engine, no other rule and no package", () => {
    expect(importsAgainstRules(imports, RULE_API)).toEqual([]);
    for (const module of RULE_API) expect(files).toContain(module);
    const wrong = invented([
      "rules/vm/x.ts",
      `import "../../src/engine/api/rule.ts"; import "../shared/y.ts"; import "../../src/engine/gate/gate.ts";
       import "./z.ts"; import "node:fs"; import "yaml";`,
    ]);
    expect(targetsOf(importsAgainstRules(wrong, RULE_API))).toEqual([
      "src/engine/gate/gate.ts",
      "rules/vm/z.ts",
      "node:fs",
      "yaml",
    ]);
  });

  it("have no helper of rules that a single rule uses", () => {
    const helpers = files.filter((file) => file.startsWith("rules/shared/"));
    expect(helpers.length).toBeGreaterThan(3);
    expect(lonelyHelpers(imports, helpers)).toEqual([]);
    const one = invented(
      ["rules/vm/a.ts", 'import "../shared/one.ts"; import "../shared/both.ts";'],
      ["rules/vm/b.ts", 'import "../shared/both.ts";'],
    );
    expect(lonelyHelpers(one, ["rules/shared/one.ts", "rules/shared/both.ts"])).toEqual(["rules/shared/one.ts"]);
  });
});

describe("the world outside", () => {
  it.each(Object.entries(OUTSIDE))("is reached by %s only from %j", (module, allowed) => {
    expect(importsOutside(imports, module, allowed)).toEqual([]);
    const wrong = invented(["src/site/site.ts", `import "${module}";`]);
    expect(importsOutside(wrong, module, allowed)).toEqual(wrong);
    // The table may allow what no module needs yet.
    if (allowed.length > 0 && module !== "node:fs/promises") expect(targetsOf(imports)).toContain(module);
  });

  it("resolves names by our own resolver alone", () => {
    const importers = imports.filter(({ target }) => /^node:dns(\/|$)/.test(target)).map(({ file }) => file);
    expect(importers).toEqual(["src/probe/dns/system-resolvers.ts"]);
    const code = sources.get("src/probe/dns/system-resolvers.ts") ?? "";
    expect(code.match(/import .* from "node:dns"/g)).toEqual(['import { getServers } from "node:dns"']);
  });

  it("does not reach pure layers by the process, the console, the clock or timers", () => {
    const pure = new Map([...sources].filter(([file]) => PURE.test(file)));
    expect(pure.size).toBeGreaterThan(20);
    expect(impureFiles(pure)).toEqual([]);
    const texts = ["process.exit()", "console.log(1)", "Date.now()", "new Date()", "setTimeout(f)", "fetch(url)"];
    const wrong = new Map(texts.map((text) => [text, text]));
    expect(impureFiles(wrong)).toEqual(texts);
    expect(impureFiles(new Map([["x", '"process.exit()" /* Date.now() */ // console.log']]))).toEqual([]);
  });
});

describe("folders inside layers", () => {
  const folders = [
    ...new Set(
      files.filter((file) => /^src\/[^/]+\/[^/]+\//.test(file)).map((file) => file.split("/").slice(0, 3).join("/")),
    ),
  ];

  it("are all in the table", () => {
    const listed = Object.entries(INSIDE).flatMap(([layer, table]) =>
      Object.keys(table).map((name) => `${layer}/${name}`),
    );
    expect([...listed].sort()).toEqual([...folders].sort());
  });

  it.each(Object.entries(INSIDE))("import only what the table of %s lists, and no entry is unused", (layer, table) => {
    expect(importsAgainstFolders(imports, layer, table)).toEqual([]);
    expect(unusedEntries(imports, layer, table)).toEqual([]);
  });

  it("are found to import what the table does not list", () => {
    const wrong = invented(
      ["src/site/core/a.ts", 'import type { B } from "../estate/b.ts"; import "./c.ts"; import "../../values/d.ts";'],
      ["src/site/estate/b.ts", 'import "../core/a.ts"; import "../site.ts";'],
      ["src/site/site.ts", 'import "./estate/b.ts";'],
    );
    const table = { core: [], estate: ["core"] };
    expect(targetsOf(importsAgainstFolders(wrong, "src/site", table))).toEqual([
      "src/site/estate/b.ts",
      "src/site/site.ts",
    ]);
    expect(unusedEntries(wrong, "src/site", { core: ["names"], estate: ["core"] })).toEqual(["core > names"]);
  });

  it.each(LAYERS.filter((layer) => layer.startsWith("src/")))("of %s do not import each other in a circle", (layer) => {
    expect(folderCycles(imports, layer)).toEqual([]);
  });

  it("are found to import each other in a circle, root modules of the layer included", () => {
    const wrong = invented(
      ["src/site/core/a.ts", 'import type { B } from "../estate/b.ts";'],
      ["src/site/estate/b.ts", 'import type { S } from "../site.ts";'],
      ["src/site/site.ts", 'import "./core/c.ts";'],
      ["src/site/core/c.ts", 'import "./a.ts";'],
    );
    expect(fileCycles(wrong.filter(({ file }) => file !== "src/site/core/c.ts"))).toEqual([]);
    expect(folderCycles(wrong, "src/site")).toEqual([["core", "estate", "site.ts"]]);
  });

  it("have no more entries than a reader takes in", () => {
    expect(
      crowdedFolders(
        names.filter((name) => name.startsWith("src/")),
        MOST_ENTRIES,
      ),
    ).toEqual([]);
    const many = Array.from({ length: 21 }, (_, index) => `src/a/${index}.ts`);
    expect(crowdedFolders([...many, "src/b/c/d.ts"], 20)).toEqual(["src/a: 21"]);
    expect(crowdedFolders(many.slice(1), 20)).toEqual([]);
  });
});

describe("files", () => {
  it("do not import themselves through others, not even types", () => {
    expect(fileCycles(imports)).toEqual([]);
  });

  it("are found to import themselves through others", () => {
    const wrong = invented(
      ["src/a/a.ts", 'import type { B } from "./b.ts";'],
      ["src/a/b.ts", 'export { c } from "../c.ts";'],
      ["src/c.ts", 'const later = () => import("./a/a.ts");'],
      ["src/d.ts", 'import "./a/a.ts"; import "./e.ts";'],
      ["src/e.ts", ""],
    );
    expect(fileCycles(wrong)).toEqual([["src/a/a.ts", "src/a/b.ts", "src/c.ts"]]);
  });
});

describe("docs/architecture.md", () => {
  const page = readFileSync(join(ROOT, "docs/architecture.md"), "utf8");
  const section = (heading: string) => page.split(`\n## ${heading}\n`)[1]?.split("\n## ")[0] ?? "";

  it("lists every layer with all that it may import", () => {
    const layers = Object.keys(MAY_IMPORT);
    const inFull = (name: string) => layers.find((layer) => layer === name || layer === `src/${name}`) ?? name;
    const rows = [...section("Layers").matchAll(/^\| `([^`]+)` +\|[^|]*\| (.*?) *\|$/gm)].map(
      ([, layer = "", imported = ""]) =>
        [layer, imported === "nothing" ? [] : imported.split(", ").map(inFull).sort()] as const,
    );
    expect(Object.fromEntries(rows)).toEqual(
      Object.fromEntries(Object.entries(MAY_IMPORT).map(([layer, allowed]) => [layer, [...allowed].sort()])),
    );
  });

  it("lists every folder inside a layer", () => {
    const listed = [...section("Folders").matchAll(/^\| (`[^|]*`) +\|/gm)].flatMap(([, cell = ""]) =>
      [...cell.matchAll(/`([^`]+)`/g)].map(([, folder = ""]) => folder),
    );
    const folders = readdirSync(join(ROOT, "src"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map((entry) => relative(join(ROOT, "src"), join(entry.parentPath, entry.name)));
    expect([...listed].sort()).toEqual(folders.filter((folder) => folder.includes("/")).sort());
  });
});
