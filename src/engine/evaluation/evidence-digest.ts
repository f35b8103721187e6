import { createHash } from "node:crypto";
import type { EvidenceFile } from "../../schema/evidence.generated.ts";

/**
 * SHA-256 over everything on which a replay is based, in hexadecimal digits: it shows that a file was damaged or
 * edited. It is not a signature, since anyone can compute it.
 */
export function evidenceDigest({ from, recorded_at, system_resolvers, answers }: Omit<EvidenceFile, "digest">): string {
  const content = canonical({ from, recorded_at, system_resolvers: system_resolvers ?? null, answers });
  return createHash("sha256").update(JSON.stringify(content)).digest("hex");
}

/** The same with the keys of every object in a fixed order, so that rewriting a file changes nothing. */
function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value)
    .filter(([, item]) => item !== undefined)
    .sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));
  // Pairs instead of an object: a key like __proto__ stays what it is.
  return entries.map(([key, item]) => [key, canonical(item)]);
}
