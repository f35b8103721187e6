import { describe, expect, it } from "vitest";
import { CLEAN, preflight } from "../program.ts";

const RUN = [...CLEAN, "--no-live", "--format", "json", "--now", "2026-11-22T12:00:00Z"];

const DEPLOYMENT = `ntp_servers: [127.0.0.9:9]
management_node: { name: m, hostname: mgmt01, domain: example.com, address: 192.0.2.5 }
conferencing_nodes: []
`;

describe("--stats", () => {
  it("prints phases, rules and memory on standard error, and changes nothing else", async () => {
    const [plain, measured] = [await preflight(RUN), await preflight([...RUN, "--stats"])];
    expect(measured.stdout).toBe(plain.stdout);
    expect(measured.exitCode).toBe(plain.exitCode);
    expect(measured.stderr).toMatch(
      /^Time by phase\n(?: +[\d.]+ ms {2}(?:read files|link and plan|evaluate, with queries|make the report|write reports)\n){5}Time by rule \(the slowest of \d+\)\n(?: +[\d.]+ ms {2}[a-z0-9-]+\/[a-z0-9-]+: \d+ checks?, [\d.]+ µs each\n){15}Memory: at most \d+ MB\n$/,
    );
  });

  it("lists the slowest queries of a live run", async () => {
    const only = ["--only", "time/ntp-reachable"];
    const denied = ["-", "--no-config", ...only, "--stats", "--format", "json"];
    const { stderr } = await preflight(denied, { stdin: DEPLOYMENT });
    expect(stderr).toMatch(/Time by query \(the slowest of 1\)\n +[\d.]+ ms {2}ntp 127\.0\.0\.9 9: denied\n/);
  });
});
