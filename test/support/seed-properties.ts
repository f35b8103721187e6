import fc from "fast-check";
import { seedFrom } from "./property-seed.ts";

// Runs before every test file. A failure prints the seed and the path of the counterexample.
fc.configureGlobal({ seed: seedFrom(process.env) });
