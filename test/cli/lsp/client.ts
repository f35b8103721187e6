import { type ChildProcess, spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { pathToFileURL } from "node:url";
import {
  createProtocolConnection,
  type Diagnostic,
  DidChangeTextDocumentNotification,
  DidOpenTextDocumentNotification,
  ExitNotification,
  InitializedNotification,
  InitializeRequest,
  type InitializeResult,
  type Position,
  type ProtocolConnection,
  PublishDiagnosticsNotification,
  type PublishDiagnosticsParams,
  ShutdownRequest,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { PROGRAM } from "../program.ts";

/** An editor with one file open, as client of the language server over standard input and output. */
export class Client {
  readonly #waiting: ((params: PublishDiagnosticsParams) => void)[] = [];
  readonly #published: PublishDiagnosticsParams[] = [];
  #version = 1;

  private constructor(
    readonly process: ChildProcess,
    readonly connection: ProtocolConnection,
    readonly uri: string,
    readonly initialized: InitializeResult,
    private current: string,
  ) {
    connection.onNotification(PublishDiagnosticsNotification.type, (params) => {
      const next = this.#waiting.shift();
      if (next === undefined) this.#published.push(params);
      else next(params);
    });
  }

  static async open(file: string, initializationOptions: unknown = {}): Promise<Client> {
    const child = spawn(process.execPath, [PROGRAM, "lsp"], { stdio: ["pipe", "pipe", "inherit"] });
    const connection = createProtocolConnection(
      new StreamMessageReader(child.stdout),
      new StreamMessageWriter(child.stdin),
    );
    connection.listen();
    const params = { processId: null, rootUri: null, capabilities: {}, initializationOptions };
    const result = await connection.sendRequest(InitializeRequest.type, params);
    await connection.sendNotification(InitializedNotification.type, {});
    const text = await readFile(file, "utf8");
    const client = new Client(child, connection, pathToFileURL(file).href, result, text);
    await connection.sendNotification(DidOpenTextDocumentNotification.type, {
      textDocument: { uri: client.uri, languageId: "yaml", version: 1, text },
    });
    return client;
  }

  get text(): string {
    return this.current;
  }

  /** The text document of a request. */
  get textDocument(): { readonly uri: string } {
    return { uri: this.uri };
  }

  /** Types over the whole text; nothing is saved. */
  async type(text: string): Promise<void> {
    this.current = text;
    await this.connection.sendNotification(DidChangeTextDocumentNotification.type, {
      textDocument: { uri: this.uri, version: ++this.#version },
      contentChanges: [{ text }],
    });
  }

  /** The diagnostics of the text as it is now; those of earlier texts are skipped. */
  async diagnostics(): Promise<readonly Diagnostic[]> {
    for (;;) {
      const params =
        this.#published.shift() ?? (await new Promise<PublishDiagnosticsParams>((take) => this.#waiting.push(take)));
      if (params.uri === this.uri && params.version === this.#version) return params.diagnostics;
    }
  }

  /** The position behind a piece of the text, moved by some characters. */
  at(piece: string, offset = 0): Position {
    const index = this.current.indexOf(piece);
    if (index < 0) throw new Error(`${piece} is not in the text`);
    const before = this.current.slice(0, index + piece.length + offset).split("\n");
    return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
  }

  /** Ends the session, and resolves to the exit code of the server. */
  async close(): Promise<number | null> {
    const ended = new Promise<number | null>((resolve) => this.process.once("exit", resolve));
    await this.connection.sendRequest(ShutdownRequest.type);
    await this.connection.sendNotification(ExitNotification.type);
    const code = await ended;
    this.connection.dispose();
    return code;
  }
}
