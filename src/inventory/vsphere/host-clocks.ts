import { parseRfc3339 } from "../../values/rfc3339.ts";
import { type ClockOffset, type ManagedObject, type ManagedObjects, property } from "../mapping/managed-objects.ts";
import { str } from "../mapping/tree.ts";
import { asReference, type SoapClient } from "./soap-client.ts";
import { faultReason, VimFault } from "./soap-errors.ts";
import type { Reference } from "./soap-message.ts";

/** What tells a host's time. */
const SYSTEM = "configManager.dateTimeSystem";

/** How long a host may take to tell its time, ms; an answer that took so long says too little of the moment it speaks of. */
const SLOWEST_MS = 1000;

/** Once so many hosts in a row stay silent, the others are not asked: a second each would add up to minutes. */
const MAX_SILENT = 3;

/**
 * How far the clock of each connected host is from this machine's, by the host's id. Asked one by one
 * (HostDateTimeSystem.QueryDateTime, which needs System.Read): the time is taken to be that of the middle of the call,
 * so that it is at most half a second wrong, and mostly some ms.
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
