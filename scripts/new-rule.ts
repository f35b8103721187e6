/**
 * `npm run new-rule GROUP/NAME` writes a rule with its mutation, its test and its page, and runs the generators. The
 * skeleton compiles, and all its tests pass except one, which fails until every TODO is replaced.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
const ID = /^[a-z0-9]+\/[a-z0-9]+(-[a-z0-9]+)*$/;

/** The files of a new rule, by their paths. */
function skeleton(id: string, since: string): ReadonlyMap<string, string> {
  return new Map([
    [
      `rules/${id}.ts`,
      `import { set } from "../../src/engine/api/mutation.ts";
import { defineRule } from "../../src/engine/api/rule.ts";
import { guide } from "../../src/facts/guide.ts";

/** The guide: "TODO: quote it" (TODO: line). */
export default defineRule({
  id: "${id}",
  title: "Require TODO",
  severity: "error",
  since: "${since}",
  source: guide("Prerequisites", "must"),
  subject: "node",
  messages: {
    wrong: "Description of node {{node}} is {{actual}}; TODO.",
  },
  remediation: "TODO.",
  mutations: [{ edit: (node) => set(node, "description", "TODO") }],
  check(node, { need, fail }) {
    const actual = need(node, "description");
    if (actual !== "TODO") return;
    fail("wrong", { at: [node, "description"], data: { node: node.name, actual } });
  },
});
`,
    ],
    [
      `test/rules/${id}.test.ts`,
      `import rule from "../../../rules/${id}.ts";
import { nodeCase } from "../../support/one-node.ts";
import { ruleTester } from "../../support/rule-tester.ts";

ruleTester.run(
  rule,
  [
    nodeCase("passes another description", ["description: Rack 4"], { verdict: "pass" }),
    nodeCase("fails a description that is TODO", ["description: «TODO»"], {
      verdict: "fail",
      findings: [["wrong", "Description of node a is TODO"]],
    }),
    nodeCase("is inconclusive without a description", [], {
      verdict: "inconclusive",
      missing: ["conferencing_nodes.description is not in the deployment"],
    }),
  ],
  { without: ["not-applicable"] },
);
`,
    ],
    [
      `docs/rules/${id}.md`,
      `# ${id}

> error · node · static · since ${since}

Require TODO.

## What it checks and why

TODO.

## Where the guide says it

"Prerequisites":

> TODO

## Failing example

\`\`\`yaml deployment
conferencing_nodes:
  - name: oslo-conf01
    hostname: conf01
    description: TODO
\`\`\`

## Passing example

\`\`\`yaml deployment
conferencing_nodes:
  - name: oslo-conf01
    hostname: conf01
    description: Rack 4
\`\`\`

## Options

None.

## How to fix

TODO.

## When not to use it

TODO.
`,
    ],
  ]);
}

/** The version in which a new rule appears: patch releases add no rules. */
function nextMinor(): string {
  const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { readonly version: string };
  return version.replace(/\.\d+$/, ".0");
}

const [id, ...more] = process.argv.slice(2);
if (id === undefined || more.length > 0 || !ID.test(id)) {
  console.error("Usage: npm run new-rule GROUP/NAME, both in lower case with digits and hyphens: vm/thick-disk");
  process.exitCode = 2;
} else {
  const files = skeleton(id, nextMinor());
  const [taken] = [...files.keys()].filter((path) => existsSync(join(ROOT, path)));
  if (taken !== undefined) {
    console.error(`${taken} exists already.`);
    process.exitCode = 1;
  } else {
    for (const [path, content] of files) {
      mkdirSync(dirname(join(ROOT, path)), { recursive: true });
      writeFileSync(join(ROOT, path), content);
      console.log(path);
    }
    // In a separate process: it imports the new rule through the same modules.
    const generate = spawnSync(process.execPath, ["--import", "tsx", "scripts/generate.ts"], {
      cwd: ROOT,
      stdio: "inherit",
    });
    process.exitCode = generate.status ?? 1;
    console.log(`Replace every TODO, then run: npm run check-rule ${id}`);
  }
}
