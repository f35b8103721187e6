import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { documentationBlock, isPlaceholder } from "../../src/facts/placeholders.ts";
import type { Path, PathSegment } from "../../src/values/location.ts";
import { escapeForMessage } from "../../src/values/text/quoted.ts";

/**
 * A deployment file with the values of a template describes no deployment: servers that do not exist are at least three
 * servers, and 192.0.2.21 is a valid address. RFC 5737, RFC 3849 and RFC 9637 reserve addresses for documentation.
 */
export default defineRule({
  id: "deployment/placeholder",
  title: "Disallow placeholder values",
  severity: "error",
  since: "0.1.0",
  source: { document: "Good practice", section: "Values of templates", wording: "beyond" },
  subject: "file",
  messages: {
    placeholder: "Value {{value}} of {{key}} is a placeholder from preflight init; enter the real value.",
    documentation:
      "Address {{value}} of {{key}} is in a block reserved for documentation ({{block}}); enter the real address.",
  },
  messageSeverity: { documentation: "warn" },
  remediation: "Replace the value with that of your site, or delete the line.",
  mutations: [
    {
      edit: ({ document }, { site }) =>
        document.kind === "deployment" ? set(site.nodes[0], "description", "replace-me-description") : null,
    },
  ],
  check(file, { site, known, fail, notApplicable }) {
    const { document } = file;
    const { kind, value: root } = document;
    if (kind !== "deployment" && kind !== "inventory")
      return notApplicable("the file is neither a deployment nor an inventory");
    const inventory = site.inventories.find((each) => each.document === document);
    if (inventory !== undefined && known(inventory, "source") !== undefined)
      return notApplicable("its values were exported from vSphere");
    visitTexts(root, [], (text, path) => {
      const isOfTemplate = isPlaceholder(text);
      const block = isOfTemplate ? null : documentationBlock(text);
      if (!isOfTemplate && block === null) return;
      const [field, ...rest] = path;
      const data = { value: escapeForMessage(text), key: keyOf(path) };
      const at = [file, String(field), ...rest] as const;
      if (block === null) fail("placeholder", { at, data });
      else fail("documentation", { at, data: { ...data, block } });
    });
  },
});

/** Visits every text of a value, depth first. The path is valid during the visit alone. */
function visitTexts(value: unknown, path: PathSegment[], visit: (text: string, path: Path) => void): void {
  if (typeof value === "string") visit(value, path);
  if (typeof value !== "object" || value === null) return;
  const isList = Array.isArray(value);
  for (const key of Object.keys(value)) {
    path.push(isList ? Number(key) : key);
    visitTexts((value as Readonly<Record<string, unknown>>)[key], path, visit);
    path.pop();
  }
}

/** `conferencing_nodes[0].address` */
function keyOf(path: Path): string {
  const steps = path.map((step) => (typeof step === "number" ? `[${step}]` : `.${escapeForMessage(step)}`));
  return steps.join("").replace(/^\./, "");
}
