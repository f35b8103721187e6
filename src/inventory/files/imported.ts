import type { Budget } from "../../input/source/budget.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { Location, Path } from "../../values/location.ts";

/** A file that an importer read. */
export interface ReadFile {
  /** Relative to the working directory if inside it, else as given. */
  readonly path: string;
  /** Hex digest of its bytes. */
  readonly sha256: string;
}

/** An inventory created from an export: everything about one server. */
export interface ImportedInventory {
  /** Its source: a file, or the folder with its files. */
  readonly path: string;
  readonly sha256: string;
  readonly value: Inventory;
  /** The source location of a value; null for sources without cells. */
  locate(path: Path): Location | null;
}

/** Summary of one export, for people. */
export interface ImportNote {
  /** `RVTools export estate.xlsx`. */
  readonly title: string;
  /** Sentences and phrases, one per line, without a period at the end. */
  readonly lines: readonly string[];
}

/** The inventories created from one export. */
export interface ImportedExport {
  readonly files: readonly ReadFile[];
  readonly inventories: readonly ImportedInventory[];
  readonly notes: readonly ImportNote[];
}

/** The inventories created from all exports; empty if one of them has errors. */
export type Imported = Omit<ImportedExport, "files">;

/** Base of relative paths, and files that were already read. */
export interface ImportContext {
  readonly cwd: string;
  /** The bytes of standard input and of pipes, by path as given. */
  readonly streams?: ReadonlyMap<string, Buffer>;
  /** What the run may still read. */
  readonly budget?: Budget | undefined;
}
