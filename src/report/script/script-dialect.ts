/** How a step is written in one shell. All texts but lines of commands come escaped for one line. */
export interface ScriptDialect {
  /** What runs before the steps: options, and the functions that steps call. */
  readonly prologue: readonly string[];
  /** How the script is called, to show what it would do and to do it. */
  readonly usage: readonly string[];
  /** A step that a person does; the script stops until that is confirmed. */
  readonly manual: (text: string) => string;
  /** A step that runs a command line of this shell. */
  readonly run: (text: string, line: string) => readonly string[];
  /** Shuts the guest down and waits until the VM is powered off. Null: a person does it. */
  readonly shutDown: ((vm: string) => string) | null;
  readonly powerOn: ((vm: string) => string) | null;
  /** Opens the part for a host; esxcli runs on one host at a time. */
  readonly openHost: (host: string | null) => readonly string[];
  readonly closeHost: readonly string[];
  readonly epilogue: readonly string[];
}
