const REASONS: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the file system is read-only",
  ENOSPC: "the disk is full",
  EDQUOT: "the disk quota is used up",
  ENOENT: "no file can be created there",
  ENOTDIR: "a part of the path is not a folder",
  EEXIST: "a part of the path is not a folder",
  EISDIR: "it is a folder",
  ELOOP: "it is a symbolic link to itself",
  ENAMETOOLONG: "the name is too long",
  ENXIO: "it is a pipe without a reader",
  EMFILE: "too many files are open (the limit is that of ulimit -n)",
  ENFILE: "this machine has no free file descriptors",
  EIO: "the disk or the terminal does not respond",
};

/** Where they differ for a file that is read. */
const REASONS_OF_READING: Readonly<Record<string, string>> = { ENOENT: "it does not exist" };

/** The system's reason why a file or stream cannot be written, phrased to follow a colon. */
export function systemReason(error: unknown): string {
  const code = codeOf(error);
  return code === null ? String(error) : (REASONS[code] ?? code);
}

/** The same for a file that cannot be read. */
export function readReason(error: unknown): string {
  return REASONS_OF_READING[codeOf(error) ?? ""] ?? systemReason(error);
}

function codeOf(error: unknown): string | null {
  return error instanceof Error && "code" in error ? String(error.code) : null;
}
