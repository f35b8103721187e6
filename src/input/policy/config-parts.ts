import type { TextLocation } from "../../values/location.ts";
import type { ParsedSource } from "../source/parsed-source.ts";

/** One config file that was read. */
export interface ConfigFile {
  /** Absolute. */
  readonly file: string;
  /** As messages and reports show it. */
  readonly path: string;
  readonly sha256: string | null;
  /** Null if it could not be parsed. Without errors it matches the schema, except for the settings of rules. */
  readonly source: ParsedSource | null;
}

/** A part of a config: a preset, or a file. */
export type ConfigPart =
  | { readonly kind: "preset"; readonly name: string; readonly location: TextLocation }
  | { readonly kind: "file"; readonly config: ConfigFile };
