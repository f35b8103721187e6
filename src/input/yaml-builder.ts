import { EVENT_ID, SCALAR_STYLE, getScalarValue } from "js-yaml";
import type { AliasEvent, DocumentEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from "js-yaml";
import { isFields } from "./fields.ts";
import { MAX_ALIASED_VALUES, MAX_DEPTH } from "./limits.ts";
import { NodeTable } from "./node-table.ts";
import { ParseStop, duplicateKey, type Problem } from "./problem.ts";
import { quote } from "./quote.ts";
import type { AliasUse } from "./secret-rows.ts";
import { isOwnNote, isSecretKey, withoutUserInformation } from "./secrets.ts";
import { NO_MATCH, UNKNOWN_TAG, plainScalar, taggedScalar } from "./yaml-scalar.ts";
import { mergeKeys, setKey, type Anchor, type Frame, type Key } from "./yaml-frame.ts";
import { bracketOf, collectionTagFits, documentMarker, indicator, scalarRange, tagName } from "./yaml-token.ts";

/** What stands in the value for a secret that an alias uses at a place where no key names it. */
const HIDDEN = "***";

/**
 * Turns the parser's events into plain data and a table of positions. Mistakes that leave the rest readable are
 * collected; where nothing more can be read, `ParseStop` is thrown.
 */
export class YamlBuilder {
  readonly table: NodeTable;
  readonly aliases: AliasUse[] = [];
  /** Rows whose key names a secret. */
  readonly named: number[] = [];
  /** Rows of strings with user information in a URL. */
  readonly urls: number[] = [];
  /** Whether there is a key that does not belong into the value. */
  hasNotes = false;
  /** The top level; undefined when there is none. */
  value: unknown = undefined;

  readonly #frames: Frame[] = [];
  readonly #anchors = new Map<string, Anchor>();
  readonly #handles = new Map<string, string>();
  /** Keys that do not stand in the file letter by letter. */
  readonly #decodedKeys = new Map<number, string>();
  /** Keys repeat a lot; each one is looked at once. */
  readonly #secretKeys = new Map<string, boolean>();
  #documents = 0;
  #aliasedValues = 0;
  /** The end of the last token. */
  #cursor = 0;

  /**
   * @param problems where mistakes are added
   * @param hidden 1 for every row that is a secret although no key of its own says so; null when there is none
   */
  constructor(
    private readonly text: string,
    private readonly events: readonly Event[],
    private readonly problems: Problem[],
    private readonly hidden: Uint8Array | null = null,
  ) {
    const decoded = this.#decodedKeys;
    const table: NodeTable = new NodeTable(
      events.length,
      (node) => decoded.get(node) ?? text.slice(table.keyStart(node), table.keyEnd(node)),
    );
    this.table = table;
  }

  build(): void {
    let index = 0;
    for (const event of this.events) {
      index++;
      if (event.type === EVENT_ID.SCALAR) this.#scalar(event);
      else if (event.type === EVENT_ID.POP) this.#close();
      else if (event.type === EVENT_ID.ALIAS) this.#alias(event);
      else if (event.type === EVENT_ID.DOCUMENT) this.#document(event, this.events[index]);
      else this.#open(event, this.events[index]);
    }
  }

  #document(event: DocumentEvent, next: Event | undefined): void {
    const marker = event.explicitStart ? documentMarker(this.text, this.#cursor) : -1;
    if (++this.#documents > 1) {
      const content = next !== undefined && "start" in next ? next.start : this.#cursor;
      const [start, end] = marker === -1 ? [content, content] : [marker, marker + 3];
      const message = "A second YAML document begins here; a file holds one.";
      this.#stop("several-documents", message, start, end, "Put each document into a file of its own.");
    }
    if (marker !== -1) this.#cursor = marker + 3;
    for (const directive of event.directives) {
      if (directive.kind === "tag") this.#handles.set(directive.handle, directive.prefix);
    }
  }

  #open(event: SequenceEvent | MappingEvent, next: Event | undefined): void {
    const isSequence = event.type === EVENT_ID.SEQUENCE;
    if (this.#awaitsKey()) {
      const hint = "If this is a template such as {{ name }}, fill it in first, or put it in quotes.";
      this.#stop("complex-key", "A list or a mapping cannot be a key.", event.start, event.start + 1, hint);
    }
    if (this.#frames.length >= MAX_DEPTH) this.#tooDeep(event.start, event.start + 1);
    if (event.tagStart !== -1 && !collectionTagFits(this.#tagName(event), isSequence)) this.#badTag(event);

    const start = event.tagStart === -1 ? event.start : event.tagStart;
    const node = this.#row(start);
    const [items, fields] = isSequence ? [[], null] : [null, {}];
    const anchor = this.#anchor(event, items ?? fields, node, start, start);
    if (anchor !== null) anchor.isOpen = true;
    const bracket = bracketOf(this.text, event, next);
    this.#frames.push({
      node,
      items,
      fields,
      bracket,
      anchor,
      key: null,
      merged: null,
      firsts: null,
      size: 1,
      height: 1,
    });
    // Past the bracket or the first dash.
    if (isSequence || bracket !== "") this.#cursor = event.start + 1;
  }

  #close(): void {
    const frame = this.#frames.pop();
    if (frame === undefined) return; // The end of the document.
    if (frame.bracket !== "") this.#cursor = indicator(this.text, this.#cursor, frame.bracket) + 1;
    this.table.close(frame.node, this.#cursor);
    const value = this.#shown(frame.node, frame.items ?? frame.fields);
    const { anchor, size, height } = frame;
    if (anchor !== null) Object.assign(anchor, { value, end: this.#cursor, isOpen: false, size, height });
    this.#place(frame.node, value, size, height);
  }

  #scalar(event: ScalarEvent): void {
    const isEmpty = event.valueStart === -1 && event.tagStart === -1;
    if (this.#awaitsKey()) this.#scalarKey(event, isEmpty);
    else if (isEmpty) this.#emptyValue(event);
    else {
      const [start, end] = scalarRange(this.text, event, this.#cursor);
      this.#cursor = end;
      const node = this.#row(start);
      this.table.close(node, end);
      const written = this.#scalarValue(event);
      const value = typeof written === "string" ? withoutUserInformation(written) : written;
      if (!Object.is(value, written)) this.urls.push(node);
      const shown = this.#shown(node, value);
      this.#anchor(event, shown, node, start, end);
      this.#place(node, shown, 1, 0);
    }
  }

  #scalarKey(event: ScalarEvent, isEmpty: boolean): void {
    const [start, end] = scalarRange(this.text, event, this.#cursor);
    this.#cursor = end;
    if (isEmpty) {
      const colon = Math.max(0, indicator(this.text, end, ":"));
      this.#problem("empty-key", "The key before this colon is missing.", colon, colon + 1);
    }
    const value = isEmpty ? null : this.#scalarValue(event);
    const text = value === null ? "" : String(value);
    this.#anchor(event, value, -1, start, end);
    const isPlain = event.style === SCALAR_STYLE.PLAIN && event.tagStart === -1;
    const isLiteral = isPlain && event.fast && typeof value === "string";
    this.#awaitValue({ text, start, end, isLiteral, isMerge: isPlain && text === "<<" });
  }

  #scalarValue(event: ScalarEvent): unknown {
    const text = getScalarValue(this.text, event);
    if (event.tagStart === -1) return event.style === SCALAR_STYLE.PLAIN ? plainScalar(text) : text;
    const value = taggedScalar(this.#tagName(event), text);
    if (value !== NO_MATCH && value !== UNKNOWN_TAG) return value;
    this.#badTag(event);
    return text;
  }

  /** `key:` and `-` with nothing behind them: nobody can tell whether "off" or "not known" is meant. */
  #emptyValue(event: ScalarEvent): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) return; // An empty document.
    const { key, items } = frame;
    let [start, end] = [event.anchorStart - 1, event.anchorEnd];
    if (key !== null) [start, end] = [key.start, key.end];
    else if (event.anchorStart === -1) {
      // The first dash is where the sequence begins.
      start = items?.length === 0 ? this.table.start(frame.node) : indicator(this.text, this.#cursor, "-");
      end = start + 1;
    }
    this.#cursor = Math.max(this.#cursor, end, event.anchorEnd);
    const node = this.#row(this.#cursor);
    this.table.close(node, this.#cursor);
    if (key === null || !isOwnNote(key.text) || event.anchorStart !== -1) {
      const [subject, object] = key === null ? ["An item of this list", "the item"] : [plainKey(key.text), "the key"];
      const hint = `Write null where it is known to be off or not set, or delete ${object}.`;
      this.#problem("empty-value", `${subject} has no value.`, start, end, hint);
    }
    this.#anchor(event, null, node, start, end);
    this.hasNotes = true;
    this.#place(node, key === null ? null : undefined, 1, 0);
  }

  #alias(event: AliasEvent): void {
    const [start, end] = [event.anchorStart - 1, event.anchorEnd];
    const anchor = this.#anchors.get(this.text.slice(event.anchorStart, event.anchorEnd));
    this.#cursor = end;
    if (this.#awaitsKey()) {
      const isScalar = anchor !== undefined && (typeof anchor.value !== "object" || anchor.value === null);
      if (!isScalar) this.#badAlias(anchor, start, end);
      const text = isScalar && anchor.value !== null ? String(anchor.value) : "";
      this.#awaitValue({ text, start, end, isLiteral: false, isMerge: false });
      return;
    }
    if (anchor === undefined || anchor.isOpen) {
      this.#badAlias(anchor, start, end);
      const node = this.#row(start);
      this.table.close(node, end);
      this.#place(node, undefined, 1, 0);
      return;
    }
    const node = this.#row(anchor.start);
    this.table.close(node, anchor.end);
    if (anchor.node !== -1) this.table.link(node, anchor.node);
    this.aliases.push({ node, target: anchor.node });
    this.#countAliased(anchor.size, start, end);
    if (this.#frames.length + anchor.height > MAX_DEPTH) this.#tooDeep(start, end);
    this.#place(node, anchor.value, anchor.size, anchor.height);
  }

  /** Adds a row for the next value of the innermost collection. */
  #row(start: number): number {
    const key = this.#frames.at(-1)?.key ?? null;
    if (key === null) return this.table.open(start);
    const node = this.table.open(start, key.start, key.end);
    if (!key.isLiteral) this.#decodedKeys.set(node, key.text);
    if (key.isMerge) this.table.merge(node);
    if (this.#isSecretKey(key.text)) this.named.push(node);
    return node;
  }

  #isSecretKey(key: string): boolean {
    let isSecret = this.#secretKeys.get(key);
    if (isSecret === undefined) {
      isSecret = isSecretKey(key);
      if (isOwnNote(key)) this.hasNotes = true;
      this.#secretKeys.set(key, isSecret);
    }
    return isSecret;
  }

  #shown(node: number, value: unknown): unknown {
    return this.hidden?.[node] === 1 ? HIDDEN : value;
  }

  #awaitsKey(): boolean {
    const frame = this.#frames.at(-1);
    return frame !== undefined && frame.fields !== null && frame.key === null;
  }

  #awaitValue(key: Key): void {
    const frame = this.#frames.at(-1);
    if (frame !== undefined) frame.key = key;
  }

  /** Hands a finished value to the collection around it; `undefined` means that there is none. */
  #place(node: number, value: unknown, size: number, height: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.value = value;
      return;
    }
    frame.size += size;
    if (height >= frame.height) frame.height = height + 1;
    const key = frame.key;
    frame.key = null;
    if (frame.fields === null || key === null) frame.items?.push(value ?? null);
    else if (!key.isMerge) this.#set(frame, key, node, value);
    else if (value !== HIDDEN && value !== undefined) this.#merge(frame, key, value);
  }

  #set(frame: Frame, key: Key, node: number, value: unknown): void {
    const first = setKey(frame, this.table, key.text, node, value);
    if (first === null) return;
    const firstKey = [this.table.keyStart(first), this.table.keyEnd(first)] as const;
    this.problems.push(duplicateKey(quote(key.text), [key.start, key.end], firstKey));
  }

  #merge(frame: Frame, key: Key, value: unknown): void {
    const sources: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const source of sources) {
      if (source === HIDDEN) continue;
      if (isFields(source)) {
        this.#countAliased(mergeKeys(frame, source), key.start, key.end);
        continue;
      }
      const hint = 'Write "<<" in quotes where it is an ordinary key.';
      this.#problem("bad-merge", "The merge key << takes a mapping or a list of mappings.", key.start, key.end, hint);
    }
  }

  #anchor(
    event: ScalarEvent | SequenceEvent | MappingEvent,
    value: unknown,
    node: number,
    start: number,
    end: number,
  ): Anchor | null {
    if (event.anchorStart === -1) return null;
    const anchor = { value, node, start, end, isOpen: false, size: 1, height: 0 };
    this.#anchors.set(this.text.slice(event.anchorStart, event.anchorEnd), anchor);
    return anchor;
  }

  #tagName(event: ScalarEvent | SequenceEvent | MappingEvent): string {
    return tagName(this.text.slice(event.tagStart, event.tagEnd), this.#handles);
  }

  #badTag(event: ScalarEvent | SequenceEvent | MappingEvent): void {
    const tag = quote(this.text.slice(event.tagStart, event.tagEnd));
    const hint = "Remove the tag, or put the value in quotes where the ! belongs to it.";
    this.#problem(
      "bad-tag",
      `The tag ${tag} is not known, or does not fit its value.`,
      event.tagStart,
      event.tagEnd,
      hint,
    );
  }

  #badAlias(anchor: Anchor | undefined, start: number, end: number): void {
    const name = quote(this.text.slice(start, end));
    const hint = "Put the value in quotes where the * belongs to it.";
    if (anchor === undefined) this.#problem("bad-alias", `The alias ${name} has no anchor above it.`, start, end, hint);
    else if (anchor.isOpen) this.#problem("bad-alias", `The alias ${name} stands inside its own anchor.`, start, end);
    else this.#problem("bad-alias", `The alias ${name} is no scalar and cannot be a key.`, start, end);
  }

  #countAliased(values: number, start: number, end: number): void {
    this.#aliasedValues += values;
    if (this.#aliasedValues <= MAX_ALIASED_VALUES) return;
    const limit = MAX_ALIASED_VALUES.toLocaleString("en");
    this.#stop("too-many-aliases", `The aliases of this file expand to more than ${limit} values.`, start, end);
  }

  #tooDeep(start: number, end: number): never {
    this.#stop("too-deep", `Values are nested more than ${MAX_DEPTH} levels deep here.`, start, end);
  }

  #problem(code: string, message: string, start: number, end: number, hint: string | null = null): void {
    this.problems.push({ code, message, hint, start, end });
  }

  #stop(code: string, message: string, start: number, end: number, hint: string | null = null): never {
    throw new ParseStop({ code, message, hint, start, end });
  }
}

/** A key as a sentence shows it: bare when it is a simple word. */
function plainKey(key: string): string {
  return /^[\w.-]{1,60}$/.test(key) ? key : quote(key);
}
