import { defineConfig } from "vitest/config";

/** The tests that mutants of probes run against: those in one process, without the built program. */
export default defineConfig({
  test: {
    globalSetup: "test/support/global-setup.ts",
    setupFiles: "test/support/seed-properties.ts",
    include: ["test/{values,engine,probe}/**/*.test.ts"],
    testTimeout: 60_000,
  },
});
