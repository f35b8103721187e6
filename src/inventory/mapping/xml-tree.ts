import { Parser } from "saxen";
import type { Tree } from "./tree.ts";

/** Deeper than any data object of the API. */
const DEEPEST = 200;

/** The root element of a document. */
export interface XmlRoot {
  /** Without its prefix. */
  readonly name: string;
  readonly value: Tree;
}

/** Thrown for a text that is not one complete XML document, or that no vSphere server would send. */
export class XmlError extends Error {
  override readonly name = "XmlError";
}

interface Element {
  readonly name: string;
  /** The value of `xsi:type` without its prefix; null if there is none, and for the types of XML Schema. */
  readonly type: string | null;
  /** The attribute `type` with the type of a reference's target. */
  readonly refersTo: string | null;
  children: Record<string, Tree> | null;
  /** The children of an `ArrayOf…` in order, regardless of their names. */
  items: Tree[] | null;
  text: string;
}

/**
 * Decodes XML of the vSphere API (SOAP, `govc -xml`) without guessing: scalars stay texts, a single element may still
 * be a list, and an empty one is an empty text; see Tree. Throws XmlError.
 */
export function xmlTree(xml: string): XmlRoot {
  const open: Element[] = [];
  let root: XmlRoot | null = null;
  let failure: XmlError | null = null;
  const parser = new Parser();
  const fail = (message: string): void => {
    failure ??= new XmlError(message);
    parser.stop();
  };

  parser.on("openTag", (tag, attributes) => {
    if (root !== null) fail("there is content after the end of the document");
    if (open.length === DEEPEST) fail("its elements are nested too deeply");
    open.push(element(withoutPrefix(tag), attributes()));
  });
  parser.on("text", (text) => {
    const current = open.at(-1);
    if (current !== undefined) current.text += text.includes("&") ? decodeEntities(text) : text;
  });
  parser.on("cdata", (text) => {
    const current = open.at(-1);
    if (current !== undefined) current.text += text;
  });
  parser.on("closeTag", () => {
    const closed = open.pop();
    if (closed === undefined) return;
    const parent = open.at(-1);
    if (parent === undefined) root = { name: closed.name, value: valueOf(closed) };
    else addChild(parent, closed.name, valueOf(closed));
  });
  // A document type can define entities, with which entity-expansion attacks are built.
  parser.on("attention", () => fail("it has a document type definition"));
  parser.on("error", (error) => fail(error.message));
  parser.on("warn", (warning) => fail(warning.message));
  parser.parse(xml);
  return outcome(root, failure);
}

function outcome(root: XmlRoot | null, failure: XmlError | null): XmlRoot {
  if (failure !== null) throw failure;
  if (root === null) throw new XmlError("it is truncated");
  return root;
}

function element(name: string, attributes: Readonly<Record<string, string>>): Element {
  let type: string | null = null;
  let refersTo: string | null = null;
  for (const [key, value] of Object.entries(attributes)) {
    if (key === "type") refersTo = value;
    // Servers choose the prefix of the XML Schema instance namespace: xsi, XMLSchema-instance.
    else if (key.endsWith(":type")) type = /^(xsd?|XMLSchema):/i.test(value) ? null : withoutPrefix(value);
  }
  const isArray = type?.startsWith("ArrayOf") === true;
  return { name, type, refersTo, children: null, items: isArray ? [] : null, text: "" };
}

function addChild(parent: Element, name: string, value: Tree): void {
  if (parent.items !== null) {
    parent.items.push(value);
    return;
  }
  // Without a prototype, as the server chooses the names.
  parent.children ??= Object.create(null) as Record<string, Tree>;
  const there = parent.children[name];
  if (there === undefined) parent.children[name] = value;
  else if (Array.isArray(there)) (there as Tree[]).push(value);
  else parent.children[name] = [there, value];
}

function valueOf({ type, refersTo, children, items, text }: Element): Tree {
  if (items !== null) return items;
  if (children !== null) return type === null ? children : Object.assign(children, { _typeName: type });
  if (refersTo !== null) return { type: refersTo, value: text };
  // An empty element with a type is a data object without a value.
  return type === null || text !== "" ? text : { _typeName: type };
}

function withoutPrefix(name: string): string {
  return name.slice(name.indexOf(":") + 1);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'" };

/**
 * The five entities of XML and numeric ones. Others are not defined without a document type, and are left unchanged.
 */
function decodeEntities(text: string): string {
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|(amp|lt|gt|quot|apos));/gi, (whole, decimal, hex, name) => {
    if (typeof name === "string") return ENTITIES[name] ?? whole;
    const code = typeof decimal === "string" ? Number(decimal) : Number.parseInt(String(hex), 16);
    return code <= 0x10ffff ? String.fromCodePoint(code) : whole;
  });
}
