import { cp, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readArguments } from "../../../src/cli/arguments/arguments.ts";
import { type EffectiveConfig } from "../../../src/run/config/effective-config.ts";
import type { RunReport } from "../../../src/schema/report.generated.ts";
import { EXAMPLE, preflight, type RunOptions } from "../program.ts";

/** A repository with a config at its top, the example below it, and another config that is used only by name. */
let root: string;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), "preflight-config-")));
  await mkdir(join(root, ".git"));
  await cp(join(EXAMPLE, "mistakes"), join(root, "site"), { recursive: true });
  await writeFile(join(root, "preflight.config.yaml"), "rules: { vm/thick-disk: off }\nmax_warnings: 0\n");
  await mkdir(join(root, "policies"));
  await writeFile(join(root, "policies", "ci.yaml"), "rules: { vm/thick-disk: info }\n");
});
afterAll(() => rm(root, { recursive: true }));

const NAMED = ["--no-live", "--now", "2026-11-22T12:00:00Z", "--format", "json"];

async function report(args: readonly string[], options: RunOptions = {}): Promise<RunReport> {
  const { stdout } = await preflight([...args, ...NAMED], { cwd: root, ...options });
  return JSON.parse(stdout) as RunReport;
}

const thickDisk = ({ rules, policy }: RunReport) =>
  rules.find(({ id }) => id === "vm/thick-disk")?.severity ?? policy.off.map(({ rule, by }) => [rule, by]);

describe("the config", () => {
  it("gives the same checks from every working directory", async () => {
    const from = async (cwd: string, deployment: string, inventory: string) => {
      const { checks, summary } = await report([deployment, "--inventory", inventory], { cwd: join(root, cwd) });
      return {
        summary,
        checks: checks
          .filter(({ subject }) => subject.kind !== "file")
          .map(({ rule, severity, verdict }) => [rule, severity, verdict]),
      };
    };
    const above = await from("", "site/deployment.yaml", "site/inventory.json");
    expect(above.summary.gate).toBe("failed");
    expect(await from("site", "deployment.yaml", "inventory.json")).toEqual(above);
    expect(await from("policies", "../site/deployment.yaml", join(root, "site/inventory.json"))).toEqual(above);
  });

  it("is chosen by --config, then --no-config, then PREFLIGHT_CONFIG, then the search", async () => {
    const site = ["site/deployment.yaml"];
    const env = { PREFLIGHT_CONFIG: "policies/ci.yaml" };
    expect(thickDisk(await report(site))).toEqual([["vm/thick-disk", "preflight.config.yaml"]]);
    expect(thickDisk(await report(site, { env }))).toBe("info");
    expect(thickDisk(await report(site, { env: { PREFLIGHT_CONFIG: "" } }))).toEqual([
      ["vm/thick-disk", "preflight.config.yaml"],
    ]);
    expect(thickDisk(await report([...site, "--no-config"], { env }))).toBe("warn");
    expect(thickDisk(await report([...site, "--config", "preflight.config.yaml"], { env }))).toEqual([
      ["vm/thick-disk", "preflight.config.yaml"],
    ]);
  });

  it("that PREFLIGHT_CONFIG names in vain is named with the variable", async () => {
    const env = { PREFLIGHT_CONFIG: "old.yaml" };
    const { exitCode, stdout, stderr } = await preflight(["site/deployment.yaml", "--no-live"], { cwd: root, env });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr.replaceAll(/\s+/g, " ")).toContain("PREFLIGHT_CONFIG refers to old.yaml, which does not exist.");
  });

  it("that is not there is one sentence, and exit code 2", async () => {
    const { exitCode, stderr } = await preflight(["site/deployment.yaml", "--config", "x.yaml"], { cwd: root });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("File x.yaml does not exist.");
  });

  it("settles what the command line leaves open", async () => {
    const files = ["site/deployment.yaml", "--inventory", "site/inventory.json", "--inconclusive", "ignore"];
    const site = [...files, "--rule", "node/unique-hostname: warn"];
    expect((await report(site)).summary.gate_reason).toContain("at most 0 allowed");
    expect((await report([...site, "--max-warnings", "100"])).summary.gate_reason).not.toContain("allowed)");
    expect((await report([...site, "--max-warnings", "100"])).summary.gate_reason).not.toContain("at most");
  });

  it("plans what check evaluates", async () => {
    const { stdout } = await preflight(["plan", "site/deployment.yaml", "--no-live", "--format", "json"], {
      cwd: root,
    });
    const plan = JSON.parse(stdout) as { readonly checks: RunReport["checks"] };
    const evaluated = (await report(["site/deployment.yaml"])).checks;
    const shown = (checks: RunReport["checks"]) =>
      checks.map(({ rule, subject, severity }) => [rule, subject, severity]);
    expect(shown(plan.checks).length).toBeGreaterThan(100);
    expect(plan.checks.map(({ rule, subject }) => [rule, subject])).toEqual(
      evaluated.map(({ rule, subject }) => [rule, subject]),
    );
    expect(shown(plan.checks).some(([rule]) => rule === "vm/thick-disk")).toBe(false);
  });

  it("is never overwritten by a report", async () => {
    for (const args of [
      ["site/deployment.yaml", "--no-live", "--format", "json=preflight.config.yaml"],
      ["site/deployment.yaml", "--no-live", "--config", "policies/ci.yaml", "--format", "json=policies/ci.yaml"],
      ["plan", "site/deployment.yaml", "--format", "json=preflight.config.yaml"],
      ["probe", "site/deployment.yaml", "-o", "preflight.config.yaml"],
    ]) {
      const { exitCode, stderr } = await preflight(args, { cwd: root });
      expect(exitCode, args.join(" ")).toBe(2);
      expect(stderr.replaceAll(/\s+/g, " ")).toContain("would overwrite an input file");
    }
    expect(await readFile(join(root, "preflight.config.yaml"), "utf8")).toContain("max_warnings: 0");
  });

  it("with every rule off gives no verdict", async () => {
    const { stdout } = await preflight(["rules", "list", "--json"]);
    const ids = (JSON.parse(stdout) as readonly { readonly id: string }[]).map(({ id }) => id);
    const path = join(root, "policies", "nothing.json");
    await writeFile(path, JSON.stringify({ rules: Object.fromEntries(ids.map((id) => [id, "off"])) }));
    const { exit_code, summary, policy } = await report(["site/deployment.yaml", "--config", path]);
    expect([exit_code, summary.planned, summary.gate]).toEqual([2, 0, "no-verdict"]);
    expect(policy.off.length).toBe(ids.length);
  });
});

