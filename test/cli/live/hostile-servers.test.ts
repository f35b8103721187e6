import { createServer, type Server } from "node:https";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Answer } from "dns-packet";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { EvidenceFile } from "../../../src/schema/evidence.generated.ts";
import { type FormatName, formats } from "../../../src/report/format.ts";
import { type DnsResponder, reply, startDnsResponder } from "../../probe/servers/dns-responder.ts";
import { estate, host, machine } from "../../inventory/vsphere/estate.ts";
import { PASSWORD, startVcenter, text as xmlText, USER } from "../../inventory/vsphere/vcenter-stub.ts";
import { healthyReply, startNtpResponder } from "../../probe/servers/ntp-responder.ts";
import { CertificateMaker, serverExtensions } from "../../probe/servers/tls-certificates.ts";
import { commandsIn, EXPECT_INERT, expectPlain, HOSTILE } from "../../report/inert-outputs.ts";
import { pretendNetwork } from "../../support/pretend-network.ts";
import { CLEAN_LIVE, preflight } from "../program.ts";

/** Where every name leads: an NTP server, and an endpoint of vSphere. */
const ADDRESS = "10.44.0.21";

/** Hostile texts as names of hosts: each a single label of at most 63 octets, in turn. */
const LABELS = [...HOSTILE.values()].filter((text) => text !== "").map((text) => label(text));
function label(text: string): string {
  let end = text.length;
  while (Buffer.byteLength(text.slice(0, end)) > 60) end--;
  return text.slice(0, end).replaceAll(".", "_");
}

/** What a reference identifier can be: any four octets. */
const REFERENCE_IDS = ["\u001b[2J", "::er", '<b>"', "`$(x", "##[e", "=1+1", "\r\n::", "\u0000|\\\n"];

/** Texts in a distinguished name and in answers over HTTP. */
const NAME = `<script>alert(1)</script>##vso[task.complete]\u001b[31m|\`$(id)\``;
const BODY = `</x>${NAME} ##[error]a ::error::b \u202e =1+1 $(id)`.replace(/[<>&\u001b]/g, (sign) =>
  sign === "\u001b" ? "\u009b" : `&#${sign.charCodeAt(0)};`,
);

let folder: string;
let dns: DnsResponder;
let https: Server;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "preflight-hostile-"));
  let next = 0;
  const name = () => `${LABELS[next++ % LABELS.length] ?? ""}.example`;
  const answersTo = (asked: string, type: string): Answer[] => {
    const target = name();
    switch (type) {
      case "A":
        return [
          { type: "CNAME", name: asked, data: target },
          { type: "A", name: target, data: ADDRESS },
        ];
      case "PTR":
        return [{ type: "PTR", name: asked, data: target }];
      case "SRV":
        return [{ type: "SRV", name: asked, data: { target, port: 5061, priority: 1, weight: 1 } }];
      default:
        return [{ type: "CNAME", name: asked, data: target }];
    }
  };
  dns = await startDnsResponder({
    udp: (query, send) => {
      send(reply(query, { answers: answersTo(query.question.name, query.question.type) }));
    },
    tcp: "closed",
  });
  const { key, pem } = new CertificateMaker().issue({
    subject: `/CN=${NAME}/O==cmd|' \\/C calc'!A0/OU=::error::x`,
    issuer: null,
    extensions: serverExtensions("DNS:</script><img>,DNS:::error::x"),
  });
  https = createServer({ key, cert: pem }, (request, response) => {
    const about = `<about><version>${BODY}</version><build>${BODY}</build><apiType>${BODY}</apiType></about>`;
    request.resume();
    response.writeHead(200, { "content-type": "text/xml" });
    response.end(
      request.url === "/sdk"
        ? `<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body><RetrieveServiceContentResponse xmlns="urn:vim25"><returnval>${about}</returnval></RetrieveServiceContentResponse></e:Body></e:Envelope>`
        : `<namespaces version="1.0"><namespace><name>urn:vim25</name><version>${BODY}</version></namespace></namespaces>`,
    );
  });
  https.on("tlsClientError", (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => https.listen(0, "127.0.0.1", resolve));
});
afterAll(async () => {
  await dns.close();
  https.closeAllConnections();
  https.close();
  await rm(folder, { recursive: true });
});

