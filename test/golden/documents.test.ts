import { existsSync, readdirSync } from "node:fs";
import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import packageJson from "../../package.json" with { type: "json" };
import type { Inventory } from "../../src/schema/inventory.generated.ts";
import { EXAMPLE, ROOT, shell } from "../cli/program.ts";
import { rvtoolsTabs } from "../inventory/exports/rvtools-tabs.ts";
import { xlsx } from "../inventory/exports/xlsx.ts";
import { type ExampleNetwork, exampleNetwork } from "../support/example-network.ts";
import { pretendNetwork } from "../support/pretend-network.ts";

/**
 * Commands in the documents are run in a separate folder with the fixtures and the files that the page tells the reader
 * to save. The language of a code block determines its meaning: `yaml NAME`, a file to save; `console`, commands with
 * their output (rewritten with UPDATE_GOLDEN=1); `sh`, commands; `groovy`, `mermaid` and `text`, input of other
 * programs, which is not checked; `ts PATH` and `js PATH`, a file of this repository.
 */
const PAGES = [
  "README.md",
  "AGENTS.md",
  "CONTRIBUTING.md",
  "CHANGELOG.md",
  ...["docs", "docs/inventory"].flatMap((folder) =>
    readdirSync(join(ROOT, folder)).flatMap((name) => (name.endsWith(".md") ? [`${folder}/${name}`] : [])),
  ),
];
const isUpdate = process.env["UPDATE_GOLDEN"] === "1";

/** The servers of the example, for pages that query them. */
let network: ExampleNetwork;
beforeAll(async () => {
  network = await exampleNetwork();
});
afterAll(() => network.close());

/** What a command runs in: nothing that it sends leaves this machine. */
const environment = () => ({ COLUMNS: "80", ...pretendNetwork({ routes: network.routes }) });

describe.each(PAGES)("%s", (page) => {
  it("shows what the commands really do", async () => {
    const before = await readFile(join(ROOT, page), "utf8");
    const folder = await workFolder(before);
    const after = await rewritten(before, folder);
    await rm(folder, { recursive: true });
    if (withoutCatalogueSize(after) === withoutCatalogueSize(before)) return;
    if (isUpdate) await writeFile(join(ROOT, page), after);
    else expect(after).toBe(before);
  });
});

/**
 * Outputs count all rules and their checks, so each new rule would make every page stale that shows a summary. These
 * counts are as they were when something else on the page last changed.
 */
function withoutCatalogueSize(page: string): string {
  const counts = /\b\d+(?=\s+(?:rules|checks|skipped)\b)/g;
  // Evidence is recorded while the page is generated; the milliseconds depend on the clock.
  const moments = /\b20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z(?=,\s+[\d,]+\s+(?:minutes?|hours?|days?)\s+old)/g;
  // Pages also run commands without --now.
  const ages = /\b[\d,]+\s+(?:minutes?|hours?|days?)(?=\s+old\b)/g;
  return page
    .split("\n\n")
    .map((paragraph) => {
      const masked = paragraph.replaceAll(counts, "N").replaceAll(moments, "TIME").replaceAll(ages, "AGE");
      // A longer number may wrap the lines of its paragraph differently.
      return masked === paragraph ? paragraph : masked.replaceAll(/\s+/g, " ");
    })
    .join("\n\n");
}

describe("a page with another size of the catalogue", () => {
  const summary = (rules: number, checks: number, passed: number) =>
    `Checked a.yaml with ${rules} rules.\n${checks} checks: ${passed} passed, ${checks - passed}\n  skipped`;

  it("is not stale", () => {
    expect(withoutCatalogueSize(summary(1000, 6150, 12))).toBe(withoutCatalogueSize(summary(99, 615, 12)));
  });

  it("is stale when any other count differs", () => {
    expect(withoutCatalogueSize(summary(99, 615, 13))).not.toBe(withoutCatalogueSize(summary(99, 615, 12)));
  });
});

describe("the documents", () => {
  it("contain commands, outputs, files and code, so that this test checks something", async () => {
    const all = (await Promise.all(PAGES.map((page) => readFile(join(ROOT, page), "utf8")))).join("\n");
    for (const language of ["sh", "console", "yaml deployment.yaml", "yaml inventory.yaml", "ts rules/"]) {
      expect(all).toContain(`\n\`\`\`${language}`);
    }
  });
});

/** The page with every output and every quoted file as they are today. */
async function rewritten(text: string, folder: string): Promise<string> {
  const parts: string[] = [];
  let end = 0;
  for (const match of text.matchAll(/^```(\S+)(?: (\S+))?\n([\s\S]*?)^```$/gm)) {
    const [block, language = "", name, content = ""] = match;
    parts.push(text.slice(end, match.index), await blockToday(block, { language, name, content }, folder));
    end = match.index + block.length;
  }
  return [...parts, text.slice(end)].join("");
}

interface Block {
  readonly language: string;
  readonly name: string | undefined;
  readonly content: string;
}

