import type { TestProject } from "vitest/node";
import { SEED_VARIABLE, seedFrom } from "./property-seed.ts";

/**
 * Chooses the seed before any test process starts, which inherits it. Vitest calls this once for each project and once
 * for the root project, which has no name; the first call decides.
 */
export function setup({ name }: TestProject): void {
  const seed = seedFrom(process.env);
  process.env[SEED_VARIABLE] = String(seed);
  if (name === "") console.log(`Seed of the property tests: ${SEED_VARIABLE}=${seed}`);
}
