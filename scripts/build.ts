/** Bundles the program into `dist/`, so that the installed package loads few files and needs no other package. */
import { createHash } from "node:crypto";
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import {
  build as bundle,
  type BuildOptions as BundleOptions,
  type BuildResult,
  type Metafile,
  type Plugin,
  transform,
} from "esbuild";
import { MODULE_PARAMETERS } from "../src/cli/code-cache.ts";

/** What the shim needs that replaces `require` in CommonJS packages that are bundled into an ES module. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

const SHEBANG = "#!/usr/bin/env node\n";

/**
 * Modules whose code is in one bundle with all that they import and no bundle before has: what every command needs, what
 * those about rules need, and what a check of YAML and JSON files needs, up to its text on a terminal.
 * `test/cli/start-up.test.ts` holds the list.
 */
const BUNDLES: Readonly<Record<string, readonly string[]>> = {
  "bundle-start.js": ["src/cli/start.ts", "src/cli/arguments/help-text.ts"],
  "bundle-rules.js": ["src/cli/commands/rules.ts"],
  "bundle-check.js": [
    "src/cli/commands/check.ts",
    "src/input/syntax/yaml.ts",
    "src/input/certificates/parse-certificates.ts",
    "src/report/stylish/stylish.ts",
  ],
};

/** The program as the command line starts it; see `src/cli/code-cache.ts`. */
const EXECUTABLE = { preflight: "bin/preflight.ts" };
const PROGRAM = { start: "src/cli/start.ts" };
const THREAD = { "watchdog-thread": "src/cli/watchdog-thread.ts" };

export interface BuildOptions {
  /** Folder that holds package.json and node_modules. */
  readonly root: string;
  readonly outdir: string;
  /** Modules for other programs, by the name of their output; ES modules, while the program is CommonJS. */
  readonly api?: Readonly<Record<string, string>>;
  /** A module that replaces `rules/index.generated.ts`: tests run the program with a small, fixed list of rules. */
  readonly catalogue?: string;
}

/** An output file, by its path inside `dist/`. */
interface Output {
  readonly path: string;
  readonly text: string;
}

