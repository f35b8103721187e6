import { connect, isIP, type Socket } from "node:net";

import type { TcpAnswer, TcpQuestion, TcpReason } from "../../engine/api/question.ts";
import { answerStatus } from "../../engine/evaluation/answer-status.ts";
import { boundedWait, startStopwatch } from "../query/bounded-wait.ts";
import { describeFailure, socketReason, systemErrorCode } from "../query/socket-reason.ts";

export interface TcpOptions {
  /** The vantage point; it becomes part of the answer. */
  readonly from: string;
  /** Timeout of the connection, in milliseconds. The kernel repeats lost SYNs meanwhile. */
  readonly timeout_ms: number;
  readonly signal: AbortSignal;
}

/** Whether a port accepts connections: connects to it and disconnects. Rejects only for a bug. */
export async function probeTcp(question: TcpQuestion, options: TcpOptions): Promise<TcpAnswer> {
  const watch = startStopwatch();
  const attempted = isIP(question.address) !== 0 && !options.signal.aborted;
  const connection = await connectTcp(question.address, question.port, options);
  connection.socket?.destroy();
  // A reset that is reported before "connected" follows an accepted connection: a refusal would be ECONNREFUSED.
  const reason = connection.reason === "reset" ? "open" : connection.reason;
  const duration_ms = watch.elapsed_ms();
  return {
    kind: "tcp",
    status: answerStatus("tcp", reason),
    reason,
    attempts: attempted ? [{ transport: "tcp", duration_ms, result: connection.result }] : [],
    started_at: watch.started_at,
    duration_ms,
    from: options.from,
  };
}

/** A connection, or why there is none. */
export type Connection = OpenConnection | FailedConnection;

interface OpenConnection {
  readonly reason: "open";
  /** Paused; the caller destroys it. Its errors are ignored unless the caller listens too. */
  readonly socket: Socket;
  readonly result: string;
}

interface FailedConnection {
  readonly reason: Exclude<TcpReason, "open">;
  readonly socket: null;
  /** Text for the attempt: the reason, with the code of a socket error. */
  readonly result: string;
}

/** Connects to a literal address: no name is resolved, and no other address is tried. */
export async function connectTcp(
  address: string,
  port: number,
  { timeout_ms, signal }: Pick<TcpOptions, "timeout_ms" | "signal">,
): Promise<Connection> {
  const version = isIP(address);
  if (version === 0) return failed("name-not-resolved");
  const family = version === 6 ? 6 : 4;
  return boundedWait<Connection>(
    { timeout_ms, signal, timedOut: () => failed("timeout"), aborted: () => failed("aborted") },
    ({ end, fail }) => {
      const socket = connect({ host: address, port, family, autoSelectFamily: false });
      let open = false;
      let from_network = false;
      // Not emitted when the system call itself fails, which means that nothing was sent.
      socket.on("connectionAttemptFailed", () => {
        from_network = true;
      });
      socket.on("connect", () => {
        open = true;
        // Data from the server, and the end of the connection, are left to the next reader, regardless of when it
        // starts.
        socket.pause();
        end({ reason: "open", socket, result: "open" });
      });
      // Stays for the socket's lifetime: an error without a listener would end the process.
      socket.on("error", (error) => {
        const code = systemErrorCode(error);
        if (code === null) {
          fail(error);
          return;
        }
        const reason = socketReason({ code, transport: "tcp", family, from_network });
        end(failed(reason, describeFailure(reason, code)));
      });
      return () => {
        if (!open) socket.destroy();
      };
    },
  );
}

function failed(reason: FailedConnection["reason"], result: string = reason): Connection {
  return { reason, socket: null, result };
}
