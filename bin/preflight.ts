import { guardProcess } from "../src/cli/guard-process.ts";

guardProcess(process, async (state) => (await import("../src/cli/start.ts")).start(process, state));
