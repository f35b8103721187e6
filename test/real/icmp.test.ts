import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import type { Question } from "../../src/engine/api/question.ts";
import type { RunReport } from "../../src/schema/report.generated.ts";
import { shell } from "../cli/program.ts";
import { askInProcess } from "../probe/servers/asking-process.ts";
import { describeReal } from "./real-server.ts";
import { type Fate, FATES, namespaceObstacle, type RoutedNetwork, startRoutedNetwork } from "./routed-network.ts";

const KINDS = ["dns", "ntp", "tcp", "tls"] as const;
type Kind = (typeof KINDS)[number];
type Reasons = Readonly<Record<Kind, Readonly<Record<Fate, string>>>>;

/** A connection gets all that a router sends; over IPv4 Linux has one error number for several of its messages. */
const connection = (family: 4 | 6) => {
  const either = family === 4 ? "unreachable-or-prohibited" : null;
  return {
    router: "refused",
    prohibited: either ?? "admin-prohibited",
    unreachable: either ?? "unreachable",
    dropped: "timeout",
    unrouted: either ?? "unreachable",
    absent: either ?? "unreachable",
  };
};

/**
 * A connected UDP socket is notified of a prohibition and of a closed port. "Unreachable" may pass, so Linux keeps it to
 * itself (RFC 1122 section 4.2.3.9), and the server appears unresponsive.
 */
const datagram = (silent: string) => ({
  router: "port-unreachable",
  prohibited: "admin-prohibited",
  unreachable: silent,
  dropped: silent,
  unrouted: silent,
  absent: silent,
});

const expected = (family: 4 | 6): Reasons => ({
  dns: datagram("timeout"),
  ntp: datagram("no-reply"),
  tcp: connection(family),
  tls: connection(family),
});

function question(kind: Kind, address: string): Question {
  if (kind === "dns") return { kind, server: address, port: 53, name: "ntp1.vc.example.com", type: "A" };
  if (kind === "ntp") return { kind, address, port: 123 };
  if (kind === "tcp") return { kind, address, port: 443 };
  return { kind, address, port: 443, name: "vcenter01.vc.example.com" };
}

// Only dropped packets take that long: a router answers at once, but a busy machine may take its time to read it.
const OPTIONS = { timeout_ms: { dns: 1500, ntp: 1500, tcp: 5000, tls: 5000 } };

describeReal(
  "what a router says",
  ["ip"],
  () => {
    let network: RoutedNetwork;
    let folder: string;
    beforeAll(async () => {
      network = startRoutedNetwork();
      folder = await mkdtemp(join(tmpdir(), "preflight-icmp-"));
      return async () => {
        network.remove();
        await rm(folder, { recursive: true });
      };
    });

    const questions = (family: 4 | 6) =>
      KINDS.flatMap((kind, number) => FATES.map((fate) => question(kind, network.address(family, fate, number))));

    const query = async (questions: readonly Question[], wrapper: readonly string[]) =>
      (await askInProcess({ questions, options: OPTIONS, scheduled: true }, 1024, wrapper)).answers;

    /** In the shape of the expected ones. */
    const reasonsOver = async (family: 4 | 6): Promise<unknown> => {
      const reasons = (await query(questions(family), network.client)).map(({ reason }) => reason);
      return Object.fromEntries(
        KINDS.map((kind, number) => [
          kind,
          Object.fromEntries(FATES.map((fate, index) => [fate, reasons[number * FATES.length + index]])),
        ]),
      );
    };

    it.each([4, 6] as const)("over IPv%i", async (family) => {
      expect(await reasonsOver(family)).toEqual(expected(family));
    });

    it("about an absent host is the same when another packet had it looked for before", async () => {
      const address = network.address(4, "absent", 9);
      // The search for the NTP server is in progress when the connection is attempted.
      const [, tcp] = await query([question("ntp", address), question("tcp", address)], network.client);
      expect(tcp).toMatchObject({ status: "no-answer", reason: "unreachable-or-prohibited" });
    });

    it("means nothing on a machine without a network: it blames no server", async () => {
      const answers = await query([...questions(4), ...questions(6)], network.isolated);
      expect(new Set(answers.map(({ status, reason }) => `${status}, ${reason}`))).toEqual(
        new Set(["not-asked, own-network-error"]),
      );
    });

    it("is the reason of a check; without a network every live check is inconclusive", async () => {
      const [router, prohibited, dropped] = (["router", "prohibited", "dropped"] as const).map((fate) =>
        network.address(4, fate, 5),
      );
      await writeFile(
        join(folder, "deployment.yaml"),
        `platform: { version: "25" }
dns_servers: ["${router ?? ""}"]
ntp_servers: ["${router ?? ""}", "${prohibited ?? ""}", "${dropped ?? ""}"]
vm_manager: { address: "${prohibited ?? ""}", type: vcenter }
management_node: { name: manager, hostname: mgmt01, domain: vc.example.com }
conferencing_nodes: []
`,
      );
      const checksFrom = async (wrapper: readonly string[]) => {
        const line = `${wrapper.join(" ")} $PREFLIGHT deployment.yaml --timeout 1500 --format json`;
        const { stdout, stderr } = await shell(line, { cwd: folder });
        expect(stderr).toBe("");
        return (JSON.parse(stdout) as RunReport).checks;
      };
      const seen = await checksFrom(network.client);
      const messages = seen
        .filter(({ rule }) => /^(?:time\/ntp-reachable|dns\/server-reachable|network\/port-443-vm-manager)$/.test(rule))
        .flatMap(({ findings }) => findings.map(({ message }) => message));
      expect(messages).toEqual([
        `DNS server ${router ?? ""} did not return a valid response to any query (port-unreachable).`,
        `VM manager ${prohibited ?? ""} does not accept TCP connections at ${prohibited ?? ""} port 443 (unreachable-or-prohibited; correct the address or the route, or open the port in the firewall).`,
        `NTP server ${router ?? ""} did not return a valid response (${router ?? ""}: port-unreachable).`,
        `NTP server ${prohibited ?? ""} did not return a valid response (${prohibited ?? ""}: admin-prohibited).`,
        `NTP server ${dropped ?? ""} did not return a valid response (${dropped ?? ""}: no-reply).`,
      ]);

      const alone = await checksFrom(network.isolated);
      const asking = new Set(seen.filter(({ evidence }) => evidence.length > 0).map(({ rule }) => rule));
      expect(asking.size).toBeGreaterThan(2);
      expect(new Set(alone.filter(({ evidence }) => evidence.length > 0).map(({ rule }) => rule))).toEqual(asking);
      const verdicts = alone.filter(({ evidence }) => evidence.length > 0).map(({ verdict }) => verdict);
      expect(new Set(verdicts)).toEqual(new Set(["inconclusive"]));
    });
  },
  namespaceObstacle,
);
