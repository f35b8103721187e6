import { parseEndpoint } from "./endpoint.ts";
import { canonicalName } from "./host-name.ts";

/** Options that may follow a server in an NTP configuration (ntp.conf(5), "Configuration Commands"). */
const OPTIONS =
  /^(?:\s+(?:autokey|burst|iburst|noselect|preempt|prefer|true|xleave|(?:key|maxpoll|minpoll|mode|ttl|version)\s+\d{1,10}))*$/i;

const NTP_PORT = 123;

export interface NtpServerEntries {
  /** Each server once, as it is written first, without options. */
  readonly servers: readonly string[];
  /** Entries from which no server can be determined: a URL, several names in one text. */
  readonly unreadable: readonly string[];
}

/**
 * The distinct servers of a list of NTP servers. Options are stripped, case and a trailing dot do not matter, an
 * address counts once however it is written; blank entries are nothing. A name and an address count as two servers.
 */
export function ntpServerEntries(entries: readonly string[]): NtpServerEntries {
  const servers = new Map<string, string>();
  const unreadable = new Map<string, string>();
  for (const entry of entries) {
    const text = entry.trim();
    if (text === "") continue;
    const [written = ""] = text.split(/\s/, 1);
    const endpoint = OPTIONS.test(text.slice(written.length)) ? parseEndpoint(written, NTP_PORT) : null;
    const [found, key] =
      endpoint === null ? [unreadable, canonicalName(text)] : [servers, `${endpoint.host} ${endpoint.port}`];
    if (!found.has(key)) found.set(key, endpoint === null ? text : written);
  }
  return { servers: [...servers.values()], unreadable: [...unreadable.values()] };
}
