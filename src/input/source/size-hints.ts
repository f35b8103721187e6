import type { InputHash } from "./run-inputs.ts";

/** The fix for a file that is too large, by its kind. */
export const SIZE_HINTS: Readonly<Record<Exclude<InputHash["kind"], "plugin">, string>> = {
  deployment: "Split the deployment, or remove what is not part of it.",
  inventory: "Split the inventory: repeat --inventory.",
  config: "A config is written by hand; check that it is the intended file.",
  waivers: "Remove waivers that are no longer needed.",
  evidence: "Record fewer rules in one file, with --only; repeat --evidence.",
  project: "A project file is written by hand; check that it is the intended file.",
  plan: "Record fewer rules, with --only.",
};
