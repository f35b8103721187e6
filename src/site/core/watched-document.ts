import type { Path, PathSegment } from "../../values/location.ts";
import type { Document } from "./document.ts";

/** A value that was read; undefined if it was missing. */
export type NoteRead = (path: Path, value: unknown) => void;

/**
 * The document with every access to its value noted, whichever way it is read. A list is noted as a whole too when its
 * length or order is used, a mapping when its keys are.
 */
export function watchedDocument<T extends Document>(document: T, note: NoteRead): T {
  return { ...document, value: watched(document.value, [], note) };
}

function watched(value: unknown, path: Path, note: NoteRead): unknown {
  if (typeof value !== "object" || value === null) return value;
  // The same part of a document stays the same object: what links objects compares them.
  const parts = new Map<PathSegment, unknown>();
  const stepOf = (key: string): PathSegment | null => {
    if (!Array.isArray(value)) return key;
    return /^\d+$/.test(key) ? Number(key) : null;
  };
  return new Proxy(value, {
    get(target, key, receiver): unknown {
      const found: unknown = Reflect.get(target, key, receiver);
      const step = typeof key === "symbol" ? null : stepOf(key);
      if (key === "length" && step === null) note(path, value);
      // Methods of lists, and what every object inherits.
      if (step === null || (!Object.hasOwn(target, key) && key in target)) return found;
      const inner = [...path, step];
      note(inner, found);
      if (typeof found !== "object" || found === null) return found;
      let part = parts.get(step);
      if (part === undefined) parts.set(step, (part = watched(found, inner, note)));
      return part;
    },
    has(target, key) {
      const step = typeof key === "symbol" ? null : stepOf(key);
      if (step !== null) note([...path, step], Reflect.get(target, key));
      return Reflect.has(target, key);
    },
    ownKeys(target) {
      note(path, value);
      return Reflect.ownKeys(target);
    },
    getOwnPropertyDescriptor(target, key) {
      const step = typeof key === "symbol" ? null : stepOf(key);
      if (step !== null) note([...path, step], Reflect.get(target, key));
      return Reflect.getOwnPropertyDescriptor(target, key);
    },
  });
}
