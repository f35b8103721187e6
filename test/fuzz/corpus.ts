import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

export const CORPUS = join(import.meta.dirname, "corpus");

/** The initial inputs of a target: its own, and those of the targets whose format it shares. */
export function corpusOf(target: string): readonly Buffer[] {
  const isDocument = [
    "document",
    "deployment",
    "inventory",
    "config",
    "waivers",
    "project",
    "evidence",
    "report",
  ].includes(target);
  const folders = isDocument ? [target, "document"] : [target];
  return [...new Set(folders)].flatMap((folder) => {
    const path = join(CORPUS, folder);
    if (!existsSync(path)) return [];
    return readdirSync(path)
      .sort()
      .map((name) => readFileSync(join(path, name)));
  });
}
