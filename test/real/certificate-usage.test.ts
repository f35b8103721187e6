import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { CertificateMaker } from "../probe/servers/tls-certificates.ts";
import { usageCases } from "../support/usage-certificates.ts";
import { describeReal, workFolder } from "./real-server.ts";

describeReal("openssl verify -purpose sslserver agrees with us", ["openssl"], ([openssl = ""]) => {
  const folder = workFolder();
  const maker = new CertificateMaker();
  afterAll(() => maker.remove());
  const { root, cases } = usageCases(maker);
  const file = (name: string, content: string): string => {
    const path = join(folder, name);
    writeFileSync(path, content);
    return path;
  };

  it.each(cases)("$title", ({ chain, faults, openssl: accepted = faults.length === 0 }) => {
    const [leaf, ...others] = chain;
    // A self-issued certificate is its own root.
    const trusted = [root, ...(chain.length === 1 ? chain : [])];
    const { status, stdout, stderr } = spawnSync(
      openssl,
      [
        ...["verify", "-purpose", "sslserver", "-no-CApath", "-no-CAstore"],
        ...["-CAfile", file("trusted.pem", trusted.map(({ pem }) => pem).join(""))],
        ...["-untrusted", file("others.pem", others.map(({ pem }) => pem).join("") || root.pem)],
        file("leaf.pem", leaf?.pem ?? ""),
      ],
      { encoding: "utf8" },
    );
    expect(status === 0, stdout + stderr).toBe(accepted);
  });
});
