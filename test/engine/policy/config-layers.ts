import type { ConfigLayer, RuleLevel, RuleSetting } from "../../../src/engine/api/config-layer.ts";

type Settings = Readonly<Record<string, RuleLevel | { readonly level?: RuleLevel; readonly options: object }>>;

/** A layer as a config file would give it. */
export function layer(
  by: string,
  rules: Settings,
  ...overrides: readonly (readonly [string, Settings])[]
): ConfigLayer {
  const origin = { by, location: null };
  const settings = (given: Settings) =>
    new Map(
      Object.entries(given).map(([id, value]): [string, RuleSetting] => {
        const { level, options } = typeof value === "string" ? { level: value, options: {} } : value;
        return [
          id,
          {
            level: level === undefined ? null : { value: level, origin },
            options: new Map(Object.entries(options).map(([key, one]) => [key, { value: one as unknown, origin }])),
          },
        ];
      }),
    );
  return {
    rules: settings(rules),
    overrides: overrides.map(([pattern, set]) => ({ patterns: [{ value: pattern, origin }], rules: settings(set) })),
  };
}
