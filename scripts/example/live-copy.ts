import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { isScalar, parseDocument } from "yaml";
import { LOOPBACK } from "./running-server.ts";

/** The ports of the servers that replace those of the site, in the order of the deployment file. */
export interface StandInPorts {
  readonly dns: readonly number[];
  readonly ntp: readonly number[];
  readonly vmManager: number;
}

/** A deployment file that refers to the stand-ins, otherwise unchanged. */
export interface LiveCopy {
  readonly deployment: string;
  /** The differences; `from` is null for a value that was added. */
  readonly changes: readonly { readonly key: string; readonly from: string | null; readonly to: string }[];
  remove(): Promise<void>;
}

/** The certificate of the stand-in for the VM manager, which is trusted like a CA of the site. */
const TRUSTED = "certs/stand-in.pem";

/**
 * Copies the deployment's folder to a temporary one, replaces the addresses of the servers that are contacted, and
 * trusts the certificate of the VM manager's stand-in.
 */
export async function writeLiveCopy(
  deployment: string,
  { ports, vmManagerCertificate }: { readonly ports: StandInPorts; readonly vmManagerCertificate: string },
): Promise<LiveCopy> {
  const document = parseDocument(await readFile(deployment, "utf8"));
  const changes: { key: string; from: string | null; to: string }[] = [];
  const replace = (path: readonly (string | number)[], address: (old: string) => string) => {
    const node = document.getIn(path, true);
    const from = isScalar(node) ? String(node.value) : "";
    if (from === "") throw new Error(`${deployment} has no ${path.join(".")}, which the example replaces.`);
    const to = address(from);
    document.setIn(path, to); // changes the scalar in place, so its comment stays
    changes.push({ key: path.filter((step) => typeof step === "string").join("."), from, to });
  };
  ports.dns.forEach((port, index) => replace(["dns_servers", index], () => `${LOOPBACK}:${port}`));
  ports.ntp.forEach((port, index) => replace(["ntp_servers", index], (name) => `${name}:${port}`));
  replace(["vm_manager", "address"], (name) => `${name}:${ports.vmManager}`);
  document.addIn(["ca_certificates"], TRUSTED);
  changes.push({ key: "ca_certificates", from: null, to: TRUSTED });

  const folder = await mkdtemp(join(tmpdir(), "infinity-preflight-example-"));
  await cp(dirname(deployment), folder, { recursive: true }); // with the certificates it names
  await writeFile(join(folder, TRUSTED), vmManagerCertificate);
  const copy = join(folder, "deployment.yaml");
  await writeFile(copy, document.toString({ lineWidth: 0, flowCollectionPadding: false }));
  return { deployment: copy, changes, remove: () => rm(folder, { recursive: true, force: true }) };
}
