import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { createGunzip } from "node:zlib";
import { isObject, list, str, type Tree } from "../mapping/tree.ts";
import { XmlError, type XmlRoot, xmlTree } from "../mapping/xml-tree.ts";
import type { ServerAddress } from "./server-address.ts";
import { type Reference, soapCall, type Xml } from "./soap-message.ts";
import { VimFault, UnexpectedResponse } from "./soap-errors.ts";
import { type Trust, TrustingAgent } from "./trusting-agent.ts";

export interface ClientOptions {
  readonly trust: Trust;
  /** Timeout without data from the server, in ms: while connecting, and while it prepares its answer. */
  readonly connect_timeout_ms: number;
  readonly answer_timeout_ms: number;
  /** Timeout of one call, and of all calls together, in ms. */
  readonly call_timeout_ms: number;
  readonly total_timeout_ms: number;
  /** Maximum size of one answer, and of all together, in bytes after decompression. */
  readonly max_bytes: number;
  readonly max_total_bytes: number;
}

/** Calls methods of one server over one connection, with its session cookie. */
export class SoapClient {
  readonly #address: ServerAddress;
  readonly #options: ClientOptions;
  readonly #agent: TrustingAgent;
  #cookie: string | null = null;
  #apiVersion: string | null = null;
  #bytes = 0;
  readonly #end: number;

