import { EVENT_ID, SCALAR_STYLE, getScalarValue } from "js-yaml";
import type { AliasEvent, DocumentEvent, Event, MappingEvent, ScalarEvent, SequenceEvent } from "js-yaml";
import type { Path } from "../../values/location.ts";
import { quoted } from "../../values/text/quoted.ts";
import { isFields } from "../source/plain-data.ts";
import { LONGEST_TEXT, MAX_ALIASED_VALUES, MAX_DEPTH } from "../source/limits.ts";
import { NodeTable } from "../source/node-table.ts";
import { ParseStop, duplicateKey, type Problem } from "./problem.ts";
import type { AliasUse } from "../secrets/secret-rows.ts";
import { isOwnNote, isSecretKey, isSuspiciousKey, withoutUserInformation, type Range } from "../secrets/secrets.ts";
import {
  badMerge,
  badTag,
  complexKey,
  emptyKey,
  emptyValue,
  nullKey,
  recursiveAlias,
  repeatedMerge,
  secondDocument,
  tooDeep,
  tooManyAliases,
  unknownAlias,
} from "./yaml-problem.ts";
import type { LeadingZero } from "../source/parsed-source.ts";
import {
  NO_MATCH,
  UNKNOWN_TAG,
  hasLeadingZero,
  isScalar,
  keyText,
  plainScalar,
  taggedScalar,
  type Scalar,
} from "./yaml-scalar.ts";
import { mergeKeys, setKey, type Anchor, type Frame, type Key } from "./yaml-frame.ts";
import { bracketOf, collectionTagFits, documentMarker, indicator, scalarRange, tagName } from "./yaml-token.ts";

/** Replaces a secret that an alias uses where no key names it. */
const HIDDEN = "***";

/**
 * Turns the parser's events into plain data and a table of positions. Errors after which the rest is readable are
 * collected; if nothing more can be read, `ParseStop` is thrown.
 */
export class YamlBuilder {
  readonly table: NodeTable;
  readonly aliases: AliasUse[] = [];
  /** Rows whose key names a secret. */
  readonly named: number[] = [];
  /** Rows whose key is unknown and may be one of a secret. */
  readonly suspicious: number[] = [];
  /** Rows of strings with user information in a URL. */
  readonly urls: number[] = [];
  /** Numbers that readers of YAML 1.1 take for something else. */
  readonly leadingZeros: LeadingZero[] = [];
  /** Whether there is a key that does not belong into the value: an `x-` key, or one without a value. */
  hasDropped = false;
  /** Whether a key or value may be longer than any format needs: none is longer than it is written. */
  hasLongText = false;
  /** The top level; undefined when there is none. */
  value: unknown = undefined;

  readonly #frames: Frame[] = [];
  readonly #anchors = new Map<string, Anchor>();
  readonly #handles = new Map<string, string>();
  /** Keys that the file does not contain letter by letter. */
  readonly #decodedKeys = new Map<number, string>();
  /** Keys repeat a lot; each one is checked once. */
  readonly #rowsOfKeys = new Map<string, number[] | null>();
  #documents = 0;
  #aliasedValues = 0;
  /** The end of the last token. */
  #cursor = 0;

