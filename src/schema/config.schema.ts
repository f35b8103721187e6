import type { JsonSchema } from "../values/json-schema.ts";
import { document, integer, list, map, name, nullable, oneOf, record, text, texts } from "./schema-parts.ts";

/** What a rule may be set to. */
export const LEVELS = ["off", "info", "warn", "error"] as const;

/** Settings by rule id. Which ids and options there are depends on the rules: see `publishedConfigSchema`. */
const settings: JsonSchema = {
  description:
    "How rules count here, by id: `off`, `info`, `warn` or `error`, or a mapping with `severity`, `options` or both. What is not named stays as it is.",
  type: "object",
  additionalProperties: true,
};

const override = record("Override", "Settings for some subjects.", { subjects: subjects(), rules: settings }, [
  "subjects",
  "rules",
]);

const probe = record("Probe settings", "How servers are queried and probed; command-line options take precedence.", {
  timeout_ms: integer("Timeout per DNS or NTP query in milliseconds; TCP 1.5 ×, TLS 2.5 ×.", {
    minimum: 1,
    maximum: 60_000,
    default: 2000,
  }),
  retries: integer("Number of retries for an unanswered DNS or NTP query.", {
    minimum: 0,
    maximum: 5,
    default: 1,
  }),
  concurrency: integer("Has so many questions of one kind open at once; without it, DNS, NTP and TCP 64, and TLS 16.", {
    minimum: 1,
    maximum: 1000,
  }),
  deadline_ms: integer("Overall time limit for live checks; checks with unanswered queries become inconclusive.", {
    minimum: 1000,
    maximum: 86_400_000,
    default: 30_000,
  }),
  allow: {
    ...list(
      "Addresses that live checks may contact besides unicast addresses on ports 53, 123, 443 and 5061: `CIDR` or `CIDR:PORT`. Counts only in a config or policy that was named, since one that was found is as trusted as the deployment.",
      { type: "string", pattern: "^[0-9A-Fa-f:.\\[\\]]+(/[0-9]{1,3})?(:[0-9]{1,5})?$" },
    ),
    examples: [["10.44.0.5/32:8443", "[::1]/128:53"]],
  },
});

/** A key of `facts.esxi_releases`: a version of Pexip Infinity, whose first number has two digits. */
export const SOFTWARE_VERSION = "^\\s*v?[1-9]\\d(?:\\.|\\s*$)";

const releases: JsonSchema = {
  type: "array",
  items: { type: "string", pattern: "^\\d{1,2}\\.(\\d{1,2}|x)$" },
};

const facts = record("Facts", "Facts from your installation guide that this program does not include.", {
  esxi_releases: map(
    "ESXi releases that a version of Pexip Infinity supports, by its first number; for versions without a profile in this program.",
    releases,
    { examples: [{ "33": ["6.7", "7.0", "8.0"] }] },
  ),
});

/** The config file, but for the settings of rules. */
export const configSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "config.schema.json",
  ...document("Config", "Settings of a team: rules, their severities and options, the gate, and live checks.", {
    extends: {
      description:
        "What this file builds on: presets (`recommended`, `strict`, `must`) and other config files, by their path from this file. Later ones win over earlier ones, this file over all.",
      type: ["string", "array"],
      items: { type: "string" },
      examples: ["strict", ["strict", "../team/preflight.config.yaml"]],
    },
    rules: settings,
    overrides: list(
      "Settings for some subjects; later ones win over earlier ones, all of them over `rules`.",
      override,
    ),
    plugins: texts("Packages and files with further rules. Only a config that is named by --config may have them."),
    probe,
    facts,
    required_version: text(
      "Versions of infinity-preflight that this file is for: comparisons that must all be true, or one version.",
      { examples: [">=0.1.0 <2", "0.1.0"] },
    ),
    inconclusive: oneOf(
      "What an inconclusive check does: fail the gate, count as one warning, or nothing.",
      ["fail", "warn", "ignore"],
      { default: "fail" },
    ),
    max_warnings: nullable(integer("More warnings than this fail the gate; `null` allows any number.")),
    max_age: text("Oldest recorded answers that count (`--evidence`): a number and s, m, h or d, or `none`.", {
      pattern: "^(none|[1-9][0-9]{0,5}[smhd])$",
      default: "7d",
      examples: ["7d", "12h", "none"],
    }),
    waivers: name("The file of waivers, by its path from this file.", "preflight.waivers.yaml"),
    baseline_plan: name(
      "An approved plan (`preflight plan --format json`), by its path from this file: the gate fails when a check of it is no longer evaluated.",
      "preflight.plan.json",
    ),
  }),
};

/** What a schema of settings says of a rule. */
interface DescribedRule {
  readonly id: string;
  readonly title: string;
  readonly options?: Readonly<Record<string, JsonSchema>>;
}

/** The same for editors and other tools: with the id of every rule, its title and its options. */
export function publishedConfigSchema(rules: readonly DescribedRule[]): JsonSchema {
  const groups = [...new Set(rules.map(({ id }) => id.split("/")[0] ?? ""))];
  const ruleSettings: JsonSchema = {
    ...record(
      "Rule settings",
      settings.description ?? "",
      Object.fromEntries(rules.map((rule) => [rule.id, ofRule(rule)])),
    ),
  };
  const known = { $ref: "#/definitions/rule_settings" };
  const properties = configSchema.properties ?? {};
  const lists = facts.properties?.["esxi_releases"] ?? {};
  const esxi_releases = {
    ...lists,
    patternProperties: {
      ...lists.patternProperties,
      [SOFTWARE_VERSION]: { description: "ESXi releases that this version supports.", ...releases },
    },
    additionalProperties: false,
  };
  return {
    ...configSchema,
    properties: {
      ...properties,
      facts: { ...facts, properties: { ...facts.properties, esxi_releases } },
      rules: known,
      overrides: {
        ...properties["overrides"],
        items: { ...override, properties: { ...override.properties, rules: known } },
      },
    },
    definitions: {
      rule_settings: {
        ...ruleSettings,
        patternProperties: {
          ...ruleSettings.patternProperties,
          // Ids of plugins, whose groups are none of ours.
          [`^(?!(?:${groups.join("|")})/)[a-z0-9-]+/[a-z0-9-]+$`]: {
            description: "A rule of a plugin: off, info, warn, error, or a mapping with severity and options.",
            anyOf: [
              level("How much a failure weighs."),
              setting({ description: "Its options.", type: "object", additionalProperties: {} }),
            ],
          },
        },
      },
    },
  };
}

function subjects(): JsonSchema {
  return {
    ...texts("Patterns of subject ids: `*` matches any characters, case-insensitive.", {
      examples: [["node:oslo-*", "host:*.lab.example.com"]],
    }),
    minItems: 1,
  };
}

function ofRule({ title, options = {} }: DescribedRule): JsonSchema {
  const values = record("Options", "Values of the rule's options; what is not named stays as it is.", options);
  return { description: `${title}.`, anyOf: [level("How much a failure weighs."), setting(values)] };
}

function level(description: string): JsonSchema {
  return oneOf(description, LEVELS);
}

function setting(options: JsonSchema): JsonSchema {
  return {
    ...record("Setting", "Severity and options of a rule.", { severity: level("How much a failure weighs."), options }),
    minProperties: 1,
  };
}
