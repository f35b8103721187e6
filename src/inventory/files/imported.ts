import type { Budget } from "../../input/source/budget.ts";
import type { Inventory } from "../../schema/inventory.generated.ts";
import type { Location, Path } from "../../values/location.ts";

/** A file that an importer read. */
export interface ReadFile {
  /** Relative to the working directory where it lies below it, else as given. */
  readonly path: string;
  /** Hex digest of its bytes. */
  readonly sha256: string;
}

/** An inventory created from an export: everything about one server. */
export interface ImportedInventory {
  /** What it was made of: a file, or the folder that holds its files. */
  readonly path: string;
  readonly sha256: string;
  readonly value: Inventory;
  /** The cell of a value; null for sources without cells. */
  locate(path: Path): Location | null;
}

/** What was read of one export, for people. */
export interface ImportNote {
  /** `RVTools export estate.xlsx`. */
  readonly title: string;
  /** Sentences and phrases, one a line, without a final stop. */
  readonly lines: readonly string[];
}

/** What was made of one export. */
export interface ImportedExport {
  readonly files: readonly ReadFile[];
  readonly inventories: readonly ImportedInventory[];
  readonly notes: readonly ImportNote[];
}

/** What was made of all exports; no inventories when something is wrong with one of them. */
export type Imported = Omit<ImportedExport, "files">;

/** Where relative paths start, and what was read already. */
export interface ImportContext {
  readonly cwd: string;
  /** The bytes of standard input and of pipes, by path as given. */
  readonly streams?: ReadonlyMap<string, Buffer>;
  /** What the run may still read. */
  readonly budget?: Budget | undefined;
}
