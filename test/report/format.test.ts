import { expect, it } from "vitest";
import { formats } from "../../src/report/format.ts";

it.each(Object.entries(formats))("loads the format %s by its name", async (name, load) => {
  expect((await load()).name).toBe(name);
});

it("has the formats that people ask for", () => {
  expect(Object.keys(formats)).toEqual(
    expect.arrayContaining(["stylish", "json", "sarif", "html", "junit", "github", "markdown", "gitlab", "csv"]),
  );
});
