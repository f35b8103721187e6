import type { Fields } from "../source/plain-data.ts";
import { MAX_DEPTH } from "../source/limits.ts";
import { isOwnNote, isSecretKey, isSuspiciousKey, withoutUserInformation } from "./secrets.ts";

/** What was found while a value was stripped. */
export interface Stripped {
  /** Keys of all mappings, counted before any was removed. */
  readonly keys: number;
  /** Whether a key named a secret or may do so, or a URL had user information in it. */
  readonly hadSecrets: boolean;
  /** Whether collections are nested deeper than allowed; the rest of the work is then undone. */
  readonly isTooDeep: boolean;
}

/**
 * Removes from plain data, in place: keys that name a secret, keys that start with `x-`, keys without a value
 * (undefined), and user information in URLs. Shared parts are visited once.
 */
export function stripValue(value: unknown): Stripped {
  const stripper = new Stripper();
  stripper.visit(value, 1);
  return stripper;
}

class Stripper implements Stripped {
  keys = 0;
  hadSecrets = false;
  isTooDeep = false;
  readonly #visited = new Set<object>();
  /** Keys repeat a lot; each one is checked once. */
  readonly #dropped = new Map<string, boolean>();

  visit(value: unknown, depth: number): void {
    if (typeof value !== "object" || value === null || this.#visited.has(value)) return;
    if (depth > MAX_DEPTH) {
      this.isTooDeep = true;
      return;
    }
    this.#visited.add(value);
    if (Array.isArray(value)) {
      for (const [index, item] of value.entries()) {
        if (typeof item === "string") value[index] = this.#text(item);
        else this.visit(item, depth + 1);
      }
    } else {
      this.#fields(value as Fields, depth);
    }
  }

  #fields(fields: Fields, depth: number): void {
    for (const key of Object.keys(fields)) {
      this.keys++;
      const value = fields[key];
      if (typeof value === "string") {
        const text = this.#text(value);
        if (text !== value) fields[key] = text;
      } else {
        this.visit(value, depth + 1);
      }
      if (value === undefined || this.#isDropped(key)) Reflect.deleteProperty(fields, key);
    }
  }

  #text(text: string): string {
    const shown = withoutUserInformation(text);
    if (shown !== text) this.hadSecrets = true;
    return shown;
  }

  #isDropped(key: string): boolean {
    let isDropped = this.#dropped.get(key);
    if (isDropped === undefined) {
      const isSecret = isSecretKey(key);
      if (isSecret || isSuspiciousKey(key)) this.hadSecrets = true;
      isDropped = isSecret || isOwnNote(key);
      this.#dropped.set(key, isDropped);
    }
    return isDropped;
  }
}
