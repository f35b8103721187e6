/** How deep collections may be nested. The formats need eight levels; more is an error or an attack. */
export const MAX_DEPTH = 100;

/** How many values aliases and merge keys may stand for, so that a few lines cannot grow into gigabytes. */
export const MAX_ALIASED_VALUES = 5_000_000;

/** More errors than this in one file are counted, not told. */
export const MAX_ERRORS = 100;

/** How many bytes a file may have: the inventory of some 200,000 nodes. */
export const MAX_BYTES = 256 * 1024 * 1024;
