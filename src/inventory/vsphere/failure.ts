import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { ServerAddress } from "./server-address.ts";
import { VimFault, UnexpectedResponse } from "./soap-errors.ts";
import { UntrustedServer } from "./trusting-agent.ts";

const ROLE = "assign it the role Read-only at the root of the vSphere inventory, with propagation";
const NOT_VSPHERE = "name a vCenter Server or an ESXi host; the port of its API is 443, the path /sdk";

/** Puts into words what kept a server from being read; a bug when it is not known here. Never shows a password. */
export function failureOf(error: unknown, address: ServerAddress, username: string): unknown {
  if (error instanceof UntrustedServer) return untrusted(error, address);
  if (error instanceof VimFault) return fault(error, address, username);
  if (error instanceof UnexpectedResponse) return unexpectedResponse(error, address);
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const found = connection(code, address);
  return found === null ? error : new PreflightError("no-connection", found[0], null, found[1]);
}

function connection(code: string, { displayAddress, host, port }: ServerAddress): readonly [string, string] | null {
  switch (code) {
    case "ENOTFOUND":
    case "EAI_NONAME":
      return [`There is no server called ${host}.`, "check the name; it was looked up as this machine is set up to do"];
    case "EAI_AGAIN":
      return [`The name ${host} cannot be looked up: no DNS server answers.`, "check the network, or give the address"];
    case "ECONNREFUSED":
      return [
        `${displayAddress} refuses connections to port ${port}.`,
        "check name and port, and whether the service is running",
      ];
    case "ETIMEDOUT":
      return [`${displayAddress} does not answer.`, "check name and port, and the firewalls on the way"];
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "EADDRNOTAVAIL":
      return [
        `There is no way from this machine to ${displayAddress}.`,
        "check the network and the firewalls on the way",
      ];
    case "EACCES":
    case "EPERM":
      return [`A firewall forbids the connection to ${displayAddress}.`, "check the firewalls on the way"];
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
    case "ERR_STREAM_PREMATURE_CLOSE":
      return [`${displayAddress} broke the connection off.`, "try again; check the firewalls and proxies on the way"];
    case "EPROTO":
      return [`${displayAddress} does not speak TLS on port ${port}.`, NOT_VSPHERE];
  }
  if (code.startsWith("ERR_SSL_"))
    return [`${displayAddress} does not speak TLS on port ${port} that this program accepts.`, NOT_VSPHERE];
  if (code.startsWith("HPE_")) return [`${displayAddress} does not speak HTTP on port ${port}.`, NOT_VSPHERE];
  if (code.startsWith("Z_"))
    return [`The answer of ${displayAddress} is damaged.`, "try again; check the proxies on the way"];
  return null;
}

function untrusted(
  { code, thumbprint, weakKey_bits }: UntrustedServer,
  { displayAddress, host }: ServerAddress,
): PreflightError {
  // In one word, which fits into a line and can be copied.
  const print = thumbprint.replaceAll(":", "");
  const seen = `its SHA-256 fingerprint is ${print}`;
  const pin = `compare its SHA-256 fingerprint with that on the server, and if it is the same, add --thumbprint ${print}`;
  const error = (message: string, hint: string) => new PreflightError("untrusted-server", message, null, hint);
  switch (code) {
    case "NO_CERTIFICATE":
      return error(`${displayAddress} shows no certificate.`, NOT_VSPHERE);
    case "THUMBPRINT":
      return error(
        `The certificate of ${displayAddress} does not have the expected fingerprint; ${seen}.`,
        "find out whether the certificate was renewed before you trust the new one",
      );
    case "CERT_HAS_EXPIRED":
      return error(`The certificate of ${displayAddress} has expired.`, `renew it; until then ${pin}`);
    case "CERT_NOT_YET_VALID":
      return error(`The certificate of ${displayAddress} is not valid yet.`, "check the clock of this machine");
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return error(
        `The certificate of ${displayAddress} is for other names than ${host}.`,
        `use the name in it; or ${pin}`,
      );
    case "WEAK_KEY":
      return error(
        `The certificate of ${displayAddress}, or one above it, has an RSA key of ${String(weakKey_bits)} bits, which is too short to be believed.`,
        `give the server a certificate with a key of 2048 bits or more; until then ${pin}`,
      );
    case "UNSPECIFIED":
      return error(
        `The certificate of ${displayAddress}, or one above it, does not stand up to the rules of this machine's TLS: its signature is too weak (SHA-1), or it is not made for this server.`,
        `renew it; until then ${pin}`,
      );
    default:
      return error(
        `The certificate of ${displayAddress} is signed by nobody whom this machine trusts.`,
        `give its CA with --ca FILE; or ${pin}`,
      );
  }
}

function fault({ fault, detail }: VimFault, { displayAddress }: ServerAddress, username: string): PreflightError {
  const account = quoted(username);
  switch (fault) {
    case "InvalidLogin":
      return new PreflightError(
        "login-refused",
        `${displayAddress} does not accept the user name ${account} with this password.`,
        null,
        "check both; a user of a domain is written DOMAIN\\name or name@domain",
      );
    case "NoPermission": {
      const missingPrivilege =
        typeof detail["privilegeId"] === "string" ? ` (it lacks ${quoted(detail["privilegeId"])})` : "";
      return new PreflightError(
        "no-permission",
        `The account ${account} may not read ${displayAddress}${missingPrivilege}.`,
        null,
        ROLE,
      );
    }
    case "NotAuthenticated":
      return new PreflightError(
        "session-ended",
        `${displayAddress} ended the session before everything was read.`,
        null,
        "try again",
      );
    default:
      return new PreflightError(
        "server-fault",
        `${displayAddress} answers with the fault ${quoted(fault)}.`,
        null,
        "try again; the log of the server says more",
      );
  }
}

function unexpectedResponse(
  { kind, detail }: UnexpectedResponse,
  { displayAddress, path }: ServerAddress,
): PreflightError {
  const error = (message: string, hint: string) => new PreflightError("not-vsphere", message, null, hint);
  switch (kind) {
    case "page":
      return error(`${displayAddress} answers with a web page, not with the vSphere API.`, NOT_VSPHERE);
    case "redirect":
      return error(`${displayAddress} sends the caller elsewhere (HTTP ${detail}).`, NOT_VSPHERE);
    case "not-soap":
      return error(`What ${displayAddress} answers is not the vSphere API.`, NOT_VSPHERE);
    case "encoding":
      return error(
        `${displayAddress} answers in the encoding ${quoted(detail)}, which was not asked for.`,
        NOT_VSPHERE,
      );
    case "too-long":
      return error(
        `${displayAddress} sends more than this program takes.`,
        "read one datacenter at a time: --datacenter NAME",
      );
    case "too-slow":
      return error(
        `${displayAddress} takes longer than this program waits.`,
        "read one datacenter at a time: --datacenter NAME; or try again when the server has less to do",
      );
    case "no-progress":
      return error(
        `${displayAddress} sends pages without end: its paging tokens do not progress.`,
        "try again; check the proxies on the way",
      );
    case "status":
      return error(`${displayAddress} answers ${path} with HTTP status ${detail}.`, hintOf(detail));
  }
}

function hintOf(status: string): string {
  if (status === "407") return "a proxy in between asks for a login; ask for a way around it";
  if (["500", "502", "503", "504"].includes(status)) {
    return "a proxy in between does not reach it, or its services are still starting: try again later";
  }
  return NOT_VSPHERE;
}
