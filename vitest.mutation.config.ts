import { defineConfig } from "vitest/config";

/** The tests that mutants run against: those in one process, without servers and without the built program. */
export default defineConfig({
  test: {
    globalSetup: "test/support/global-setup.ts",
    setupFiles: "test/support/seed-properties.ts",
    include: ["values", "facts", "site", "engine", "rules", "plugin", "input", "probe", "mutations/mutations"].map(
      (layer) => `test/${layer}{/**/*,}.test.ts`,
    ),
    testTimeout: 60_000,
  },
});
