import type { Location, Path, TextLocation } from "../../values/location.ts";
import type { EditOrRefusal, ValueChange } from "../../values/text-edit.ts";

/** The role of a file in a run. */
export type DocumentKind = "deployment" | "inventory" | "config" | "waivers" | "project";

/**
 * An input file that was read, parsed and found valid. `value` is plain data (JSON values only; keys that name a secret
 * and `x-` keys removed); positions are looked up by path, so that data stays plain and cheap.
 */
export interface Document<T = unknown> {
  readonly kind: DocumentKind;
  /** As the user named it, `-` for standard input; what messages and reports show. */
  readonly path: string;
  /** Whether this run has read it from a server, and from no file. */
  readonly isLive?: boolean;
  /** Hex digest of the bytes that were read. */
  readonly sha256: string;
  readonly value: T;
  /** Locations of secrets in the file, never their values. */
  readonly secrets: readonly SecretLocation[];
  /** Comments that are directives for this program; JSON has none. */
  readonly directives: readonly DirectiveComment[];
  /**
   * The range of the value at `path`. If there is no such value, the location where it belongs: the key of the nearest
   * ancestor that exists, or the first key of a sequence item (which has no key of its own). A value that came through
   * an alias or a merge key is located where it was written. A cell for a value imported from a workbook, null for one
   * that is in no text.
   */
  locate(path: Path): Location | null;
  /** The range of the key at `path` (of the last step, which must be a mapping key); falls back to `locate`. */
  locateKey(path: Path): Location | null;
  /**
   * The smallest edit that changes the value at `path`; null when there is no such value. Absent for documents that are
   * never edited: an inventory states facts of the estate.
   */
  readonly edit?: (path: Path, change: ValueChange) => EditOrRefusal | null;
}

/** A key that names a secret, or a URL with user information in it. */
export interface SecretLocation {
  readonly path: Path;
  readonly location: TextLocation;
}

/** A comment that begins with `preflight-`. */
export interface DirectiveComment {
  /** From `preflight-` to the end of the line. */
  readonly text: string;
  readonly location: TextLocation;
  /** Whether it is alone on its line. */
  readonly isAloneOnLine: boolean;
  /** The next line that is neither blank nor a comment; null if there is none. */
  readonly nextLine: number | null;
}
