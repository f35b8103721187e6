import { Ajv } from "ajv";
import { once } from "node:events";
import { createSocket, type Socket } from "node:dgram";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvidenceFile } from "../../../src/schema/evidence.generated.ts";
import { main } from "../../../src/cli/main.ts";
import { evidenceSchema } from "../../../src/schema/evidence.schema.ts";
import { type ExampleNetwork, exampleNetwork } from "../../support/example-network.ts";
import { pretendNetwork } from "../../support/pretend-network.ts";
import { CLEAN_LIVE as CLEAN, preflight, UNWATCHED } from "../program.ts";
import { recorder } from "../recorder.ts";

const [DEPLOYMENT, , INVENTORY] = CLEAN;

let folder: string;
let network: ExampleNetwork;
/** A DNS server that receives every query and never answers. */
let silent: Socket;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-probe-"));
  network = await exampleNetwork();
  silent = createSocket("udp4");
  silent.bind(0, "127.0.0.1");
  await once(silent, "listening");
  await writeFile(
    join(folder, "silent.yaml"),
    `dns_servers: ["127.0.0.1:${silent.address().port}"]
ntp_servers: [ntp1.vc.example.com]
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com, address: 10.0.0.5 }
conferencing_nodes: []
`,
  );
});
afterAll(async () => {
  silent.close();
  await network.close();
  await rm(folder, { recursive: true });
});

/** The servers of these tests are on this machine. */
const LOOPBACK = ["--allow-probe", "127.0.0.0/8"];

const probe = (args: readonly string[], routes = network.routes) =>
  preflight(["probe", ...args], { cwd: folder, env: { ...pretendNetwork({ routes }), COLUMNS: "200" } });

async function evidenceIn(name: string): Promise<EvidenceFile> {
  return JSON.parse(await readFile(join(folder, name), "utf8")) as EvidenceFile;
}

