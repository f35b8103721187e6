import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planCsv } from "../../../src/cli/commands/plan.ts";
import type { Connection } from "../../../src/run/live/connections.ts";
import { ADDRESSES, exampleNetwork } from "../../support/example-network.ts";
import { pretendNetwork } from "../../support/pretend-network.ts";
import { CLEAN, preflight } from "../program.ts";

const HEADER = "from,to,protocol,port,why,rule\r\n";

const connection = (changes: Partial<Connection>): Connection => ({
  ...{ to: "10.0.0.1", protocol: "udp", port: 53, why: "DNS queries", rules: ["dns/a", "dns/b"] },
  ...changes,
});
const csv = (changes: Partial<Connection>, from = "oslo") => [...planCsv([connection(changes)], from)].join("");

/** Reads CSV as RFC 4180 says, by an automaton of its own. */
function parse(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index] ?? "";
    if (isQuoted && character === '"' && text[index + 1] === '"') {
      cell += '"';
      index++;
    } else if (character === '"') isQuoted = !isQuoted;
    else if (isQuoted) cell += character;
    else if (character === ",") {
      row.push(cell);
      cell = "";
    } else if (text.startsWith("\r\n", index)) {
      rows.push([...row, cell]);
      row = [];
      cell = "";
      index++;
    } else cell += character;
  }
  expect({ isQuoted, rest: cell, row }).toEqual({ isQuoted: false, rest: "", row: [] });
  return rows;
}

describe("planCsv", () => {
  it("is a header alone when nothing is asked", () => {
    expect([...planCsv([], "oslo")].join("")).toBe(HEADER);
  });

  it("is one row a connection, rules joined by a blank", () => {
    expect(csv({})).toBe(`${HEADER}oslo,10.0.0.1,udp,53,DNS queries,dns/a dns/b\r\n`);
  });

  it.each([
    ["a comma", "Oslo, north", '"Oslo, north"'],
    ["quotes", 'the "old" one', '"the ""old"" one"'],
    ["a line break", "a\nb", '"a\nb"'],
    ["a carriage return", "a\rb", '"a\rb"'],
    ["a formula", "=1+1", "'=1+1"],
    ["a plus", "+47", "'+47"],
    ["a minus", "-x", "'-x"],
    ["an at sign", "@SUM(A1)", "'@SUM(A1)"],
    ["a tab", "\tx", "'\tx"],
    ["a formula with a comma", '=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ["a minus inside", "jump-oslo", "jump-oslo"],
    ["an equals sign inside", "a=b", "a=b"],
    ["an IPv6 address", "::1", "::1"],
    ["nothing", "", ""],
  ])("writes %s so that nobody misreads it", (_, from, written) => {
    const text = csv({}, from);
    expect(text).toBe(`${HEADER}${written},10.0.0.1,udp,53,DNS queries,dns/a dns/b\r\n`);
    expect(parse(text)[1]).toHaveLength(6);
  });
});

describe("preflight plan --format csv", () => {
  it("lists what the plan lists, and connects to nobody", async () => {
    const env = pretendNetwork({});
    const json = await preflight(["plan", ...CLEAN, "--format", "json"], { env });
    const { connections } = JSON.parse(json.stdout) as { connections: readonly Connection[] };
    const args = ["plan", ...CLEAN, "--format", "csv", "--from", "=jump, oslo"];
    const { exitCode, stdout, stderr } = await preflight(args, { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const [header, ...rows] = parse(stdout);
    expect(header).toEqual(["from", "to", "protocol", "port", "why", "rule"]);
    expect(rows).toEqual(
      connections.map(({ to, protocol, port, why, rules }) => [
        ...["'=jump, oslo", to, protocol, String(port), why],
        rules.join(" "),
      ]),
    );
    expect(rows.length).toBeGreaterThan(8);
    const firsts = (await preflight(["plan", ...CLEAN, "--format", "csv"], { env })).stdout.split("\r\n").slice(1, -1);
    expect(new Set(firsts.map((line) => line.split(",")[0]))).toEqual(new Set(["this machine"]));
  });

  it("names every connection that a live run makes, and none that it does not make", async () => {
    const network = await exampleNetwork();
    const folder = await mkdtemp(join(tmpdir(), "preflight-csv-"));
    const log = join(folder, "log");
    const { exitCode } = await preflight(["probe", ...CLEAN], { env: pretendNetwork({ routes: network.routes, log }) });
    expect(exitCode).toBe(0);
    const made = new Set((await readFile(log, "utf8")).trimEnd().split("\n"));
    await network.close();
    await rm(folder, { recursive: true });

    const { stdout } = await preflight(["plan", ...CLEAN, "--format", "csv"], { env: pretendNetwork({}) });
    const planned = parse(stdout)
      .slice(1)
      .map(([, to = "", protocol, port]) => `${protocol ?? ""} ${ADDRESSES[to] ?? to}:${port ?? ""}`);
    expect([...made].filter((one) => !planned.includes(one))).toEqual([]);
    expect(planned.filter((one) => !made.has(one))).toEqual([]);
  });

  it("has no row when nobody is asked", async () => {
    const { exitCode, stdout } = await preflight(["plan", ...CLEAN, "--format", "csv", "--no-live"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: HEADER });
  });
});
