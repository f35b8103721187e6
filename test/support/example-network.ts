import { startStandIns } from "../../scripts/example/stand-ins.ts";
import { siteZone, type Zone } from "../../scripts/example/zone.ts";
import type { Routes } from "./pretend-network.ts";

/** The addresses of the example's servers; the zone of the stand-ins has them on this machine. */
export const ADDRESSES: Readonly<Record<string, string>> = {
  "ntp1.vc.example.com": "10.44.0.21",
  "ntp2.vc.example.com": "10.44.0.22",
  "ntp3.vc.example.com": "10.44.0.23",
  "vcenter01.vc.example.com": "10.44.0.30",
};

export interface ExampleNetwork {
  readonly routes: Routes;
  readonly close: () => Promise<void>;
}

/** The servers of the clean example, simulated on this machine, and the routes to them from their addresses. */
export async function exampleNetwork(): Promise<ExampleNetwork> {
  const standIns = await startStandIns({ zone: zone(), thirdNtpServerOff: false });
  const { ports } = standIns;
  const dns = ports.dns.flatMap((port, index) =>
    ["udp", "tcp"].map((protocol) => [`${protocol} 10.44.0.${10 + index}:53`, port] as const),
  );
  const ntp = ports.ntp.map((port, index) => [`udp 10.44.0.${21 + index}:123`, port] as const);
  return {
    routes: Object.fromEntries([...dns, ...ntp, ["tcp 10.44.0.30:443", ports.vmManager]]),
    close: () => standIns.close(),
  };
}

function zone(): Zone {
  return siteZone().map((record) => {
    const address = ADDRESSES[record.name];
    return record.type === "A" && address !== undefined ? { ...record, data: address } : record;
  });
}
