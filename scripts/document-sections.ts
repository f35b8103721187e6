import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import type { Rule } from "../src/engine/api/rule.ts";
import { configSchema } from "../src/schema/config.schema.ts";
import { deploymentSchema } from "../src/schema/deployment.schema.ts";
import { inventorySchema } from "../src/schema/inventory.schema.ts";
import { commandReferenceMarkdown } from "./command-reference.ts";
import { PROPERTIES } from "../src/inventory/vsphere/properties.ts";
import { coverageMarkdown } from "./coverage-table.ts";
import { fieldTablesMarkdown } from "./field-tables.ts";

/** Handwritten documents with the sections in them that are generated, by path below `root`. */
export async function documentSections(root: string): Promise<readonly (readonly [path: string, content: string])[]> {
  const formats = await readFile(join(root, "docs/formats-of-input.md"), "utf8");
  const deployment = withSection(formats, "deployment fields", fieldTablesMarkdown("deployment", deploymentSchema));
  const configuration = await readFile(join(root, "docs/configuration.md"), "utf8");
  const inventory = await readFile(join(root, "docs/inventory.md"), "utf8");
  const viJson = await readFile(join(root, "docs/inventory/vsphere-json.md"), "utf8");
  const commandLine = await readFile(join(root, "docs/command-line.md"), "utf8");
  return [
    ["docs/command-line.md", withSection(commandLine, "commands", commandReferenceMarkdown())],
    ["docs/inventory/vsphere-json.md", withSection(viJson, "vi-json request", viJsonRequest())],
    ["docs/inventory.md", withSection(inventory, "coverage", await coverageMarkdown(root))],
    ["docs/configuration.md", withSection(configuration, "config fields", fieldTablesMarkdown("config", configSchema))],
    [
      "docs/formats-of-input.md",
      withSection(deployment, "inventory fields", fieldTablesMarkdown("inventory", inventorySchema)),
    ],
  ];
}

/** The request that reads everything that rules need, for the Virtual Infrastructure JSON API. */
function viJsonRequest(): string {
  const propSet = Object.entries(PROPERTIES).map(
    ([type, pathSet]) => `      ${JSON.stringify({ _typeName: "PropertySpec", type, pathSet })}`,
  );
  const reference = (type: string, value: string) => ({ _typeName: "ManagedObjectReference", type, value });
  const selectSet = [{ _typeName: "TraversalSpec", name: "view", type: "ContainerView", path: "view", skip: false }];
  const objectSet = [
    { _typeName: "ObjectSpec", obj: reference("Folder", "group-d1") },
    { _typeName: "ObjectSpec", obj: reference("ContainerView", "VIEW"), skip: true, selectSet },
  ].map((spec) => `      ${JSON.stringify(spec)}`);
  const lines = [
    "{",
    '  "specSet": [{',
    '    "_typeName": "PropertyFilterSpec",',
    '    "propSet": [',
    propSet.join(",\n"),
    "    ],",
    '    "objectSet": [',
    objectSet.join(",\n"),
    "    ]",
    "  }],",
    '  "options": {}',
    "}",
  ];
  return `\`\`\`text\n${lines.join("\n")}\n\`\`\`\n`;
}

/** The text with `content` between `<!-- name -->` and `<!-- /name -->`. */
function withSection(text: string, name: string, content: string): string {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${begin} … ${end} is not in the document.`);
  return `${text.slice(0, from + begin.length)}\n\n${content}\n${text.slice(to)}`;
}

/** From the rule files themselves: the index of rules is being generated at the same time. */
export async function rulesOf(root: string, ids: readonly string[]): Promise<readonly Rule[]> {
  const modules = ids.map(
    (id) => import(pathToFileURL(join(root, "rules", `${id}.ts`)).href) as Promise<{ default: Rule }>,
  );
  return (await Promise.all(modules)).map((module) => module.default);
}
