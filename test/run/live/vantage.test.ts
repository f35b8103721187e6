import { describe, expect, it } from "vitest";
import type { Deployment } from "../../../src/schema/deployment.generated.ts";
import type { Check, EvidenceRecord } from "../../../src/schema/report.generated.ts";
import { compareVantagePoints } from "../../../src/run/live/vantage.ts";

const DEPLOYMENT = {
  management_node: { name: "mgr", hostname: "mgr" },
  system_locations: [{ name: "Oslo" }],
  conferencing_nodes: [{ name: "conf01", hostname: "conf01", system_location: "Oslo" }],
} as unknown as Deployment;

const check = (kind: string, verdict: Check["verdict"], evidence: readonly string[] = ["e1"]): Check => ({
  ...{ rule: "a/b", subject: { kind, name: "x" }, severity: "error", verdict, reason: null, missing: [], because: [] },
  ...{ findings: [], root_causes: [], evidence, waiver: null, remediation: null, location: null },
});

const from = (place: string): EvidenceRecord => ({
  id: "e1",
  question: { kind: "tcp", address: "192.0.2.1", port: 443 },
  answer: {
    ...{ kind: "tcp", status: "answered", reason: "open", attempts: [], duration_ms: 1, from: place },
    started_at: "2026-01-01T00:00:00Z",
  },
});

function compare(checks: readonly Check[], vantage_points: Record<string, string> | undefined, isRequired = false) {
  const deployment = vantage_points === undefined ? DEPLOYMENT : { ...DEPLOYMENT, vantage_points };
  const { checks: compared, notes } = compareVantagePoints(checks, {
    deployment,
    evidence: [from("jump")],
    isRequired,
  });
  return {
    verdicts: [...compared].map(({ verdict }) => verdict),
    reasons: [...compared].map(({ reason }) => reason),
    notes,
  };
}

const CHECKS = [check("vm-manager", "pass"), check("host", "fail"), check("ntp-server", "pass"), check("node", "pass")];

describe("live verdicts", () => {
  it("say in one line for each network that they were obtained elsewhere", () => {
    expect(compare(CHECKS, {})).toMatchObject({
      verdicts: ["pass", "fail", "pass", "pass"],
      notes: [
        "2 checks probed from jump, not from the Management Node's network.",
        "1 check probed from jump, not from a node's network.",
      ],
    });
  });

  it.each<[Record<string, string>, number]>([
    [{ jump: "mgr" }, 0],
    [{ jump: "Oslo" }, 1],
    [{ jump: "conf01" }, 1],
    [{ jump: "Bergen" }, 2],
    [{ other: "mgr" }, 2],
    [{ toString: "mgr" }, 2],
  ])("of a vantage point that is mapped as %j leave %i lines", (vantage_points, lines) => {
    expect(compare(CHECKS, vantage_points).notes).toHaveLength(lines);
  });

  it("count for nothing elsewhere where the vantage point is required, also without a map", () => {
    for (const map of [{}, undefined]) {
      const { verdicts, reasons } = compare(CHECKS, map, true);
      expect(verdicts).toEqual(["inconclusive", "inconclusive", "inconclusive", "pass"]);
      expect(reasons[0]).toContain("probed from jump, not from the Management Node's network; map a vantage point");
    }
    expect(compare(CHECKS, { jump: "mgr" }, true).verdicts).toEqual(["pass", "fail", "pass", "pass"]);
  });

  it("are left as they are without a map", () => {
    expect(compare(CHECKS, undefined)).toMatchObject({ verdicts: ["pass", "fail", "pass", "pass"], notes: [] });
  });

  it("that read no answer are about no network", () => {
    expect(compare([check("vm-manager", "pass", [])], {}, true)).toMatchObject({ verdicts: ["pass"], notes: [] });
  });
});
