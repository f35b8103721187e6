import { chmodSync, cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { EXAMPLE, program, PROGRAM, ROOT } from "../cli/program.ts";
import { describeReal, workFolder } from "./real-server.ts";

/** What neovim.lua writes. */
interface Session {
  readonly before: readonly string[];
  readonly hover: string;
  readonly definition: number;
  readonly completion: readonly string[];
  readonly action: string;
  readonly line: string;
  readonly isGone: boolean;
}

describeReal("Neovim", ["nvim"], ([nvim = ""]) => {
  const folder = workFolder();
  const at = (name: string) => join(folder, name);

  it("shows, explains and fixes findings by the recipe in docs/editors.md", async () => {
    cpSync(join(EXAMPLE, "mistakes"), folder, { recursive: true });
    const page = readFileSync(join(ROOT, "docs", "editors.md"), "utf8");
    // The second one is for releases before 0.11, such as Debian's.
    const [, recipe = ""] = [...page.matchAll(/^```lua\n([\s\S]*?)^```$/gm)].map(([, code]) => code);
    writeFileSync(at("init.lua"), recipe);
    writeFileSync(at("preflight"), `#!/bin/sh\nexec '${process.execPath}' '${PROGRAM}' "$@"\n`);
    chmodSync(at("preflight"), 0o755);
    const args = ["--headless", "-u", at("init.lua"), "-n", at("deployment.yaml")];
    const { stderr } = await program(nvim, [...args, "-c", `luafile ${join(import.meta.dirname, "neovim.lua")}`], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env["PATH"] ?? ""}`, HOME: folder, RESULT: at("result.json") },
    });
    expect(stderr).not.toContain("Error");
    const session = JSON.parse(readFileSync(at("result.json"), "utf8")) as Session;
    expect(session.before).toContain("node/unique-hostname");
    expect(session.hover).toContain("Source: guide-v25");
    expect(session.hover).toMatch(/vm_system_memory: 8190 \(deployment\.yaml:\d+:\d+\)/);
    const lines = readFileSync(at("deployment.yaml"), "utf8").split("\n");
    expect(lines[session.definition - 1]).toMatch(/name: Oslo/);
    expect(session.completion).toContain("Oslo");
    expect(session.action).toBe("Set vm_system_memory to 8192");
    expect(session.line.trim()).toBe("vm_system_memory: 8192");
    expect(session.isGone).toBe(true);
  });
});
