import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { preProcessFile } from "typescript";
import { describe, expect, it } from "vitest";

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

/** Modules of Node that touch the outside world, and the layers or folders that may. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  "node:fs": ["src/input", "src/inventory", "src/cli"],
  "node:fs/promises": ["src/input", "src/inventory", "src/cli"],
  "node:net": ["src/probe"],
  "node:tls": ["src/probe", "src/inventory/vsphere"],
  "node:dgram": ["src/probe"],
  // To read which servers the system is configured with; names are resolved by our own client alone, see below.
  "node:dns": ["src/probe"],
  // For its types; requests are made over TLS.
  "node:http": ["src/inventory/vsphere"],
  "node:https": ["src/inventory/vsphere"],
  "node:child_process": [],
};

/** All that rules and their helpers see of the engine. */
const RULE_API = ["src/engine/api/rule.ts", "src/engine/api/question.ts", "src/engine/api/mutation.ts"];

interface Import {
  readonly file: string;
  readonly layer: string;
  readonly target: string;
}

const files = ["src", "rules", "bin"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);
const imports = files.flatMap(importsOf);

/** Everything that a file imports: statements, re-exports and `import()`; a sentence in a comment is none. */
function importsOf(file: string): readonly Import[] {
  const { importedFiles } = preProcessFile(readFileSync(join(ROOT, file), "utf8"), true, true);
  return importedFiles.map(({ fileName }) => ({ file, layer: layerOf(file), target: resolveTarget(file, fileName) }));
}

function resolveTarget(file: string, target: string): string {
  return target.startsWith(".") ? relative(ROOT, join(ROOT, dirname(file), target)) : target;
}

function layerOf(file: string): string {
  return Object.keys(MAY_IMPORT).find((layer) => file.startsWith(`${layer}/`)) ?? "";
}

describe("layers", () => {
  it("contain every file, and none is empty", () => {
    expect(files.filter((file) => layerOf(file) === "")).toEqual([]);
    expect(Object.keys(MAY_IMPORT).filter((layer) => !files.some((file) => file.startsWith(`${layer}/`)))).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))("%s imports only %j", (layer, allowed) => {
    const wrong = imports.filter(
      ({ layer: from, target }) =>
        from === layer && /^(src|rules|bin)\//.test(target) && ![layer, ...allowed].includes(layerOf(target)),
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(OUTSIDE))("%s is imported only by %j", (module, allowed) => {
    const isAllowed = (file: string) => allowed.some((folder) => file.startsWith(`${folder}/`));
    expect(imports.filter(({ file, target }) => target === module && !isAllowed(file))).toEqual([]);
  });

  it("lets no resolver but our own resolve a name", () => {
    const importers = imports.filter(({ target }) => /^node:dns(\/|$)/.test(target)).map(({ file }) => file);
    expect(importers).toEqual(["src/probe/dns/system-resolvers.ts"]);
    const code = readFileSync(join(ROOT, "src/probe/dns/system-resolvers.ts"), "utf8");
    expect(code.match(/import .* from "node:dns"/g)).toEqual(['import { getServers } from "node:dns"']);
  });

  it("names only modules and layers that are really imported", () => {
    for (const [module, allowed] of Object.entries(OUTSIDE)) {
      if (allowed.length > 0 && module !== "node:fs/promises") {
        expect(
          imports.some(({ target }) => target === module),
          module,
        ).toBe(true);
      }
    }
    for (const module of RULE_API) expect(files).toContain(module);
  });

  it("reads imports and not sentences about them", () => {
    const found = imports.filter(({ file }) => file === "rules/shared/dns-answers.ts").map(({ target }) => target);
    expect(found).toEqual(expect.arrayContaining(["src/engine/api/rule.ts", "src/site/core/partial-list.ts"]));
    expect(
      imports.some(({ file, target }) => file === "src/run/live/observe.ts" && target === "src/probe/prober.ts"),
    ).toBe(true);
    const targets = new Set(imports.map(({ target }) => target));
    expect([...targets].filter((target) => !/^(node:|src\/|rules\/|[a-z@][a-z0-9@/.-]*$)/.test(target))).toEqual([]);
  });

  it("lets rules and their helpers see the rule API and nothing else of the engine, and no other rule", () => {
    const wrong = imports.filter(
      ({ layer, file, target }) =>
        (layer === "rules" || layer === "rules/shared") &&
        !file.endsWith("index.generated.ts") &&
        ((target.startsWith("src/engine/") && !RULE_API.includes(target)) ||
          (target.startsWith("rules/") && !target.startsWith("rules/shared/"))),
    );
    expect(wrong).toEqual([]);
  });

  it("has no helper of rules that a single rule uses", () => {
    const helpers = files.filter((file) => file.startsWith("rules/shared/"));
    expect(helpers.length).toBeGreaterThan(3);
    const users = (helper: string) => imports.filter(({ target }) => target === helper).length;
    expect(helpers.filter((helper) => users(helper) < 2)).toEqual([]);
  });

  it("lets rules import nothing from outside the project", () => {
    expect(imports.filter(({ layer, target }) => layer.startsWith("rules") && !/^(src|rules)\//.test(target))).toEqual(
      [],
    );
  });

  it("keeps process, console and timers out of the pure layers", () => {
    const pure = files.filter((file) => /^(src\/(values|facts|site|engine|report)|rules)\//.test(file));
    expect(pure.length).toBeGreaterThan(20);
    const wrong = pure.filter((file) => {
      const code = readFileSync(join(ROOT, file), "utf8").replaceAll(
        /\/\*[\s\S]*?\*\/|\/\/.*$|`[^`]*`|"[^"\n]*"/gm,
        "",
      );
      return /\b(process|console)\.|\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bfetch\(/.test(code);
    });
    expect(wrong).toEqual([]);
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