/** Builds in memory, writes beside `outdir` and renames, so that `outdir` never contains half a build. */
export async function build({ root, outdir, api = {}, catalogue }: BuildOptions): Promise<void> {
  const { version, homepage = null } = await packageAt(root);
  const common = { root, outdir, catalogue, version, homepage };
  const program = await bundled(common, PROGRAM, { format: "esm", splitting: true });
  const files = await Promise.all(outputsOf(program, outdir).map(commonJsOf));
  const bundles = bundlesOf(program.metafile, relative(root, outdir));
  const modules = inBundles(files, bundles);
  const id = createHash("sha256").update(JSON.stringify(modules)).digest("hex").slice(0, 16);
  const executable = await bundled(common, EXECUTABLE, {
    format: "cjs",
    define: {
      __BUILD__: JSON.stringify(id),
      __BUNDLES__: JSON.stringify(bundles),
      "import.meta.dirname": "__dirname",
    },
  });
  const thread = await bundled(common, THREAD, { format: "cjs" });
  const library = await bundled(common, api, { format: "esm", splitting: true, outExtension: { ".js": ".mjs" } });
  const results = [program, executable, thread, library];
  const folders = packagesIn(results.map(({ metafile }) => metafile)).map((folder) => join(root, folder));
  const outputs: readonly Output[] = [
    ...modules,
    ...outputsOf(executable, outdir).map(({ path, text }) => ({
      path,
      text: `${SHEBANG}${text.replace(/^#!.*\n/, "")}`,
    })),
    ...outputsOf(thread, outdir),
    ...outputsOf(library, outdir).map(withRequire(library)),
    { path: "package.json", text: '{ "type": "commonjs" }\n' },
    { path: "THIRD-PARTY-LICENSES.txt", text: await licencesOf(folders) },
    { path: "sbom.cdx.json", text: await sbomOf(root, folders) },
  ];
  await mkdir(dirname(outdir), { recursive: true });
  const fresh = await mkdtemp(join(dirname(outdir), ".dist-"));
  try {
    await chmod(fresh, 0o755);
    for (const { path, text } of outputs) await writeFile(join(fresh, path), text);
    await chmod(join(fresh, "preflight.js"), 0o755);
    await replace(outdir, fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

interface Common {
  readonly root: string;
  readonly outdir: string;
  readonly catalogue: string | undefined;
  readonly version: string;
  readonly homepage: string | null;
}

type Bundle = BuildResult<{ metafile: true; write: false }>;

async function bundled(
  { root, outdir, catalogue, version, homepage }: Common,
  entryPoints: Readonly<Record<string, string>>,
  { define, ...options }: BundleOptions,
): Promise<Bundle> {
  return bundle({
    absWorkingDir: root,
    entryPoints,
    outdir,
    bundle: true,
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { __VERSION__: JSON.stringify(version), __HOMEPAGE__: JSON.stringify(homepage), ...define },
    metafile: true,
    write: false,
    logLevel: "warning",
    plugins: [oneFileOf(join(root, "src", "values")), ...(catalogue === undefined ? [] : [ruleIndexFrom(catalogue)])],
    ...options,
  });
}

function outputsOf({ outputFiles }: Bundle, outdir: string): readonly Output[] {
  return outputFiles.map(({ path, text }) => ({ path: relative(outdir, path), text }));
}

/**
 * A file of the program as CommonJS: the bundler splits ES modules only, and only scripts can be loaded from compiled
 * code on every Node. Imports of other files become `require`; those of plugins, whose names are not known here, go
 * through the executable: Node does not know modules for code that it did not load itself.
 */
async function commonJsOf({ path, text }: Output): Promise<Output> {
  const loaded = text
    .replaceAll(/\bimport\("((?:\.\/|node:)[^"]+)"\)/g, 'Promise.resolve().then(()=>require("$1"))')
    .replaceAll(/\bimport\(/g, "__import(");
  const { code } = await transform(loaded, {
    format: "cjs",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    define: { "import.meta.url": "__url" },
    banner: loaded.includes("import.meta.url") ? 'const __url=require("node:url").pathToFileURL(__filename).href;' : "",
  });
  return { path, text: code };
}

/** The files of each bundle as the program names them: its entry points and what they import, without earlier bundles. */
function bundlesOf({ outputs }: Metafile, outdir: string): Readonly<Record<string, readonly string[]>> {
  const seen = new Set<string>();
  const add = (path: string, to: string[]): void => {
    const output = outputs[path];
    if (output === undefined || seen.has(path)) return;
    seen.add(path);
    to.push(`./${relative(outdir, path)}`);
    for (const { path: imported, kind } of output.imports) if (kind === "import-statement") add(imported, to);
  };
  return Object.fromEntries(
    Object.entries(BUNDLES).map(([bundle, entryPoints]) => {
      const names: string[] = [];
      for (const entryPoint of entryPoints) {
        const entry = Object.entries(outputs).find(([, output]) => output.entryPoint === entryPoint);
        if (entry === undefined) throw new Error(`${entryPoint} is not loaded on demand; correct BUNDLES.`);
        add(entry[0], names);
      }
      return [bundle, names];
    }),
  );
}

/** The files with those of a bundle in one: a table of functions by name. */
function inBundles(files: readonly Output[], bundles: Readonly<Record<string, readonly string[]>>): readonly Output[] {
  const textOf = new Map(files.map(({ path, text }) => [`./${path}`, text]));
  const joined = Object.entries(bundles).map(([path, names]) => {
    const functions = names.map((name) => {
      const text = textOf.get(name) ?? "";
      textOf.delete(name);
      return `${JSON.stringify(name)}:(function(${MODULE_PARAMETERS}){${text}\n})`;
    });
    return { path, text: `({${functions.join(",\n")}})\n` };
  });
  return [...files.filter(({ path }) => textOf.has(`./${path}`)), ...joined];
}

/** The text of an ES module, with the shim before it. */
function withRequire({ metafile }: Bundle): (output: Output) => Output {
  const isNeeded = Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ kind, external }) => kind === "require-call" && external === true),
  );
  return ({ path, text }) => ({ path, text: isNeeded ? `${REQUIRE}\n${text}` : text });
}

/**
 * The bundler puts modules that are loaded by the same parts of the program into one file. Small modules that
 * everything uses would each become a file, all of which would be open at once during start-up. Here each module of a
 * folder imports all others after its own imports, so that they stay together. None of them has side effects.
 */