async function blockToday(block: string, { language, name, content }: Block, folder: string): Promise<string> {
  const lines = content.split("\n");
  switch (language) {
    case "yaml":
      if (name !== undefined) await writeFile(join(folder, name), content);
      return block;
    case "sh":
      for (const line of lines.filter((candidate) => candidate !== "")) await expectWorking(line, folder);
      return block;
    case "console": {
      const outputs = lines.filter((line) => line.startsWith("$ ")).map((line) => output(line, folder));
      return `\`\`\`console\n${(await Promise.all(outputs)).join("")}\`\`\``;
    }
    case "ts":
    case "js":
      if (name === undefined) return block;
      return `\`\`\`${language} ${name}\n${await readFile(join(ROOT, name), "utf8")}\`\`\``;
    // What other programs take, and what takes a person at a terminal, or a server.
    case "mermaid":
    case "groovy":
    case "text":
      return block;
    // The recipes of docs/editors.md, which have a test of their own.
    case "lua":
    case "toml":
    case "json":
    case "javascript":
      return block;
    default:
      throw new Error(`A code block in the language ${language}: this test does not know what to do with it.`);
  }
}

/** A command line with what it prints. */
async function output(line: string, folder: string): Promise<string> {
  const { stdout, stderr } = await shell(line.replace(/^\$ preflight /, "$PREFLIGHT "), {
    cwd: folder,
    env: environment(),
  });
  return `${line}\n${stderr}${stdout}`;
}

/** A command line whose output is not shown: it must be accepted and valid. */
async function expectWorking(line: string, folder: string): Promise<void> {
  for (const command of line.replace(/ +# .*$/, "").split(" && ")) {
    const [, script] = /^npm (?:run )?(\S+)/.exec(command.replace(/^(?:\w+=\S+ )*/, "")) ?? [];
    if (script !== undefined) {
      const known = ["ci", "install", "pack", ...Object.keys(packageJson.scripts)];
      expect(known, command).toContain(script);
    } else if (/^preflight .*(?:inventory pull| --vcenter )/.test(command)) {
      const { exitCode, stderr } = await shell(command.replace("preflight ", "$PREFLIGHT "), {
        cwd: folder,
        env: environment(),
      });
      // As far as possible without a server: all arguments are accepted, and there is no terminal for the password.
      expect(stderr, command).toContain("No password is set.");
      expect(exitCode, command).toBe(2);
    } else if (command === "preflight" || command.startsWith("preflight init ")) {
      // A folder of one site: with what init wrote, which it writes only where there is no deployment yet.
      const site = join(folder, "site");
      await mkdir(site, { recursive: true });
      await cp(join(EXAMPLE, "clean/inventory.json"), join(site, "inventory.json"));
      const run = command === "preflight" ? "$PREFLIGHT --no-live" : command.replace("preflight ", "$PREFLIGHT ");
      const { exitCode, stderr } = await shell(run, { cwd: site, env: environment() });
      // What init wrote has to be filled in.
      expect({ exitCode, stderr }, command).toEqual({ exitCode: command === "preflight" ? 1 : 0, stderr: "" });
    } else if (command.startsWith("preflight ")) {
      const { exitCode, stderr } = await shell(offline(command).replace("preflight", "$PREFLIGHT"), {
        cwd: folder,
        env: environment(),
      });
      expect({ stderr, isVerdict: exitCode === 0 || exitCode === 1 }, command).toEqual({ stderr: "", isVerdict: true });
    } else if (/^sh \w+\.sh$/.test(command)) {
      // A script that a command above wrote.
      expect(await shell(command, { cwd: folder }), command).toMatchObject({ exitCode: 0, stderr: "" });
    } else if (command !== "bash .ci/run") {
      const [, paths] = /^(?:UPDATE_GOLDEN=1 )?npx vitest run ([^-]\S*(?: [^-]\S*)*)(?: -t \S+)?$/.exec(command) ?? [];
      expect(paths, command).toBeDefined();
      for (const path of paths?.split(" ") ?? []) expect(existsSync(join(ROOT, path)), path).toBe(true);
    }
  }
}

/** The command without queries to servers, which most pages do not have. */
function offline(command: string): string {
  const asks = !/--help|--version|--no-live|--evidence| (?:schema|rules|plan|probe|report|compare|remediate|datasheet|why) /.test(command);
  return asks ? `${command} --no-live` : command;
}

/**
 * An empty repository with the fixtures; with the example's files, and its inventory as a workbook. A page that saves
 * its own deployment and names no JSON inventory has none beside it, as a run would find it.
 */
async function workFolder(page: string): Promise<string> {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-documents-")));
  await mkdir(join(folder, ".git"));
  await cp(join(ROOT, "fixtures"), join(folder, "fixtures"), { recursive: true });
  await cp(join(EXAMPLE, "clean"), folder, { recursive: true });
  const estate = JSON.parse(await readFile(join(folder, "inventory.json"), "utf8")) as Inventory;
  await writeFile(join(folder, "estate.xlsx"), xlsx(rvtoolsTabs(estate)));
  // A command or text of the page, not an output that it shows, which would keep the file for ever.
  const written = page.replaceAll(/^```console$[\s\S]*?^```$/gm, (block) => (block.match(/^\$ .*$/gm) ?? []).join("\n"));
  if (page.includes("```yaml deployment.yaml") && !written.includes("inventory.json")) {
    await rm(join(folder, "inventory.json"));
  }
  return folder;
}
