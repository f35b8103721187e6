/**
 * Whether a file could not be opened because this process or machine has no file descriptor left. That shows nothing
 * about the file, so a reader rethrows it, and the run ends without a verdict.
 */
export function isOutOfDescriptors(error: unknown): boolean {
  return error instanceof Error && "code" in error && (error.code === "EMFILE" || error.code === "ENFILE");
}
