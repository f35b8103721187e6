import { PreflightError } from "../../values/preflight-error.ts";
import { parseEndpoint } from "../../values/network/endpoint.ts";

/** A vCenter Server or ESXi host from `GOVC_URL` or an option. */
export interface ServerAddress {
  /** Name or address, without brackets. */
  readonly host: string;
  readonly port: number;
  /** `/sdk` unless the URL has another path. */
  readonly path: string;
  /** The name in messages and inventories: no scheme, no user, no path. */
  readonly displayAddress: string;
  readonly username: string | null;
  /** Must never be printed. */
  readonly password: string | null;
}

const HINT = "write a name or address, such as vcenter01.vc.example.com or https://vcenter01.vc.example.com/sdk";

/**
 * Parses a server address like govc: the scheme is optional and defaults to https, the path to `/sdk`; a user and
 * password may precede an `@`. Throws PreflightError without any part that may contain a password.
 *
 * @param origin the option or variable, for messages: `--server`
 */
export function parseServerAddress(text: string, origin: string): ServerAddress {
  const bad = (message: string, hint: string = HINT) => new PreflightError("usage", message, null, hint);
  const trimmed = text.trim();
  if (trimmed === "") throw bad(`${origin} is empty.`);
  const [, scheme = "https", rest = ""] = /^(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is.exec(trimmed) ?? [];
  if (scheme.toLowerCase() === "http") {
    throw bad(`${origin} uses http, which would send the password in clear text.`, "write https");
  }
  if (scheme.toLowerCase() !== "https") throw bad(`${origin} has a scheme that is not https.`);
  // Up to the last @ before the path: passwords may contain any character.
  const [, userinfo = null, endpoint = "", path = ""] = /^(?:(.*)@)?([^/?#@]*)(.*)$/s.exec(rest) ?? [];
  const parsed = parseEndpoint(endpoint, 443);
  if (parsed === null) throw bad(`${origin} does not contain a server name.`);
  if (/[?#]/.test(path)) {
    const hint = "use GOVC_PASSWORD or --password-file for a password with such characters";
    throw bad(`${origin} contains a ? or #, which is not allowed.`, hint);
  }
  const [user, password] = userinfo === null ? [null, null] : splitUserinfo(userinfo);
  const host = parsed.isAddress && parsed.host.includes(":") ? `[${parsed.host}]` : parsed.host;
  return {
    host: parsed.host,
    port: parsed.port,
    path: path === "" || path === "/" ? "/sdk" : path,
    displayAddress: parsed.port === 443 ? parsed.host : `${host}:${parsed.port}`,
    username: user,
    password,
  };
}

function splitUserinfo(userinfo: string): readonly [string, string | null] {
  const colon = userinfo.indexOf(":");
  if (colon < 0) return [decoded(userinfo), null];
  return [decoded(userinfo.slice(0, colon)), decoded(userinfo.slice(colon + 1))];
}

/** A % that does not start an escape is literal. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
