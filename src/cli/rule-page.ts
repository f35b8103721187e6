import { readFileSync } from "node:fs";

/** The rule's page without its heading, as the package brings it along; null when the file is not there. */
export function rulePage(id: string): string | null {
  // From the bundle in dist/, or from this file in the sources.
  for (const root of ["../docs/rules/", "../../docs/rules/"]) {
    try {
      const text = readFileSync(new URL(`${root}${id}.md`, import.meta.url), "utf8");
      return text.slice(text.indexOf("\n## ") + 1);
    } catch {
      continue;
    }
  }
  return null;
}
