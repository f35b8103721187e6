/** How a step is written in one shell. All texts except command lines are already escaped for one line. */
export interface ScriptDialect {
  /** What runs before the steps: options, and the functions that steps call. */
  readonly prologue: readonly string[];
  /** How to call the script, for a dry run and to apply it. */
  readonly usage: readonly string[];
  /** A manual step; the script stops until it is confirmed. */
  readonly manual: (text: string) => string;
  /** A step that runs a command line of this shell. */
  readonly run: (text: string, line: string) => readonly string[];
  /** Shuts the guest down and waits until the VM is powered off. Null: a manual step. */
  readonly shutDown: ((vm: string) => string) | null;
  readonly powerOn: ((vm: string) => string) | null;
  /** Starts the part for a host; esxcli runs on one host at a time. */
  readonly openHost: (host: string | null) => readonly string[];
  readonly closeHost: readonly string[];
  readonly epilogue: readonly string[];
}
