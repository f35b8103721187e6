import { readFileSync } from "node:fs";
import { delimiter, resolve } from "node:path";
import { parseServerAddress, type ServerAddress } from "../../inventory/vsphere/server-address.ts";
import { knownThumbprints } from "../../inventory/vsphere/thumbprint.ts";
import type { Trust } from "../../inventory/vsphere/trusting-agent.ts";
import type { PullOptions } from "../../run/pull.ts";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import type { VsphereArguments } from "../arguments/commands.ts";
import { passwordOf } from "./password.ts";
import { readReason } from "../system-reason.ts";
import type { CliContext } from "../cli-context.ts";

/** How to reach a server and log in there. */
export type VsphereAccess = Pick<PullOptions, "server" | "username" | "password" | "trust" | "datacenter">;

/**
 * The access to a server from options and govc's environment. Options take precedence; a user and password in a URL
 * given as an option take precedence over the environment. Prompts for the password on a terminal if none is given.
 * Throws PreflightErrors, none of which contains a password.
 *
 * @param origin the option that names the server
 */
export async function vsphereAccess(
  options: VsphereArguments,
  url: string | undefined,
  origin: "--server" | "--vcenter",
  context: CliContext,
): Promise<VsphereAccess> {
  const { env } = context;
  const address = url ?? env["GOVC_URL"];
  if (address === undefined || address === "") {
    throw usage("No vCenter Server or ESXi host is given.", `add ${origin} URL, or set GOVC_URL`);
  }
  const server = parseServerAddress(address, url === undefined ? "GOVC_URL" : origin);
  if (url !== undefined && server.password !== null) hideCommandLine();
  const own = url === undefined ? null : server;
  const username = options.user ?? own?.username ?? nonEmpty(env["GOVC_USERNAME"]) ?? server.username;
  if (username === null) {
    throw usage(`No user is given for ${server.displayAddress}.`, "add --user NAME, or set GOVC_USERNAME");
  }
  const trust = trustOf(options, server, context);
  const given = own?.password ?? nonEmpty(env["GOVC_PASSWORD"]) ?? server.password;
  const password = await passwordOf(
    { file: options["password-file"], given, username, server: server.displayAddress },
    context,
  );
  return { server, username, password, trust, datacenter: options.datacenter ?? nonEmpty(env["GOVC_DATACENTER"]) };
}

/** Other users of the machine can read the command line of a process; on Linux, setting the title overwrites it. */
function hideCommandLine(): void {
  process.title = "preflight";
}

function trustOf(options: VsphereArguments, server: ServerAddress, { cwd, env }: CliContext): Trust {
  const { ca, thumbprint: thumbprints, insecure } = options;
  if (insecure) return { ca: null, thumbprints: [], insecure };
  if (ca.length > 0 || thumbprints.length > 0) {
    return { ca: ca.length === 0 ? null : ca.map((file) => caFile(file, "--ca", cwd)), thumbprints, insecure: false };
  }
  // govc accepts only these two words.
  const isInsecure = ["1", "true"].includes(env["GOVC_INSECURE"] ?? "");
  if (isInsecure) return { ca: null, thumbprints: [], insecure: true };
  const files = (env["GOVC_TLS_CA_CERTS"] ?? "").split(delimiter).filter((file) => file !== "");
  const known = nonEmpty(env["GOVC_TLS_KNOWN_HOSTS"]);
  return {
    ca: files.length === 0 ? null : files.map((file) => caFile(file, "GOVC_TLS_CA_CERTS", cwd)),
    thumbprints:
      known === null ? [] : knownThumbprints(text(known, "GOVC_TLS_KNOWN_HOSTS", cwd), server.host, server.port),
    insecure: false,
  };
}

function caFile(file: string, origin: string, cwd: string): string {
  const pem = text(file, origin, cwd);
  if (pem.includes("-----BEGIN CERTIFICATE-----")) return pem;
  throw usage(`The file ${file} of ${origin} contains no certificate.`, "use certificates in PEM format");
}

/** System-wide CA bundles have a few hundred kilobytes. */
const LONGEST_FILE = 16 * 1024 * 1024;

function text(file: string, origin: string, cwd: string): string {
  let content;
  try {
    content = readFileSync(resolve(cwd, file), "utf8");
  } catch (error) {
    const message = `The file ${file} of ${origin} cannot be read: ${readReason(error)}.`;
    throw new PreflightErrors([new PreflightError("unreadable-file", message, null, null)]);
  }
  if (content.length <= LONGEST_FILE) return content;
  throw usage(`The file ${file} of ${origin} is too long to be a list of certificates.`, null);
}

function nonEmpty(value: string | undefined): string | null {
  return value === undefined || value === "" ? null : value;
}

function usage(message: string, hint: string | null): PreflightErrors {
  return new PreflightErrors([new PreflightError("usage", message, null, hint)]);
}
