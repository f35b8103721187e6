import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

/** Tests of functions without state: they share loaded modules, which takes a third of the time. */
const PURE = ["values", "facts", "site", "engine", "rules", "report", "plugin", "input"].map(
  (layer) => `test/${layer}/**/*.test.ts`,
);

export default defineConfig({
  test: {
    // Property tests draw the same values in every run; PREFLIGHT_FUZZ_SEED chooses others.
    globalSetup: "test/support/global-setup.ts",
    setupFiles: "test/support/seed-properties.ts",
    // Some tests start the built program or real servers; a slow machine must not fail them.
    testTimeout: 60_000,
    hookTimeout: 120_000,
    // Most tests wait for the programs and servers that they start: two cores take three of them at once.
    maxWorkers: Math.max(3, availableParallelism() - 1),
    projects: [
      { extends: true, test: { name: "pure", include: PURE, isolate: false } },
      { extends: true, test: { name: "whole", include: ["test/**/*.test.ts"], exclude: PURE } },
    ],
  },
});