describe("servers that answer with hostile text", () => {
  it("reach no reader of any format, of the log, or of the evidence", async () => {
    const ntp = await startNtpResponder((request) => {
      const text = REFERENCE_IDS[request.number % REFERENCE_IDS.length] ?? "";
      const refid = Buffer.from(text, "latin1").readUInt32BE(0);
      request.send(healthyReply(request.packet, { refid, stratum: request.number % 3 === 0 ? 0 : 1 }));
    });
    const routes = {
      ...Object.fromEntries([10, 11].map((last) => [`udp 10.44.0.${last}:53`, dns.port])),
      [`udp ${ADDRESS}:123`]: ntp.port,
      [`tcp ${ADDRESS}:443`]: (https.address() as AddressInfo).port,
      [`tcp ${ADDRESS}:5061`]: (https.address() as AddressInfo).port,
    };
    const env = pretendNetwork({ routes });
    const names = Object.keys(formats) as FormatName[];
    const outputs = names.flatMap((name) => ["--format", `${name}=${name}.out`]);
    const { exitCode, stdout, stderr } = await preflight([...CLEAN_LIVE, "--all", ...outputs, "--format", "stylish"], {
      cwd: folder,
      env,
    });
    expect(exitCode).toBe(1);
    for (const text of [stdout, stderr]) {
      expectPlain(text);
      expect(commandsIn(text)).toEqual([]);
    }
    for (const name of names) {
      const text = await readFile(join(folder, `${name}.out`), "utf8");
      EXPECT_INERT[name](text);
      expect(commandsIn(name === "github" ? text.replace(/^::/gm, "") : text)).toEqual([]);
    }

    // They did arrive: names of DNS and of the certificate, and requests at the other servers.
    const recorded = await preflight(["probe", ...CLEAN_LIVE, "-o", "evidence.json"], { cwd: folder, env });
    expect(recorded.exitCode).toBe(0);
    expectPlain(recorded.stderr);
    const text = await readFile(join(folder, "evidence.json"), "utf8");
    expectPlain(text);
    expect(commandsIn(text)).toEqual([]);
    const { answers } = JSON.parse(text) as EvidenceFile;
    // Of what HTTP brings, only words that are versions are kept.
    const kinds = (hostile: RegExp) =>
      new Set(answers.filter(({ answer }) => hostile.test(JSON.stringify(answer))).map(({ answer }) => answer.kind));
    expect(kinds(/script>|calc|evil/)).toEqual(new Set(["dns", "tls"]));
    expect(answers.filter(({ answer }) => answer.kind === "vsphere").map(({ answer }) => answer.reason)).toEqual([
      "ok",
    ]);
    expect(answers.filter(({ answer }) => answer.kind === "ntp" && answer.status === "answered")).not.toEqual([]);
  });

  it("keep what a vCenter Server sends inert: names of objects, its own name, and faults", async () => {
    const login = { GOVC_USERNAME: USER, GOVC_PASSWORD: PASSWORD };
    const texts = [...HOSTILE.values()].map(inXml).filter((name) => name.trim() !== "");
    const stub = await startVcenter({
      about: { version: texts[0] ?? "", build: texts[1] ?? "", fullName: texts[2] ?? "", instanceUuid: texts[3] ?? "" },
      objects: estate(
        ...texts.map((name, index) => host(`host-${100 + index}`, name)),
        ...texts.map((name, index) => machine(String(index + 1), name, { "guest.hostName": xmlText(name) })),
      ),
    });
    const pull = ["inventory", "pull", "--server", stub.url, "--insecure"];
    const { exitCode, stdout, stderr } = await preflight(pull, { env: login });
    expect([exitCode, commandsIn(stderr)]).toEqual([0, []]);
    expectPlain(stdout);
    expectPlain(stderr);
    expect(stdout).toContain("</script>");
    const inventory = join(folder, "pulled.json");
    await writeFile(inventory, stdout);
    const names = Object.keys(formats) as FormatName[];
    const outputs = names.flatMap((name) => ["--format", `${name}=pulled-${name}.out`]);
    const args = [CLEAN_LIVE[0], "--inventory", inventory, "--no-live", "--all"];
    const checked = await preflight([...args, ...outputs, "--format", "stylish"], { cwd: folder });
    expect([checked.exitCode, checked.stderr, commandsIn(checked.stdout)]).toEqual([1, "", []]);
    expectPlain(checked.stdout);
    for (const name of names) {
      const text = await readFile(join(folder, `pulled-${name}.out`), "utf8");
      EXPECT_INERT[name](text);
      expect(commandsIn(name === "github" ? text.replace(/^::/gm, "") : text)).toEqual([]);
    }

    const words = texts.join(" ");
    const faulty = await startVcenter({
      answers: {
        Login: `<soapenv:Fault><faultcode>${words}</faultcode><faultstring>${words}</faultstring><detail><x>${words}</x></detail></soapenv:Fault>`,
      },
    });
    const failed = await preflight(["inventory", "pull", "--server", faulty.url, "--insecure"], { env: login });
    expect([failed.exitCode, failed.stdout, commandsIn(failed.stderr)]).toEqual([2, "", []]);
    expectPlain(failed.stderr);
  });
});

/** Text as XML has it, without the characters that it cannot have. */
function inXml(words: string): string {
  return words.replace(/[^\t\n\r -\ud7ff\ue000-\ufffd]/g, "").replace(/[<>&"]/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
