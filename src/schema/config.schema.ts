import type { JsonSchema } from "../values/json-schema.ts";
import { document, integer, list, map, name, nullable, oneOf, record, text, texts } from "./schema-parts.ts";

/** The severities that a config can set for a rule. */
export const LEVELS = ["off", "info", "warn", "error"] as const;

/** Settings by rule id. The valid ids and options depend on the rules: see `publishedConfigSchema`. */
const settings: JsonSchema = {
  description:
    "Severity and options by rule id: `off`, `info`, `warn` or `error`, or a mapping with `severity`, `options` or both. Rules and options that are not listed are unchanged.",
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
  concurrency: integer(
    "Maximum concurrent queries per protocol; by default 64 for DNS, NTP and TCP, 256 for TLS and 16 for HTTPS.",
    {
      minimum: 1,
      maximum: 1000,
    },
  ),
  deadline_ms: integer("Overall time limit for live checks; checks with unanswered queries become inconclusive.", {
    minimum: 1000,
    maximum: 86_400_000,
    default: 30_000,
  }),
  allow: {
    ...list(
      "Addresses that live checks may contact besides unicast addresses on ports 53, 123, 443 and 5061: `CIDR` or `CIDR:PORT`. Used only from a config or policy named on the command line; a config found in the tree is no more trusted than the deployment.",
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
    "ESXi releases supported by a version of Pexip Infinity, keyed by its major version; used for versions without a profile in this program.",
    releases,
    { examples: [{ "33": ["6.7", "7.0", "8.0"] }] },
  ),
});

/** The config file, without the settings of rules. */
export const configSchema: JsonSchema = {
  $schema: "http://json-schema.org/draft-07/schema#",
  $id: "config.schema.json",
  ...document("Config", "Settings of a team: rules, their severities and options, the gate, and live checks.", {
    extends: {
      description:
        "Presets (`recommended`, `strict`, `must`) and config files that this file builds on, as paths relative to it. Later entries override earlier ones; this file overrides all of them.",
      type: ["string", "array"],
      items: { type: "string" },
      examples: ["strict", ["strict", "../team/preflight.config.yaml"]],
    },
    rules: settings,
    overrides: list(
      "Settings for some subjects. Later entries override earlier ones; all of them override `rules`.",
      override,
    ),
    plugins: texts(
      "Packages and files with additional rules; allowed only in a config named with --config or in a policy.",
    ),
    probe,
    facts,
    required_version: text(
      "Required version of infinity-preflight: comparisons that must all be true, or one version.",
      { examples: [">=0.1.0 <2", "0.1.0"] },
    ),
    inconclusive: oneOf(
      "Effect of an inconclusive check: fail the gate, count as one warning, or none.",
      ["fail", "warn", "ignore"],
      { default: "fail" },
    ),
    max_warnings: nullable(integer("Maximum number of warnings before the gate fails; `null` allows any number.")),
    max_age: text("Maximum age of recorded answers (`--evidence`): a number and s, m, h or d, or `none`.", {
      pattern: "^(none|[1-9][0-9]{0,5}[smhd])$",
      default: "7d",
      examples: ["7d", "12h", "none"],
    }),
    waivers: name("The waivers file, as a path relative to this file.", "preflight.waivers.yaml"),
    baseline_plan: name(
      "An approved plan (`preflight plan --format json`), as a path relative to this file: the gate fails if one of its checks is no longer evaluated.",
      "preflight.plan.json",
    ),
  }),
};

/** The content of a schema of settings for a rule. */
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
          // Rule ids of plugins, whose groups differ from the built-in ones.
          [`^(?!(?:${groups.join("|")})/)[a-z0-9-]+/[a-z0-9-]+$`]: {
            description: "A rule of a plugin: off, info, warn, error, or a mapping with severity and options.",
            anyOf: [
              level("Severity of a failure."),
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
  const values = record("Options", "Values of the rule's options; options that are not listed are unchanged.", options);
  return { description: `${title}.`, anyOf: [level("Severity of a failure."), setting(values)] };
}

function level(description: string): JsonSchema {
  return oneOf(description, LEVELS);
}

function setting(options: JsonSchema): JsonSchema {
  return {
    ...record("Setting", "Severity and options of a rule.", { severity: level("Severity of a failure."), options }),
    minProperties: 1,
  };
}
