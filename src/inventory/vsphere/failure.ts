import { PreflightError } from "../../values/preflight-error.ts";
import { quoted } from "../../values/text/quoted.ts";
import type { ServerAddress } from "./server-address.ts";
import { VimFault, UnexpectedResponse } from "./soap-errors.ts";
import { UntrustedServer } from "./trusting-agent.ts";

const ROLE = "assign it the role Read-only at the root of the vSphere inventory, with propagation";
const NOT_VSPHERE = "give a vCenter Server or an ESXi host; the API is on port 443, path /sdk";

/** The user-facing error for a failure to read a server; an unknown error is a bug. Never contains a password. */
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
      return [`The name ${host} does not exist in DNS.`, "check the name and this machine's DNS settings"];
    case "EAI_AGAIN":
      return [
        `The name ${host} cannot be resolved: DNS servers do not respond.`,
        "check the network, or use the address",
      ];
    case "ECONNREFUSED":
      return [
        `${displayAddress} refuses connections to port ${port}.`,
        "check the name and port, and whether the service is running",
      ];
    case "ETIMEDOUT":
      return [`${displayAddress} does not respond.`, "check the name and port, and firewalls in the path"];
    case "EHOSTUNREACH":
    case "ENETUNREACH":
    case "EHOSTDOWN":
    case "EADDRNOTAVAIL":
      return [`${displayAddress} cannot be reached from this machine.`, "check the network and firewalls in the path"];
    case "EACCES":
    case "EPERM":
      return [`A firewall blocks the connection to ${displayAddress}.`, "check firewalls in the path"];
    case "ECONNRESET":
    case "ECONNABORTED":
    case "EPIPE":
    case "ERR_STREAM_PREMATURE_CLOSE":
      return [`${displayAddress} closed the connection.`, "try again; check firewalls and proxies in the path"];
    case "EPROTO":
      return [`${displayAddress} does not use TLS on port ${port}.`, NOT_VSPHERE];
  }
  if (code.startsWith("ERR_SSL_"))
    return [`${displayAddress} does not support TLS 1.2 or later on port ${port}.`, NOT_VSPHERE];
  if (code.startsWith("HPE_")) return [`${displayAddress} does not use HTTP on port ${port}.`, NOT_VSPHERE];
  if (code.startsWith("Z_"))
    return [`The response of ${displayAddress} is damaged.`, "try again; check proxies in the path"];
  return null;
}

function untrusted(
  { code, thumbprint, weakKey_bits }: UntrustedServer,
  { displayAddress, host }: ServerAddress,
): PreflightError {
  // As one word, which fits on a line and can be copied.
  const print = thumbprint.replaceAll(":", "");
  const seen = `its SHA-256 fingerprint is ${print}`;
  const pin = `compare its SHA-256 fingerprint with the one on the server, and if they match, add --thumbprint ${print}`;
  const error = (message: string, hint: string) => new PreflightError("untrusted-server", message, null, hint);
  switch (code) {
    case "NO_CERTIFICATE":
      return error(`${displayAddress} does not present a certificate.`, NOT_VSPHERE);
    case "THUMBPRINT":
      return error(
        `The certificate of ${displayAddress} does not have the expected fingerprint; ${seen}.`,
        "check whether the certificate was renewed before you trust the new one",
      );
    case "CERT_HAS_EXPIRED":
      return error(`The certificate of ${displayAddress} has expired.`, `renew it; until then ${pin}`);
    case "CERT_NOT_YET_VALID":
      return error(`The certificate of ${displayAddress} is not valid yet.`, "check the clock of this machine");
    case "ERR_TLS_CERT_ALTNAME_INVALID":
      return error(
        `The certificate of ${displayAddress} does not cover ${host}.`,
        `use a name that it covers; or ${pin}`,
      );
    case "WEAK_KEY":
      return error(
        `The certificate of ${displayAddress}, or one of its issuers, has an RSA key of ${String(weakKey_bits)} bits, which is too short.`,
        `give the server a certificate with a key of 2048 bits or more; until then ${pin}`,
      );
    case "UNSPECIFIED":
      return error(
        `The certificate of ${displayAddress}, or one of its issuers, is rejected by this machine's TLS library: its signature is too weak (SHA-1), or it is not usable for a server.`,
        `renew it; until then ${pin}`,
      );
    default:
      return error(
        `The certificate of ${displayAddress} is not signed by a CA that this machine trusts.`,
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
        `${displayAddress} rejected the user name ${account} or the password.`,
        null,
        "check both; write a domain user as DOMAIN\\name or name@domain",
      );
    case "NoPermission": {
      const missingPrivilege =
        typeof detail["privilegeId"] === "string" ? ` (missing privilege ${quoted(detail["privilegeId"])})` : "";
      return new PreflightError(
        "no-permission",
        `The account ${account} has no permission to read ${displayAddress}${missingPrivilege}.`,
        null,
        ROLE,
      );
    }
    case "NotAuthenticated":
      return new PreflightError(
        "session-ended",
        `${displayAddress} ended the session before the inventory was complete.`,
        null,
        "try again",
      );
    default:
      return new PreflightError(
        "server-fault",
        `${displayAddress} returned the fault ${quoted(fault)}.`,
        null,
        "try again; check the server's log",
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
      return error(`${displayAddress} returned a web page instead of a vSphere API response.`, NOT_VSPHERE);
    case "redirect":
      return error(`${displayAddress} redirects to another address (HTTP ${detail}).`, NOT_VSPHERE);
    case "not-soap":
      return error(`The response of ${displayAddress} is not from the vSphere API.`, NOT_VSPHERE);
    case "encoding":
      return error(
        `${displayAddress} responded in the encoding ${quoted(detail)}, which was not requested.`,
        NOT_VSPHERE,
      );
    case "too-long":
      return error(
        `The response of ${displayAddress} exceeds the size limit.`,
        "read one datacenter at a time: --datacenter NAME",
      );
    case "too-slow":
      return error(
        `${displayAddress} did not respond within the time limit.`,
        "read one datacenter at a time: --datacenter NAME; or try again when the server is less busy",
      );
    case "no-progress":
      return error(
        `${displayAddress} repeats result pages: its paging tokens do not advance.`,
        "try again; check proxies in the path",
      );
    case "status":
      return error(`${displayAddress} answers ${path} with HTTP status ${detail}.`, hintOf(detail));
  }
}

function hintOf(status: string): string {
  if (status === "407") return "a proxy in the path requires a login; use a path without it";
  if (["500", "502", "503", "504"].includes(status)) {
    return "a proxy in the path cannot reach it, or its services are still starting: try again later";
  }
  return NOT_VSPHERE;
}
