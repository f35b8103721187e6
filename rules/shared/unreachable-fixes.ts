/**
 * The text with the fix of either cause after it, when a query ended with `unreachable-or-prohibited`: the error of the
 * operating system does not say whether the host cannot be reached or a firewall rejects the connection.
 *
 * @param text names the reasons, as in `timeout, unreachable-or-prohibited`
 */
export function withFixes(text: string, reasons: readonly string[]): string {
  if (!reasons.includes("unreachable-or-prohibited")) return text;
  return `${text}; correct the address or the route, or open the port in the firewall`;
}
