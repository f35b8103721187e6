import { describe, expect, it } from "vitest";
import { parseYaml } from "../../../src/input/syntax/yaml.ts";
import { validateDocument } from "../../../src/input/validation/validate-document.ts";

function errorsIn(text: string) {
  const { source, errors } = parseYaml(text, "deployment.yaml");
  if (source === null || errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return validateDocument("deployment", source).errors;
}

const node = (fields: string) => `conferencing_nodes:\n  - { name: a, hostname: a, ${fields} }\n`;

describe("a number with a leading zero", () => {
  it("is an error that names what readers of YAML 1.2 and 1.1 take it for", () => {
    expect(errorsIn(node("vm_system_memory: 020000"))).toMatchObject([
      {
        code: "ambiguous-number",
        message:
          "conferencing_nodes[0].vm_system_memory is 020000, which is 20000 in YAML 1.2 and 8192 (octal) in YAML 1.1.",
        hint: "Write 20000, or put it in quotes if text is intended.",
        location: { line: 2, column: 47 },
      },
    ]);
  });

  it("is text for YAML 1.1 with a digit that no octal number has", () => {
    expect(errorsIn(node("vm_cpu_count: 08"))[0]?.message).toContain("is 8 in YAML 1.2 and text");
  });

  it("is found through an anchor, beside errors of the schema, in the order of the file", () => {
    const text = `x-notes: &ports 1\nexpected_calls: 012\n${node("vm_cpu_count: many")}`;
    expect(errorsIn(text).map(({ code }) => code)).toEqual(["ambiguous-number", "wrong-type"]);
  });

  it.each([
    ["zero", "vm_cpu_count: 0"],
    ["several zeros", "priority: 00"],
    ["a number in quotes", 'description: "0123"'],
    ["octal as YAML 1.2 writes it", "vm_system_memory: 0o20000"],
    ["a fraction", "x-share: 0.5"],
    ["a note of one's own", "x-ticket: 00123"],
    ["what is below such a note", "x-ticket: { number: 00123 }"],
    ["a tagged text", "description: !!str 0123"],
  ])("is not %s", (_, field) => {
    expect(errorsIn(node(field)).filter(({ code }) => code === "ambiguous-number")).toEqual([]);
  });
});
