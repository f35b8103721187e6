/**
 * A test runner for Stryker that keeps one process: each test file is bundled once and evaluated again for each mutant,
 * so that values computed by modules are those of the mutant as well. For tests of pure functions: no servers, no
 * timers of vitest.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative } from "node:path";
import { pathToFileURL } from "node:url";
import { Script } from "node:vm";
import type { MutantCoverage } from "@stryker-mutator/api/core";
import { declareClassPlugin, PluginKind } from "@stryker-mutator/api/plugin";
import {
  determineHitLimitReached,
  type DryRunOptions,
  type DryRunResult,
  DryRunStatus,
  type MutantRunOptions,
  type MutantRunResult,
  type TestResult,
  type TestRunner,
  TestStatus,
  toMutantRunResult,
} from "@stryker-mutator/api/test-runner";
import { build as bundle, type Plugin } from "esbuild";
import { type DeclaredTest, testModule } from "./test-module.ts";

/** The state that instrumented code reads and writes. */
interface Instrumented {
  activeMutant?: string | undefined;
  currentTestId?: string | undefined;
  mutantCoverage?: MutantCoverage;
  hitCount?: number;
  hitLimit?: number | undefined;
}
const scope = globalThis as unknown as { __stryker__?: Instrumented };
const state: Instrumented = (scope.__stryker__ ??= {});

/** A bundle has no folder of its own: every module keeps that of its source. */
const ownFolders: Plugin = {
  name: "own-folders",
  setup(build) {
    build.onLoad({ filter: /\.ts$/ }, ({ path }) => ({
      loader: "ts",
      contents: readFileSync(path, "utf8")
        .replaceAll("import.meta.dirname", JSON.stringify(dirname(path)))
        .replaceAll("import.meta.filename", JSON.stringify(path))
        .replaceAll("import.meta.url", JSON.stringify(pathToFileURL(path).href)),
    }));
  },
};

export class InProcessRunner implements TestRunner {
  readonly #root = process.cwd();
  readonly #scripts = new Map<string, Promise<Script>>();

  /** Property tests draw the same values in every run. */
  async init(): Promise<void> {
    await this.#load("test/support/seed-properties.ts");
  }

  capabilities() {
    return { reloadEnvironment: true };
  }

  async dryRun({ files = [] }: DryRunOptions): Promise<DryRunResult> {
    const coverage: MutantCoverage = { static: {}, perTest: {} };
    state.mutantCoverage = coverage;
    state.activeMutant = undefined;
    const tests: TestResult[] = [];
    for (const file of testsOf(
      files.map((path) => relative(this.#root, path)),
      this.#root,
    )) {
      state.currentTestId = undefined;
      for (const test of await this.#load(file)) {
        state.currentTestId = `${file}#${test.name}`;
        tests.push(await resultOf(state.currentTestId, test));
      }
    }
    state.currentTestId = undefined;
    return { status: DryRunStatus.Complete, tests, mutantCoverage: coverage };
  }

  async mutantRun({ activeMutant, hitLimit, testFilter, sandboxFileName }: MutantRunOptions): Promise<MutantRunResult> {
    Object.assign(state, { activeMutant: activeMutant.id, hitLimit, hitCount: 0, currentTestId: undefined });
    const tests: TestResult[] = [];
    // Without a filter, the mutant is in code that runs while a module is loaded.
    const wanted = testFilter === undefined ? null : new Set(testFilter);
    const files =
      testFilter?.map((id) => id.slice(0, id.indexOf("#"))) ??
      testsOf([relative(this.#root, sandboxFileName)], this.#root);
    try {
      for (const file of new Set(files)) {
        for (const test of await this.#load(file)) {
          const id = `${file}#${test.name}`;
          if (wanted?.has(id) === false) continue;
          const result = await resultOf(id, test);
          tests.push(result);
          if (result.status === TestStatus.Failed) return this.#result(tests, hitLimit);
        }
      }
    } catch (error) {
      // The file itself cannot be evaluated with this mutant; reported as a runner does for a whole file.
      const failed = {
        id: "load",
        name: "load",
        timeSpentMs: 0,
        status: TestStatus.Failed,
        failureMessage: String(error),
      } as const;
      tests.push(failed);
    }
    return this.#result(tests, hitLimit);
  }

  #result(tests: TestResult[], hitLimit: number | undefined): MutantRunResult {
    const timeout = determineHitLimitReached(state.hitCount, hitLimit);
    return toMutantRunResult(timeout ?? { status: DryRunStatus.Complete, tests });
  }

  async #load(file: string): Promise<readonly DeclaredTest[]> {
    const path = join(this.#root, file);
    let script = this.#scripts.get(file);
    if (script === undefined) this.#scripts.set(file, (script = bundled(path)));
    const { exports, tests } = testModule(path);
    const load = createRequire(path);
    const evaluate = (await script).runInThisContext() as (require: (id: string) => unknown, module: object) => void;
    evaluate((id) => (id === "vitest" ? exports : load(id)), { exports: {} });
    return tests;
  }
}

async function bundled(path: string): Promise<Script> {
  const { outputFiles } = await bundle({
    entryPoints: [path],
    bundle: true,
    write: false,
    format: "cjs",
    platform: "node",
    target: "node20",
    packages: "external",
    plugins: [ownFolders],
    logLevel: "silent",
  });
  return new Script(`(function (require, module) { const exports = module.exports; ${outputFiles[0]?.text ?? ""}\n})`, {
    filename: path,
  });
}

async function resultOf(id: string, { name, run }: DeclaredTest): Promise<TestResult> {
  const start = performance.now();
  const base = () => ({ id, name, timeSpentMs: performance.now() - start });
  try {
    await run();
    return { ...base(), status: TestStatus.Success };
  } catch (error) {
    return {
      ...base(),
      status: TestStatus.Failed,
      failureMessage: error instanceof Error ? error.message : String(error),
    };
  }
}

/** Layers whose tests need only one process. */
const LAYERS = ["values", "facts", "site", "engine", "rules", "plugin", "input"];

function filesBelow(folder: string, root: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(folder, name));
}

/** The tests of the mutated files: its own for a rule, and all tests of rules for code that several rules share. */
function testsOf(files: readonly string[], root: string): readonly string[] {
  const own = files.map((file) => `test/${file.replace(/^src\//, "").replace(/\.ts$/, ".test.ts")}`);
  const all = files.some((file) => !file.startsWith("rules/") || file.startsWith("rules/shared/"));
  const found = all ? LAYERS.flatMap((layer) => filesBelow(join("test", layer), root)) : [];
  // Mocks and conditions belong to vitest itself.
  const usable = (file: string): boolean =>
    existsSync(join(root, file)) &&
    !/\b(?:vi|onTestFinished)\b.*from "vitest"|\.(?:runIf|skipIf)\(/.test(readFileSync(join(root, file), "utf8"));
  return [...new Set([...own, ...found])].filter(usable);
}

export const strykerPlugins = [declareClassPlugin(PluginKind.TestRunner, "in-process", InProcessRunner)];
