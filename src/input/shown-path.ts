import { relative, resolve } from "node:path";

/** A path as messages and reports show it: relative to the working directory where it lies below it, else as given. */
export function shownPath(given: string, cwd: string): string {
  if (given === "-" || given === "") return given;
  const inside = relative(cwd, resolve(cwd, given));
  return inside === "" || inside.startsWith("..") ? given : inside;
}
