import { getHeapStatistics } from "node:v8";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { thousands } from "../../values/text/counted.ts";

/** Maximum number of values in all files of a run: the deployment and inventory of about 200,000 nodes. */
export const MOST_VALUES = 20_000_000;

/** Maximum number of rows in all tables of an export: more than RVTools writes for the largest vCenter. */
export const MOST_ROWS = 5_000_000;

/**
 * What a value costs while it is read, in bytes, measured with empty mappings (JSON) and short lines (YAML), the worst of each:
 * JSON needs the value alone, YAML an event, a row of the table of positions and the value.
 */
const BYTES_PER_VALUE = { json: 72, yaml: 480 } as const;

/**
 * What a row becomes, in bytes of a whole run: a virtual machine with its lists, reasons and checks (200,000 of them need 1.2 to
 * 1.3 GB), or an entry of such a list.
 */
export const BYTES_PER_ROW = { machine: 6000, entry: 1500 } as const;

/**
 * What a check that is evaluated costs, in bytes of a whole run, measured with nodes that lack every value, so that
 * nearly all are inconclusive (10,000 nodes, 510,000 checks: 330 MB); one that is skipped is an element of a list.
 */
const BYTES_PER_CHECK = { evaluated: 640, skipped: 16 } as const;

/** Minimum heap that the rest of a run needs. */
const RESERVED = 24 << 20;

/**
 * What a run may read: one counter for all of its files. It is spent before the work is done, so that a file that would
 * exhaust the memory, which ends the process with a core dump and no message, is refused with a message.
 */
export class Budget {
  /** Values of the texts that have been counted. */
  #values = 0;
  /** Texts whose values need not be counted as long as all of their characters together would fit. */
  #uncounted: { readonly text: string; readonly format: keyof typeof BYTES_PER_VALUE }[] = [];
  #rows = 0;
  #bytesOfRows = 0;
  readonly #heap: number;

  /** @param heap what the heap may grow to, in bytes */
  constructor(heap = getHeapStatistics().heap_size_limit) {
    this.#heap = heap;
  }

  /**
   * Spends what reading a text takes. Throws a PreflightError when that is too much.
   *
   * @param hint what to do about a file that has too many values
   */
  spendValues(text: string, format: keyof typeof BYTES_PER_VALUE, displayName: string, hint: string): void {
    this.#uncounted.push({ text, format });
    // A text has at most one value more than characters; counting takes as long as parsing JSON.
    const atMost = this.#uncounted.reduce((sum, each) => sum + each.text.length + 1, this.#values);
    if (atMost <= MOST_VALUES && this.#fits(atMost * BYTES_PER_VALUE[format] + 2 * text.length)) return;
    for (const each of this.#uncounted) this.#values += countValues(each.text, each.format);
    this.#uncounted = [];
    if (this.#values > MOST_VALUES) {
      const message = `${displayName} has too many values: with it, a run would read more than ${thousands(MOST_VALUES)}.`;
      throw new PreflightError("too-many-values", message, null, hint);
    }
    this.#assertMemory(this.#values * BYTES_PER_VALUE[format] + 2 * text.length, displayName);
  }

  /** Spends some rows of a table. Throws a PreflightError when they are too many. */
  spendRows(rows: number, kind: keyof typeof BYTES_PER_ROW, displayName: string): void {
    this.#rows += rows;
    this.#bytesOfRows += rows * BYTES_PER_ROW[kind];
    if (this.#rows > MOST_ROWS) {
      const message = `${displayName} has too many rows: with it, a run would read more than ${thousands(MOST_ROWS)}.`;
      throw new PreflightError("too-many-rows", message, null, "export fewer objects, or fewer tabs");
    }
    // How many rows follow is not known.
    this.#assertMemory(this.#bytesOfRows, displayName, 2 * this.#heap);
  }

  #fits(bytes: number): boolean {
    return bytes <= this.#heap - RESERVED;
  }

  #assertMemory(bytes: number, displayName: string, enough = bytes + RESERVED): void {
    if (this.#fits(bytes)) return;
    const message = `${displayName} needs more memory than Node may use: about ${mb(bytes)} MB of ${mb(this.#heap)} MB.`;
    const hint = `raise the limit: NODE_OPTIONS=--max-old-space-size=${Math.ceil(enough / (1 << 20))}`;
    throw new PreflightError("not-enough-memory", message, null, hint);
  }
}

/** How many checks a run plans. */
export interface PlannedChecks {
  readonly evaluated: number;
  readonly skipped: number;
}

/**
 * Throws PreflightErrors when a run has more checks than fit into memory: they come from nodes, hosts, virtual machines and
 * port groups, whatever file lists them.
 *
 * @param heap what the heap may grow to, in bytes
 */
export function assertMemoryForChecks(
  { evaluated, skipped }: PlannedChecks,
  heap = getHeapStatistics().heap_size_limit,
): void {
  const bytes = evaluated * BYTES_PER_CHECK.evaluated + skipped * BYTES_PER_CHECK.skipped;
  if (bytes <= heap - RESERVED) return;
  const message = `The ${thousands(evaluated)} checks of this run need more memory than Node may use: about ${mb(bytes)} MB of ${mb(heap)} MB.`;
  const hint =
    `split the deployment, run fewer rules with --only, or raise the limit: ` +
    `NODE_OPTIONS=--max-old-space-size=${Math.ceil((bytes + RESERVED) / (1 << 20))}`;
  throw new PreflightErrors([new PreflightError("not-enough-memory", message, null, hint)]);
}

function mb(bytes: number): string {
  return thousands(Math.ceil(bytes / (1 << 20)));
}

/**
 * How many values a text may have at most: signs that separate or open values are counted, also inside strings, where
 * there are few. (Without that, the count would be a parser.)
 */
export function countValues(text: string, format: "json" | "yaml"): number {
  let values = 1;
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    // , [ {
    if (unit === 0x2c || unit === 0x5b || unit === 0x7b) values++;
    // A line end: a key or an item of a block.
    else if (format === "yaml" && unit === 0x0a) values++;
  }
  return values;
}
