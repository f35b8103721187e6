import { parseRfc3339 } from "../../values/rfc3339.ts";
import { type ClockOffset, type ManagedObject, type ManagedObjects, property } from "../mapping/managed-objects.ts";
import { str } from "../mapping/tree.ts";
import { asReference, type SoapClient } from "./soap-client.ts";
import { faultReason, VimFault } from "./soap-errors.ts";
import type { Reference } from "./soap-message.ts";

/** The manager of a host's time. */
const SYSTEM = "configManager.dateTimeSystem";

/** Timeout for a host's time, in ms; with a slower response, the offset would be too inaccurate. */
const SLOWEST_MS = 1000;

/**
 * After this many consecutive hosts without a response, the others are not queried: a second each would add up to
 * minutes.
 */
const MAX_SILENT = 3;

/**
 * The clock offset of each connected host from this machine, by the host's id. Queried one by one
 * (HostDateTimeSystem.QueryDateTime, which requires System.Read): the time is assumed to be that of the middle of the
 * call, so the error is at most half a second, and usually a few ms.
 */
export async function hostClocks(
  client: SoapClient,
  objects: ManagedObjects,
  signal: AbortSignal,
): Promise<ReadonlyMap<string, ClockOffset>> {
  const clocks = new Map<string, ClockOffset>();
  let silent = 0;
  for (const host of objects.of("HostSystem")) {
    if (str(property(host, "runtime.connectionState")) !== "connected") continue;
    const system = asReference(property(host, SYSTEM));
    if (system === null) clocks.set(host.id, { unknown: noSystem(host) });
    else if (silent === MAX_SILENT) clocks.set(host.id, { unknown: "earlier hosts did not return their time" });
    else {
      const clock = await clockOffset(client, system, signal);
      silent = clock === SILENT ? silent + 1 : 0;
      clocks.set(host.id, clock);
    }
  }
  return clocks;
}

function noSystem({ faults }: ManagedObject): string {
  return faults.get(SYSTEM) ?? `vSphere does not report ${SYSTEM}`;
}

const SILENT: ClockOffset = { unknown: `the host did not return its time within ${SLOWEST_MS} ms` };

async function clockOffset(client: SoapClient, system: Reference, signal: AbortSignal): Promise<ClockOffset> {
  const limit = AbortSignal.timeout(SLOWEST_MS);
  const sent = Date.now();
  try {
    const answer = await client.call("QueryDateTime", system, [], AbortSignal.any([signal, limit]));
    const received = Date.now();
    const time = parseRfc3339(str(answer) ?? "");
    if (time === null) return { unknown: "unknown vSphere value of QueryDateTime" };
    return { offset_ms: Math.round(time - (sent + received) / 2) };
  } catch (error) {
    if (error instanceof VimFault) return { unknown: faultReason(error.fault, str(error.detail, "privilegeId")) };
    if (!limit.aborted || signal.aborted) throw error;
    return SILENT;
  }
}
