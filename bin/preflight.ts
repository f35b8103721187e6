import { setFlagsFromString } from "node:v8";
import { ProgramLoader } from "../src/cli/code-cache.ts";
import { isWrittenEarly } from "../src/cli/early-output.ts";
import { guardProcess } from "../src/cli/guard-process.ts";
import type { start } from "../src/cli/start.ts";

/** Set by the build. */
declare const __BUILD__: string;
declare const __BUNDLES__: Readonly<Record<string, readonly string[]>>;
declare const __VERSION__: string;

/**
 * By default V8 optimizes functions so soon that it optimizes for a run that is already over; the flag that says how long
 * it waits differs by version. Has no effect on results. Figures: bench/README.md.
 */
const LATER_OPTIMIZATION: ReadonlyMap<string, string> = new Map([
  ["20", "--interrupt-budget=1000000"],
  ["22", "--invocation-count-for-turbofan=30000"],
  ["24", "--invocation-count-for-turbofan=30000"],
]);

const words = process.argv.slice(2);
let loader: ProgramLoader | null = null;
guardProcess(
  process,
  async (state) => {
    // What scripts ask first, and often: nothing has to be loaded for it.
    if (words.length === 1 && words[0] === "--version" && isWrittenEarly(`${__VERSION__}\n`)) return 0;
    const flag = LATER_OPTIMIZATION.get(process.versions.node.split(".")[0] ?? "");
    if (flag !== undefined) setFlagsFromString(flag);
    loader = new ProgramLoader({
      ...{ program: import.meta.dirname, build: __BUILD__, bundles: __BUNDLES__, env: process.env },
      importModule: (specifier) => import(specifier),
    });
    return (loader.load("./start.js") as { start: typeof start }).start(process, state);
  },
  () => loader?.save(),
);
