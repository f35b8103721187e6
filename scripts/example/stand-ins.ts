import { startDnsServer } from "./dns-server.ts";
import type { StandInPorts } from "./live-copy.ts";
import { startNtpServer } from "./ntp-server.ts";
import type { RunningServer } from "./running-server.ts";
import { selfSignedCertificate } from "./self-signed-certificate.ts";
import { startVmManager } from "./vm-manager.ts";
import type { Zone } from "./zone.ts";

/** The site's servers, run on this machine. */
export interface StandIns {
  readonly ports: StandInPorts;
  /** The certificate of the VM manager; self-signed, PEM. */
  readonly vmManagerCertificate: string;
  readonly close: () => Promise<void>;
}

/**
 * Starts two DNS servers with `zone`, three NTP servers and a VM manager; the clock of the last NTP server may be off.
 */
export async function startStandIns(options: { zone: Zone; thirdNtpServerOff: boolean }): Promise<StandIns> {
  const running: RunningServer[] = [];
  const closeAll = async () => {
    await Promise.all(running.splice(0).map((server) => server.close()));
  };
  const keep = async (starting: Promise<RunningServer>) => {
    const server = await starting;
    running.push(server);
    return server;
  };
  try {
    const dns = [await keep(startDnsServer(options.zone)), await keep(startDnsServer(options.zone))];
    const certificate = selfSignedCertificate("vcenter01.vc.example.com");
    const vmManager = await keep(startVmManager(certificate));
    const ntp = [await keep(startNtpServer()), await keep(startNtpServer()), await startNtpServer()];
    const third = ntp[2];
    if (third !== undefined) {
      if (options.thirdNtpServerOff) await third.close();
      else running.push(third);
    }
    const port = (server: RunningServer) => server.port;
    const ports = { dns: dns.map(port), ntp: ntp.map(port), vmManager: vmManager.port };
    return { ports, vmManagerCertificate: certificate.cert, close: closeAll };
  } catch (error) {
    await closeAll();
    throw error;
  }
}
