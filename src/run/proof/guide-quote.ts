const HEADING = "## Where the guide says it";

/** The line of the guide that a rule's page quotes, or the text that it has instead of a quote. */
export function guideQuote(page: string): string | null {
  const start = page.indexOf(HEADING);
  if (start < 0) return null;
  const [section = ""] = page.slice(start + HEADING.length).split("\n## ");
  const paragraphs = section.trim().split(/\n\s*\n/);
  const quoted = paragraphs.filter((paragraph) => paragraph.startsWith(">"));
  const text = (quoted.length > 0 ? quoted : paragraphs.slice(0, 1))
    .map((paragraph) => paragraph.replaceAll(/^> ?/gm, "").replaceAll(/\s+/g, " ").trim())
    .join(" … ");
  return text === "" ? null : text;
}
