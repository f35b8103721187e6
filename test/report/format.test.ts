import { expect, it } from "vitest";
import { formats } from "../../src/report/format.ts";
import { html } from "../../src/report/html.ts";
import { json } from "../../src/report/json.ts";
import { sarif } from "../../src/report/sarif.ts";
import { stylish } from "../../src/report/stylish.ts";

it("loads every format by its name", async () => {
  expect(Object.keys(formats)).toEqual(["stylish", "json", "sarif", "html"]);
  expect(await formats.stylish()).toBe(stylish);
  expect(await formats.json()).toBe(json);
  expect(await formats.sarif()).toBe(sarif);
  expect(await formats.html()).toBe(html);
});