  constructor(address: ServerAddress, options: ClientOptions) {
    this.#address = address;
    this.#end = performance.now() + options.total_timeout_ms;
    this.#options = options;
    this.#agent = new TrustingAgent(options.trust, {
      keepAlive: true,
      maxSockets: 1,
      timeout: options.connect_timeout_ms,
    });
  }

  /** Bytes of all answers so far, after decompression. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Sets the API version for all further calls: servers omit newer properties. */
  useApiVersion(apiVersion: string): void {
    this.#apiVersion = apiVersion;
  }

  /**
   * The return value of a method: `returnval`, undefined if there is none. Throws VimFault for a fault,
   * UnexpectedResponse for anything that is not a vSphere answer, UntrustedServer, and socket errors.
   */
  async call(method: string, on: Reference, parts: readonly Xml[], signal: AbortSignal): Promise<Tree | undefined> {
    const { status, text } = await this.#post(soapCall(method, on, parts), signal, null);
    return returnValue(method, status, text);
  }

  /**
   * The same for a list of `objects`: each is passed on as soon as it has arrived, and is not kept, so that an answer
   * of any size needs little memory. The return value contains everything except the objects.
   */
  async callInPieces(
    method: string,
    on: Reference,
    parts: readonly Xml[],
    take: (object: Tree) => void,
    signal: AbortSignal,
  ): Promise<Tree | undefined> {
    const { status, text } = await this.#post(soapCall(method, on, parts), signal, (piece) => {
      const root = parsed(`<all>${piece}</all>`);
      if (root === null) throw new UnexpectedResponse("not-soap", "");
      for (const object of list(root.value, "objects")) take(object);
    });
    return returnValue(method, status, text);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #post(
    message: string,
    signal: AbortSignal,
    takePiece: ((piece: string) => void) | null,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const left = this.#end - performance.now();
    const timeout = AbortSignal.timeout(Math.ceil(Math.max(1, Math.min(left, this.#options.call_timeout_ms))));
    try {
      return await this.#exchange(message, AbortSignal.any([signal, timeout]), takePiece);
    } catch (error) {
      throw timeout.aborted && !signal.aborted ? new UnexpectedResponse("too-slow", "") : error;
    }
  }

  async #exchange(
    message: string,
    signal: AbortSignal,
    takePiece: ((piece: string) => void) | null,
  ): Promise<{ readonly status: number; readonly text: string }> {
    const response = await this.#send(message, signal);
    const status = response.statusCode ?? 0;
    const text = await this.#read(response, status === 200 ? takePiece : null);
    const cookie = response.headers["set-cookie"]?.map(sessionCookie).find((value) => value !== null);
    if (cookie !== undefined) this.#cookie = cookie;
    // A SOAP fault has status 500; any other status is not from a SOAP server.
    if (status === 200 || status === 500) return { status, text };
    throw new UnexpectedResponse(status >= 300 && status < 400 ? "redirect" : "status", String(status));
  }

  #send(message: string, signal: AbortSignal): Promise<IncomingMessage> {
    const { host, port, path } = this.#address;
    const body = Buffer.from(message, "utf8");
    return new Promise((resolve, reject) => {
      const call = request({
        agent: this.#agent,
        host,
        port,
        path,
        method: "POST",
        signal,
        headers: {
          "content-type": "text/xml; charset=utf-8",
          "content-length": body.length,
          "accept-encoding": "gzip",
          soapaction: `"urn:vim25${this.#apiVersion === null ? "" : `/${this.#apiVersion}`}"`,
          ...(this.#cookie !== null && { cookie: `vmware_soap_session=${this.#cookie}` }),
        },
      });
      call.setTimeout(this.#options.answer_timeout_ms, () => call.destroy(timeoutError()));
      call.once("error", reject);
      call.once("response", resolve);
      call.end(body);
    });
  }

  /** The text of an answer, without the extracted pieces. */
  async #read(response: IncomingMessage, takePiece: ((piece: string) => void) | null): Promise<string> {
    const encoding = response.headers["content-encoding"] ?? "identity";
    if (encoding !== "gzip" && encoding !== "identity") throw this.#refuse(response, "encoding", encoding);
    const stream = encoding === "gzip" ? response.pipe(createGunzip()) : response;
    // An aborted connection does not end the decompression by itself.
    response.once("error", (error) => stream.destroy(error));
    response.once("aborted", () => stream.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" })));
    const decoder = new TextDecoder("utf-8");
    const pieces = new Pieces(takePiece);
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > this.#options.max_bytes || this.#bytes + size > this.#options.max_total_bytes)
        throw this.#refuse(response, "too-long", "");
      pieces.add(decoder.decode(chunk, { stream: true }));
    }
    this.#bytes += size;
    return pieces.rest;
  }

  #refuse(response: IncomingMessage, kind: UnexpectedResponse["kind"], detail: string): UnexpectedResponse {
    response.destroy();
    return new UnexpectedResponse(kind, detail);
  }
}

const PIECE_START = "<objects>";
const PIECE_END = "</objects>";

/**
 * Extracts the text between the first `<objects>` and the last `</objects>` from a text that arrives in chunks. Objects
 * are siblings and never nested. An answer in another form stays whole.
 */
class Pieces {
  readonly #chunks: string[] = [];
  #head = "";
  #carry = "";

  constructor(private readonly take: ((piece: string) => void) | null) {}

  add(chunk: string): void {
    if (this.take === null) {
      this.#chunks.push(chunk);
      return;
    }
    this.#carry += chunk;
    if (this.#head === "") {
      const start = this.#carry.indexOf(PIECE_START);
      if (start === -1) return;
      this.#head = this.#carry.slice(0, start);
      this.#carry = this.#carry.slice(start);
    }
    if (this.#carry.length < SMALLEST_PIECE) return;
    this.#cut();
  }

  /** The text that is not an object. */
  get rest(): string {
    if (this.#head !== "") this.#cut();
    return this.#chunks.join("") + this.#head + this.#carry;
  }

  #cut(): void {
    const end = this.#carry.lastIndexOf(PIECE_END) + PIECE_END.length;
    if (end < PIECE_END.length) return;
    this.take?.(this.#carry.slice(0, end));
    this.#carry = this.#carry.slice(end);
  }
}

/** Smaller pieces take longer to parse than to receive. */
const SMALLEST_PIECE = 256 * 1024;

function returnValue(method: string, status: number, text: string): Tree | undefined {
  const body = bodyOf(text, status);
  if (body["Fault"] !== undefined) throw VimFault.of(body["Fault"]);
  if (status !== 200) throw new UnexpectedResponse("status", String(status));
  const response = body[`${method}Response`];
  if (response === undefined) throw new UnexpectedResponse("not-soap", "");
  return isObject(response) ? response["returnval"] : undefined;
}

function timeoutError(): Error {
  return Object.assign(new Error("timeout"), { code: "ETIMEDOUT" });
}

/** vCenter's cookies differ in quotes and attributes; only the session is sent back. */
function sessionCookie(header: string): string | null {
  return /^\s*vmware_soap_session=("?[\w.~+/=-]+"?)\s*(?:;|$)/i.exec(header)?.[1] ?? null;
}

function bodyOf(text: string, status: number): Readonly<Record<string, Tree | undefined>> {
  const root = parsed(text);
  const body = root?.name === "Envelope" && isObject(root.value) ? root.value["Body"] : undefined;
  if (isObject(body)) return body;
  throw status === 500
    ? new UnexpectedResponse("status", "500")
    : new UnexpectedResponse(isPage(text) ? "page" : "not-soap", "");
}

function parsed(text: string): XmlRoot | null {
  try {
    return xmlTree(text);
  } catch (error) {
    if (error instanceof XmlError) return null;
    throw error;
  }
}

function isPage(text: string): boolean {
  return /^\s*(?:<!doctype html|<html|<head)/i.test(text);
}

/** The reference that a method returned. */
export function asReference(tree: Tree | undefined): Reference | null {
  const [type, id] = [str(tree, "type"), str(tree, "value")];
  return type === undefined || id === undefined ? null : { type, id };
}
