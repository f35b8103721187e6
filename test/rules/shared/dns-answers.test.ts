import { describe, expect, it } from "vitest";
import { addressesIn, queryServers, describeAnswers, resolve } from "../../../rules/shared/dns-answers.ts";
import type { Answer } from "../../../src/engine/api/question.ts";
import type { TinyContext } from "../../engine/tiny-rules.ts";
import { siteOf } from "../../support/documents.ts";
import { dnsRecords } from "../../support/scripted-answers.ts";
import { checksOf, recorder, tinyRule } from "../../engine/tiny-rules.ts";
import type { Server } from "../../../src/site/deployment/deployment-objects.ts";
import type { PartialList } from "../../../src/site/core/partial-list.ts";

type Script = Readonly<Record<string, Partial<Answer>>>;

/** Judges one check that looks something up with the deployment's DNS servers. */
async function lookUp<T>(
  servers: string,
  script: Script,
  look: (servers: PartialList<Server>, context: TinyContext) => T,
) {
  const site = await siteOf(`dns_servers: ${servers}\nmanagement_node: { name: m, hostname: m }`);
  let result: T | undefined;
  const { responder, batches } = recorder(script);
  const rule = tinyRule("deployment", (_, context) => {
    result = look(site.managementDnsServers, context);
  });
  const [check] = await checksOf([rule], site, responder);
  return { result, check, batches };
}

const askBoth = (servers: PartialList<Server>, context: TinyContext) =>
  queryServers("a.example", ["A", "AAAA"], servers, context);

describe("askServers", () => {
  it("queries every server for every type, concurrently", async () => {
    const { batches } = await lookUp("[10.0.0.1, '[2001:db8::1]:5353']", {}, askBoth);
    expect(batches).toEqual([
      ["10.0.0.1 53 A", "10.0.0.1 53 AAAA", "2001:db8::1 5353 A", "2001:db8::1 5353 AAAA"].map((row) => {
        const [server, port, type] = row.split(" ");
        return { kind: "dns", server, port: Number(port), name: "a.example", type };
      }),
    ]);
  });

  it("returns the servers' answers for the name, with the servers' names", async () => {
    const { result } = await lookUp(
      "[10.0.0.1, '10.0.0.2:5353']",
      { "dns 10.0.0.1 53 a.example A": dnsRecords("a.example", ["A", "192.0.2.1"]) },
      askBoth,
    );
    expect(result?.map(({ server, answer }) => `${server} ${answer.reason}`)).toEqual([
      "10.0.0.1 ok",
      "10.0.0.1 nxdomain",
      "10.0.0.2:5353 nxdomain",
      "10.0.0.2:5353 nxdomain",
    ]);
  });

  it.each(["timeout", "servfail", "refused", "lame", "own-network-error", "server-silent", "malformed"] as const)(
    "omits a server without an answer (%s)",
    async (reason) => {
      const wasAsked = reason !== "own-network-error" && reason !== "server-silent";
      const silent: Partial<Answer> = { status: wasAsked ? "no-answer" : "not-asked", reason };
      const { result } = await lookUp(
        "[10.0.0.1, 10.0.0.2]",
        { "dns 10.0.0.1 53 a.example A": silent, "dns 10.0.0.1 53 a.example AAAA": silent },
        askBoth,
      );
      expect(result?.map(({ server }) => server)).toEqual(["10.0.0.2", "10.0.0.2"]);
    },
  );

  it.each(["deadline", "aborted", "not-recorded"] as const)(
    "is inconclusive if a server was not queried (%s), regardless of the answers of others",
    async (reason) => {
      const { check } = await lookUp(
        "[10.0.0.1, 10.0.0.2]",
        { "dns 10.0.0.1 53 a.example A": { status: "not-asked", reason } },
        askBoth,
      );
      expect(check).toMatchObject({
        verdict: "inconclusive",
        reason: `not every DNS server was queried for a.example (10.0.0.1: ${reason})`,
      });
    },
  );

  it("is inconclusive if no server answers, and reports the result of each", async () => {
    const { check } = await lookUp(
      "[10.0.0.1]",
      {
        "dns 10.0.0.1 53 a.example A": { status: "no-answer", reason: "timeout" },
        "dns 10.0.0.1 53 a.example AAAA": { status: "answered", reason: "servfail" },
      },
      askBoth,
    );
    expect(check).toMatchObject({
      verdict: "inconclusive",
      reason: "no DNS server answered for a.example (10.0.0.1: timeout, 10.0.0.1: SERVFAIL)",
    });
  });

  it("ignores 'no such record' of one type while the server does not answer the other", async () => {
    const { check } = await lookUp(
      "[10.0.0.1]",
      {
        "dns 10.0.0.1 53 a.example A": { status: "no-answer", reason: "timeout" },
        "dns 10.0.0.1 53 a.example AAAA": { status: "answered", reason: "nodata" },
      },
      askBoth,
    );
    expect(check?.verdict).toBe("inconclusive");
  });

  it("is inconclusive when no DNS server is declared", async () => {
    const { check, batches } = await lookUp("[]", {}, askBoth);
    expect(batches).toEqual([]);
    expect(check).toMatchObject({
      verdict: "inconclusive",
      missing: [{ what: "no DNS server is declared where one is used; add dns_servers or use --system-resolver" }],
    });
  });

  it("skips an entry that cannot be queried, and is inconclusive if no entry can", async () => {
    const some = await lookUp("[dns.example, 10.0.0.1]", {}, askBoth);
    expect(some.batches.flat()).toHaveLength(2);
    const none = await lookUp("[dns.example]", {}, askBoth);
    expect(none.check).toMatchObject({
      verdict: "inconclusive",
      missing: [{ what: 'DNS server "dns.example" is not an IP address, so it cannot be queried' }],
    });
  });
});

describe("resolve", () => {
  const host = { host: "ntp1.example", isAddress: false, port: 123 };

  it("uses an address as it is, without a query", async () => {
    const { result, batches } = await lookUp("[10.0.0.1]", {}, (servers, context) =>
      resolve({ host: "192.0.2.1", isAddress: true, port: 123 }, servers, context),
    );
    expect([result, batches]).toEqual([["192.0.2.1"], []]);
  });

  it("gives the addresses of all servers and families, each once", async () => {
    const { result } = await lookUp(
      "[10.0.0.1, 10.0.0.2]",
      {
        "dns 10.0.0.1 53 ntp1.example A": dnsRecords("ntp1.example", ["CNAME", "x.example"], ["A", "192.0.2.1"]),
        "dns 10.0.0.2 53 ntp1.example A": dnsRecords("ntp1.example", ["A", "192.0.2.1"], ["A", "192.0.2.2"]),
        "dns 10.0.0.2 53 ntp1.example AAAA": dnsRecords("ntp1.example", ["AAAA", "2001:db8::1"]),
      },
      (servers, context) => resolve(host, servers, context),
    );
    expect(result).toEqual(["192.0.2.1", "192.0.2.2", "2001:db8::1"]);
  });

  it("is inconclusive when the name has no address", async () => {
    const { check } = await lookUp("[10.0.0.1]", {}, (servers, context) => resolve(host, servers, context));
    expect(check).toMatchObject({
      verdict: "inconclusive",
      reason: "ntp1.example does not resolve to an address (10.0.0.1: NXDOMAIN)",
    });
  });
});

describe("words and addresses", () => {
  it("are empty for no answer", () => {
    expect([addressesIn([]), describeAnswers([])]).toEqual([[], ""]);
  });
});
