import type { Location } from "./location.ts";

/**
 * An error that a user can cause and fix: invalid usage, an unreadable or invalid file, an unwritable report.
 * Everything else that is thrown is a bug of this program and is reported as one.
 */
export class PreflightError extends Error {
  override readonly name = "PreflightError";

  /**
   * @param code stable machine name in kebab-case, for example `duplicate-key`
   * @param message one full sentence: what is wrong
   * @param location where, or null when no file is concerned
   * @param hint the fix, or null when the message already contains it
   * @param related other source locations of the error (the first of two equal keys)
   */
  constructor(
    readonly code: string,
    message: string,
    readonly location: Location | null = null,
    readonly hint: string | null = null,
    readonly related: readonly RelatedLocation[] = [],
  ) {
    super(message);
  }
}

/** A second location that explains the first one. */
export interface RelatedLocation {
  readonly message: string;
  readonly location: Location;
}

/** Several errors at once: a reader reports all of a file, a run all of its files. */
export class PreflightErrors extends Error {
  override readonly name = "PreflightErrors";
  constructor(readonly errors: readonly PreflightError[]) {
    super(errors.map((error) => error.message).join("\n"));
  }
}
