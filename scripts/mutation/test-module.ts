/**
 * What tests import from vitest, for tests that run inside a process of Stryker: `describe`, `it` and `expect` with
 * vitest's own matchers, and snapshots that are compared and never written. Starting vitest for each mutant takes 1.5
 * s, this 30 ms.
 */
import { existsSync, readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { isDeepStrictEqual, format } from "node:util";
import {
  ASYMMETRIC_MATCHERS_OBJECT,
  chai,
  type ExpectStatic,
  GLOBAL_EXPECT,
  JestAsymmetricMatchers,
  JestChaiExpect,
  JestExtend,
} from "@vitest/expect";

/** A test as its file declares it. */
export interface DeclaredTest {
  readonly name: string;
  readonly run: () => Promise<void>;
}

type Body = (...values: readonly unknown[]) => unknown;
type Hook = () => unknown;

/** Tests of the file that is being evaluated, and the names under which their snapshots are stored. */
interface Collected {
  readonly tests: DeclaredTest[];
  readonly names: string[];
  readonly hooks: { readonly beforeEach: Hook[]; readonly afterEach: Hook[]; readonly beforeAll: Hook[] };
}

/** `vitest` for one test file, and the tests that the file declares with it. */
export function testModule(file: string): { readonly exports: object; readonly tests: readonly DeclaredTest[] } {
  const collected: Collected = { tests: [], names: [], hooks: { beforeEach: [], afterEach: [], beforeAll: [] } };
  const declareTest = (name: string, body: Body, values: readonly unknown[] = []): void => {
    const path = [...collected.names, name];
    const before = [...collected.hooks.beforeEach];
    const after = [...collected.hooks.afterEach];
    const once = [...collected.hooks.beforeAll];
    collected.tests.push({
      name: path.join(" > "),
      run: async () => {
        snapshots.begin(file, path.join(" > "));
        for (const hook of [...once, ...before]) await hook();
        try {
          await body(...values);
        } finally {
          for (const hook of after) await hook();
        }
      },
    });
  };
  const group = (name: string, body: Body, values: readonly unknown[] = []): void => {
    collected.names.push(name);
    body(...values);
    collected.names.pop();
  };
  const describe = Object.assign(group, { each: eachOf(group) });
  const it = Object.assign(declareTest, { each: eachOf(declareTest) });
  const hookInto = (list: Hook[]) => (hook: Hook) => {
    list.push(hook);
  };
  const exports = {
    describe,
    it,
    test: it,
    expect,
    beforeEach: hookInto(collected.hooks.beforeEach),
    afterEach: hookInto(collected.hooks.afterEach),
    beforeAll: hookInto(collected.hooks.beforeAll),
    afterAll: () => undefined,
  };
  return { exports, tests: collected.tests };
}

type Declare = (name: string, body: Body, values?: readonly unknown[]) => void;

/** `each`: a row that is a list is spread over the parameters. */
function eachOf(declare: Declare) {
  return (rows: readonly unknown[]) => (name: string, body: Body) => {
    for (const [index, row] of rows.entries()) {
      const values = Array.isArray(row) ? (row as readonly unknown[]) : [row];
      declare(titleOf(name, values, index), body, values);
    }
  };
}

function titleOf(name: string, values: readonly unknown[], index: number): string {
  const [first] = values;
  const named = name.replaceAll("%#", String(index)).replace(/\$(\w+)/g, (whole, key: string) => {
    const fields = typeof first === "object" && first !== null ? (first as Record<string, unknown>) : {};
    return Object.hasOwn(fields, key) ? String(fields[key]) : whole;
  });
  const count = named.match(/%[sdifjoO]/g)?.length ?? 0;
  return `${format(named, ...values.slice(0, count))} #${index}`;
}

/** Snapshots beside a test file, read once; a test may compare with several, which are numbered. */
const snapshots = {
  files: new Map<string, Readonly<Record<string, string>>>(),
  current: { file: "", test: "", count: 0 },
  begin(file: string, test: string): void {
    this.current = { file, test, count: 0 };
  },
  compare(received: unknown): void {
    const { file, test } = this.current;
    const stored = this.of(file)[`${test} ${++this.current.count}`];
    const text = `"${String(received)}"`;
    const wanted = text.includes("\n") ? `\n${text}\n` : text;
    if (typeof received !== "string" || !isDeepStrictEqual(stored, wanted))
      throw new Error(`${test}: another snapshot`);
  },
  of(file: string): Readonly<Record<string, string>> {
    const known = this.files.get(file);
    if (known !== undefined) return known;
    const path = join(dirname(file), "__snapshots__", `${basename(file)}.snap`);
    const stored: Record<string, string> = {};
    // vitest writes snapshots as CommonJS modules.
    // eslint-disable-next-line @typescript-eslint/no-implied-eval, @typescript-eslint/no-unsafe-call -- our own committed file
    if (existsSync(path)) new Function("exports", readFileSync(path, "utf8"))(stored);
    this.files.set(file, stored);
    return stored;
  },
};

chai.use(JestExtend);
chai.use(JestChaiExpect);
chai.use(JestAsymmetricMatchers);
chai.use((_, utils) => {
  utils.addMethod(chai.Assertion.prototype, "toMatchSnapshot", function (this: object) {
    snapshots.compare(chai.util.flag(this, "object"));
  });
});
const globals = globalThis as unknown as Record<symbol, object>;
const expect = Object.assign(
  (value: unknown, message?: string) => chai.expect(value, message),
  chai.expect,
  globals[ASYMMETRIC_MATCHERS_OBJECT],
) as unknown as ExpectStatic;
globals[GLOBAL_EXPECT] = expect;
