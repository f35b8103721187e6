import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { describe, expect, it } from "vitest";

const ROOT = join(import.meta.dirname, "..");

/** Which rooms a room may import from, besides itself. The arrows of the house: they point one way. */
const MAY_IMPORT: Readonly<Record<string, readonly string[]>> = {
  "src/values": [],
  "src/facts": ["src/values"],
  "src/site": ["src/facts", "src/values"],
  "src/engine": ["src/site", "src/facts", "src/values"],
  "src/input": ["src/engine", "src/site", "src/values"],
  "src/probe": ["src/engine", "src/values"],
  "src/report": ["src/engine", "src/values"],
  rules: ["src/engine", "src/site", "src/facts", "src/values"],
  "src/run": ["src/report", "src/engine", "src/probe", "src/input", "src/site", "src/facts", "src/values", "rules"],
  "src/cli": ["src/run", "src/report", "src/input", "src/engine", "src/probe", "src/values", "rules"],
  bin: ["src/cli"],
};

/** Modules of Node that touch the outside world, and the rooms that may. */
const OUTSIDE: Readonly<Record<string, readonly string[]>> = {
  "node:fs": ["src/input", "src/cli"],
  "node:fs/promises": ["src/input", "src/cli"],
  "node:net": ["src/probe"],
  "node:tls": ["src/probe"],
  "node:dgram": ["src/probe"],
  "node:dns": [],
  "node:http": [],
  "node:https": [],
  "node:child_process": [],
};

/** Of the engine, a rule sees the rule API and its helpers, and no machinery. */
const RULE_API = [
  "src/engine/rule.ts",
  "src/engine/dns-answers.ts",
  "src/engine/tcp-open.ts",
  "src/engine/question.ts",
];

interface Import {
  readonly file: string;
  readonly room: string;
  readonly target: string;
}

const files = ["src", "rules", "bin"].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => join(folder, name)),
);
const imports = files.flatMap(importsOf);

function importsOf(file: string): readonly Import[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g);
  return [...found].map(([, target = ""]) => ({ file, room: roomOf(file), target: resolveTarget(file, target) }));
}

function resolveTarget(file: string, target: string): string {
  return target.startsWith(".") ? relative(ROOT, join(ROOT, dirname(file), target)) : target;
}

function roomOf(file: string): string {
  return Object.keys(MAY_IMPORT).find((room) => file.startsWith(`${room}/`)) ?? "";
}

describe("the house", () => {
  it("puts every file in a room, and no room is empty", () => {
    expect(files.filter((file) => roomOf(file) === "")).toEqual([]);
    expect(Object.keys(MAY_IMPORT).filter((room) => !files.some((file) => file.startsWith(`${room}/`)))).toEqual([]);
  });

  it.each(Object.entries(MAY_IMPORT))("%s imports only %j", (room, allowed) => {
    const wrong = imports.filter(
      ({ room: from, target }) =>
        from === room && /^(src|rules|bin)\//.test(target) && ![room, ...allowed].includes(roomOf(target)),
    );
    expect(wrong).toEqual([]);
  });

  it.each(Object.entries(OUTSIDE))("%s is imported only by %j", (module, allowed) => {
    expect(imports.filter(({ room, target }) => target === module && !allowed.includes(room))).toEqual([]);
  });

  it("watches modules and rooms that are really imported", () => {
    for (const [module, allowed] of Object.entries(OUTSIDE)) {
      if (allowed.length > 0 && module !== "node:fs/promises") {
        expect(
          imports.some(({ target }) => target === module),
          module,
        ).toBe(true);
      }
    }
    for (const module of RULE_API) expect(files).toContain(module);
  });

  it("lets a rule see the rule API and nothing else of the engine, and no other rule", () => {
    const wrong = imports.filter(
      ({ room, file, target }) =>
        room === "rules" &&
        !file.endsWith("index.generated.ts") &&
        ((target.startsWith("src/engine/") && !RULE_API.includes(target)) || target.startsWith("rules/")),
    );
    expect(wrong).toEqual([]);
  });

  it("lets rules import nothing from outside the project", () => {
    expect(imports.filter(({ room, target }) => room === "rules" && !/^(src|rules)\//.test(target))).toEqual([]);
  });

  it("keeps process, console and timers out of the pure rooms", () => {
    const pure = files.filter((file) => /^(src\/(values|facts|site|engine|report)|rules)\//.test(file));
    expect(pure.length).toBeGreaterThan(20);
    const wrong = pure.filter((file) => {
      const code = readFileSync(join(ROOT, file), "utf8").replaceAll(
        /\/\*[\s\S]*?\*\/|\/\/.*$|`[^`]*`|"[^"\n]*"/gm,
        "",
      );
      return /\b(process|console)\.|\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bfetch\(/.test(code);
    });
    expect(wrong).toEqual([]);
  });
});
