/** Shorter substrings are copied by the engine itself. */
const LONGEST_COPIED = 12;

/**
 * A copy of a text with memory of its own: a substring of a piece of XML keeps all of that piece alive, and a few names
 * would keep a whole sheet.
 */
export function ownText(text: string): string {
  return text.length <= LONGEST_COPIED ? text : Buffer.from(text, "utf8").toString("utf8");
}

/** Interns texts, such as the names of hosts, which are in every row. */
export class OwnTexts {
  readonly #kept = new Map<string, string>();

  of(text: string): string {
    let own = this.#kept.get(text);
    if (own === undefined) {
      own = ownText(text);
      this.#kept.set(own, own);
    }
    return own;
  }
}
