import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { rules } from "../../rules/index.generated.ts";
import { preflight, ROOT } from "./program.ts";

describe("preflight rules", () => {
  it("lists every rule as JSON, with what a machine wants to know of it", async () => {
    const { exitCode, stdout } = await preflight(["rules", "list", "--json"]);
    const list = JSON.parse(stdout) as readonly { readonly id: string; readonly options: object }[];
    expect(exitCode).toBe(0);
    expect(list.map(({ id }) => id)).toEqual(rules.map(({ id }) => id));
    expect(list.find(({ id }) => id === "time/ntp-synchronised")).toMatchObject({
      severity: "error",
      live: true,
      subject: "ntp-server",
      source: { document: "guide-v25", wording: "must" },
      options: { root_distance_ms: { type: "integer", default: 3000 } },
    });
  });

  it("lists them as a Markdown table", async () => {
    const { stdout } = await preflight(["rules", "list", "--markdown"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines[0]).toBe("| rule | severity | live | title |");
    expect(lines).toHaveLength(rules.length + 2);
  });

  it.each(rules.map(({ id }) => id).filter((_, index) => index % 20 === 0))("shows %s and its page", async (id) => {
    const { exitCode, stdout } = await preflight(["rules", "show", id]);
    const page = readFileSync(join(ROOT, "docs", "rules", `${id}.md`), "utf8");
    expect(exitCode).toBe(0);
    expect(stdout.startsWith(`${id} (`)).toBe(true);
    expect(stdout).toContain(page.slice(page.indexOf("\n## ") + 1));
  });

  it("says which rule was probably meant", async () => {
    const { exitCode, stdout, stderr } = await preflight(["rules", "show", "vm/thik-disk"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain("did you mean vm/thick-disk?");
  });

  it("wants one rule to show", async () => {
    expect((await preflight(["rules", "show"])).stderr).toContain("Say which rule to show.");
    expect((await preflight(["rules", "show", "a", "b"])).stderr).toContain('Unexpected argument "b".');
  });
});