describe("preflight probe", () => {
  it("sends all queries, evaluates nothing, and writes a file that matches the schema", async () => {
    const { exitCode, stdout, stderr } = await probe([...CLEAN, "--from", "jump-oslo", "-o", "whole.json"]);
    expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: "" });
    const evidence = await evidenceIn("whole.json");
    const validate = new Ajv({ allowUnionTypes: true }).compile(evidenceSchema);
    validate(evidence);
    expect(validate.errors).toBeNull();
    expect(evidence.from).toBe("jump-oslo");
    expect(evidence).not.toHaveProperty("system_resolvers");
    const said = evidence.answers.map(({ answer }) => answer.status);
    const silence = said.filter((status) => status === "no-answer").length;
    expect(said.filter((status) => status === "not-asked")).toEqual([]);
    expect(stderr).toBe(
      `sent ${said.length} queries from "jump-oslo": ${said.length - silence} answered, ${silence} without an answer; ` +
        "written to whole.json\n",
    );
    // Queries of each kind were sent and answered, and names led to queries of their addresses.
    const answered = evidence.answers.filter(({ answer }) => answer.status === "answered");
    expect(new Set(answered.map(({ question }) => question.kind))).toEqual(
      new Set(["dns", "ntp", "tcp", "tls", "vsphere"]),
    );
    for (const { question, answer } of evidence.answers) expect(answer.kind).toBe(question.kind);
  });

  it("writes to standard output if no file is given", async () => {
    for (const output of [[], ["--output", "-"]]) {
      const { exitCode, stdout, stderr } = await probe([...CLEAN, "--only", "time/ntp-reachable", ...output]);
      expect(exitCode).toBe(0);
      const { from, answers } = JSON.parse(stdout) as EvidenceFile;
      expect(stderr).toBe(`sent ${answers.length} queries from "local": all answered\n`);
      expect(from).toBe("local");
    }
  });

  it("records missing answers too, whatever they mean for the deployment", async () => {
    const only = ["--only", "dns/server-reachable", "--timeout", "20", "--retries", "0"];
    const { exitCode, stderr } = await probe(["silent.yaml", ...LOOPBACK, ...only, "-o", "silence.json"]);
    expect({ exitCode, stderr }).toMatchObject({ exitCode: 0 });
    expect(stderr).toContain('from "local": 0 answered, ');
    const { answers } = await evidenceIn("silence.json");
    // Queries in progress when the server was found to be unresponsive are not waited for. Its TCP port, to which one
    // query is sent, is closed.
    const byUdp = answers.filter(({ question }) => question.kind !== "dns" || question.transport !== "tcp");
    expect(new Set(byUdp.map(({ answer }) => answer.reason))).toEqual(new Set(["timeout", "server-silent"]));
  });

  it("retries a query to an unresponsive server as often as set", async () => {
    for (const retries of [0, 3]) {
      let heard = 0;
      const count = () => (heard += 1);
      silent.on("message", count);
      const { address, port } = silent.address();
      await writeFile(
        join(folder, "ntp.yaml"),
        `ntp_servers: ["${address}:${port}"]\nmanagement_node: { name: m, hostname: m }\n`,
      );
      const args = [
        "ntp.yaml",
        ...LOOPBACK,
        "--only",
        "time/ntp-reachable",
        "--timeout",
        "30",
        "--retries",
        String(retries),
      ];
      const { exitCode, stderr } = await probe(args);
      silent.off("message", count);
      expect({ exitCode, stderr, heard }).toEqual({
        exitCode: 0,
        stderr: 'sent 1 query from "local": 0 answered, 1 without an answer\n',
        heard: retries + 1,
      });
    }
  });

  it("shows at a terminal how far it is, and wipes that before the summary", async () => {
    const [stdout, stderr] = [recorder(), recorder()];
    const { address, port } = silent.address();
    await writeFile(
      join(folder, "one.yaml"),
      `ntp_servers: ["${address}:${port}"]\nmanagement_node: { name: m, hostname: m }\n`,
    );
    const args = [
      "probe",
      "one.yaml",
      ...LOOPBACK,
      "--only",
      "time/ntp-reachable",
      "--timeout",
      "30",
      "--retries",
      "0",
    ];
    const context = {
      ...{ cwd: folder, env: {}, stdin: Readable.from([]), stdout, stderr },
      ...UNWATCHED,
      signal: new AbortController().signal,
    };
    expect(await main(args, context)).toBe(0);
    expect(stderr.text()).toMatch(
      /^\r\u001b\[2KQuerying servers: 0 of 1, \d+ s left.*\r\u001b\[2Ksent 1 query from "local": /s,
    );
    expect(JSON.parse(stdout.text())).toMatchObject({ schema_version: 1 });
  });

  it("sends only the queries of the chosen rules", async () => {
    const { stdout } = await probe([...CLEAN, "--only", "time/*", "--rule", "time/ntp-agreement: off"]);
    const kinds = (JSON.parse(stdout) as EvidenceFile).answers.map(({ question }) => question.kind);
    expect(new Set(kinds)).toEqual(new Set(["dns", "ntp"]));
  });
});

describe("a recording that is not whole", () => {
  it.each(["SIGINT", "SIGTERM"] as const)("%s keeps what is there, says what is not, and exits 2", async (signal) => {
    const heard = once(silent, "message");
    const { exitCode, stdout, stderr } = await preflight(
      ["probe", "silent.yaml", ...LOOPBACK, "-o", `${signal}.json`],
      {
        cwd: folder,
        onStart: (child) => void heard.then(() => child.kill(signal)),
        env: { COLUMNS: "200" },
      },
    );
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
    expect(stderr).toContain(`sent 0 queries from "local"; `);
    expect(stderr).toMatch(
      /; \d+ not sent; written to \S+\nerror\[not-all-sent\]: interrupted; run again \(\d+ queries not sent\)\.\nhint: /,
    );
    expect((await evidenceIn(`${signal}.json`)).answers).toEqual([]);
  });

  it("reports that the time limit was reached", async () => {
    const { exitCode, stderr } = await preflight(
      ["probe", "silent.yaml", ...LOOPBACK, "--deadline", "1", "-o", "late.json"],
      {
        cwd: folder,
        env: { COLUMNS: "200" },
      },
    );
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /\]: 127\.0\.0\.1: deadline reached; see --deadline, --concurrency \(\d+ queries not sent\)\.\nhint: /,
    );
    expect((await evidenceIn("late.json")).answers).toEqual([]);
  });

  it("reports that this machine has no route to a server, and records only that", async () => {
    const noWay = { ...network.routes, "udp 10.44.0.11:53": "no-way", "tcp 10.44.0.11:53": "no-way" } as const;
    const { exitCode, stderr } = await probe([...CLEAN, "--only", "dns/server-reachable", "-o", "way.json"], noWay);
    expect(exitCode).toBe(2);
    const { answers } = await evidenceIn("way.json");
    const lost = answers.filter(({ answer }) => answer.status === "not-asked");
    expect(lost.length).toBeGreaterThan(0);
    expect(stderr).toContain(
      `10.44.0.11: this machine's network failed or has no route to it (${lost.length} queries not sent).`,
    );
    expect(new Set(lost.map(({ question }) => (question.kind === "dns" ? question.server : "")))).toEqual(
      new Set(["10.44.0.11"]),
    );
    expect(stderr).toContain(`sent ${answers.length - lost.length} queries`);
  });

  it("is not accepted from a run without any query", async () => {
    await writeFile(join(folder, "nobody.yaml"), "management_node: { name: manager, hostname: mgmt01 }\n");
    const { exitCode, stderr } = await probe(["nobody.yaml", "-o", "nobody.json"]);
    expect(exitCode).toBe(2);
    expect(stderr).toContain('sent 0 queries from "local"; written to nobody.json\n');
    expect(stderr).toContain("error[nothing-sent]: No query could be sent, so nothing is recorded.");
    expect((await evidenceIn("nobody.json")).answers).toEqual([]);
  });

  it("is rejected if none of the rules sends queries", async () => {
    for (const args of [
      ["--only", "vm/*"],
      ["--only", "time/ntp-reachable", "--rule", "time/ntp-reachable: off"],
    ]) {
      const { exitCode, stdout, stderr } = await probe([...CLEAN, ...args]);
      expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
      expect(stderr).toContain("None of the rules is live, so there is nothing to record.");
    }
  });
});

