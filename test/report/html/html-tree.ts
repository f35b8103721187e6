import { Parser } from "saxen";

/** An element of a page; text is the text of all that is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly parent: Element | null;
  readonly children: Element[];
  text: string;
}

/** Reads a page as XML, which pages of ours are by intention. Throws where it is not well-formed. */
export function htmlTree(page: string): readonly Element[] {
  const all: Element[] = [];
  const open: Element[] = [];
  const parser = new Parser();
  const refuse = (error: Error) => {
    throw error;
  };
  parser.on("error", refuse);
  parser.on("warn", refuse);
  parser.on("openTag", (name, attributesOf, decode) => {
    const attributes = Object.fromEntries(Object.entries(attributesOf()).map(([key, value]) => [key, decode(value)]));
    const element: Element = { name, attributes, parent: open.at(-1) ?? null, children: [], text: "" };
    open.at(-1)?.children.push(element);
    all.push(element);
    open.push(element);
  });
  parser.on("closeTag", () => {
    open.pop();
  });
  parser.on("text", (value, decode) => {
    for (const element of open) element.text += decode(value);
  });
  parser.parse(page);
  if (open.length > 0) throw new Error(`${open.map(({ name }) => name).join(" ")} left open`);
  return all;
}
