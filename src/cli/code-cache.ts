import { createHash } from "node:crypto";
import { lstatSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { Script } from "node:vm";

/** Locations of the program's files and of their compiled code. */
export interface CodeCacheOptions {
  /** Folder of the built program. */
  readonly program: string;
  /** Identity of the build, as another build has other code. */
  readonly build: string;
  /** The modules that are not files of their own, by the file that contains them. */
  readonly bundles: Readonly<Record<string, readonly string[]>>;
  readonly env: NodeJS.ProcessEnv;
  /** The executable's own `import`: Node cannot resolve modules for code that it did not load itself. */
  readonly importModule: (specifier: string) => Promise<unknown>;
}

/** The parameters of the function that a module is. */
export const MODULE_PARAMETERS = "exports,require,module,__filename,__dirname,__import";

interface ModuleRecord {
  readonly exports: Record<string, unknown>;
}

type ModuleFunction = (
  exports: object,
  require: (name: string) => unknown,
  module: ModuleRecord,
  __filename: string,
  __dirname: string,
  __import: CodeCacheOptions["importModule"],
) => void;

/**
 * Loads files of the program, and caches the code that V8 compiled for the next start: more than a third of a short run
 * is compilation. The modules that most runs need are in a few bundles, as opening a file and setting up its script
 * takes longer than running most modules. The cache is one file in the user's cache folder, used only if that folder
 * belongs to the user and only the user can write to it. It does not change any result: without it, with another Node or
 * build, or if it cannot be written, everything is compiled as usual. `PREFLIGHT_CODE_CACHE=off` disables it.
 */
export class ProgramLoader {
  readonly #options: CodeCacheOptions;
  readonly #modules = new Map<string, ModuleRecord>();
  readonly #scripts = new Map<string, Script>();
  /** The bundle of each module that is in one. */
  readonly #bundleOf: ReadonlyMap<string, string>;
  /** The modules of the bundles that are loaded. */
  readonly #bundles = new Map<string, Readonly<Record<string, ModuleFunction>>>();
  readonly #builtin: NodeJS.Require;
  readonly #cache: CacheFile | null;

  constructor(options: CodeCacheOptions) {
    this.#options = options;
    this.#bundleOf = new Map(
      Object.entries(options.bundles).flatMap(([bundle, names]) => names.map((name) => [name, bundle] as const)),
    );
    this.#builtin = createRequire(join(options.program, "preflight.js"));
    this.#cache = cacheFileOf(options);
  }

  /** Returns the exports of a file of the program, such as `./start.js`. */
  readonly load = (name: string): unknown => {
    if (!name.startsWith("./")) return this.#builtin(name);
    const known = this.#modules.get(name);
    if (known !== undefined) return known.exports;
    const { program } = this.#options;
    const filename = join(program, name);
    const run = this.#functionOf(name);
    const module: ModuleRecord = { exports: {} };
    this.#modules.set(name, module);
    run(module.exports, this.load, module, filename, program, this.#options.importModule);
    return module.exports;
  };

  #functionOf(name: string): ModuleFunction {
    const bundle = this.#bundleOf.get(name);
    if (bundle === undefined) {
      return this.#result(name, (text) => `(function(${MODULE_PARAMETERS}){${text}\n})`) as ModuleFunction;
    }
    let modules = this.#bundles.get(bundle);
    if (modules === undefined) {
      // An empty file has no result.
      modules = (this.#result(bundle, (text) => text) ?? {}) as Readonly<Record<string, ModuleFunction>>;
      this.#bundles.set(bundle, modules);
    }
    const found = modules[name];
    if (found === undefined) throw notFound(join(this.#options.program, bundle));
    return found;
  }

  /** The result of a file as a script. */
  #result(name: string, codeOf: (text: string) => string): unknown {
    const filename = join(this.#options.program, name);
    const cachedData = this.#cache?.entries.get(name);
    const script = new Script(codeOf(readProgram(filename)), { filename, cachedData });
    this.#scripts.set(name, script);
    return script.runInThisContext();
  }

  /**
   * Saves compiled code that is not yet in the cache. Best called at the end of a run, when the functions that ran are
   * compiled.
   */
  save(): void {
    if (this.#cache === null) return;
    const { path, entries, saves } = this.#cache;
    const isNew = [...this.#scripts].some(
      ([name, { cachedDataRejected }]) => !entries.has(name) || cachedDataRejected === true,
    );
    // Commands load different modules, and run different functions of those that they share.
    const kind = String(this.#modules.size);
    const count = saves.get(kind) ?? (saves.size < MOST_KINDS ? 0 : SAVES);
    if (!isNew && count >= SAVES) return;
    const all = new Map(entries);
    for (const [name, script] of this.#scripts) all.set(name, script.createCachedData());
    write(path, all, new Map(saves).set(kind, count + 1));
  }
}

/** How many runs that load the same modules save their code: each adds the functions that no run before it needed. */
const SAVES = 3;

/** Maximum number of kinds of runs, distinguished by the number of modules that they load; further ones save nothing. */
const MOST_KINDS = 24;

interface CacheFile {
  readonly path: string;
  /** Compiled code by file. */
  readonly entries: ReadonlyMap<string, Buffer>;
  /** How often runs of each kind have saved their code. */
  readonly saves: ReadonlyMap<string, number>;
}

interface CacheIndex {
  readonly entries: Readonly<Record<string, readonly [offset: number, length: number]>>;
  readonly saves: Readonly<Record<string, number>>;
}

function readProgram(filename: string): string {
  try {
    return readFileSync(filename, "utf8");
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "ENOENT") throw thrown;
    throw notFound(filename);
  }
}

function notFound(filename: string): Error {
  return Object.assign(new Error(`Cannot find ${filename}`), { code: "ERR_MODULE_NOT_FOUND" });
}

/** Null if no cache may be used. */
function cacheFileOf({ build, env }: CodeCacheOptions): CacheFile | null {
  if (env["PREFLIGHT_CODE_CACHE"] === "off") return null;
  const folder = cacheFolder(env);
  if (folder === null) return null;
  try {
    // One level at a time: a recursive mkdir does not return if the file system denies that a folder exists (/proc).
    makeFolder(dirname(folder));
    makeFolder(folder);
    if (!isPrivate(folder)) return null;
    const path = join(folder, `${build}-${process.version}-${process.arch}.bin`);
    return { path, ...read(path) };
  } catch {
    // No home folder, a read-only file system, no descriptors left.
    return null;
  }
}

/** According to the XDG Base Directory Specification; on Windows and macOS, the usual folder there. */
function cacheFolder(env: NodeJS.ProcessEnv): string | null {
  const home = env["HOME"];
  const base =
    process.platform === "win32"
      ? env["LOCALAPPDATA"]
      : (env["XDG_CACHE_HOME"] ??
        (home === undefined
          ? undefined
          : join(home, ...(process.platform === "darwin" ? ["Library", "Caches"] : [".cache"]))));
  return base === undefined || base === "" ? null : join(base, "infinity-preflight");
}

function makeFolder(path: string): void {
  try {
    mkdirSync(path, { mode: 0o700 });
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code !== "EEXIST") throw thrown;
  }
}

/** Compiled code is code: with a folder that others can write to, they could make the program do anything. */
function isPrivate(folder: string): boolean {
  const { uid, mode } = lstatSync(folder);
  if (process.getuid === undefined) return true;
  return lstatSync(folder).isDirectory() && uid === process.getuid() && (mode & 0o077) === 0;
}

/** Bytes of the digest at the start of the file: V8 does not validate its input, and would crash on damaged code. */
const DIGEST_BYTES = 32;

type CacheContent = Omit<CacheFile, "path">;

const EMPTY: CacheContent = { entries: new Map(), saves: new Map() };

/** Layout: SHA-256 of the rest, length of the index, the index as JSON, the entries. */
function read(path: string): CacheContent {
  try {
    if (lstatSync(path).isSymbolicLink()) return EMPTY;
    const bytes = readFileSync(path);
    const content = bytes.subarray(DIGEST_BYTES);
    if (!digestOf(content).equals(bytes.subarray(0, DIGEST_BYTES))) return EMPTY;
    const start = 4 + content.readUInt32LE(0);
    const { entries, saves } = JSON.parse(content.toString("latin1", 4, start)) as CacheIndex;
    return {
      entries: new Map(
        Object.entries(entries).map(([name, [offset, length]]) => [
          name,
          content.subarray(start + offset, start + offset + length),
        ]),
      ),
      saves: new Map(Object.entries(saves)),
    };
  } catch {
    // Missing, or not written by this program.
    return EMPTY;
  }
}

function digestOf(content: Buffer): Buffer {
  return createHash("sha256").update(content).digest();
}

function write(path: string, entries: CacheFile["entries"], saves: CacheFile["saves"]): void {
  let offset = 0;
  const positions: Record<string, readonly [number, number]> = {};
  for (const [name, { length }] of entries) {
    positions[name] = [offset, length];
    offset += length;
  }
  const index: CacheIndex = { entries: positions, saves: Object.fromEntries(saves) };
  const head = Buffer.from(JSON.stringify(index), "latin1");
  const size = Buffer.alloc(4);
  size.writeUInt32LE(head.length);
  const content = Buffer.concat([size, head, ...entries.values()]);
  const draft = `${path}.${process.pid}`;
  try {
    writeFileSync(draft, Buffer.concat([digestOf(content), content]), { mode: 0o600, flag: "wx" });
    renameSync(draft, path);
  } catch {
    // Full or read-only: the next start compiles again.
    rmSync(draft, { force: true });
  }
}