describe("--print-config", () => {
  const print = async (args: readonly string[], options: RunOptions = {}): Promise<EffectiveConfig> => {
    const { exitCode, stdout, stderr } = await preflight([...args, "--format", "json"], { cwd: root, ...options });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    return JSON.parse(stdout) as EffectiveConfig;
  };

  it("reads only the config: no deployment, no inventory", async () => {
    const { rules, settings } = await print(["--print-config", "site/no-such-deployment.yaml"]);
    expect(rules["vm/thick-disk"]?.severity).toEqual({
      value: "off",
      from: "preflight.config.yaml",
      location: { path: "preflight.config.yaml", line: 1, column: 25, end_line: 1, end_column: 28 },
    });
    expect(settings["max_warnings"]).toMatchObject({ value: 0, from: "preflight.config.yaml" });
  });

  it("includes settings of options, with their source", async () => {
    const args = [
      "site/deployment.yaml",
      "--print-config",
      "--rule",
      "vm/thick-disk: warn",
      "--timeout",
      "7",
      "--deadline",
      "2",
    ];
    const { rules, settings } = await print([...args, "--inconclusive=ignore", "--no-live"]);
    expect(rules["vm/thick-disk"]).toMatchObject({ severity: { value: "warn", from: "--rule" }, skipped: null });
    expect(rules["dns/srv-record"]?.skipped).toContain("--no-live");
    expect(settings).toMatchObject({
      inconclusive: { value: "ignore", from: "--inconclusive" },
      "probe.timeout_ms": { value: 7, from: "--timeout" },
      "probe.deadline_ms": { value: 2000, from: "--deadline" },
      "probe.retries": { value: 1, from: "default" },
    });
  });

  it("reports deviations of a rule's own severity", async () => {
    const { rules } = await print(["--print-config", "--no-config"]);
    expect(rules["platform/standalone-host"]).toMatchObject({
      severity: { value: "info", from: "rule default" },
      varies: ["error from profile 34"],
    });
    const { rules: strict } = await print([
      "--print-config",
      "--config",
      "policies/ci.yaml",
      "--rule",
      "host/dedicated: error",
    ]);
    expect(strict["host/dedicated"]?.varies).toEqual([]);
  });

  it("searches from the working directory when no deployment is named", async () => {
    const { extends: parts } = await print(["--print-config"], { cwd: join(root, "site") });
    expect(parts).toEqual([{ kind: "file", name: "../preflight.config.yaml" }]);
  });

  it("prints as text without a config, too", async () => {
    const { stdout, exitCode } = await preflight(["--print-config", "--no-config"], { cwd: root });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(
      /^No config: every rule has its declared severity\.\n\nSettings\n {2}inconclusive +fail +default\n/,
    );
  });

  it("has no verdict for a broken config", async () => {
    await writeFile(join(root, "policies", "broken.yaml"), "rules: { a/b: off }");
    const { exitCode, stdout, stderr } = await preflight(["--print-config", "--config", "policies/broken.yaml"], {
      cwd: root,
    });
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain('There is no rule "a/b".');
  });

  it.each([
    [["d.yaml", "--print-config"], "d.yaml", null],
    [["--print-config", "d.yaml"], "d.yaml", null],
    [["check", "--print-config", "d.yaml", "node:a"], "d.yaml", "node:a"],
    [["--print-config", "node:a", "d.yaml"], "d.yaml", "node:a"],
    [["--print-config=node:a b", "d.yaml"], "d.yaml", "node:a b"],
    [["--print-config", "server-list:location/Oslo/ntp"], "-", "server-list:location/Oslo/ntp"],
    [["--print-config", "C:\\site\\d.yaml"], "C:\\site\\d.yaml", null],
    [["--print-config", "--", "d.yaml"], "d.yaml", null],
  ])("reads %j", (argv, deployment, subject) => {
    expect(readArguments(argv)).toMatchObject({ command: "print-config", options: { deployment, subject } });
  });
});
