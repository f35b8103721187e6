import { describe, expect, it } from "vitest";
import { PreflightError } from "../../src/values/preflight-error.ts";
import { excerpts } from "../../src/report/excerpts.ts";
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
    expect(render([reportError("It is broken.", { hint: "Mend it." })])).toBe(
      "error[unknown-key]: It is broken.\nhint: Mend it.\n",
    );
  });

  it("says nothing when there is nothing to say", () => {
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
