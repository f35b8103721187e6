import { spawn } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { writeFileSync } from "node:fs";
import type { Socket } from "node:net";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, expect, it } from "vitest";
import type { TlsAnswer, TlsReason } from "../../src/engine/api/question.ts";
import { probeTls } from "../../src/probe/tls/tls.ts";
import { closedTcpPort, startTcpResponder } from "../probe/servers/tcp-responder.ts";
import { CA_EXTENSIONS, CertificateMaker, type Issued, serverExtensions } from "../probe/servers/tls-certificates.ts";
import { describeReal, freePort, start, workFolder } from "./real-server.ts";

const NAME = "vcenter01.vc.example";

interface Row {
  readonly title: string;
  readonly reason: TlsReason;
  /** What `openssl s_client` ends with: its verify return code, or words of the error. */
  readonly verdict: number | RegExp;
  /** Leaf first. */
  readonly chain: readonly Issued[];
  /** Options of `openssl s_server`. */
  readonly server?: readonly string[];
  /** The requested name. */
  readonly name?: string;
}

describeReal("openssl s_server, and s_client agrees with us", ["openssl"], ([openssl = ""]) => {
  const folder = workFolder();
  let count = 0;
  const maker = new CertificateMaker();
  afterAll(() => maker.remove());

  const ca = (subject: string, issuer: Issued | null, more: readonly string[] = [], to?: string) =>
    maker.issue({ subject, issuer, extensions: [...CA_EXTENSIONS, ...more], ...(to !== undefined && { to }) });
  const root = ca("/CN=Root", null);
  const issuing = ca("/CN=Issuing", root);
  const leafOf = (
    issuer: Issued | null,
    names = `DNS:${NAME}`,
    more: Partial<Parameters<typeof maker.issue>[0]> = {},
  ) => maker.issue({ subject: `/CN=${NAME}`, issuer, extensions: serverExtensions(names), ...more });
  const leaf = leafOf(issuing);
  const stranger = ca("/CN=Stranger", null);
  const old = ca("/CN=Old", root, [], "20210101000000Z");
  const narrow = ca("/CN=Narrow", root, ["nameConstraints=critical,permitted;DNS:other.example"]);
  const noCa = maker.issue({ subject: "/CN=No CA", issuer: root, extensions: serverExtensions("DNS:a.example") });
  const rsaKey = (bits: number) =>
    generateKeyPairSync("rsa", { modulusLength: bits }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();
  const clientOnly = ["basicConstraints=CA:FALSE", "extendedKeyUsage=clientAuth", `subjectAltName=DNS:${NAME}`];
  const good = [leaf, issuing];
  const level0 = ["-cipher", "DEFAULT:@SECLEVEL=0"];

  const rows: readonly Row[] = [
    { title: "a whole chain", reason: "trusted", verdict: 0, chain: good },
    { title: "a whole chain with its root", reason: "trusted", verdict: 0, chain: [...good, root] },
    { title: "a chain in the wrong order", reason: "trusted", verdict: 0, chain: [leaf, root, stranger, issuing] },
    { title: "a leaf right below the root", reason: "trusted", verdict: 0, chain: [leafOf(root)] },
    { title: "TLS 1.2", reason: "trusted", verdict: 0, chain: good, server: ["-tls1_2"] },
    { title: "TLS 1.3", reason: "trusted", verdict: 0, chain: good, server: ["-tls1_3"] },
    { title: "a wildcard", reason: "trusted", verdict: 0, chain: [leafOf(issuing, "DNS:*.vc.example"), issuing] },
    { title: "a name in capitals", reason: "trusted", verdict: 0, chain: [leafOf(issuing, `DNS:${NAME.toUpperCase()}`), issuing] },
    { title: "an RSA key", reason: "trusted", verdict: 0, chain: [leafOf(issuing, undefined, { key: rsaKey(2048) }), issuing] },
    { title: "an RSA key of 1024 bits", reason: "weak-key", verdict: 0, chain: [leafOf(issuing, undefined, { key: rsaKey(1024) }), issuing], server: level0 },
    { title: "an address", reason: "trusted", verdict: 0, chain: [leafOf(issuing, "IP:127.0.0.1"), issuing], name: "127.0.0.1" },
    { title: "a request for a client certificate", reason: "trusted", verdict: 0, chain: good, server: ["-verify", "1"] },
    { title: "an expired leaf", reason: "expired", verdict: 10, chain: [leafOf(issuing, undefined, { to: "20210101000000Z" }), issuing] },
    { title: "an expired CA", reason: "expired", verdict: 10, chain: [leafOf(old), old] },
    { title: "a leaf of the future", reason: "not-yet-valid", verdict: 9, chain: [leafOf(issuing, undefined, { from: "21000101000000Z" }), issuing] },
    { title: "another name", reason: "name-mismatch", verdict: 62, chain: good, name: "other.vc.example" },
    { title: "a wildcard for one label less", reason: "name-mismatch", verdict: 62, chain: [leafOf(issuing, "DNS:*.example"), issuing] },
    { title: "a part of a label as a wildcard", reason: "name-mismatch", verdict: 62, chain: [leafOf(issuing, "DNS:v*1x.vc.example"), issuing] },
    { title: "an address as a name", reason: "name-mismatch", verdict: 64, chain: [leafOf(issuing, "DNS:127.0.0.1"), issuing], name: "127.0.0.1" },
    { title: "no intermediate certificate", reason: "incomplete-chain", verdict: 21, chain: [leaf] },
    { title: "a foreign intermediate certificate", reason: "incomplete-chain", verdict: 21, chain: [leaf, stranger] },
    { title: "a certificate of its own making", reason: "untrusted", verdict: 18, chain: [leafOf(null)] },
    { title: "an unknown root", reason: "untrusted", verdict: 19, chain: [leafOf(stranger), stranger] },
    { title: "an issuer that is no CA", reason: "untrusted", verdict: /verify error:num=79:invalid CA certificate/, chain: [leafOf(noCa), noCa] },
    { title: "a certificate for clients", reason: "wrong-usage", verdict: 26, chain: [leafOf(issuing, undefined, { extensions: clientOnly }), issuing] },
    { title: "a name that its CA may not certify", reason: "wrong-usage", verdict: 47, chain: [leafOf(narrow), narrow] },
    { title: "a signature over SHA-1", reason: "weak-signature", verdict: 68, chain: [leafOf(issuing, undefined, { digest: "sha1" }), issuing], server: level0 },
    { title: "only TLS 1.1, on a second try", reason: "trusted", verdict: /alert protocol version|unsupported protocol/, chain: good, server: ["-tls1_1", ...level0] },
    { title: "a demand for a client certificate", reason: "protocol", verdict: /alert handshake failure|alert certificate required/, chain: good, server: ["-Verify", "1", "-tls1_2"] },
    { title: "no cipher that we have", reason: "protocol", verdict: /alert handshake failure/, chain: good, server: ["-tls1_2", "-cipher", "NULL:@SECLEVEL=0"] },
    { title: "a certificate for the name that is sent alone", reason: "trusted", verdict: 0, chain: [leafOf(issuing, "DNS:fallback.example"), issuing], server: ["-servername", NAME, ...second(leafOf(root))] },
    { title: "a dislike of the name that is sent", reason: "protocol", verdict: /unrecognized name/, chain: good, server: ["-servername", "x.example", "-servername_fatal", ...second(leaf)] },
  ]; // prettier-ignore

  it.each(rows)("with $title", async ({ reason, verdict, chain, server = [], name = NAME }) => {
    const port = await freePort();
    const [first, ...others] = chain.map(({ pem }) => pem);
    const files = [file("leaf.pem", first ?? ""), file("leaf.key", chain[0]?.key ?? "")];
    const sent = others.length === 0 ? [] : ["-cert_chain", file("chain.pem", others.join(""))];
    const args = ["-accept", `127.0.0.1:${port}`, "-cert", files[0] ?? "", "-key", files[1] ?? "", ...sent, ...server];
    await start(openssl, ["s_server", ...args], /ACCEPT/);

    const ours = await query(port, name);
    expect(ours.reason).toBe(reason);
    expect(ours.chain.length > 0).toBe(ours.certificate !== null);
    judge(await clientSays(port, name), verdict);
  });

  it.each<[string, TlsReason, RegExp, (socket: Socket) => void]>([
    ["speaks HTTP", "plain-http", /wrong version number/, (socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n")],
    [
      "hangs up after the greeting",
      "closed",
      /unexpected eof|errno=|write:/,
      (socket) => socket.once("data", () => socket.end()),
    ],
    ["resets", "reset", /errno=|write:/, (socket) => socket.once("data", () => socket.resetAndDestroy())],
    ["says nothing", "silent", /^(CONNECTED\([0-9A-F]+\)\s*)?$/, () => undefined],
  ])("a server that %s", async (_name, reason, verdict, act) => {
    const { port } = await startTcpResponder(act);
    expect((await query(port, NAME, reason === "silent" ? 300 : 20_000)).reason).toBe(reason);
    judge(await clientSays(port, NAME, reason === "silent" ? 1000 : 20_000), verdict);
  });

  it("a port that is closed", async () => {
    const port = await closedTcpPort();
    expect((await query(port, NAME)).reason).toBe("refused");
    judge(await clientSays(port, NAME), /Connection refused/);
  });

  it("a common name is a name for OpenSSL, but not according to RFC 9525 section 2", async () => {
    const port = await freePort();
    const own = leafOf(issuing, "");
    const args = ["-accept", `127.0.0.1:${port}`, "-cert", file("cn.pem", own.pem), "-key", file("cn.key", own.key)];
    await start(openssl, ["s_server", ...args, "-cert_chain", file("cn.chain", issuing.pem)], /ACCEPT/);
    expect((await query(port, NAME)).reason).toBe("name-mismatch");
    judge(await clientSays(port, NAME), 0);
  });

  function file(name: string, content: string): string {
    const path = join(folder, `${++count}-${name}`);
    writeFileSync(path, content, { mode: 0o600 });
    return path;
  }

  /** Certificate that `s_server` presents to a client with the name of `-servername`. */
  function second(issued: Issued): readonly string[] {
    return ["-cert2", file("second.pem", issued.pem), "-key2", file("second.key", issued.key)];
  }

  function query(port: number, name: string, handshake_timeout_ms = 20_000): Promise<TlsAnswer> {
    return probeTls(
      { kind: "tls", address: "127.0.0.1", port, name },
      { from: "local", timeout_ms: 20_000, handshake_timeout_ms, signal: new AbortController().signal, ca: [root.pem] },
    );
  }

  /** The output of `s_client`, which is ended after a time in ms. */
  async function clientSays(port: number, name: string, patience_ms = 20_000): Promise<string> {
    const isAddress = name === "127.0.0.1";
    const child = spawn(
      openssl,
      [
        ...["s_client", "-connect", `127.0.0.1:${port}`, "-CAfile", file("root.pem", root.pem)],
        ...(isAddress ? ["-noservername", "-verify_ip", name] : ["-servername", name, "-verify_hostname", name]),
        // As strict as this program; Debian's own settings are stricter.
        ...["-no-CApath", "-no-CAstore", "-cipher", "DEFAULT:@SECLEVEL=1", "-min_protocol", "TLSv1.2"],
      ],
      { stdio: ["pipe", "pipe", "pipe"] },
    );
    child.stdin.on("error", () => undefined).end();
    const timer = setTimeout(() => child.kill(), patience_ms);
    const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
    clearTimeout(timer);
    return out + err;
  }

  function judge(said: string, verdict: number | RegExp): void {
    if (verdict instanceof RegExp) expect(said).toMatch(verdict);
    else expect(/Verify return code: (\d+) /.exec(said)?.[1], said).toBe(String(verdict));
  }
});
