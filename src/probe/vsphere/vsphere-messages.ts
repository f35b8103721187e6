import type { VSphereAbout } from "../../engine/api/question.ts";

/** The SOAP call that every vSphere endpoint answers before a login (vSphere Web Services API, ServiceInstance). */
export const SERVICE_CONTENT_REQUEST = [
  '<?xml version="1.0" encoding="UTF-8"?>',
  '<soapenv:Envelope xmlns:soapenv="http://schemas.xmlsoap.org/soap/envelope/"><soapenv:Body>',
  '<RetrieveServiceContent xmlns="urn:vim25"><_this type="ServiceInstance">ServiceInstance</_this>',
  "</RetrieveServiceContent></soapenv:Body></soapenv:Envelope>",
].join("");

/** The newest API version in a `vimServiceVersions.xml`; null when the text is not such a file. */
export function apiVersionIn(text: string): string | null {
  return /<name>\s*urn:vim25\s*<\/name>\s*<version>\s*([\w.]{1,32})\s*<\/version>/.exec(text)?.[1] ?? null;
}

/** A dozen short elements. */
const LONGEST_ABOUT = 8192;

/** The server's product and version from a response to the call; null when it is not such a response. */
export function aboutIn(text: string): { readonly about: VSphereAbout; readonly apiVersion: string | null } | null {
  if (!/<(?:[\w-]+:)?RetrieveServiceContentResponse[\s>]/.test(text)) return null;
  const start = text.search(/<(?:[\w-]+:)?about[\s>]/);
  if (start < 0) return null;
  const about = text.slice(start, start + LONGEST_ABOUT);
  // Names, versions and numbers; other text is not kept.
  const value = (element: string): string | null =>
    new RegExp(`<(?:[\\w-]+:)?${element}(?:\\s[^>]*)?>([\\w.-]{1,64})</`).exec(about)?.[1] ?? null;
  return {
    about: { api_type: value("apiType"), version: value("version"), build: value("build") },
    apiVersion: value("apiVersion"),
  };
}
