/** An object of the server with methods to call. */
export interface Reference {
  readonly type: string;
  readonly id: string;
}

/** A piece of XML created by this module. */
export type Xml = string & { readonly __xml: unique symbol };

/** The SOAP 1.1 message for a method call. */
export function soapCall(method: string, on: Reference, parts: readonly Xml[]): string {
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"',
    ' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><soapenv:Body>',
    `<${method} xmlns="urn:vim25">`,
    referenceXml("_this", on),
    ...parts,
    `</${method}></soapenv:Body></soapenv:Envelope>`,
  ].join("");
}

/** An element with a text, or with child elements. Texts are escaped. */
export function xml(name: string, content: string | boolean | number | readonly Xml[], type?: string): Xml {
  const inner = Array.isArray(content) ? content.join("") : escaped(String(content));
  const typed = type === undefined ? "" : ` xsi:type="${type}"`;
  return `<${name}${typed}>${inner}</${name}>` as Xml;
}

export function referenceXml(name: string, { type, id }: Reference): Xml {
  return `<${name} type="${escaped(type)}">${escaped(id)}</${name}>` as Xml;
}

/** Characters that XML 1.0 does not allow are removed: a name or password cannot contain them. */
function escaped(text: string): string {
  return text
    .replaceAll(/[^\t\n\r\u{20}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]/gu, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("\r", "&#xD;");
}
