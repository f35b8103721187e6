import { describe, expect, it } from "vitest";
import type { Answer, TcpReason } from "../../../src/engine/api/question.ts";
import { checkHttps } from "../../../rules/shared/https-endpoint.ts";
import { siteOf } from "../../support/documents.ts";
import { vsphereEndpoint } from "../../support/https-script.ts";
import { dnsRecords } from "../../support/scripted-answers.ts";
import { checksOf, recorder, tinyRule } from "../../engine/tiny-rules.ts";

const FOUR = "192.0.2.1";
const SIX = "2001:db8::1";

const status = (reason: TcpReason): Answer["status"] => {
  if (reason === "open") return "answered";
  return ["deadline", "aborted", "not-recorded", "own-network-error"].includes(reason) ? "not-asked" : "no-answer";
};

/** The result of a check that needs port 443 of a name with an IPv4 and an IPv6 address. */
async function look(four: TcpReason, six: TcpReason) {
  const site = await siteOf("dns_servers: [10.0.0.1]\nmanagement_node: { name: m, hostname: m }");
  const rule = tinyRule("deployment", (deployment, context) => {
    const endpoint = { host: "vcenter.example", isAddress: false, port: 443 };
    checkHttps(endpoint, null, site.managementDnsServers, context, ({ address, data }) => {
      context.fail("bad", { at: [deployment], data: { what: `${address} ${data.reason}` }, key: address });
    });
  });
  const { responder } = recorder({
    "dns 10.0.0.1 53 vcenter.example A": dnsRecords("vcenter.example", ["A", FOUR]),
    "dns 10.0.0.1 53 vcenter.example AAAA": dnsRecords("vcenter.example", ["AAAA", SIX]),
    ...vsphereEndpoint(FOUR, "vcenter.example"),
    ...vsphereEndpoint(SIX, "vcenter.example"),
    [`tcp ${FOUR} 443`]: { status: status(four), reason: four },
    [`tcp ${SIX} 443`]: { status: status(six), reason: six },
  });
  const [check] = await checksOf([rule], site, responder);
  return { verdict: check?.verdict, found: check?.findings.map(({ data }) => data["what"]), reason: check?.reason };
}

describe("addresses that do not accept connections", () => {
  it("are none when every address accepts", async () => {
    expect(await look("open", "open")).toEqual({ verdict: "pass", found: [], reason: null });
  });

  it.each(["refused", "timeout", "unreachable", "admin-prohibited", "reset"] as const)(
    "are those that do not (%s), though another family works",
    async (reason) => {
      expect(await look("open", reason)).toMatchObject({ verdict: "fail", found: [`${SIX} ${reason}`] });
    },
  );

  it("are reported with the fix of either cause if the operating system does not distinguish them", async () => {
    const found = (await look("unreachable-or-prohibited", "unreachable")).found;
    expect(found).toEqual([
      `${FOUR} unreachable-or-prohibited; correct the address or the route, or open the port in the firewall`,
      `${SIX} unreachable`,
    ]);
  });

  it("are all of them when none accepts", async () => {
    expect((await look("refused", "timeout")).found).toEqual([`${FOUR} refused`, `${SIX} timeout`]);
  });

  it("pass over an address that this machine has no route to, when another accepts", async () => {
    expect(await look("open", "own-network-error")).toMatchObject({ verdict: "pass" });
  });

  it("are unknown if this machine has no route to any, or was not allowed to query one", async () => {
    const nowhere = await look("own-network-error", "own-network-error");
    expect(nowhere).toMatchObject({
      verdict: "inconclusive",
      reason: `not every address could be tried (${FOUR}: own-network-error, ${SIX}: own-network-error)`,
    });
    expect(await look("open", "deadline")).toMatchObject({ verdict: "inconclusive" });
    expect(await look("open", "not-recorded")).toMatchObject({ verdict: "inconclusive" });
  });

  it("fail on a proven refusal although another address was not queried", async () => {
    expect(await look("refused", "deadline")).toMatchObject({ verdict: "fail", found: [`${FOUR} refused`] });
  });
});
