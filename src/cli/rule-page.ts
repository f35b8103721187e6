import { readFileSync } from "node:fs";

/** The rule's page without its heading, as shipped in the package; null if the file does not exist. */
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
