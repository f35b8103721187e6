import { expect, it } from "vitest";
import { documentOf, siteOf } from "../../support/documents.ts";
import { inputFiles } from "../../../src/site/core/input-file.ts";
import { positionsOf } from "../../../src/site/core/missing.ts";
import { complete, union } from "../../../src/site/core/partial-list.ts";

it("a file of several documents is one subject, of its first document", async () => {
  const [first, other, second] = await Promise.all([
    documentOf("inventory", "hosts: []", "a.xlsx"),
    documentOf("inventory", "hosts: []", "b.xlsx"),
    documentOf("inventory", "clusters: []", "a.xlsx"),
  ]);
  const files = inputFiles([first, other, second]);
  expect(files.map(({ name, document, kind }) => [kind, name, document])).toEqual([
    ["file", "a.xlsx", first],
    ["file", "b.xlsx", other],
  ]);
  expect(files[1]?.sourceRefOf("hosts", 0, "name")).toEqual({ document: other, path: ["hosts", 0, "name"] });
  expect(files[1]?.sourceRef.path).toEqual([]);
  expect(files[1]?.read("hosts" as never)).toMatchObject({ missing: [{ what: "b.xlsx has no fields of its own" }] });
});

it("names that several objects share are qualified, and no others", async () => {
  const { estate } = await siteOf(
    "{}",
    "hosts: [{ name: x, datacenter: Oslo }, { name: X., datacenter: Bergen }, { name: y, datacenter: Oslo }, { name: z }, { name: z }, { name: 'z#2' }]",
  );
  expect(estate.hosts.items.map(({ name }) => name)).toEqual(["Oslo/x", "Bergen/X.", "y", "z", "z#2", "z#2#2"]);
});

it("the union of lists has each item and each gap once, where gaps at two locations are two", async () => {
  const document = await documentOf("inventory", "hosts: []");
  const gap = (path: readonly string[]) => ({ what: "a list is incomplete", sourceRef: { document, path } });
  const [a, b] = [gap(["a"]), gap(["b"])];
  expect(union([complete([1, 2]), { items: [2, 3], missing: [a, b] }, { items: [], missing: [gap(["a"])] }])).toEqual({
    items: [1, 2, 3],
    missing: [a, b],
  });
  expect(
    union([
      { items: [], missing: [a] },
      { items: [], missing: [gap(["a"])] },
    ]).missing,
  ).toEqual([a]);
  const nowhere = { what: "a list is incomplete", sourceRef: null };
  expect(union([{ items: [], missing: [nowhere, a, { ...nowhere }] }]).missing).toEqual([nowhere, a]);
});

it("positions are quoted as path, line and column, or as the path of a file that has no lines", async () => {
  const document = await documentOf("inventory", "hosts:\n- { name: x }\n");
  const binary = { ...document, path: "book.xlsx", locate: () => null };
  expect(
    positionsOf([
      { document, path: ["hosts", 0, "name"] },
      { document: binary, path: [] },
    ]),
  ).toBe("inventory.yaml:2:11, book.xlsx");
});
