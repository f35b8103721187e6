/**
 * `npm run check-rule GROUP/NAME` checks one rule in seconds: its test, its page and the conventions, its mutations,
 * lint, format, and whether the generated files are up to date. Exits with 0 when all of them pass.
 */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

interface Outcome {
  readonly isFine: boolean;
  readonly output: string;
}

/** Runs a program of `node_modules`. */
function run(command: readonly string[]): Promise<Outcome> {
  const [program = "", ...args] = command;
  const child = spawn(join(ROOT, "node_modules", ".bin", program), args, {
    cwd: ROOT,
    env: { ...process.env, NO_COLOR: "1" },
  });
  const parts: string[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (text: string) => parts.push(text));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => {
      resolve({ isFine: code === 0, output: parts.join("") });
    });
  });
}

const [id, ...more] = process.argv.slice(2);
const files = [`rules/${id}.ts`, `test/rules/${id}.test.ts`, `docs/rules/${id}.md`];
const [absent] = files.filter((path) => !existsSync(join(ROOT, path)));
if (id === undefined || more.length > 0) {
  console.error("Usage: npm run check-rule GROUP/NAME");
  process.exitCode = 2;
} else if (absent !== undefined) {
  console.error(`${absent} does not exist; npm run new-rule ${id} writes it.`);
  process.exitCode = 2;
} else {
  const [rule = "", test = "", page = ""] = files;
  const steps: readonly (readonly [string, readonly string[]])[] = [
    [
      "test, page, conventions and mutations",
      // Names of tests are joined by spaces; the id must not be a prefix of another one.
      [
        "vitest",
        "run",
        // The snapshot of the rule's findings: read its diff.
        "--update",
        "--reporter=dot",
        "--hideSkippedTests",
        test,
        "test/conventions.test.ts",
        "test/mutations",
        "-t",
        `(^| )${id}( |$)`,
      ],
    ],
    ["lint", ["eslint", "--max-warnings", "0", rule, test]],
    ["format", ["prettier", "--check", rule, test, page]],
    ["generated files", ["tsx", "scripts/generate.ts", "--check"]],
  ];
  for (const [name, outcome] of steps.map(([name, command]) => [name, run(command)] as const)) {
    const { isFine, output } = await outcome;
    console.log(`${isFine ? "ok    " : "FAILED"}  ${name}`);
    if (isFine) continue;
    process.exitCode = 1;
    console.log(output);
  }
}
