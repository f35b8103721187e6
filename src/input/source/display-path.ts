import { relative, resolve } from "node:path";

/**
 * A path as messages and reports show it: relative to the working directory where it lies below it, else as given. The
 * URL of a server that somebody takes for a path may hold a password, up to its last `@`, which is not shown.
 */
export function displayPath(given: string, cwd: string): string {
  if (given === "-" || given === "") return given;
  if (given.includes("://")) return given.replace(/:\/\/.*@/s, "://***@");
  const inside = relative(cwd, resolve(cwd, given));
  return inside === "" || inside.startsWith("..") ? given : inside;
}
