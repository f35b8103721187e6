import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { ROOT } from "../cli/program.ts";

const FOLDER = join(ROOT, ".github", "ISSUE_TEMPLATE");
const FORMS = readdirSync(FOLDER).filter((name) => name !== "config.yml");

const TEXT = { type: "string", minLength: 1 };
const INPUT = {
  required: ["id"],
  properties: { attributes: { required: ["label"], properties: { label: TEXT } } },
};

/**
 * What GitHub requires of a form; it ignores one that lacks any of it, without a message.
 * https://docs.github.com/en/communities/using-templates-to-encourage-useful-issues-and-pull-requests/syntax-for-githubs-form-schema
 */
const FORM_SCHEMA = {
  type: "object",
  required: ["name", "description", "body"],
  additionalProperties: false,
  properties: {
    name: TEXT,
    description: TEXT,
    labels: { type: "array", items: TEXT },
    body: {
      type: "array",
      contains: { properties: { type: { not: { const: "markdown" } } } },
      items: {
        type: "object",
        required: ["type", "attributes"],
        additionalProperties: false,
        properties: {
          type: { enum: ["markdown", "input", "textarea", "dropdown", "checkboxes"] },
          id: { type: "string", pattern: "^[A-Za-z0-9_-]+$" },
          attributes: { type: "object" },
          validations: { type: "object", properties: { required: { type: "boolean" } }, additionalProperties: false },
        },
        if: { properties: { type: { const: "markdown" } } },
        then: { properties: { attributes: { required: ["value"], properties: { value: TEXT } } } },
        else: INPUT,
        allOf: [
          {
            if: { properties: { type: { enum: ["dropdown", "checkboxes"] } } },
            then: {
              properties: {
                attributes: { required: ["options"], properties: { options: { type: "array", minItems: 1 } } },
              },
            },
          },
        ],
      },
    },
  },
};

interface Form {
  readonly body: readonly {
    readonly type: string;
    readonly id?: string;
    readonly attributes: { readonly label?: string };
  }[];
}

const read = (name: string) => parse(readFileSync(join(FOLDER, name), "utf8")) as unknown;
const isForm = new Ajv({ strict: false }).compile<Form>(FORM_SCHEMA);

function errorsOf(form: unknown): readonly string[] {
  isForm(form);
  return (isForm.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

describe("the issue forms", () => {
  it("cover false positives, false negatives and new rules", () => {
    expect(FORMS.sort()).toEqual(["false-negative.yml", "false-positive.yml", "new-rule.yml"]);
  });

  it.each(FORMS)("%s has what GitHub requires, with unique ids and labels", (name) => {
    const form = read(name);
    expect(errorsOf(form)).toEqual([]);
    const inputs = (form as Form).body.filter(({ type }) => type !== "markdown");
    for (const key of [inputs.map(({ id }) => id), inputs.map(({ attributes }) => attributes.label)]) {
      expect(new Set(key).size).toBe(inputs.length);
    }
  });

  it.each(FORMS)("%s asks for versions, files, rule, behavior and source", (name) => {
    const ids = (read(name) as Form).body.map(({ id }) => id);
    expect(ids).toEqual(
      expect.arrayContaining(["version", "node", "deployment", "inventory", "rule", "behavior", "guide"]),
    );
  });

  it.each([
    ["no name", { description: "d", body: [{ type: "input", id: "a", attributes: { label: "A" } }] }],
    ["no description", { name: "n", body: [{ type: "input", id: "a", attributes: { label: "A" } }] }],
    ["an input without a label", { name: "n", description: "d", body: [{ type: "input", id: "a", attributes: {} }] }],
    ["text only", { name: "n", description: "d", body: [{ type: "markdown", attributes: { value: "v" } }] }],
    ["an unknown type", { name: "n", description: "d", body: [{ type: "date", id: "a", attributes: { label: "A" } }] }],
  ])("would be rejected with %s", (_, form) => {
    expect(errorsOf(form)).not.toEqual([]);
  });

  it("config.yml allows other issues, and has complete contact links", () => {
    const config = read("config.yml") as { blank_issues_enabled: boolean; contact_links: Record<string, string>[] };
    expect(config.blank_issues_enabled).toBe(true);
    for (const link of config.contact_links) {
      expect(Object.keys(link).sort()).toEqual(["about", "name", "url"]);
      expect(link["url"]).toMatch(/^https:\/\//);
    }
  });
});
