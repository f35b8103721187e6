import type { RunReport } from "../../schema/report.generated.ts";

/**
 * Turns paths of a report into its URIs. A file that is no input of the run, and a URI of a saved report that is not
 * relative and percent-encoded, gets one that is: code scanning would refuse the whole file otherwise.
 */
export function reportUris({ inputs }: Pick<RunReport, "inputs">): (path: string) => string {
  const known = new Map(inputs.map(({ path, uri }) => [path, isRelative(uri) ? uri : encoded(path)]));
  return (path) => known.get(path) ?? encoded(path);
}

/** The same as plain paths relative to the root of the repository, for readers that take no URI. */
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
  // Outside the working directory only the name means something.
  const inside = /^(?:[\\/]|[A-Za-z]:)/.test(path) || parts.includes("..") ? parts.slice(-1) : parts;
  const uri = inside.map((part) => encodeURIComponent(part.replace(/\p{Cs}/gu, "\ufffd"))).join("/");
  return isRelative(uri) ? uri : "file";
}
