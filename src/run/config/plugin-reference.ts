import type { TextLocation } from "../../values/location.ts";

/** A plugin as a config names it. */
export interface PluginReference {
  /** A package or the path of a file. */
  readonly name: string;
  /** The config file that names it, absolute; paths start from its folder. */
  readonly config: string;
  readonly location: TextLocation;
}
