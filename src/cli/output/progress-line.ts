import type { ProbeProgress } from "../../probe/prober.ts";
import type { Output } from "../streams.ts";

/** One line that is rewritten in place while servers are contacted. */
export interface ProgressLine {
  readonly show: (progress: ProbeProgress) => void;
  readonly text: (text: string) => void;
  readonly clear: () => void;
}

const NAMES: Readonly<Record<NonNullable<ProbeProgress["waitingFor"]>["kind"], string>> = {
  dns: "DNS",
  ntp: "NTP",
  tcp: "TCP",
  tls: "TLS",
  vsphere: "vSphere",
};

/** A progress line for a terminal that can rewrite it; prints nothing elsewhere, so that logs stay clean. */
export function progressLine(output: Output, env: Readonly<Record<string, string | undefined>> = {}): ProgressLine {
  if (!output.isTerminal || env["TERM"] === "dumb")
    return { show: () => undefined, text: () => undefined, clear: () => undefined };
  let shown = false;
  const show = (text: string) => {
    shown = true;
    // A line that wraps cannot be rewritten.
    output.rewriteLine(text.slice(0, output.width - 1));
  };
  return {
    show: (progress) => show(probeProgress(progress)),
    text: show,
    clear() {
      if (shown) output.rewriteLine("");
    },
  };
}

/** `Querying servers: 55 of 78; waiting for 10.44.0.11 (DNS), 27 s left` */
function probeProgress({ done, total, waitingFor, left_ms }: ProbeProgress): string {
  const waiting = waitingFor === null ? "" : `; waiting for ${waitingFor.server} (${NAMES[waitingFor.kind]})`;
  return `Querying servers: ${done} of ${total}${waiting}, ${Math.ceil(left_ms / 1000)} s left`;
}
