/** A server of the example, listening on 127.0.0.1. */
export interface RunningServer {
  readonly port: number;
  /** Stops listening and drops what is open; called once. */
  readonly close: () => Promise<void>;
}

export const LOOPBACK = "127.0.0.1";
