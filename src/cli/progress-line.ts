import type { ProbeProgress } from "../probe/prober.ts";
import type { Output } from "./output.ts";

/** One line that is rewritten in place while servers are asked. */
export interface ProgressLine {
  readonly show: (progress: ProbeProgress) => void;
  readonly clear: () => void;
}

const NAMES: Readonly<Record<ProbeProgress["kind"], string>> = {
  dns: "DNS",
  ntp: "NTP",
  tcp: "TCP",
  tls: "TLS",
};

/** A progress line for a terminal; says nothing anywhere else, so that logs stay clean. */
export function progressLine(output: Output): ProgressLine {
  if (!output.isTerminal) return { show: () => undefined, clear: () => undefined };
  let shown = false;
  const print = (text: string) => void output.write([text]);
  return {
    show({ kind, done, total }) {
      shown = true;
      // A line that wraps could not be rewritten.
      print(`\r\u001b[2K${`Asking servers: ${NAMES[kind]} ${done} of ${total}`.slice(0, output.width - 1)}`);
    },
    clear() {
      if (shown) print("\r\u001b[2K");
    },
  };
}
