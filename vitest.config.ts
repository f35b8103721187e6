import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Some tests start the built program or real servers; a slow machine must not fail them.
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
