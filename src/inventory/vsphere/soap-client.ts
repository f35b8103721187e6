import type { IncomingMessage } from "node:http";
import { request } from "node:https";
import { createGunzip } from "node:zlib";
import { isObject, str, type Tree } from "../mapping/tree.ts";
import { XmlError, type XmlRoot, xmlTree } from "../mapping/xml-tree.ts";
import type { ServerAddress } from "./server-address.ts";
import { type Reference, soapCall, type Xml } from "./soap-message.ts";
import { VimFault, UnexpectedResponse } from "./soap-errors.ts";
import { type Trust, TrustingAgent } from "./trusting-agent.ts";

export interface ClientOptions {
  readonly trust: Trust;
  /** How long the server may stay silent, ms: while connecting, and while it makes up its answer. */
  readonly connect_timeout_ms: number;
  readonly answer_timeout_ms: number;
  /** Most bytes of one answer, and of all together, after decompression. */
  readonly max_bytes: number;
  readonly max_total_bytes: number;
}

/** Calls methods of one server over one connection, with the cookie of its session. */
export class SoapClient {
  readonly #address: ServerAddress;
  readonly #options: ClientOptions;
  readonly #agent: TrustingAgent;
  #cookie: string | null = null;
  #apiVersion: string | null = null;
  #bytes = 0;

  constructor(address: ServerAddress, options: ClientOptions) {
    this.#address = address;
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

  /** The API version to speak from now on: servers leave out properties that are newer. */
  useApiVersion(apiVersion: string): void {
    this.#apiVersion = apiVersion;
  }

  /**
   * What a method returns: `returnval`, undefined for nothing. Throws VimFault for a fault, WrongAnswer for anything that
   * is no answer of vSphere, UntrustedServer, and errors of sockets.
   */
  async call(method: string, on: Reference, parts: readonly Xml[], signal: AbortSignal): Promise<Tree | undefined> {
    const { status, text } = await this.#post(soapCall(method, on, parts), signal);
    const body = bodyOf(text, status);
    if (body["Fault"] !== undefined) throw VimFault.of(body["Fault"]);
    if (status !== 200) throw new UnexpectedResponse("status", String(status));
    const response = body[`${method}Response`];
    if (response === undefined) throw new UnexpectedResponse("not-soap", "");
    return isObject(response) ? response["returnval"] : undefined;
  }

  close(): void {
    this.#agent.destroy();
  }

  async #post(message: string, signal: AbortSignal): Promise<{ readonly status: number; readonly text: string }> {
    const response = await this.#send(message, signal);
    const status = response.statusCode ?? 0;
    const text = await this.#read(response);
    const cookie = response.headers["set-cookie"]?.map(sessionCookie).find((value) => value !== null);
    if (cookie !== undefined) this.#cookie = cookie;
    // A SOAP fault is sent with 500; everything else comes from somebody who does not speak SOAP.
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

  async #read(response: IncomingMessage): Promise<string> {
    const encoding = response.headers["content-encoding"] ?? "identity";
    if (encoding !== "gzip" && encoding !== "identity") throw this.#refuse(response, "encoding", encoding);
    const stream = encoding === "gzip" ? response.pipe(createGunzip()) : response;
    // A connection that breaks off does not end the decompression by itself.
    response.once("error", (error) => stream.destroy(error));
    response.once("aborted", () => stream.destroy(Object.assign(new Error("aborted"), { code: "ECONNRESET" })));
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      size += chunk.length;
      if (size > this.#options.max_bytes || this.#bytes + size > this.#options.max_total_bytes)
        throw this.#refuse(response, "too-long", "");
      chunks.push(chunk);
    }
    this.#bytes += size;
    return Buffer.concat(chunks).toString("utf8");
  }

  #refuse(response: IncomingMessage, kind: UnexpectedResponse["kind"], detail: string): UnexpectedResponse {
    response.destroy();
    return new UnexpectedResponse(kind, detail);
  }
}

function timeoutError(): Error {
  return Object.assign(new Error("timeout"), { code: "ETIMEDOUT" });
}

/** vCenter's cookies differ in quotes and attributes; the session is all that is sent back. */
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
