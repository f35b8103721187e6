import type { RunReport } from "../../schema/report.generated.ts";

/**
 * Maps paths of a report to its URIs. A file that is not an input of the run gets a URI that is relative and
 * percent-encoded, as does a path whose URI in a saved report is not: code scanning would otherwise reject the whole
 * file.
 */
export function reportUris({ inputs }: Pick<RunReport, "inputs">): (path: string) => string {
  const known = new Map(inputs.map(({ path, uri }) => [path, isRelative(uri) ? uri : encoded(path)]));
  return (path) => known.get(path) ?? encoded(path);
}

/** The same as plain paths relative to the root of the repository, for readers that do not accept URIs. */
export function reportPaths(report: Pick<RunReport, "inputs">): (path: string) => string {
  const uri = reportUris(report);
  return (path) => {
    const found = uri(path);
    try {
      return decodeURIComponent(found);
    } catch {
      return found;
    }
  };
}

/** Segments of RFC 3986 section 3.3 without a colon, none of them empty, `.` or `..`. */
function isRelative(uri: string): boolean {
  return uri
    .split("/")
    .every((part) => /^(?:[\w\-.~!$&'()*+,;=@]|%[0-9A-Fa-f]{2})+$/.test(part) && !/^\.\.?$/.test(part));
}

function encoded(path: string): string {
  const parts = path.split(/[\\/]/).filter((part) => part !== "" && part !== ".");
  // Outside the working directory only the file name is meaningful.
  const inside = /^(?:[\\/]|[A-Za-z]:)/.test(path) || parts.includes("..") ? parts.slice(-1) : parts;
  const uri = inside.map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, "\ufffd"))).join("/");
  return isRelative(uri) ? uri : "file";
}
