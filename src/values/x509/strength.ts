import type { SignatureFacts } from "./signature-facts.ts";

export interface PublicKeyFacts {
  /** As Node calls it: `rsa`, `rsa-pss`, `dsa`, `ec`, `ed25519` … */
  readonly type: string;
  /** Size of the modulus, or of the curve; null when the key does not contain it. */
  readonly bits: number | null;
}

/** Below 112 bits of strength, which NIST disallows (SP 800-131A revision 2, section 3; SP 800-57 part 1, table 2). */
const SMALLEST: Readonly<Record<string, number>> = { rsa: 2048, "rsa-pss": 2048, dsa: 2048, ec: 224 };

/** Hashes for which two texts with one signature can be made (SP 800-131A revision 2, section 9). */
const BROKEN_HASHES = ["MD2", "MD5", "SHA-1"];

/** A key that is too short. */
export interface WeakKey {
  /** `RSA` */
  readonly type: string;
  readonly bits: number;
  /** The fewest that are allowed. */
  readonly limit: number;
}

/** What a key is too short for; null when it is long enough, `unknown` when its kind or size is not known here. */
export function weakKey(key: PublicKeyFacts | null): WeakKey | "unknown" | null {
  const limit = SMALLEST[key?.type ?? ""];
  if (key === null || (limit !== undefined && key.bits === null)) return "unknown";
  if (key.bits === null || limit === undefined || key.bits >= limit) return null;
  return { type: key.type.replace("-pss", "").toUpperCase(), bits: key.bits, limit };
}

/** The hash of a signature when it is broken; null when it is not, `unknown` when the algorithm is not known here. */
export function weakHash({ hash }: SignatureFacts): string | null {
  if (hash === null) return "unknown";
  return BROKEN_HASHES.includes(hash) ? hash : null;
}
