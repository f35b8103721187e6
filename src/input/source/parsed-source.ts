import type { DirectiveComment, SecretLocation } from "../../site/core/document.ts";
import type { Path, TextLocation } from "../../values/location.ts";
import type { PreflightError } from "../../values/preflight-error.ts";
import type { EditOrRefusal, ValueChange } from "../../values/text-edit.ts";

/** A file that was read and parsed, before its kind is known. */
export interface ParsedSource {
  /** As the user named it, `-` for standard input. */
  readonly path: string;
  readonly format: "yaml" | "json";
  /**
   * The source without its byte order mark, secrets masked with `*`; the position of every other character is
   * unchanged.
   */
  readonly text: string;
  /** Plain data (JSON values only); keys that name a secret and `x-` keys are removed at every level. */
  readonly value: unknown;
  /** Locations of secrets in the file, never their values. */
  readonly secrets: readonly SecretLocation[];
  /** Whether a key or value may be longer than any format needs; see `overlongText`. */
  readonly hasLongText: boolean;
  /** Numbers that readers of YAML 1.1 take for something else; JSON has none. */
  readonly leadingZeros?: readonly LeadingZero[];
  /** Comments that are directives for this program; JSON has none. */
  readonly directives: readonly DirectiveComment[];
  /**
   * The range of the value at `path`, quotes included. If there is no such value, the location where it belongs: the
   * key of the nearest ancestor that exists, or the first key of a sequence item (which has no key of its own). A value
   * that came through an alias or a merge key is located where it was written: at its anchor.
   */
  locate(path: Path): TextLocation;
  /** The range of the key at `path` (of the last step, which must be a mapping key); falls back to `locate`. */
  locateKey(path: Path): TextLocation;
  /** The smallest edit of the file that changes the value at `path`; null when there is no such value. */
  edit(path: Path, change: ValueChange): EditOrRefusal | null;
}

/** A whole number that begins with 0, outside of `x-` keys: decimal in YAML 1.2, octal (or text) in YAML 1.1. */
export interface LeadingZero {
  readonly path: Path;
  readonly text: string;
}

/** The result of parsing a text: there may be `errors` beside a source whose other parts could be read. */
export interface ParseResult {
  /** Null when no value could be read. */
  readonly source: ParsedSource | null;
  /** The text as `ParsedSource` has it, also when it could not be parsed. */
  readonly text: string;
  /** In the order of lines. */
  readonly errors: readonly PreflightError[];
}
