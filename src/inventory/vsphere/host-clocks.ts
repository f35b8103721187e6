import { parseRfc3339 } from "../../values/rfc3339.ts";
import { type ClockOffset, type ManagedObject, type ManagedObjects, property } from "../managed-objects.ts";
import { str } from "../tree.ts";
import { asReference, type SoapClient } from "./soap-client.ts";
import { faultReason, VimFault } from "./soap-errors.ts";
import type { Reference } from "./soap-message.ts";

/** What tells a host's time. */
const SYSTEM = "configManager.dateTimeSystem";

/** How long a host may take to tell its time, ms; an answer that took so long says too little of the moment it speaks of. */
const SLOWEST_MS = 1000;

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
  for (const host of objects.of("HostSystem")) {
    if (str(property(host, "runtime.connectionState")) !== "connected") continue;
    const system = asReference(property(host, SYSTEM));
    clocks.set(host.id, system === null ? { unknown: noSystem(host) } : await clockOffset(client, system, signal));
  }
  return clocks;
}

function noSystem({ faults }: ManagedObject): string {
  return faults.get(SYSTEM) ?? `vSphere gives no value of ${SYSTEM}`;
}

async function clockOffset(client: SoapClient, system: Reference, signal: AbortSignal): Promise<ClockOffset> {
  const limit = AbortSignal.timeout(SLOWEST_MS);
  const sent = Date.now();
  try {
    const answer = await client.call("QueryDateTime", system, [], AbortSignal.any([signal, limit]));
    const received = Date.now();
    const time = parseRfc3339(str(answer) ?? "");
    if (time === null) return { unknown: "this program does not know vSphere's value of QueryDateTime" };
    return { offset_ms: Math.round(time - (sent + received) / 2) };
  } catch (error) {
    if (error instanceof VimFault) return { unknown: faultReason(error.fault, str(error.detail, "privilegeId")) };
    if (!limit.aborted || signal.aborted) throw error;
    return { unknown: `the host did not tell its time within ${SLOWEST_MS} ms` };
  }
}
