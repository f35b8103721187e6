/** What a rule threw, in words; with the line where it did when it is an error. Throws itself for nothing. */
export function describeThrown(thrown: unknown): string {
  try {
    if (!(thrown instanceof Error)) return `the rule threw ${String(thrown)}`;
    const frame = /\n\s+at ([^\n]+)/.exec(thrown.stack ?? "")?.[1];
    return `${thrown.name}: ${thrown.message}${frame === undefined ? "" : ` (at ${frame})`}`;
  } catch {
    // An object without a text, or whose text throws.
    return "the rule threw something that cannot be shown";
  }
}
