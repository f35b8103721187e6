import { Readable } from "node:stream";
import { readReport } from "../../src/input/files/read-report.ts";
import { parseCertificates } from "../../src/input/certificates/parse-certificates.ts";
import { decodeText } from "../../src/input/source/decode-text.ts";
import { parseSource } from "../../src/input/syntax/parse-source.ts";
import { validateDocument } from "../../src/input/validation/validate-document.ts";
import { isEvidence, isInventory } from "../../src/input/validation/validators.generated.ts";
import { importFiles } from "../../src/inventory/import-files.ts";
import { xmlTree, XmlError } from "../../src/inventory/mapping/xml-tree.ts";
import { readReply } from "../../src/probe/dns/dns-message.ts";
import { decodeNtpPacket, encodeNtpPacket } from "../../src/probe/ntp/ntp-packet.ts";
import type { DocumentKind } from "../../src/site/core/document.ts";
import { isTextLocation } from "../../src/values/location.ts";
import { PreflightError } from "../../src/values/preflight-error.ts";

/** A reader, and its invariants for any bytes; throws if one is violated. */
export type FuzzTarget = (bytes: Buffer) => void | Promise<void>;

export const TARGETS: Readonly<Record<string, FuzzTarget>> = {
  /** YAML and JSON: one sentence for each error, at an existing location; text of the same length. */
  document: async (bytes) => {
    const text = textOf(bytes);
    if (text !== null) await parsed(text);
  },
  deployment: document("deployment"),
  inventory: document("inventory"),
  config: document("config"),
  waivers: document("waivers"),
  project: document("project"),
  evidence: async (bytes) => {
    const text = textOf(bytes);
    if (text !== null) isEvidence((await parsed(text))?.value);
  },
  report: async (bytes) => {
    const { value, inputs } = await readReport("-", { cwd: "/", stdin: Readable.from([bytes]) });
    assert((value === null) === inputs.errors.length > 0, "a report or an error");
    for (const error of inputs.errors) assertSentence(error);
  },
  /** RVTools workbooks and CSV files, govc's JSON and XML, recognized by their content. */
  export: async (bytes) => {
    const { value, inputs } = await importFiles(["-"], { cwd: "/", streams: new Map([["-", bytes]]) });
    assert(value.inventories.length > 0 || inputs.errors.length > 0, "an inventory or an error");
    for (const { value: inventory } of value.inventories) assert(isInventory(inventory), "an inventory of the schema");
    for (const error of inputs.errors) assertSentence(error);
  },
  certificate: (bytes) => {
    const { problem, certificates } = parseCertificates("a.pem", bytes);
    assert(problem !== null || certificates.length > 0, "certificates or a problem");
  },
  dns: (bytes) => {
    readReply(bytes);
  },
  ntp: (bytes) => {
    const packet = decodeNtpPacket(bytes);
    if (packet === null) return;
    assert(Buffer.from(encodeNtpPacket(packet)).equals(bytes.subarray(0, 48)), "the same packet when encoded again");
  },
  soap: (bytes) => {
    try {
      xmlTree(bytes.toString("utf8"));
    } catch (error) {
      if (!(error instanceof XmlError)) throw error;
    }
  },
};

function document(kind: DocumentKind): FuzzTarget {
  return async (bytes) => {
    const text = textOf(bytes);
    const source = text === null ? null : await parsed(text);
    if (source === null) return;
    for (const error of validateDocument(kind, source).errors) assertSentence(error);
  };
}

/** Null for bytes that are not text, which is a separate error. */
function textOf(bytes: Buffer): string | null {
  try {
    return decodeText(bytes, "fuzz");
  } catch (error) {
    if (!(error instanceof PreflightError)) throw error;
    assertSentence(error);
    return null;
  }
}

async function parsed(given: string) {
  const { source, text, errors } = await parseSource(given, "fuzz");
  const lines = given.split(/\r\n|[\r\n]/).length;
  for (const error of errors) {
    assertSentence(error);
    const { location } = error;
    assert(location === null || (isTextLocation(location) && location.line >= 1 && location.line <= lines), "a place");
  }
  assert(source !== null || errors.length > 0, "a source or an error");
  assert(text === "" || text.length === given.replace(/^\uFEFF/, "").length, "text of the same length");
  return source;
}

function assertSentence({ message, hint }: PreflightError): void {
  assert(/^[^\n]+[.!?]$/.test(message) && !/undefined|\[object/.test(message), `a sentence: ${message}`);
  assert(hint === null || !/undefined|\[object/.test(hint), `a hint: ${hint ?? ""}`);
}

function assert(holds: boolean, what: string): void {
  if (!holds) throw new Error(`expected ${what}`);
}