  /**
   * @param problems where errors are added
   * @param takesNull whether null is a valid value at a path
   * @param hidden 1 for every row that is a secret although its own key does not name one; null when there is none
   */
  constructor(
    private readonly text: string,
    private readonly events: readonly Event[],
    private readonly problems: Problem[],
    private readonly takesNull: (path: Path) => boolean,
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
      throw new ParseStop(secondDocument(marker === -1 ? [content, content + 1] : [marker, marker + 3]));
    }
    if (marker !== -1) this.#cursor = marker + 3;
    for (const directive of event.directives) {
      if (directive.kind === "tag") this.#handles.set(directive.handle, directive.prefix);
    }
  }

  #open(event: SequenceEvent | MappingEvent, next: Event | undefined): void {
    const isSequence = event.type === EVENT_ID.SEQUENCE;
    const opening = [event.start, event.start + 1] as const;
    if (this.#awaitsKey()) throw new ParseStop(complexKey(opening));
    if (this.#frames.length >= MAX_DEPTH) throw new ParseStop(tooDeep(opening));
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
      mergeKey: null,
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
    const value = this.#withoutSecret(frame.node, frame.items ?? frame.fields);
    const { anchor, size, height } = frame;
    if (anchor !== null) Object.assign(anchor, { value, end: this.#cursor, isOpen: false, size, height });
    this.#setValue(frame.node, value, size, height);
  }

  #scalar(event: ScalarEvent): void {
    const isEmpty = event.valueStart === -1 && event.tagStart === -1;
    if (this.#awaitsKey()) this.#scalarKey(event, isEmpty);
    else if (isEmpty) this.#emptyValue(event);
    else {
      const [start, end] = scalarRange(this.text, event, this.#cursor);
      this.#cursor = end;
      if (end - start > LONGEST_TEXT) this.hasLongText = true;
      const node = this.#row(start);
      this.table.close(node, end);
      const written = this.#scalarValue(event);
      if (typeof written === "number") this.#noteLeadingZero(event);
      const value = typeof written === "string" ? withoutUserInformation(written) : written;
      if (!Object.is(value, written)) this.urls.push(node);
      const visible = this.#withoutSecret(node, value);
      this.#anchor(event, visible, node, start, end);
      this.#setValue(node, visible, 1, 0);
    }
  }

  #scalarKey(event: ScalarEvent, isEmpty: boolean): void {
    const [start, end] = scalarRange(this.text, event, this.#cursor);
    this.#cursor = end;
    if (end - start > LONGEST_TEXT) this.hasLongText = true;
    if (isEmpty) {
      const colon = Math.max(0, indicator(this.text, end, ":"));
      this.problems.push(emptyKey([colon, colon + 1]));
    }
    const value = isEmpty ? null : this.#scalarValue(event);
    const text = keyText(value);
    if (value === null && !isEmpty) this.problems.push(nullKey(this.text.slice(start, end), [start, end]));
    this.#anchor(event, value, -1, start, end);
    const isPlain = event.style === SCALAR_STYLE.PLAIN && event.tagStart === -1;
    const isLiteral = isPlain && event.fast && typeof value === "string";
    this.#awaitValue({ text, start, end, isLiteral, isMerge: isPlain && text === "<<", isNull: value === null });
  }

  #scalarValue(event: ScalarEvent): Scalar {
    const text = getScalarValue(this.text, event);
    if (event.tagStart === -1) return event.style === SCALAR_STYLE.PLAIN ? plainScalar(text) : text;
    const value = taggedScalar(this.#tagName(event), text);
    if (value !== NO_MATCH && value !== UNKNOWN_TAG) return value;
    this.#badTag(event);
    return text;
  }

  #noteLeadingZero(event: ScalarEvent): void {
    if (event.tagStart !== -1) return;
    const text = getScalarValue(this.text, event);
    if (!hasLeadingZero(text)) return;
    if (this.#frames.some(({ key }) => key !== null && isOwnNote(key.text))) return;
    this.leadingZeros.push({ path: this.#path(), text });
  }

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
      this.problems.push(emptyValue(key?.text ?? null, this.takesNull(this.#path()), [start, end]));
    }
    this.#anchor(event, null, node, start, end);
    this.#setValue(node, key === null ? null : undefined, 1, 0);
  }

  #alias(event: AliasEvent): void {
    const [start, end] = [event.anchorStart - 1, event.anchorEnd];
    const alias = this.text.slice(start, end);
    const anchor = this.#anchors.get(alias.slice(1));
    this.#cursor = end;
    if (this.#awaitsKey()) {
      const value = anchor?.value;
      if (anchor === undefined) this.problems.push(unknownAlias(alias, [start, end]));
      else if (!isScalar(value)) throw new ParseStop(complexKey([start, end]));
      const text = isScalar(value) ? keyText(value) : "";
      if (anchor !== undefined && value === null) this.problems.push(nullKey(alias, [start, end]));
      this.#awaitValue({
        text,
        start,
        end,
        isLiteral: false,
        isMerge: false,
        isNull: !isScalar(value) || value === null,
      });
      return;
    }
    if (anchor === undefined || anchor.isOpen) {
      this.problems.push(
        anchor === undefined ? unknownAlias(alias, [start, end]) : recursiveAlias(alias, [start, end]),
      );
      const node = this.#row(start);
      this.table.close(node, end);
      this.#setValue(node, undefined, 1, 0);
      return;
    }
    const node = this.#row(anchor.start);
    this.table.close(node, anchor.end);
    if (anchor.node !== -1) this.table.link(node, anchor.node);
    this.table.alias(node, alias.slice(1), anchor.node);
    this.aliases.push({ node, target: anchor.node });
    this.#countAliased(anchor.size, [start, end]);
    // A merged mapping is not inside the one that it is merged into.
    const isMerge = this.#frames.at(-1)?.key?.isMerge === true;
    const level = this.#frames.length - (isMerge ? 1 : 0);
    if (level + anchor.height > MAX_DEPTH) throw new ParseStop(tooDeep([start, end]));
    this.#setValue(node, anchor.value, anchor.size, anchor.height);
  }

  /** Adds a row for the next value of the innermost collection. */
  #row(start: number): number {
    const key = this.#frames.at(-1)?.key ?? null;
    if (key === null) return this.table.open(start);
    const node = this.table.open(start, key.start, key.end);
    if (!key.isLiteral) this.#decodedKeys.set(node, key.text);
    if (key.isMerge) this.table.merge(node);
    this.#rowsOf(key.text)?.push(node);
    return node;
  }

  /** Where rows with a key are recorded; null for a key that does not concern secrets. */
  #rowsOf(key: string): number[] | null {
    let rows = this.#rowsOfKeys.get(key);
    if (rows === undefined) {
      rows = isSecretKey(key) ? this.named : isSuspiciousKey(key) ? this.suspicious : null;
      if (isOwnNote(key)) this.hasDropped = true;
      this.#rowsOfKeys.set(key, rows);
    }
    return rows;
  }

  #withoutSecret(node: number, value: unknown): unknown {
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
  #setValue(node: number, value: unknown, size: number, height: number): void {
    const frame = this.#frames.at(-1);
    if (frame === undefined) {
      this.value = value;
      return;
    }
    frame.size += size;
    const key = frame.key;
    if (key?.isMerge === true) this.#countMerge(frame, key);
    frame.height = Math.max(frame.height, key?.isMerge === true ? height : height + 1);
    frame.key = null;
    if (frame.fields === null || key === null) frame.items?.push(value ?? null);
    else if (key.isNull) return;
    else if (!key.isMerge) this.#set(frame, key, node, value);
    else if (value !== HIDDEN && value !== undefined) this.#merge(frame, key, value);
  }

  /** With a second `<<`, the order would decide which values apply; a list has one order. */
  #countMerge(frame: Frame, key: Key): void {
    const first = frame.mergeKey;
    if (first === null) frame.mergeKey = key;
    else this.problems.push(repeatedMerge([key.start, key.end], [first.start, first.end]));
  }

  #set(frame: Frame, key: Key, node: number, value: unknown): void {
    if (value === undefined) this.hasDropped = true;
    const first = setKey(frame, this.table, key.text, node, value);
    if (first === null) return;
    const firstKey = [this.table.keyStart(first), this.table.keyEnd(first)] as const;
    this.problems.push(duplicateKey(quoted(key.text), [key.start, key.end], firstKey));
  }

  /** The position of the next value. */
  #path(): Path {
    return this.#frames.map(({ key, items }) => key?.text ?? items?.length ?? 0);
  }

  #merge(frame: Frame, key: Key, value: unknown): void {
    const sources: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const source of sources) {
      if (source === HIDDEN) continue;
      if (isFields(source)) this.#countAliased(mergeKeys(frame, source), [key.start, key.end]);
      else this.problems.push(badMerge([key.start, key.end]));
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
    this.problems.push(badTag(this.text.slice(event.tagStart, event.tagEnd), [event.tagStart, event.tagEnd]));
  }

  #countAliased(values: number, at: Range): void {
    this.#aliasedValues += values;
    if (this.#aliasedValues > MAX_ALIASED_VALUES) throw new ParseStop(tooManyAliases(at));
  }
}
