import { createHash } from "node:crypto";
import type { SourceRef } from "../../site/core/missing.ts";

/**
 * The identity of a finding over runs: rule, subject, message, the field (by names instead of indices, so that moved
 * lines and reordered lists change nothing) and, where one field can carry several findings, a key. Neither the line
 * nor the measured value is part of it. 32 hexadecimal digits.
 */
export function fingerprint(
  rule: string,
  subject: { readonly kind: string; readonly name: string },
  messageId: string,
  sourceRef: SourceRef,
  key: string | null,
): string {
  const identity = [rule, `${subject.kind}:${subject.name}`, messageId, namedPath(sourceRef), key ?? ""];
  return createHash("sha256").update(JSON.stringify(identity)).digest("hex").slice(0, 32);
}

/** The path with every index replaced by the `name` of the object at that position, if it has one. */
export function namedPath({ document, path }: SourceRef): string {
  let value: unknown = document.value;
  const steps: string[] = [];
  for (const step of path) {
    value = typeof value === "object" && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
    steps.push(typeof step === "number" ? `[${nameOf(value) ?? step}]` : `.${step}`);
  }
  return steps.join("").replace(/^\./, "");
}

function nameOf(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  if (typeof value !== "object" || value === null || !("name" in value)) return undefined;
  return typeof value.name === "string" ? value.name : undefined;
}
