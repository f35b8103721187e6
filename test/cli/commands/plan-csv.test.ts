import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { planCsv, planMarkdown } from "../../../src/cli/commands/plan.ts";
import type { Connection } from "../../../src/run/live/connections.ts";
import type { RunPlan } from "../../../src/run/plan.ts";
import { commandsIn, EXPECT_INERT, HOSTILE } from "../../report/inert-outputs.ts";
import { ADDRESSES, exampleNetwork } from "../../support/example-network.ts";
import { pretendNetwork } from "../../support/pretend-network.ts";
import { CLEAN, preflight } from "../program.ts";

const HEADER = "from,to,protocol,port,why,rule,source,confirmed,probed,note\r\n";

const connection = (changes: Partial<Connection>): Connection => ({
  ...{ to: "10.0.0.1", protocol: "udp", port: 53, why: "DNS queries", rules: ["dns/a", "dns/b"], refused: null },
  ...changes,
});
const csv = (changes: Partial<Connection>, from = "oslo") =>
  [...planCsv([{ name: null, plan: { connections: [connection(changes)], flows: [] }, from }])].join("");

/** Parses CSV according to RFC 4180, with a separate automaton. */
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
  it("is only a header if there are no queries", () => {
    expect([...planCsv([{ name: null, plan: { connections: [], flows: [] }, from: "oslo" }])].join("")).toBe(HEADER);
  });

  it("is one row a connection, rules joined by a blank", () => {
    expect(csv({})).toBe(`${HEADER}oslo,10.0.0.1,udp,53,DNS queries,dns/a dns/b,this run,yes,yes,\r\n`);
  });

  it("marks a connection that is refused, with the option that allows it", () => {
    expect(parse(csv({ refused: "not contacted: a, b; allow it with --allow-probe c" }))[1]?.slice(8)).toEqual([
      "no",
      "not contacted: a, b; allow it with --allow-probe c",
    ]);
  });

  it.each([
    ["a comma", "Oslo, north", '"Oslo, north"'],
    ["quotes", 'the "old" one', '"the ""old"" one"'],
    ["a line break", "a\nb", '"a\nb"'],
    ["a carriage return", "a\rb", "a\\x0db"],
    ["a formula", "=1+1", "'=1+1"],
    ["a plus", "+47", "'+47"],
    ["a minus", "-x", "'-x"],
    ["an at sign", "@SUM(A1)", "'@SUM(A1)"],
    ["a tab", "\tx", "\\x09x"],
    ["a formula with a comma", '=HYPERLINK("x","y")', `"'=HYPERLINK(""x"",""y"")"`],
    ["a minus inside", "jump-oslo", "jump-oslo"],
    ["an equals sign inside", "a=b", "a=b"],
    ["an IPv6 address", "::1", "::1"],
    ["nothing", "", ""],
  ])("writes %s so that nobody misreads it", (_, from, written) => {
    const text = csv({}, from);
    expect(text).toBe(`${HEADER}${written},10.0.0.1,udp,53,DNS queries,dns/a dns/b,this run,yes,yes,\r\n`);
    expect(parse(text)[1]).toHaveLength(10);
  });
});

describe("preflight plan --format csv", () => {
  it("lists the content of the plan, and connects to no server", async () => {
    const env = pretendNetwork({});
    const json = await preflight(["plan", ...CLEAN, "--format", "json"], { env });
    const { connections, flows } = JSON.parse(json.stdout) as Pick<RunPlan, "connections" | "flows">;
    const args = ["plan", ...CLEAN, "--format", "csv", "--from", "=jump, oslo"];
    const { exitCode, stdout, stderr } = await preflight(args, { env });
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: "" });
    const [header, ...rows] = parse(stdout);
    expect(header?.slice(0, 6)).toEqual(["from", "to", "protocol", "port", "why", "rule"]);
    expect(rows.slice(0, connections.length)).toEqual(
      connections.map(({ to, protocol, port, why, rules }) => [
        ...["'=jump, oslo", to, protocol, String(port), why],
        ...[rules.join(" "), "this run", "yes", "yes", ""],
      ]),
    );
    expect(rows).toHaveLength(connections.length + flows.length);
    expect(rows.length).toBeGreaterThan(8);
    const unnamed = parse((await preflight(["plan", ...CLEAN, "--format", "csv"], { env })).stdout).slice(1);
    expect(new Set(unnamed.filter((row) => row[6] === "this run").map(([from]) => from))).toEqual(
      new Set(["this machine"]),
    );
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
      .filter((row) => row[6] === "this run")
      .map(([, to = "", protocol, port]) => `${protocol ?? ""} ${ADDRESSES[to] ?? to}:${port ?? ""}`);
    expect([...made].filter((one) => !planned.includes(one))).toEqual([]);
    expect(planned.filter((one) => !made.has(one))).toEqual([]);
  });

  it("has only the flows of the deployment if no server is contacted", async () => {
    const { exitCode, stdout } = await preflight(["plan", ...CLEAN, "--format", "csv", "--no-live"]);
    expect(exitCode).toBe(0);
    const rows = parse(stdout).slice(1);
    expect(rows.filter((row) => row[6] === "this run")).toEqual([]);
    expect(new Set(rows.map((row) => row[8]))).toEqual(new Set(["no"]));
    expect(rows.length).toBeGreaterThan(20);
  });

  it.each([...HOSTILE])("is inert in CSV and Markdown whatever names are in it: %s", (_, words) => {
    const flow = {
      ...({ from: words, to: words, protocol: "tcp", port: "443", why: words, source: words } as const),
      ...{ is_confirmed: true, probed: false },
    };
    const plan = { connections: [connection({ to: words, why: words, refused: words })], flows: [flow] };
    for (const name of [null, words]) {
      const written = [...planCsv([{ name, plan, from: words }])].join("");
      EXPECT_INERT.csv(written);
      expect(commandsIn(written)).toEqual([]);
      const table = [...planMarkdown([{ name, plan, from: words }])].join("");
      EXPECT_INERT.markdown(table);
      expect(commandsIn(table)).toEqual([]);
    }
  });

  it("has the same rows in Markdown", async () => {
    const { stdout } = await preflight(["plan", ...CLEAN, "--format", "markdown", "--no-live"]);
    const lines = stdout.trimEnd().split("\n");
    expect(lines.slice(0, 2)).toEqual([
      "| from | to | protocol | port | why | rule | source | confirmed | probed | note |",
      "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]);
    const csvRows = (await preflight(["plan", ...CLEAN, "--format", "csv", "--no-live"])).stdout
      .trimEnd()
      .split("\r\n");
    expect(lines).toHaveLength(csvRows.length + 1);
  });
});
