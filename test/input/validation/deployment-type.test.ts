import { expect, it } from "vitest";
import { parseYaml } from "../../../src/input/syntax/yaml.ts";
import { validateDocument } from "../../../src/input/validation/validate-document.ts";

it.each([
  ["MANUAL-ESXI-7.0", "MANUAL-ESXI-6.7"],
  ["esxi 8", "MANUAL-ESXI-6.7"],
  ["MANUAL-ESXI-6.5", "MANUAL-ESXI-6.0"],
  ["MANUAL-ESXI-5.5", "MANUAL-ESXI-5.X"],
  ["manual", "MANUAL-PROVISION-ONLY"],
  ["auto", "AUTOMATIC"],
  ["MANUAL-PROVISON-ONLY", "MANUAL-PROVISION-ONLY"],
])("deployment type %j is probably %s: suggestions follow the meaning", (written, meant) => {
  const text = `conferencing_nodes: [{ name: a, hostname: a, deployment_type: ${written} }]`;
  const { source } = parseYaml(text, "deployment.yaml");
  if (source === null) throw new Error("not read");
  expect(validateDocument("deployment", source).errors.map(({ hint }) => hint)).toEqual([`Did you mean ${meant}?`]);
});