describe("the evidence file", () => {
  const asked = async (args: readonly string[]) => {
    const log = join(folder, `log-${Math.random().toString(36).slice(2)}`);
    const env = { ...pretendNetwork({ routes: network.routes, log }), COLUMNS: "200" };
    const { exitCode, stdout, stderr } = await preflight(["probe", ...args], { cwd: folder, env });
    const connections = await readFile(log, "utf8").catch(() => "");
    return { exitCode, stdout, stderr, connections };
  };

  it.each([
    ["a folder", ".", ". is a folder, not a file."],
    ["below a file", "silent.yaml/x.json", "The file silent.yaml/x.json cannot be written: a part of the path is"],
    ["the deployment", DEPLOYMENT, "would overwrite an input file."],
    ["the inventory", join(dirname(INVENTORY), ".", "inventory.json"), "would overwrite an input file."],
  ])("at %s is refused before anybody is asked", async (_, file, message) => {
    const { exitCode, stdout, stderr, connections } = await asked([...CLEAN, "-o", file]);
    expect({ exitCode, stdout, connections }).toEqual({ exitCode: 2, stdout: "", connections: "" });
    expect(stderr).toContain(message);
  });

  it("replaces an old one completely, and leaves no other files", async () => {
    await writeFile(join(folder, "old.json"), "x".repeat(1_000_000));
    const { exitCode } = await asked([...CLEAN, "--only", "time/ntp-reachable", "-o", "old.json"]);
    expect(exitCode).toBe(0);
    expect((await evidenceIn("old.json")).schema_version).toBe(1);
    expect((await readdir(folder)).filter((name) => name.startsWith(".preflight-"))).toEqual([]);
  });

  it("is not written if the deployment has errors, and no server is contacted", async () => {
    await writeFile(join(folder, "wrong.yaml"), "dns_server: []\n");
    await writeFile(join(folder, "kept.json"), "kept");
    const { exitCode, stdout, stderr, connections } = await asked(["wrong.yaml", "-o", "kept.json"]);
    expect({ exitCode, stdout, connections }).toEqual({ exitCode: 2, stdout: "", connections: "" });
    expect(stderr).toContain("wrong.yaml:1:1: error[");
    expect(stderr).toContain("> 1 | dns_server: []");
    expect(await readFile(join(folder, "kept.json"), "utf8")).toBe("kept");
  });

  it("is rejected before any server is contacted if its folder does not exist", async () => {
    const plain = join(folder, "plain");
    await writeFile(plain, "");
    const { exitCode, stderr, connections } = await asked([...CLEAN, "-o", join(plain, "x.json")]);
    expect({ exitCode, connections }).toEqual({ exitCode: 2, connections: "" });
    expect(stderr).toContain("is not a folder");
  });
});
