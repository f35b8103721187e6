import { hostname, tmpdir } from "node:os";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import type { ColorChoice } from "../../../src/cli/output/color.ts";
import { fileLinks, type Links, linksOf } from "../../../src/cli/output/links.ts";

describe("linksOf", () => {
  const VSCODE = { TERM_PROGRAM: "vscode", TERM_PROGRAM_VERSION: "1.95.2" };
  it.each<readonly [ColorChoice, Record<string, string>, boolean, Links]>([
    ["auto", {}, true, "none"],
    ["auto", VSCODE, true, "line"],
    ["auto", VSCODE, false, "none"],
    ["always", VSCODE, false, "none"],
    ["never", { ...VSCODE, FORCE_HYPERLINK: "1" }, true, "none"],
    ["auto", { FORCE_HYPERLINK: "1" }, false, "none"],
    ["auto", { FORCE_HYPERLINK: "1" }, true, "file"],
    ["auto", { ...VSCODE, FORCE_HYPERLINK: "1" }, true, "line"],
    ["auto", { ...VSCODE, FORCE_HYPERLINK: "0" }, true, "none"],
    ["auto", { ...VSCODE, FORCE_HYPERLINK: "false" }, true, "none"],
    ["auto", { ...VSCODE, FORCE_HYPERLINK: "" }, true, "line"],
    ["auto", { ...VSCODE, NO_COLOR: "1" }, true, "none"],
    ["auto", { ...VSCODE, TERM: "dumb" }, true, "none"],
    ["always", { ...VSCODE, TERM: "dumb" }, true, "none"],
    ["auto", { ...VSCODE, CI: "true" }, true, "none"],
    ["auto", { ...VSCODE, TMUX: "/tmp/tmux-1000/default,1,0" }, true, "none"],
    ["auto", { ...VSCODE, STY: "1.pts-0" }, true, "none"],
    ["auto", { ...VSCODE, TERM_PROGRAM_VERSION: "1.71.0" }, true, "none"],
    ["auto", { TERM_PROGRAM: "vscode" }, true, "none"],
    ["auto", { TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.5.10" }, true, "line"],
    ["auto", { TERM_PROGRAM: "iTerm.app", TERM_PROGRAM_VERSION: "3.0.15" }, true, "none"],
    ["auto", { TERM_PROGRAM: "WezTerm", TERM_PROGRAM_VERSION: "20240203-110809-5046fc22" }, true, "file"],
    ["auto", { TERM_PROGRAM: "Apple_Terminal", TERM_PROGRAM_VERSION: "455" }, true, "none"],
    ["auto", { TERM: "xterm-kitty" }, true, "line"],
    ["auto", { VTE_VERSION: "7600", TERM: "xterm-256color" }, true, "file"],
    ["auto", { VTE_VERSION: "5000" }, true, "none"],
    ["auto", { WT_SESSION: "c0ffee" }, true, "file"],
    ["auto", { TERM: "alacritty" }, true, "file"],
  ])("--color %s with %o, terminal: %s", (choice, env, isTerminal, links) => {
    expect(linksOf(choice, env, isTerminal)).toBe(links);
  });
});

describe("fileLinks", () => {
  const folder = mkdtempSync(join(tmpdir(), "preflight-links-"));
  writeFileSync(join(folder, "a b#ø%.yaml"), "");
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  it("refers to a file of this machine, with the line if the terminal supports it", () => {
    const url = `file://${hostname()}${folder}/a%20b%23%C3%B8%25.yaml`;
    expect(fileLinks("line", folder, hostname())("a b#ø%.yaml", 12)).toBe(`${url}#12`);
    expect(fileLinks("line", folder, hostname())(join(folder, "a b#ø%.yaml"), null)).toBe(url);
    expect(fileLinks("file", folder, "")("a b#ø%.yaml", 12)).toBe(url.replace(hostname(), ""));
  });

  it.each(["-", "nosuch.yaml", "https://example.com/a", "file://example.com/a", "a\0b"])("has none for %j", (path) => {
    expect(fileLinks("line", folder, "here")(path, 1)).toBeNull();
  });
});
