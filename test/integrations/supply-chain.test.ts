import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import packageJson from "../../package.json" with { type: "json" };

const ROOT = join(import.meta.dirname, "..", "..");
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");

const WORKFLOWS = readdirSync(join(ROOT, ".github", "workflows")).map((name) => `.github/workflows/${name}`);

describe("actions and images", () => {
  it.each([...WORKFLOWS, "action.yml"])("are pinned by digest, with the version beside it: %s", (path) => {
    const used = [...read(path).matchAll(/^\s*(?:- )?uses: (.*)$/gm)].map(([, use = ""]) => use);
    expect(used.length).toBeGreaterThan(0);
    for (const use of used) expect(use).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it("are pinned by digest in the Dockerfile", () => {
    const images = [...read("Dockerfile").matchAll(/^FROM (\S+)/gm)].map(([, image = ""]) => image);
    expect(images.length).toBe(2);
    for (const image of images) expect(image).toMatch(/^[a-z]+:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(new Set(images).size).toBe(1);
  });

  it.each(["docs/ci.md", "src/cli/commands/init/pipelines.ts"])("are pinned in the recipes of %s", (path) => {
    const used = [...read(path).matchAll(/uses: (\S+)(.*)$/gm)].filter(
      ([, action = ""]) => !action.startsWith("OWNER/"),
    );
    expect(used.length).toBeGreaterThan(3);
    for (const [, action, version] of used) {
      expect(action).toMatch(/^[\w-]+\/[\w/-]+@[0-9a-f]{40}$/);
      expect(version).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
  });

  it("are moved by the update bot, as are packages", () => {
    const { updates } = parse(read(".github/dependabot.yml")) as {
      readonly updates: readonly { readonly "package-ecosystem": string }[];
    };
    expect(updates.map((update) => update["package-ecosystem"]).sort()).toEqual(["docker", "github-actions", "npm"]);
  });
});

interface Workflow {
  readonly on: object;
  readonly permissions: object;
  readonly jobs: Readonly<
    Record<
      string,
      { readonly permissions?: object; readonly steps: readonly { readonly run?: string; readonly uses?: string }[] }
    >
  >;
}

describe("workflows", () => {
  it.each(WORKFLOWS)("have no permissions but those that a job names, and no text of events in scripts: %s", (path) => {
    const workflow = parse(read(path)) as Workflow;
    expect(workflow.permissions).toEqual({});
    expect(Object.keys(workflow.on)).not.toContain("pull_request_target");
    for (const job of Object.values(workflow.jobs)) {
      expect(job.permissions).toBeDefined();
      for (const { run = "" } of job.steps) expect(run).not.toContain("${{");
    }
  });

  it("attest the files of the release as they are published", () => {
    const { jobs } = parse(read(".github/workflows/release.yml")) as Workflow;
    const steps = Object.values(jobs).flatMap((job) => job.steps);
    const last = (pattern: RegExp) => steps.findLastIndex(({ uses = "", run = "" }) => pattern.test(uses + run));
    const order = [
      /> out\/|cp .* out\//,
      /sha256sum -- \* > SHA256SUMS/,
      /^actions\/attest-build-provenance@/,
      /^npm publish /,
    ];
    const places = [...order, /^gh release create /].map(last);
    expect(places).not.toContain(-1);
    expect(places).toEqual([...places].sort((a, b) => a - b));
    // npm takes a path without ./ for a repository on GitHub.
    expect(steps.map(({ run = "" }) => run).join("\n")).toMatch(/^npm publish \.\/out\/\*\.tgz --provenance/m);
  });

  it("run scripts that there are", () => {
    const runs = WORKFLOWS.flatMap((path) => [...read(path).matchAll(/npm run ([\w-]+)/g)]).map(
      ([, name = ""]) => name,
    );
    expect(runs.filter((name) => !(name in packageJson.scripts))).toEqual([]);
  });
});
