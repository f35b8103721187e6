/** Bundles the program into `dist/`, so that the installed package loads few files and needs no other package. */
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { build as bundle, type BuildResult, type Metafile, type OutputFile, type Plugin } from "esbuild";

/** What the shim needs that stands in for `require` in bundled CommonJS packages. */
const REQUIRE =
  'import{createRequire as __createRequire}from"node:module";const require=__createRequire(import.meta.url);';

const SHEBANG = "#!/usr/bin/env node\n";

/**
 * Entry points by the name of their output. Those of one group share files; those of different groups do not, so that the
 * program people run is not split into dozens of files for the sake of modules that it never loads.
 */
export interface BuildOptions {
  /** Folder that holds package.json and node_modules. */
  readonly root: string;
  readonly outdir: string;
  readonly entries: readonly Readonly<Record<string, string>>[];
  /** Name of the entry that people run. */
  readonly executable: string;
  /** A module that replaces `rules/index.generated.ts`: tests run the program with a small, fixed list of rules. */
  readonly catalogue?: string;
}

/** Builds in memory, writes beside `outdir` and renames, so that nobody ever meets half a build. */
export async function build({ root, outdir, entries, executable, catalogue }: BuildOptions): Promise<void> {
  const results = await Promise.all(entries.map((group) => bundled(root, outdir, group, catalogue)));
  const licences = await licencesOf(
    root,
    results.map(({ metafile }) => metafile),
  );
  await mkdir(dirname(outdir), { recursive: true });
  const fresh = await mkdtemp(join(dirname(outdir), ".dist-"));
  try {
    await chmod(fresh, 0o755);
    for (const result of results) {
      for (const file of result.outputFiles) {
        const path = join(fresh, relative(outdir, file.path));
        await mkdir(dirname(path), { recursive: true });
        await writeFile(path, finished(file, result, file.path === join(outdir, `${executable}.js`)));
      }
    }
    await chmod(join(fresh, `${executable}.js`), 0o755);
    await writeFile(join(fresh, "THIRD-PARTY-LICENSES.txt"), licences);
    await replace(outdir, fresh);
  } finally {
    await rm(fresh, { recursive: true, force: true });
  }
}

async function bundled(
  root: string,
  outdir: string,
  group: Readonly<Record<string, string>>,
  catalogue: string | undefined,
) {
  return bundle({
    absWorkingDir: root,
    entryPoints: group,
    outdir,
    bundle: true,
    splitting: true,
    format: "esm",
    platform: "node",
    target: "node20",
    minifySyntax: true,
    minifyWhitespace: true,
    legalComments: "none",
    define: { __VERSION__: JSON.stringify((await packageAt(root)).version) },
    metafile: true,
    write: false,
    logLevel: "warning",
    plugins: [
      separateProgram,
      plainHelpWidth,
      oneFileOf(join(root, "src", "values")),
      ...(catalogue === undefined ? [] : [ruleIndexFrom(catalogue)]),
    ],
  });
}

/** Where {@link separateProgram} expects the program that the executable guards. */
const PROGRAM = "start";

/**
 * The executable installs its handlers and only then loads the program, so it must be a file without imports of ours. The
 * bundler would have it import a shared file of helpers first; as another group's output, the program is loaded by name.
 */
const separateProgram: Plugin = {
  name: "separate-program",
  setup(build) {
    build.onResolve({ filter: /\/start\.ts$/ }, ({ kind }) =>
      kind === "dynamic-import" ? { path: `./${PROGRAM}.js`, external: true } : null,
    );
  },
};

/** The groups of the command line: the executable, the program, and the thread that watches plugins. */
export const COMMAND_LINE = [
  { preflight: "bin/preflight.ts" },
  { [PROGRAM]: "src/cli/start.ts" },
  { "watchdog-thread": "src/cli/watchdog-thread.ts" },
];

/**
 * yargs lays its help out with `string-width`, which sets up an `Intl.Segmenter` and Unicode property tables as soon as
 * it is loaded: half of the program's start-up time, on every run. Our help is plain ASCII, where a character is a column.
 */
const plainHelpWidth: Plugin = {
  name: "plain-help-width",
  setup(build) {
    build.onResolve({ filter: /^string-width$/ }, () => ({ path: "string-width", namespace: "plain-help-width" }));
    build.onLoad({ filter: /.*/, namespace: "plain-help-width" }, () => ({
      contents: "export default (text) => text.length;",
    }));
  },
};

/**
 * The bundler puts modules into one file that are loaded by the same parts of the program. Small ones that everybody uses
 * a few of would each become a file, all of which are open at once while the program starts. Here each of a folder draws
 * in all others behind its own imports, so that they stay together. None of them does anything when it is loaded.
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

/** The text of an output, with what must stand before it. */
function finished(file: OutputFile, { metafile }: BuildResult<{ metafile: true }>, isExecutable: boolean): string {
  const requires = Object.values(metafile.outputs).some(({ imports }) =>
    imports.some(({ kind, external }) => kind === "require-call" && external === true),
  );
  const code = file.text.replace(/^#!.*\n/, "");
  return `${isExecutable ? SHEBANG : ""}${requires ? `${REQUIRE}\n` : ""}${code}`;
}

/** Puts `fresh` in the place of `outdir`. Another build may do the same at the same time; the last one wins. */
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

/** Names, versions and licence texts of all packages that have code in the output. */
async function licencesOf(root: string, metafiles: readonly Metafile[]): Promise<string> {
  const outputs = metafiles.flatMap((metafile) => Object.values(metafile.outputs));
  const inputs = outputs.flatMap(({ inputs }) => Object.entries(inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => packageFolder(path));
  const folders = [...new Set(used.filter((folder) => folder !== null))];
  // A package may lie in two folders; it is named once.
  const parts = [...new Set(await Promise.all(folders.map((folder) => licenceOf(join(root, folder)))))].sort();
  return ["This program contains code of the following packages.\n", ...parts].join(`\n${"-".repeat(80)}\n\n`);
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

async function packageAt(folder: string): Promise<{ name: string; version: string; license?: string }> {
  return JSON.parse(await readFile(join(folder, "package.json"), "utf8")) as Awaited<ReturnType<typeof packageAt>>;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const root = join(dirname(fileURLToPath(import.meta.url)), "..");
  const entries = [...COMMAND_LINE, { index: "src/run/index.ts", plugin: "src/plugin/index.ts" }];
  await build({ root, outdir: join(root, "dist"), entries, executable: "preflight" });
  console.log(`Built ${basename(join(root, "dist"))}/`);
}
