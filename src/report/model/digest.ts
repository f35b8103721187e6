import { createHash } from "node:crypto";

/** 32 hexadecimal digits that stand for a list of values. */
export function digest(parts: readonly (string | number)[]): string {
  return createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 32);
}
