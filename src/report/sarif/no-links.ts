/** Keeps text from files and servers from becoming a link in a viewer (SARIF 2.1.0 section 3.11.6). */
export function noLinks(text: string): string {
  return text.replaceAll("](", "] (");
}
