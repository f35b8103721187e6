import { quoted } from "../../values/text/quoted.ts";
import { MAX_DEPTH } from "../source/limits.ts";
import { NodeTable } from "../source/node-table.ts";
import { ParseStop, duplicateKey, type Problem } from "./problem.ts";
import type { Range } from "../secrets/secrets.ts";

const READ_AS_JSON = "A file that begins with { or [ is read as JSON.";

const NUMBER = /-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?/y;
const LITERAL = /true|false|null/y;
/** The extent of an unquoted word. */
const WORD = /[^\s,:{}[\]"]+/y;
const ESCAPE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

/**
 * Reads JSON (RFC 8259) for the positions of its keys and values. Throws `ParseStop` at the first position that is not
 * JSON, with a sentence of our own: those of `JSON.parse` differ between Node versions and quote the text.
 */
export function scanJson(text: string): NodeTable {
  return new Scanner(text).scan();
}

/** Every key that occurs more than once in its mapping. */
export function duplicateKeys(table: NodeTable): Problem[] {
  const problems: Problem[] = [];
  // The mappings around the row at hand, outermost first: where they end, and the first row of each of their keys.
  const open: { end: number; firsts: Map<string, number> }[] = [];
  for (let node = 0; node < table.count; node++) {
    while (open.length > 0 && (open.at(-1)?.end ?? 0) <= node) open.pop();
    if (table.hasKey(node)) {
      const firsts = open.at(-1)?.firsts;
      const key = table.key(node);
      const first = firsts?.get(key);
      if (first === undefined) firsts?.set(key, node);
      else problems.push(duplicateKey(quoted(key), keyRange(table, node), keyRange(table, first)));
    }
    if (table.next(node) > node + 1) open.push({ end: table.next(node), firsts: new Map() });
  }
  return problems;
}

function keyRange(table: NodeTable, node: number): Range {
  return [table.keyStart(node), table.keyEnd(node)];
}

class Scanner {
  #at = 0;
  readonly #table: NodeTable;

  constructor(private readonly text: string) {
    // A guess at the usual length of a key with its value.
    const table: NodeTable = new NodeTable(text.length >> 4, (node) =>
      String(JSON.parse(text.slice(table.keyStart(node), table.keyEnd(node)))),
    );
    this.#table = table;
  }

  scan(): NodeTable {
    this.#skip();
    this.#value(1);
    this.#skip();
    if (this.#at < this.text.length) {
      this.#comment();
      this.#fail("More text follows after the end of the JSON value.", "Keep one value per file.");
    }
    return this.#table;
  }

  #value(depth: number, keyStart = -1, keyEnd = -1): void {
    const node = this.#table.open(this.#at, keyStart, keyEnd);
    const character = this.text.charAt(this.#at);
    if ((character === "{" || character === "[") && depth > MAX_DEPTH) {
      this.#fail(`Values are nested more than ${MAX_DEPTH} levels deep here.`, null, this.#at, "too-deep");
    }
    if (character === "{") this.#object(depth);
    else if (character === "[") this.#array(depth);
    else if (character === '"') this.#string();
    else if (!this.#match(NUMBER) && !this.#match(LITERAL)) this.#noValue();
    else if (this.#match(WORD))
      this.#fail("This is neither a number nor true, false or null.", null, this.#table.start(node));
    this.#table.close(node, this.#at);
  }

  #object(depth: number): void {
    const opening = this.#at++;
    this.#skip();
    if (this.#take("}")) return;
    for (;;) {
      const keyStart = this.#at;
      if (this.text.charAt(keyStart) !== '"') this.#noKey(opening);
      this.#string();
      const keyEnd = this.#at;
      this.#skip();
      if (!this.#take(":")) this.#fail("A colon is missing after this key.", null, keyStart);
      this.#skip();
      this.#value(depth + 1, keyStart, keyEnd);
      if (this.#isLast("}", opening)) return;
    }
  }

  #array(depth: number): void {
    const opening = this.#at++;
    this.#skip();
    if (this.#take("]")) return;
    do this.#value(depth + 1);
    while (!this.#isLast("]", opening));
  }

  /** Behind an item: true at the closing bracket, false behind a comma that another item follows. */
  #isLast(closing: string, opening: number): boolean {
    this.#skip();
    if (this.#take(closing)) return true;
    const comma = this.#at;
    if (!this.#take(",")) {
      this.#end(opening);
      this.#comment();
      const found = this.text.charAt(comma);
      if (/[\]}:]/.test(found)) this.#fail(`A comma or ${closing} is expected instead of this ${found}.`, null);
      this.#fail("A comma is missing before this.", null);
    }
    this.#skip();
    if (this.text.charAt(this.#at) === closing) {
      this.#fail(`This comma is before a closing ${closing}.`, "Remove the comma.", comma);
    }
    this.#end(opening);
    return false;
  }

  #string(): void {
    const start = this.#at++;
    for (;;) {
      const unit = this.text.charCodeAt(this.#at);
      if (unit === 0x22) break;
      if (unit === 0x5c) {
        if (this.#match(ESCAPE)) continue;
        this.#fail("This is not a valid escape sequence.", "Double the backslash.");
      }
      if (unit === 0x0a || unit === 0x0d || Number.isNaN(unit)) {
        this.#fail("This string is not closed on its line.", null, start);
      }
      if (unit < 0x20) this.#fail("This control character must be written as an escape, such as \\t.", null);
      this.#at++;
    }
    this.#at++;
  }

  #noKey(opening: number): never {
    this.#end(opening);
    this.#comment();
    const character = this.text.charAt(this.#at);
    if (character === "'") this.#fail("JSON requires double quotes, not single quotes.", null);
    if (character === ",") this.#fail("A key is missing before this comma.", null);
    this.#fail("A key in double quotes is expected here.", null);
  }

  #noValue(): never {
    if (this.#at >= this.text.length) this.#fail("The file ends where a value is expected.", null);
    this.#comment();
    const character = this.text.charAt(this.#at);
    if (character === "'") this.#fail("JSON requires double quotes, not single quotes.", null);
    if (/[,}\]:]/.test(character)) this.#fail(`A value is missing before this ${character}.`, null);
    this.#fail("This is not a JSON value.", "Text must be in double quotes; numbers are plain and decimal.");
  }

  #end(opening: number): void {
    if (this.#at >= this.text.length) this.#fail("The file ends before this bracket is closed.", null, opening);
  }

  #comment(): void {
    if (/^(?:\/[/*]|#)/.test(this.text.slice(this.#at, this.#at + 2)))
      this.#fail("JSON has no comments.", "Remove it.");
  }

  #fail(message: string, hint: string | null, start = this.#at, code = "json-syntax"): never {
    const fix = code !== "json-syntax" ? hint : hint === null ? READ_AS_JSON : `${hint} ${READ_AS_JSON}`;
    throw new ParseStop({ code, message, hint: fix, start, end: start + 1 });
  }

  #take(character: string): boolean {
    if (this.text.charAt(this.#at) !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): boolean {
    pattern.lastIndex = this.#at;
    if (!pattern.test(this.text)) return false;
    this.#at = pattern.lastIndex;
    return true;
  }

  #skip(): void {
    for (;;) {
      const unit = this.text.charCodeAt(this.#at);
      if (unit !== 0x20 && unit !== 0x0a && unit !== 0x0d && unit !== 0x09) return;
      this.#at++;
    }
  }
}
