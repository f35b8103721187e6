/** Characters that XML 1.0 section 2.2 does not allow in any form. */
const ILLEGAL = /[\0-\x08\v\f\x0e-\x1f\ufffe\uffff]|\p{Cs}/gu;

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};

/** Text between tags: what XML does not allow is left out. */
export function xmlText(text: string): string {
  return text.replace(ILLEGAL, "").replace(/[&<>\r]/g, (character) => ENTITIES[character] ?? "");
}

/** An attribute with a blank before it; none when the value is null. */
export function xmlAttribute(name: string, value: string | number | null): string {
  if (value === null) return "";
  const text = String(value).replace(ILLEGAL, "");
  return ` ${name}="${text.replace(/[&<>"\t\n\r]/g, (character) => ENTITIES[character] ?? "")}"`;
}
