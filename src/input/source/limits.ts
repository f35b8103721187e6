/** Maximum nesting of collections. The formats need eight levels; far more is an error or an attack. */
export const MAX_DEPTH = 100;

/** Maximum number of values from aliases and merge keys, so that a few lines cannot expand to gigabytes. */
export const MAX_ALIASED_VALUES = 5_000_000;

/** Further errors in one file are counted, not listed. */
export const MAX_ERRORS = 100;

/** Maximum size of a file in bytes: the inventory of about 200,000 nodes. */
export const MAX_BYTES = 256 * 1024 * 1024;

/** Maximum number of characters of a key or value: a spreadsheet's cell has at most 32,767. */
export const LONGEST_TEXT = 1_000_000;
