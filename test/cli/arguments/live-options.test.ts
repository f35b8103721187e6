import { describe, expect, it } from "vitest";
import { readArguments } from "../../../src/cli/arguments/arguments.ts";
import { probeLimits } from "../../../src/cli/arguments/run-options.ts";
import { probeSettings } from "../../../src/run/live/observe.ts";
import { PreflightErrors } from "../../../src/values/preflight-error.ts";

/** The probe settings that result from the options of a command, or their errors, each with its hint. */
function settings(...args: readonly string[]): unknown {
  try {
    const invocation = readArguments(["check", "site.yaml", ...args]);
    if (invocation.command !== "check") throw new Error(invocation.command);
    const { options } = invocation;
    return {
      from: options.from,
      ...probeSettings(probeLimits(options), {}),
      maxAge_ms: options["max-age"],
    };
  } catch (error) {
    if (error instanceof PreflightErrors) return error.errors.map(({ message, hint }) => `${message} ${hint ?? ""}`);
    throw error;
  }
}

describe("the options about servers", () => {
  it("leave everything to the defaults when they are not given", () => {
    expect(settings()).toEqual({});
  });

  it("scale the time for connections and handshakes with the time for datagrams, as the defaults do", () => {
    expect(settings("--timeout", "2000")).toMatchObject({
      timeout_ms: { dns: 2000, ntp: 2000, tcp: 3000, tls: 5000 },
    });
    expect(settings("--timeout=500")).toMatchObject({ timeout_ms: { dns: 500, ntp: 500, tcp: 750, tls: 1250 } });
  });

  it("turn retries into tries, and seconds into milliseconds", () => {
    expect(settings("--retries", "0", "--deadline", "90")).toMatchObject({ tries: 1, deadline_ms: 90_000 });
    expect(settings("--retries", "5")).toMatchObject({ tries: 6 });
  });

  it("set the number of concurrent queries for every kind", () => {
    expect(settings("--concurrency", "250")).toMatchObject({
      concurrency: { dns: 250, ntp: 250, tcp: 250, tls: 250 },
    });
  });

  it("set the vantage point", () => {
    expect(settings("--from", " jump host, Oslo ")).toMatchObject({ from: "jump host, Oslo" });
    expect(settings("--from", "Tromsø")).toMatchObject({ from: "Tromsø" });
  });

  it.each([
    ["90s", 90_000],
    ["5m", 300_000],
    ["4h", 14_400_000],
    ["2d", 172_800_000],
  ])("read the age %s", (age, ms) => {
    expect(settings("--evidence", "e.json", "--max-age", age)).toMatchObject({ maxAge_ms: ms });
  });

  it.each([
    ["--timeout", "0", "write a whole number of milliseconds, 1 to 60000"],
    ["--timeout", "60001", "1 to 60000"],
    ["--timeout", "2s", "1 to 60000"],
    ["--timeout", "1e3", "1 to 60000"],
    ["--timeout", "-5", "1 to 60000"],
    ["--retries", "6", "write a whole number, 0 to 5"],
    ["--retries", "-1", "0 to 5"],
    ["--retries", "1.5", "0 to 5"],
    ["--deadline", "0", "write a whole number of seconds, 1 to 86400"],
    ["--deadline", "1m", "1 to 86400"],
    ["--deadline", "99999999999999999999", "1 to 86400"],
    ["--concurrency", "0", "write a whole number, 1 to 1000"],
    ["--concurrency", "1001", "1 to 1000"],
    ["--concurrency", "many", "1 to 1000"],
    ["--from", " ", "such as jump-oslo"],
    ["--from", "a\u001b[2Jb", "printable characters"],
    ["--from", "x\u202ey", "printable characters"],
    ["--from", "x".repeat(101), "up to 100"],
  ])("refuse %s %j with one sentence", (option, value, hint) => {
    const found = settings(`${option}=${value}`);
    expect(found).toHaveLength(1);
    expect((found as string[])[0]).toMatch(new RegExp(`^${option} does not accept "`));
    expect((found as string[])[0]).toContain(hint);
    expect((found as string[])[0]).not.toMatch(/[\u001b\u202e]/u);
  });

  it.each(["4", "4 h", "h", "0h", "1.5h", "4w", "4H", "-4h", "4h30m", "99999999d"])(
    "refuse the age %j with one sentence",
    (age) => {
      expect(settings("--evidence=e.json", `--max-age=${age}`)).toEqual([
        `--max-age does not accept "${age}". write a number and a unit, s, m, h or d, such as 4h, or none`,
      ]);
    },
  );

  it("name every wrong number at once", () => {
    expect(settings("--timeout=x", "--retries=x", "--deadline=x", "--concurrency=x")).toHaveLength(4);
  });

  it.each([
    [
      ["--evidence", "e.json", "--no-live"],
      "--no-live and --evidence cannot be used together.",
      "contacts no servers either",
    ],
    [["--from", "x", "--evidence", "e.json"], "--from and --evidence cannot be used together.", "preflight probe"],
    [
      ["--system-resolver", "--evidence", "e.json"],
      "--system-resolver and --evidence cannot be used together.",
      "preflight probe",
    ],
    [
      ["--allow-probe", "::1/128", "--evidence", "e.json"],
      "--allow-probe and --evidence cannot be used together.",
      "preflight probe",
    ],
    [["--allow-probe", "localhost"], "--allow-probe", "write CIDR or CIDR:PORT"],
    [["--max-age", "4h"], "--max-age requires --evidence.", "add --evidence FILE"],
  ])("refuse %j", (args, message, hint) => {
    const found = settings(...args);
    expect(found).toHaveLength(1);
    expect((found as string[])[0]).toContain(message);
    expect((found as string[])[0]).toContain(hint);
  });

  it("report every conflict at once, and allow limits with evidence", () => {
    expect(settings("--evidence=e.json", "--no-live", "--from=x", "--system-resolver")).toHaveLength(3);
    expect(settings("--evidence=e.json", "--timeout=100", "--deadline=5")).toMatchObject({ deadline_ms: 5000 });
  });
});

