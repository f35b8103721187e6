/** Writes the type declarations of the public modules into `dist/types`, for `npm pack`. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import ts from "typescript";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const OUT = join(ROOT, "dist", "types");
const ENTRIES = ["src/run/index.ts", "src/plugin/index.ts"];
/** Replacements for the types of packages that have none. */
const AMBIENT = ts.sys.readDirectory(join(ROOT, "src"), [".d.ts"]);

const { config } = ts.readConfigFile(join(ROOT, "tsconfig.json"), (path) => ts.sys.readFile(path)) as {
  readonly config: { readonly compilerOptions: object };
};
const { options } = ts.convertCompilerOptionsFromJson(
  { ...config.compilerOptions, noEmit: false, declaration: true, emitDeclarationOnly: true },
  ROOT,
);
const program = ts.createProgram([...ENTRIES.map((entry) => join(ROOT, entry)), ...AMBIENT], {
  ...options,
  rootDir: ROOT,
  outDir: OUT,
});
const emitted = new Map<string, string>();
const { diagnostics } = program.emit(undefined, (path, text) => {
  // Declarations refer to the modules beside them by their names at run time.
  emitted.set(resolve(path), text.replaceAll(/(from |import |import\()"(\.{1,2}\/[^"]*)\.ts"/g, '$1"$2.js"'));
});
rmSync(OUT, { recursive: true, force: true });
for (const path of publicDeclarations()) {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, emitted.get(path) ?? "");
}
/** The declarations of the public modules, direct and indirect: not those of code that they call. */
function publicDeclarations(): ReadonlySet<string> {
  const declaration = (path: string) => resolve(path.replace(/\.[jt]s$/, ".d.ts"));
  const found = new Set<string>();
  const open = ENTRIES.map((entry) => declaration(join(OUT, entry)));
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    const text = emitted.get(path);
    if (text === undefined || found.has(path)) continue;
    found.add(path);
    const folder = dirname(path);
    const imports = text.matchAll(/(?:from |import |import\()"(\.{1,2}\/[^"]*)"/g);
    open.push(...[...imports].map(([, target = ""]) => declaration(join(folder, target))));
  }
  return found;
}

const mistakes = [...ts.getPreEmitDiagnostics(program), ...diagnostics];
if (mistakes.length > 0) {
  const host = {
    getCanonicalFileName: (path: string) => path,
    getCurrentDirectory: () => ROOT,
    getNewLine: () => "\n",
  };
  console.error(ts.formatDiagnostics(mistakes, host));
  process.exitCode = 1;
} else console.log(`Wrote ${relative(ROOT, OUT)}/`);
