import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  CodeActionRequest,
  CompletionRequest,
  DefinitionRequest,
  type Diagnostic,
  HoverRequest,
  type Hover,
  type Location,
} from "vscode-languageserver-protocol/node";
import { EXAMPLE, preflight } from "../program.ts";
import { Client } from "./client.ts";

let folder: string;
let client: Client | null = null;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), "preflight-lsp-")));
  await cp(join(EXAMPLE, "mistakes"), folder, { recursive: true });
});
afterEach(async () => {
  client?.process.kill();
  client = null;
  await rm(folder, { recursive: true });
});

const opened = async (options?: unknown): Promise<Client> => {
  client = await Client.open(join(folder, "deployment.yaml"), options);
  return client;
};

const codes = (diagnostics: readonly Diagnostic[], severity = 1) =>
  diagnostics.filter((each) => each.severity === severity).map(({ code }) => code);
const textOf = (hover: Hover | null) => JSON.stringify(hover?.contents ?? null);

describe("preflight lsp", () => {
  it("shows the findings of the static rules at their locations", async () => {
    const editor = await opened();
    const diagnostics = await editor.diagnostics();
    const wrong = diagnostics.find(({ code }) => code === "vm/memory-multiple-of-4");
    expect(wrong).toMatchObject({ source: "preflight", severity: 1 });
    expect(wrong?.message).toContain("8190 MB");
    const lines = editor.text.split("\n");
    expect(lines[wrong?.range.start.line ?? 0]?.slice(wrong?.range.start.character, wrong?.range.end.character)).toBe(
      "8190",
    );

    const { stdout } = await preflight(
      ["deployment.yaml", "--inventory", "inventory.json", "--no-live", "--format", "json"],
      {
        cwd: folder,
      },
    );
    const { checks } = JSON.parse(stdout) as {
      checks: { rule: string; verdict: string; severity: string; findings: unknown[] }[];
    };
    const failed = checks.filter(({ verdict, severity }) => verdict === "fail" && severity === "error");
    expect(codes(diagnostics)).toEqual(failed.flatMap(({ rule, findings }) => findings.map(() => rule)));
    expect(await editor.close()).toBe(0);
  });

  it("follows the text in the editor, which is not saved", async () => {
    const editor = await opened();
    expect(codes(await editor.diagnostics())).toContain("vm/memory-multiple-of-4");
    const saved = await readFile(join(folder, "deployment.yaml"), "utf8");
    await editor.type(saved.replace("8190", "8192"));
    expect(codes(await editor.diagnostics())).not.toContain("vm/memory-multiple-of-4");
    await editor.type(saved);
    expect(codes(await editor.diagnostics())).toContain("vm/memory-multiple-of-4");
    expect(await readFile(join(folder, "deployment.yaml"), "utf8")).toBe(saved);
  });

  it("keeps the findings while the text is broken, moved with their lines, and answers", async () => {
    const editor = await opened();
    const before = await editor.diagnostics();
    const lineOf = (diagnostics: readonly Diagnostic[]) =>
      diagnostics.find(({ code }) => code === "vm/memory-multiple-of-4")?.range.start.line ?? -1;
    const good = editor.text;
    for (const broken of ["dns_servers: [\n", "  key: : :\n\tx\n", 'name: "open\n', "? [a\n", "&a *b\n"]) {
      await editor.type(broken + good);
      const now = await editor.diagnostics();
      expect(now[0]).toMatchObject({ severity: 1, source: "preflight" });
      expect(codes(now)).toEqual(expect.arrayContaining([...codes(before)]));
      expect(lineOf(now)).toBe(lineOf(before) + broken.split("\n").length - 1);
      await editor.connection.sendRequest(HoverRequest.type, {
        textDocument: editor.textDocument,
        position: editor.at("8190", -1),
      });
      await editor.connection.sendRequest(CompletionRequest.type, {
        textDocument: editor.textDocument,
        position: editor.at("8190"),
      });
      await editor.connection.sendRequest(DefinitionRequest.type, {
        textDocument: editor.textDocument,
        position: editor.at("8190"),
      });
    }
    await editor.type("");
    expect(await editor.close()).toBe(0);
  });

  it("shows rule, source and the effective value with its origin on hover", async () => {
    const editor = await opened();
    await editor.diagnostics();
    const hover = (piece: string, offset = 0) =>
      editor.connection.sendRequest(HoverRequest.type, {
        textDocument: editor.textDocument,
        position: editor.at(piece, offset),
      });
    const wrong = textOf(await hover("8190", -1));
    expect(wrong).toContain("vm/memory-multiple-of-4");
    expect(wrong).toContain("guide-v25");
    expect(wrong).toContain("vm_system_memory: 8190 (deployment.yaml:");
    const node = textOf(await hover("name: oslo-conf01", -2));
    expect(node).toMatch(/fqdn: \S+ \(hostname and domain\)/);
    expect(node).toMatch(/enable.*ssh: GLOBAL \(default\)/);
    expect(node).toMatch(/dns.*servers: .* \(deployment\.yaml:\d+:\d+\)/);
    // A value without a finding, and the rules that read it, each once.
    const fine = textOf(await hover("vm_system_memory: 8192", -1));
    expect(fine).toContain("vm_system_memory: 8192 (deployment.yaml:");
    expect(fine).toMatch(/\*\*vm\/memory-multiple-of-4\*\* \(\w+\): .*guide-v25, “/);
    expect(fine.match(/vm\/memory-multiple-of-4/g)).toHaveLength(1);
    expect(node).toMatch(/Checks of this node: .*\d+ passed/);
  });

  it("completes names of locations, hosts, clusters, networks and datastores, and ids of rules", async () => {
    const editor = await opened();
    await editor.diagnostics();
    const good = editor.text;
    const estate = JSON.parse(await readFile(join(folder, "inventory.json"), "utf8")) as Record<
      string,
      { name: string }[]
    >;
    const names = (list: string) => (estate[list] ?? []).map(({ name }) => name);
    const labels = async (typed: string): Promise<readonly string[]> => {
      await editor.type(`${good}\n${typed}`);
      const items = await editor.connection.sendRequest(CompletionRequest.type, {
        textDocument: editor.textDocument,
        position: editor.at(`\n${typed}`),
      });
      return (Array.isArray(items) ? items : (items?.items ?? [])).map(({ label }) => label);
    };
    expect(await labels("  - system_location: ")).toContain("Oslo");
    expect(await labels("  - system_location: os")).toEqual(["Oslo", "Oslo DMZ"]);
    expect(await labels("    vm: { host: ")).toEqual(names("hosts"));
    expect(await labels("    vm:\n      only_hosts:\n        - ")).toEqual(names("hosts"));
    expect(await labels("    vm: { cluster: ")).toEqual(names("clusters"));
    expect(await labels("    vm: { datastore: ")).toEqual(names("datastores"));
    expect((await labels("    vm: { network: ")).length).toBeGreaterThan(0);
    expect(await labels("# preflight-disable-next-line network/mtu-ra")).toEqual(["network/mtu-range"]);
    expect(await labels("  description: ")).toEqual([]);
  });

  it("finds the location and host of a node", async () => {
    const editor = await opened();
    await editor.diagnostics();
    const definitions = async (piece: string, offset = 0): Promise<readonly Location[]> => {
      const found = await editor.connection.sendRequest(DefinitionRequest.type, {
        textDocument: editor.textDocument,
        position: editor.at(piece, offset),
      });
      return (Array.isArray(found) ? found : []) as Location[];
    };
    const [location] = await definitions("system_location: Oslo", -1);
    expect(location?.uri).toBe(editor.uri);
    expect(editor.text.split("\n")[location?.range.start.line ?? 0]).toMatch(/name: Oslo/);
    const inventory = pathToFileURL(join(folder, "inventory.json")).href;
    const fromNode = await definitions("name: oslo-conf01", -2);
    expect(fromNode[0]).toEqual(location);
    expect(fromNode.slice(1).map(({ uri }) => uri)).toContain(inventory);
  });

  it("offers fixes as code actions, which change what --fix changes", async () => {
    const editor = await opened();
    await editor.diagnostics();
    const position = editor.at("8190", -1);
    const actions = async (only?: string[]) =>
      editor.connection.sendRequest(CodeActionRequest.type, {
        ...{ textDocument: editor.textDocument, range: { start: position, end: position } },
        context: { diagnostics: [], ...(only && { only }) },
      });
    const [quick] = (await actions(["quickfix"])) ?? [];
    const changes = quick === undefined || !("edit" in quick) ? undefined : quick.edit.changes;
    expect(quick?.title).toBe("Set vm_system_memory to 8192");
    expect(changes).toEqual({
      [editor.uri]: [{ range: { start: editor.at("8190", -4), end: editor.at("8190") }, newText: "8192" }],
    });
    expect(((await actions(["source.fixAll"])) ?? []).map(({ title }) => title)).toEqual(["Apply all automatic fixes"]);
    const away = await editor.connection.sendRequest(CodeActionRequest.type, {
      ...{
        textDocument: editor.textDocument,
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      },
      context: { diagnostics: [], only: ["quickfix"] },
    });
    expect(away).toEqual([]);
  });

  it("uses inventories and config from the client, and ignores other files", async () => {
    await rm(join(folder, "inventory.json"));
    await writeFile(join(folder, "estate.yaml"), "virtual_machines: []\nhosts: [{ name: esxi99 }]\n");
    await writeFile(join(folder, "own.yaml"), "rules: { vm/memory-multiple-of-4: off }\n");
    const editor = await opened({ inventories: ["estate.yaml"], config: "own.yaml" });
    expect(codes(await editor.diagnostics())).not.toContain("vm/memory-multiple-of-4");
    await editor.close();
    const other = await Client.open(join(folder, "estate.yaml"));
    client = other;
    const hover = await other.connection.sendRequest(HoverRequest.type, {
      ...{ textDocument: other.textDocument, position: { line: 0, character: 3 } },
    });
    expect(hover).toBeNull();
    expect(await other.close()).toBe(0);
  });

  it("takes the inventories of the project file, and shows what is wrong with that file", async () => {
    await mkdir(join(folder, "exports"));
    await rename(join(folder, "inventory.json"), join(folder, "exports", "oslo.json"));
    const project = join(folder, "preflight.project.yaml");
    await writeFile(project, "sites: [{ name: oslo, deployment: deployment.yaml, inventory: ['exports/*.json'] }]\n");
    const editor = await opened();
    expect(codes(await editor.diagnostics())).toContain("cluster/evc-min-sandy-bridge");
    await writeFile(project, "sites: [{ name: oslo, deployment: deployment.yaml, inventory: [nosuch.json] }]\n");
    await editor.type(`${editor.text}\n`);
    const [first] = await editor.diagnostics();
    expect(first?.message).toContain("nosuch.json");
    await rm(project);
    await editor.type(`${editor.text}\n`);
    expect(codes(await editor.diagnostics())).not.toContain("cluster/evc-min-sandy-bridge");
  });

  it("ends with 1 if the client disappears", async () => {
    const editor = await opened();
    await editor.diagnostics();
    const ended = new Promise((resolve) => editor.process.once("exit", resolve));
    editor.process.stdin?.end();
    expect(await ended).toBe(1);
  });
});
