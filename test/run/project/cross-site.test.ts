import { describe, expect, it } from "vitest";
import { type CheckedSite, crossSite } from "../../../src/run/project/cross-site.ts";
import type { Identity, NodeIdentities } from "../../../src/run/project/identities.ts";
import type { Severity } from "../../../src/schema/report.generated.ts";
import { check, cleanReport } from "../../report/sample-report.ts";

const SEVERITIES = { "node/unique-hostname": "error", "vm/mac-address": "error", "network/unique-address": "error" };

function node(name: string, values: Readonly<Partial<Record<Identity["kind"], string>>>, isManagementNode = false) {
  const identities = Object.entries(values).map(([kind, value]): Identity => ({
    kind: kind as Identity["kind"],
    value,
    location: null,
  }));
  return { node: name, isManagementNode, identities } satisfies NodeIdentities;
}

function site(
  name: string,
  platform: string | null,
  nodes: readonly NodeIdentities[],
  severities: Readonly<Record<string, string>> = SEVERITIES,
): CheckedSite {
  const base = cleanReport();
  const [rule] = base.rules;
  if (rule === undefined) throw new Error("The sample has no rule.");
  const rules = Object.entries(severities).map(([id, severity]) => ({ ...rule, id, severity: severity as Severity }));
  return { name, report: { ...base, rules }, identities: { platform, nodes } };
}

const found = (...sites: readonly CheckedSite[]) =>
  crossSite(sites).findings.map(
    ({ kind, nodes }) => `${kind}: ${nodes.map((one) => `${one.site}/${one.node}`).join(" ")}`,
  );

describe("crossSite", () => {
  it("compares FQDNs and MAC addresses of all sites, hostnames and addresses within one platform", () => {
    const [fqdn, mac, hostname, address] = ["conf.example.com", "005056000001", "conf", "10.0.0.1"];
    const ofOne = [node("a", { fqdn }), node("b", { mac }), node("c", { hostname }), node("d", { address })];
    const ofOther = [node("q", { fqdn }), node("r", { mac }), node("s", { hostname }), node("t", { address })];
    expect(found(site("oslo", "m1", ofOne), site("bergen", "m2", ofOther))).toEqual([
      "fqdn: oslo/a bergen/q",
      "mac: oslo/b bergen/r",
    ]);
    expect(found(site("oslo", "m", ofOne), site("bergen", "m", ofOther))).toEqual([
      "fqdn: oslo/a bergen/q",
      "hostname: oslo/c bergen/s",
      "mac: oslo/b bergen/r",
      "address: oslo/d bergen/t",
    ]);
  });

  it("compares no hostnames of sites without a Management Node", () => {
    const sites = ["oslo", "bergen"].map((name) =>
      site(name, null, [node("a", { hostname: "conf", address: "10.0.0.1" })]),
    );
    expect(found(...sites)).toEqual([]);
  });

  it("makes one finding of nodes that share several values", () => {
    const copy = () => [node("a", { fqdn: "conf.example.com", hostname: "conf", mac: "005056000001" })];
    const { findings } = crossSite([site("oslo", "m", copy()), site("bergen", "m", copy())]);
    expect(findings.map(({ message }) => message)).toEqual([
      "FQDN conf.example.com is used by node a of site oslo and node a of site bergen; FQDNs must be unique in a project. " +
        "These nodes also share hostname conf, MAC address 00:50:56:00:00:01.",
    ]);
  });

  it("counts the Management Node of a platform once, unless its addresses differ", () => {
    const mgmt = (address?: string) =>
      node("mgmt", { fqdn: "m", hostname: "m", ...(address !== undefined && { address }) }, true);
    const pair = (one?: string, other?: string) =>
      found(site("oslo", "m", [mgmt(one)]), site("bergen", "m", [mgmt(other)]));
    expect(pair()).toEqual([]);
    expect(pair("10.0.0.1", "10.0.0.1")).toEqual([]);
    expect(pair("10.0.0.1")).toEqual([]);
    expect(pair("10.0.0.1", "10.0.0.2")).toEqual(["fqdn: oslo/mgmt bergen/mgmt"]);
  });

  it("leaves to a site what it uses twice by itself", () => {
    const twice = [node("a", { fqdn: "conf" }), node("b", { fqdn: "conf" })];
    expect(found(site("oslo", "m", twice), site("bergen", "m", [node("c", { fqdn: "other" })]))).toEqual([]);
  });

  it("follows the policy: a rule that is off or skipped compares nothing, and its severity counts", () => {
    const nodes = () => [node("a", { fqdn: "conf" })];
    expect(found(site("oslo", "m", nodes(), {}), site("bergen", "m", nodes()))).toEqual([]);
    const skipped = site("oslo", "m", nodes());
    const checks = [check("node/unique-hostname", "node a", { verdict: "skipped", reason: "not chosen by --only" })];
    expect(found({ ...skipped, report: { ...skipped.report, checks } }, site("bergen", "m", nodes()))).toEqual([]);
    const mild = { "node/unique-hostname": "info" };
    const severities = (other: Readonly<Record<string, string>>) =>
      crossSite([site("oslo", "m", nodes(), mild), site("bergen", "m", nodes(), other)]).findings.map(
        ({ severity }) => severity,
      );
    expect(severities(mild)).toEqual(["info"]);
    expect(severities(SEVERITIES)).toEqual(["error"]);
  });

  it("names the sites that could not be compared, and counts the values of the others", () => {
    const { left_out, compared, findings } = crossSite([
      site("oslo", "m", [node("a", { fqdn: "conf", mac: "005056000001" })]),
      { ...site("bergen", "m", []), identities: null },
    ]);
    expect({ left_out, findings }).toEqual({ left_out: ["bergen"], findings: [] });
    expect(Object.fromEntries(compared.map(({ kind, values }) => [kind, values]))).toEqual({
      ...{ fqdn: 1, hostname: 0, mac: 1, address: 0 },
    });
  });
});
