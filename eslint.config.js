import { defineConfig } from "eslint/config";
import tseslint from "typescript-eslint";

// Without rules instead of ignored: ESLint warns of ignored files that it is given by name, as it is by whoever lints what
// was changed, and no warning passes.
const GENERATED = ["**/*.generated.ts"];

export default defineConfig(
  // bench/peers is written in the language of another tool.
  { ignores: ["fixtures/", "dist/", "coverage/", "bench/peers/", "test/cli/fault-shim.cjs", "site/**"] },
  { files: GENERATED, languageOptions: { parser: tseslint.parser } },
  { ignores: GENERATED, extends: [tseslint.configs.strictTypeChecked] },
  {
    ignores: GENERATED,
    languageOptions: { parserOptions: { projectService: { allowDefaultProject: ["eslint.config.js"] } } },
    linterOptions: { reportUnusedDisableDirectives: "error" },
    rules: {
      // Counts and lines go into messages as they are.
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true, allowBoolean: true }],
      // `(x) => doIt(x)` for a callback whose result nobody reads is the plainer form.
      "@typescript-eslint/no-confusing-void-expression": ["error", { ignoreArrowShorthand: true }],
      "@typescript-eslint/consistent-type-imports": ["error", { fixStyle: "inline-type-imports" }],
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true, named: true, defaultFrom: true } }],
      // How the engine ends a check: see src/engine/evaluation/signal.ts.
      "@typescript-eslint/only-throw-error": ["error", { allow: [{ from: "file", name: "Signal" }] }],
      eqeqeq: ["error", "always", { null: "ignore" }],
    },
  },
  { files: ["rules/**/*.ts", "*.config.ts", "eslint.config.js"], rules: { "no-restricted-exports": "off" } },
);
