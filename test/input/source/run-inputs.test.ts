import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  fileInputs,
  type FileRead,
  merge,
  NO_INPUTS,
  onlyErrors,
  type RunInputs,
  withoutTexts,
} from "../../../src/input/source/run-inputs.ts";
import { PreflightError } from "../../../src/values/preflight-error.ts";

const path = fc.constantFrom("a.yaml", "b.json", "sub/c.yaml", "-");
const error = fc
  .record({ path, line: fc.nat(5), isNowhere: fc.boolean() })
  .map(({ path: at, line, isNowhere }) => errorIn(isNowhere ? null : at, line));
const file: fc.Arbitrary<FileRead> = fc.record({
  kind: fc.constantFrom("deployment", "inventory", "config", "waivers", "plan", "evidence"),
  path,
  given: path,
  cwd: fc.constantFrom("/site", "/"),
  sha256: fc.option(fc.constantFrom("1f", "2e")),
  text: fc.constantFrom("", "one", "two"),
  errors: fc.array(error, { maxLength: 3 }),
});
const inputs: fc.Arbitrary<RunInputs> = fc.oneof(
  file.map(fileInputs),
  fc.array(error, { maxLength: 3 }).map(onlyErrors),
  fc.array(file, { maxLength: 4 }).map((files) => merge(...files.map(fileInputs))),
);

function errorIn(at: string | null, line = 1): PreflightError {
  const location = at === null ? null : { path: at, line, column: 1, end_line: line, end_column: 2 };
  return new PreflightError("invalid", `Line ${line} is invalid.`, location);
}

/** With the texts in their order, which toEqual ignores in a map. */
function inOrder({ hashes, texts, reserved, errors }: RunInputs) {
  return { hashes, texts: [...texts], reserved, errors };
}

describe("merge", () => {
  it("is associative", () => {
    fc.assert(
      fc.property(inputs, inputs, inputs, (a, b, c) => {
        expect(inOrder(merge(merge(a, b), c))).toEqual(inOrder(merge(a, merge(b, c))));
        expect(inOrder(merge(a, b, c))).toEqual(inOrder(merge(a, merge(b, c))));
      }),
    );
  });

  it("leaves inputs as they are when nothing is added", () => {
    fc.assert(
      fc.property(inputs, (a) => {
        expect(inOrder(merge(a, NO_INPUTS))).toEqual(inOrder(a));
        expect(inOrder(merge(NO_INPUTS, a))).toEqual(inOrder(a));
        expect(inOrder(merge())).toEqual(inOrder(NO_INPUTS));
      }),
    );
  });

  it("loses nothing, keeps the order, and changes neither of the two", () => {
    fc.assert(
      fc.property(inputs, inputs, (a, b) => {
        const before = [inOrder(a), inOrder(b)];
        const both = merge(a, b);
        expect(both.hashes).toEqual([...a.hashes, ...b.hashes]);
        expect(both.reserved).toEqual([...a.reserved, ...b.reserved]);
        expect(both.errors).toEqual([...a.errors, ...b.errors]);
        expect(new Set(both.texts.keys())).toEqual(new Set([...a.texts.keys(), ...b.texts.keys()]));
        for (const [at, text] of both.texts) expect(text).toBe(b.texts.get(at) ?? a.texts.get(at));
        expect([inOrder(a), inOrder(b)]).toEqual(before);
      }),
    );
  });
});

describe("withoutTexts", () => {
  const texts = new Map([
    ["deployment.yaml", "a"],
    ["inventory.json", "b"],
    ["policy.yaml", "c"],
    ["waivers.yaml", "d"],
  ]);
  const hashes = [
    { kind: "deployment", path: "deployment.yaml", sha256: "1" },
    { kind: "config", path: "policy.yaml", sha256: "2" },
  ] as const;

  it("keeps the text of configs, and of files in which an error or a location related to one is", () => {
    const related = [
      { message: "The first one.", location: { path: "waivers.yaml", line: 1, column: 1, end_line: 1, end_column: 2 } },
    ];
    const errors = [errorIn("inventory.json"), errorIn(null), new PreflightError("x", "X.", null, null, related)];
    expect([...withoutTexts({ ...NO_INPUTS, texts, hashes }).texts.keys()]).toEqual(["policy.yaml"]);
    expect([...withoutTexts({ ...NO_INPUTS, texts, hashes, errors }).texts.keys()]).toEqual([
      "inventory.json",
      "policy.yaml",
      "waivers.yaml",
    ]);
  });

  it("leaves everything else unchanged", () => {
    fc.assert(
      fc.property(inputs, (a) => {
        expect({ ...withoutTexts(a), texts: null }).toEqual({ ...a, texts: null });
      }),
    );
  });
});

describe("fileInputs", () => {
  it("reserves the file even when it could not be read, but not standard input", () => {
    const read = { kind: "waivers", path: "w.yaml", cwd: "/site", sha256: null, text: "", errors: [] } as const;
    expect(fileInputs({ ...read, given: "./w.yaml" })).toEqual({ ...NO_INPUTS, reserved: ["/site/w.yaml"] });
    expect(fileInputs({ ...read, given: "-" })).toEqual(NO_INPUTS);
  });
});
