import type { RuleContext } from "../../src/engine/api/rule.ts";
import { given } from "../../src/engine/api/mutation.ts";
import type { Host } from "../../src/site/estate/estate-objects.ts";

type Reading = Pick<RuleContext<Record<string, string>>, "need" | "known">;

/** The service that sets a host's clock, by the host's time protocol; NTP while that is not known. */
export function timeServiceOf(host: Host, { known }: Pick<Reading, "known">) {
  return known(host, "timeProtocol") === "ptp"
    ? ({ object: host.ptp, protocol: "PTP", daemon: "ptpd" } as const)
    : ({ object: host.ntp, protocol: "NTP", daemon: "ntpd" } as const);
}

/** The same for mutations. */
export function timeServiceIn(host: Host) {
  return given(host, "timeProtocol") === "ptp" ? host.ptp : host.ntp;
}

/** Whether NTP never sets a host's clock: it keeps time by PTP and does not fall back to NTP. */
export function isWithoutNtp(host: Host, { need, known }: Reading): boolean {
  return known(host, "timeProtocol") === "ptp" && !need(host.ptp, "fallback_to_ntp");
}

export const WITHOUT_NTP = "the host is synchronized by PTP, without NTP fallback";
