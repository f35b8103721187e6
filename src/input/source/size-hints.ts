import type { InputHash } from "./run-inputs.ts";

/** What to do about a file that is too large, by what it is. */
export const SIZE_HINTS: Readonly<Record<InputHash["kind"], string>> = {
  deployment: "Split the deployment, or take out what is no part of it.",
  inventory: "Split the inventory: --inventory may be given several times.",
  config: "A config is written by hand; check that it is the file that is meant.",
  waivers: "Take out waivers that are no longer needed.",
  evidence: "Record fewer rules in one file, with --only; --evidence may be given several times.",
  plan: "Record fewer rules, with --only.",
};
