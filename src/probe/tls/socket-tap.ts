import type { Socket } from "node:net";
import { Duplex } from "node:stream";

/** Enough bytes to recognize the protocol of a server. */
const KEPT = 16;

/** A connected socket that keeps the first bytes from the server, which TLS otherwise consumes. */
export class SocketTap extends Duplex {
  readonly #socket: Socket;
  #first: Buffer = Buffer.alloc(0);

  constructor(socket: Socket) {
    super();
    this.#socket = socket;
    socket.on("data", (chunk: Buffer) => {
      if (this.#first.length < KEPT) this.#first = Buffer.concat([this.#first, chunk.subarray(0, KEPT)]);
      if (!this.push(chunk)) socket.pause();
    });
    socket.on("end", () => this.push(null));
    socket.on("error", (error) => this.destroy(error));
    socket.on("close", () => this.destroy());
  }

  get first(): Buffer {
    return this.#first;
  }

  get bytesRead(): number {
    return this.#socket.bytesRead;
  }

  override _read(): void {
    this.#socket.resume();
  }

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.#socket.write(chunk, done);
  }

  override _final(done: (error?: Error | null) => void): void {
    this.#socket.end(done);
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.#socket.destroy();
    done(error);
  }
}
