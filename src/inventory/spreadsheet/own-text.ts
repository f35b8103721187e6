/** Shorter texts are copied by the engine itself when they are cut out of a longer one. */
const LONGEST_COPIED = 12;

/**
 * The same text, with memory of its own: one that was cut out of a piece of XML keeps all of that piece alive, and a
 * few names would keep a whole sheet.
 */
export function ownText(text: string): string {
  return text.length <= LONGEST_COPIED ? text : Buffer.from(text, "utf8").toString("utf8");
}

/** Texts that were kept before, such as the names of hosts that stand in every row; no text is kept twice. */
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
