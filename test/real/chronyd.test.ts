import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, expect, it } from "vitest";
import { queryNtp } from "../../src/probe/ntp/ntp.ts";
import { describeReal, freePort, start, workFolder } from "./real-server.ts";

const OPTIONS = { from: "local", timeout_ms: 1000, tries: 2, signal: new AbortController().signal };

describeReal("chronyd", ["chronyd"], ([chronyd = ""]) => {
  const folder = workFolder();

  /** A chronyd on 127.0.0.1 that never touches this machine's clock (-x). */
  async function startChronyd(name: string, lines: readonly string[]): Promise<number> {
    const port = await freePort();
    const config = join(folder, `${name}.conf`);
    const own = [
      `port ${port}`,
      "bindaddress 127.0.0.1",
      "cmdport 0",
      `pidfile ${join(folder, `${name}.pid`)}`,
      `driftfile ${join(folder, `${name}.drift`)}`,
    ];
    writeFileSync(config, [...own, "bindcmdaddress /", ...lines, ""].join("\n"));
    await start(
      chronyd,
      ["-d", "-x", "-u", "root", "-f", config],
      /chronyd version|Initial frequency|Disabled control of system clock/,
    );
    return port;
  }

  let healthy = 0;
  let lost = 0;
  let closed = 0;
  beforeAll(async () => {
    healthy = await startChronyd("healthy", ["local stratum 10", "allow 127.0.0.0/8"]);
    lost = await startChronyd("lost", ["allow 127.0.0.0/8"]);
    closed = await startChronyd("closed", ["local stratum 10", "allow 192.0.2.0/24"]);
  });

  it("that is synchronized returns its time and its source", async () => {
    const answer = await queryNtp({ kind: "ntp", address: "127.0.0.1", port: healthy }, OPTIONS);
    expect(answer).toMatchObject({ status: "answered", reason: "ok", bogus: 0, reply: { leap: 0, stratum: 10 } });
    // Both clocks are this machine's.
    expect(Math.abs(answer.reply?.offset_ms ?? Infinity)).toBeLessThanOrEqual((answer.reply?.delay_ms ?? 0) / 2 + 1);
  });

  it("that was never synchronised is no kiss-of-death", async () => {
    const answer = await queryNtp({ kind: "ntp", address: "127.0.0.1", port: lost }, OPTIONS);
    expect(answer).toMatchObject({ status: "answered", reason: "unsynchronised", reply: { leap: 3, kiss_code: null } });
  });

  it("that denies access does not respond", async () => {
    const answer = await queryNtp({ kind: "ntp", address: "127.0.0.1", port: closed }, { ...OPTIONS, timeout_ms: 300 });
    expect(answer).toMatchObject({ status: "no-answer", reason: "no-reply", reply: null });
    expect(answer.attempts).toHaveLength(2);
  });
});