function oneFileOf(folder: string): Plugin {
  return {
    name: "one-file-of-a-folder",
    setup(build) {
      build.onLoad({ filter: /\.ts$/ }, async ({ path }) => {
        if (!path.startsWith(`${folder}${sep}`)) return null;
        const all = await readdir(folder, { recursive: true });
        const others = all.map((name) => join(folder, name)).filter((file) => file.endsWith(".ts") && file !== path);
        const imports = others.sort().map((file) => `import ${JSON.stringify(file)};\n`);
        return { contents: `${await readFile(path, "utf8")}\n${imports.join("")}`, loader: "ts" };
      });
    },
  };
}

function ruleIndexFrom(catalogue: string): Plugin {
  return {
    name: "rule-index-from",
    setup(build) {
      build.onResolve({ filter: /\/rules\/index\.generated\.ts$/ }, () => ({ path: catalogue }));
    },
  };
}

/** Replaces `outdir` by `fresh`. Another build may do the same at the same time; the last one wins. */
async function replace(outdir: string, fresh: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const old = `${fresh}-old-${attempt}`;
    await rename(outdir, old).catch(ignore("ENOENT"));
    await rm(old, { recursive: true, force: true });
    try {
      await rename(fresh, outdir);
      return;
    } catch (error) {
      if (attempt === 10) throw error;
      ignore("ENOTEMPTY", "EEXIST")(error);
    }
  }
}

function ignore(...codes: readonly string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes((error as NodeJS.ErrnoException).code ?? "")) throw error;
  };
}

/** The folders of all packages with code in the output. */
function packagesIn(metafiles: readonly Metafile[]): readonly string[] {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap(({ inputs }) => Object.entries(inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => packageFolder(path));
  return [...new Set(used.filter((folder) => folder !== null))].sort();
}

/** Their names, versions and licence texts. */
async function licencesOf(folders: readonly string[]): Promise<string> {
  // A package may be in two folders; it is listed once.
  const parts = [...new Set(await Promise.all(folders.map(licenceOf)))].sort();
  return ["This program contains code of the following packages.\n", ...parts].join(`\n${"-".repeat(80)}\n\n`);
}

/**
 * The software bill of materials in CycloneDX 1.6 (ECMA-424): the program and the packages whose code it contains.
 * Without time and serial number, so that equal sources give equal builds.
 */
async function sbomOf(root: string, folders: readonly string[]): Promise<string> {
  const component = async (folder: string, type: "application" | "library") => {
    const { name, version, license } = await packageAt(folder);
    const purl = `pkg:npm/${name.replace("@", "%40")}@${version}`;
    const licenses = license === undefined ? {} : { licenses: [{ expression: license }] };
    return { type, "bom-ref": purl, name, version, purl, ...licenses };
  };
  const program = await component(root, "application");
  const found = new Map(
    (await Promise.all(folders.map((folder) => component(folder, "library")))).map((part) => [part.purl, part]),
  );
  const components = [...found.keys()].sort().flatMap((purl) => found.get(purl) ?? []);
  const bom = {
    bomFormat: "CycloneDX",
    specVersion: "1.6",
    version: 1,
    metadata: { component: program },
    components,
    dependencies: [
      { ref: program.purl, dependsOn: components.map(({ purl }) => purl) },
      ...components.map(({ purl }) => ({ ref: purl })),
    ],
  };
  return `${JSON.stringify(bom, null, 2)}\n`;
}

/** `node_modules/yaml` for a file of that package, null for one of our own. */
function packageFolder(path: string): string | null {
  return /^(?:.*\/)?node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? null;
}

async function licenceOf(folder: string): Promise<string> {
  const { name, version, license } = await packageAt(folder);
  const files = (await readdir(folder)).filter((file) => /^(licen[cs]e|copying|notice)/i.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), "utf8")));
  if (texts.length === 0 && license === undefined) throw new Error(`${name} states no licence; it cannot be bundled.`);
  return [`${name} ${version} (${license ?? "see below"})\n`, ...texts.map((text) => `${text.trim()}\n`)].join("\n");
}

async function packageAt(
  folder: string,
): Promise<{ name: string; version: string; license?: string; homepage?: string }> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Awaited<ReturnType<typeof packageAt>>;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const api = { index: "src/run/index.ts", plugin: "src/plugin/index.ts" };
  await build({ root, outdir: join(root, "dist"), api });
  console.log(`Built ${basename(join(root, "dist"))}/`);
}
