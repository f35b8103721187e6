import { describe, expect, it } from "vitest";
import { PreflightError } from "../../src/values/preflight-error.ts";
import { excerpts } from "../../src/report/model/excerpts.ts";
import { isTextLocation } from "../../src/values/location.ts";
import { renderErrors } from "../../src/report/errors.ts";
import { expectGolden } from "./golden.ts";
import { at, HOSTILE_NAME, reportError, SOURCES } from "./sample-report.ts";

const ERRORS = [
  new PreflightError(
    "duplicate-key",
    'The key "hostname" is given twice in one node.',
    at("deployment.yaml", "hostname", 3),
    "Keep one of the two.",
    [{ message: "first given here", location: at("deployment.yaml", "hostname", 2) }],
  ),
  new PreflightError(
    "unknown-key",
    '"clutser" is not a key of a host.',
    at("estate/lab.yaml", "clutser"),
    'Did you mean "cluster"?',
  ),
  new PreflightError("wrong-cell", 'The cell holds "a lot", not a number.', {
    path: "vms.xlsx",
    sheet: "vMemory",
    cell: "K7",
  }),
  new PreflightError(
    "no-such-file",
    "There is no file named deploiment.yaml.",
    null,
    "The folder holds deployment.yaml.",
  ),
  new PreflightError("invalid-yaml", "The file ends inside a quoted text.", {
    path: "gone.yaml",
    line: 3,
    column: 9,
    end_line: 3,
    end_column: 9,
  }),
];

function render(errors: Parameters<typeof renderErrors>[0], width = 80, color = false): string {
  const places = errors.flatMap(({ location }) => (isTextLocation(location) ? [{ location, isHashed: false }] : []));
  return renderErrors(errors, { color, width, excerpts: excerpts(places, SOURCES) });
}

describe("renderErrors", () => {
  it.each([40, 80, 160])("reads well at %i columns", (width) => {
    expectGolden(`errors-${width}`, render(ERRORS, width));
  });

  it("reads well in colour", () => {
    expectGolden("errors-80-colour", render(ERRORS, 80, true));
  });

  it("takes errors of a report as well", () => {
    expect(render([reportError("It is broken.", { hint: "Fix it." })])).toBe(
      "error[unknown-key]: It is broken.\nhint: Fix it.\n",
    );
  });

  it("makes sentences of hints, and leaves commands as they are typed", () => {
    const hintOf = (hint: string) => render([reportError("Broken.", { hint })]).split("\n")[1];
    expect(hintOf("did you mean --format?")).toBe("hint: Did you mean --format?");
    expect(hintOf("use another file")).toBe("hint: Use another file.");
    expect(hintOf("preflight rules list shows every rule")).toBe("hint: preflight rules list shows every rule.");
  });

  describe("of errors that are the same except for numbers", () => {
    const line = (number: number, path = "deployment.yaml") => ({
      ...{ path, line: number, column: 5, end_line: number, end_column: 9 },
    });
    const wrong = (number: number, message = `nodes[${number}].memory must be an integer.`) =>
      reportError(message, { code: "wrong-type", location: line(number) });
    const many = Array.from({ length: 6 }, (_, index) => wrong(index + 1));
    const text = (errors: Parameters<typeof renderErrors>[0], all?: boolean) =>
      renderErrors(errors, { color: false, width: 80, excerpts: [], all });

    it("prints one, and the locations of the others", () => {
      expect(text(many)).toBe(
        "deployment.yaml:1:5: error[wrong-type]: nodes[1].memory must be an integer.\n" +
          "… and the same on 5 more lines: 2:5, 3:5, 4:5 and 2 more.\n",
      );
    });

    it("lists them all on request, and prints how if that is possible", () => {
      expect(text(many, true).match(/error\[/g)).toHaveLength(6);
      expect(text(many, false)).toContain("and 2 more; --all lists them.");
    });

    it("does not group a few, other words, codes or files, or errors without a file", () => {
      expect(text(many.slice(2)).match(/error\[/g)).toHaveLength(4);
      const others = [
        ...many.slice(2),
        wrong(7, "nodes[7].size must be an integer."),
        { ...wrong(8), code: "out-of-range" },
        { ...wrong(9), location: line(9, "other.yaml") },
        { ...wrong(10), hint: "Write 4096." },
      ];
      expect(text(others).match(/error\[/g)).toHaveLength(8);
      expect(text(Array.from({ length: 6 }, () => reportError("Broken."))).match(/error\[/g)).toHaveLength(6);
    });

    it("counts locations if several are on one line", () => {
      const twice = [...many, wrong(3, "nodes[33].memory must be an integer.")];
      expect(text(twice)).toContain("… and the same at 6 more places: 2:5, 3:5,");
    });

    it("shows no line for what is only counted", () => {
      const rest = reportError("… and 9 more errors in deployment.yaml.", { code: "more-errors", location: line(7) });
      expect(text([rest])).toBe("error[more-errors]: … and 9 more errors in deployment.yaml.\n");
    });
  });

  it("is empty without errors", () => {
    expect(render([])).toBe("");
  });

  it("lets no text forge a line or a colour", () => {
    const location = { ...at("deployment.yaml", "8190"), path: HOSTILE_NAME };
    const text = render([
      new PreflightError(HOSTILE_NAME, HOSTILE_NAME, location, HOSTILE_NAME, [{ message: HOSTILE_NAME, location }]),
    ]);
    expect(text).not.toMatch(/[^\P{C}\n]/u);
    expect(text).not.toMatch(/^Gate/m);
  });
});
