import { describe, it } from "vitest";
import { RuleTester } from "../../src/plugin/rule-tester.ts";

export { checksOf } from "../../src/plugin/judged-case.ts";
export type { ExpectedFinding, RuleCase } from "../../src/plugin/rule-tester.ts";

/** Tests the built-in rules, as it tests those of plugins. */
export const ruleTester = new RuleTester({ describe, it });
