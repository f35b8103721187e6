import { describe, expect, it } from "vitest";
import { readArguments } from "../../../src/cli/arguments/arguments.ts";
import { commandLike } from "../../../src/cli/arguments/command-words.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";

function mistakesOf(argv: readonly string[]): readonly string[] {
  try {
    readArguments(argv);
    return [];
  } catch (error) {
    if (error instanceof PreflightErrors) return error.errors.map(({ message }) => message);
    throw error;
  }
}

describe("readArguments", () => {
  it("fills in what is not given", () => {
    expect(readArguments(["site.yaml"])).toMatchObject({
      command: "check",
      options: {
        paths: ["site.yaml"],
        site: [],
        inventory: [],
        "no-live": false,
        only: [],
        rule: [],
        now: undefined,
        color: "auto",
        format: [],
        "max-warnings": undefined,
        quiet: false,
        all: false,
        frames: false,
        stats: false,
        inconclusive: undefined,
        config: undefined,
        "no-config": false,
      },
    });
  });

  it("reads every option of check, joined or separate, before and after the file", () => {
    const argv = "--inventory a.json check --no-live -- site.yaml".split(" ");
    expect(readArguments(argv)).toMatchObject({
      options: { paths: ["site.yaml"], inventory: ["a.json"], "no-live": true },
    });
    const all = [
      ...["check", "site.yaml", "--inventory=a.json", "--inventory", "-", "--only=vm/*", "--only", "a/b,c/d"],
      ...["--rule", "x/y: off", "--rule=z/w:warn", "--now", "2026-11-22T08:00:00Z", "--format", "json=a=b.json"],
      ...[
        "--format=sarif",
        "--color",
        "never",
        "--quiet",
        "--all",
        "--frames",
        "--stats",
        "--max-warnings",
        "0",
        "--inconclusive",
        "warn",
      ],
    ];
    expect(readArguments(all)).toMatchObject({
      command: "check",
      options: {
        paths: ["site.yaml"],
        inventory: ["a.json", "-"],
        only: ["vm/*", "a/b", "c/d"],
        rule: ["x/y: off", "z/w:warn"],
        now: Date.UTC(2026, 10, 22, 8),
        format: ["json=a=b.json", "sarif"],
        color: "never",
        quiet: true,
        all: true,
        frames: true,
        stats: true,
        "max-warnings": 0,
        inconclusive: "warn",
      },
    });
  });

  it("takes the last of values that exclude each other", () => {
    const read = readArguments(["x", "--color=never", "--from=a", "--color", "always", "--from", "b"]);
    expect(read).toMatchObject({ options: { color: "always", from: "b" } });
  });

  it("takes a word after -- as a file, and a separate word as a command", () => {
    expect(readArguments(["--", "plan"])).toMatchObject({ command: "check", options: { paths: ["plan"] } });
    expect(readArguments(["plan", "plan"])).toMatchObject({ command: "plan", options: { deployment: "plan" } });
    expect(readArguments(["check", "check"])).toMatchObject({ command: "check", options: { paths: ["check"] } });
    expect(readArguments(["--", "--help"])).toMatchObject({ command: "check", options: { paths: ["--help"] } });
    expect(readArguments(["-"])).toMatchObject({ command: "check", options: { paths: ["-"] } });
  });

  it("takes the short names that other programs have", () => {
    const read = readArguments(["-i", "a.json", "-c", "b.yaml", "-f", "json", "-o", "c.html", "-q", "x", "y"]);
    const options = { inventory: ["a.json"], config: "b.yaml", format: ["json"], output: "c.html", quiet: true };
    expect(read).toMatchObject({ command: "check", options: { ...options, paths: ["x", "y"] } });
    expect(readArguments(["-v"])).toEqual({ command: "version" });
  });

  it("reads the other commands", () => {
    const options = { action: "list", "no-config": false, json: false, markdown: false, color: "auto" };
    expect(readArguments(["rules", "list"])).toEqual({ command: "rules", options });
    expect(readArguments(["rules", "show", "a/b"])).toMatchObject({ options: { action: "show", id: "a/b" } });
    expect(readArguments(["schema", "report"])).toEqual({ command: "schema", options: { name: "report" } });
    const imported = { command: "inventory", options: { action: "import", paths: ["a", "b"] } };
    expect(readArguments(["inventory", "import", "a", "b"])).toMatchObject(imported);
    expect(readArguments(["inventory", "pull"])).toMatchObject({ options: { action: "pull", server: undefined } });
    expect(readArguments(["schema", "-h"])).toEqual({ command: "help", about: "schema" });
    expect(readArguments(["-h"])).toEqual({ command: "help", about: null });
    expect(readArguments(["--version", "site.yaml"])).toEqual({ command: "version" });
  });

  it("names a group of unknown letters once, as typed", () => {
    expect(mistakesOf(["site.yaml", "-abc"])).toEqual(['Unknown option "-abc".']);
  });

  it("does not report words while options are invalid, because they may belong to them", () => {
    expect(mistakesOf(["site.yaml", "--unknown", "value"])).toEqual(['Unknown option "--unknown".']);
  });

  it("never reads a flag's value as a yes", () => {
    for (const value of ["false", "no", "0", "true", ""]) {
      expect(mistakesOf(["site.yaml", `--no-live=${value}`])).toEqual(["--no-live takes no value."]);
    }
  });
});

describe("commandLike", () => {
  it.each([
    ["ruls", "rules"],
    ["Plan", "plan"],
    ["chekc", "check"],
    ["shcema", "schema"],
    ["help", "--help"],
    ["site.yaml", null],
    ["rules.yaml", null],
    ["", null],
    ["../rules", null],
  ])("%j → %j", (word, expected) => {
    expect(commandLike(word)).toBe(expected);
  });
});