describe("the commands", () => {
  it.each([
    [["plan", "x", "--timeout", "5"], 'Unknown option "--timeout".', "it is an option of preflight check"],
    [["plan", "x", "--evidence", "e"], 'Unknown option "--evidence".', "it is an option of preflight check"],
    [["probe", "x", "--format", "json"], 'Unknown option "--format".', "it is an option of preflight check"],
    [["probe", "x", "--no-live"], 'Unknown option "--no-live".', "it is an option of preflight check"],
    [["probe"], "preflight probe requires a deployment file.", "preflight probe --help"],
    [["probe", "x", "y"], 'Unexpected argument "y".', "--inventory FILE"],
    [["probe", "x", "-o"], "requires a value.", "FILE"],
  ])("%j is a mistake", (argv, message, hint) => {
    expect(() => readArguments(argv)).toThrow(PreflightErrors);
    try {
      readArguments(argv);
    } catch (error) {
      const [first] = (error as PreflightErrors).errors;
      expect(first?.message).toContain(message);
      expect(first?.hint).toContain(hint);
    }
  });

  it("reads every option of probe", () => {
    const argv =
      "probe site.yaml --site north --inventory a.json --only dns/* --rule x/y:off --from oslo --system-resolver --allow-probe 127.0.0.0/8 --timeout 1 " +
      "--retries 2 --deadline 3 --concurrency 4 --now 2026-11-22T08:00:00Z --allow-outside-paths --color never -o e.json --config c.yaml";
    expect(readArguments(argv.split(" "))).toEqual({
      command: "probe",
      options: {
        ...{ deployment: "site.yaml", inventory: ["a.json"], only: ["dns/*"], rule: ["x/y:off"], from: "oslo" },
        ...{ site: ["north"] },
        ...{ "system-resolver": true, timeout: 1, retries: 2, deadline: 3000, concurrency: 4, color: "never" },
        ...{ now: Date.UTC(2026, 10, 22, 8), "allow-outside-paths": true, output: "e.json" },
        ...{ config: "c.yaml", "no-config": false, "no-inventory": false, "allow-probe": ["127.0.0.0/8"] },
      },
    });
  });
});
