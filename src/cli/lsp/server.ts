import { Writable } from "node:stream";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import {
  CodeActionKind,
  CompletionItemKind,
  createConnection,
  type CodeAction,
  type CompletionItem,
  type Hover,
  type Location,
  type Position,
  type Range,
  TextDocuments,
  TextDocumentSyncKind,
  type TextEdit,
} from "vscode-languageserver";
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from "vscode-languageserver-protocol/node";
import { TextDocument } from "vscode-languageserver-textdocument";
import { rules } from "../../../rules/index.generated.ts";
import { version } from "../../run/version.ts";
import { isTextLocation, pathText } from "../../values/location.ts";
import { overlaps } from "../../values/text-edit.ts";
import type { CliContext, ExitCode } from "../cli-context.ts";
import { typedAt, valueAt } from "./cursor.ts";
import { diagnosticsOf, rangeOf, shownFindings } from "./diagnostics.ts";
import { effectiveText, failuresText, readersText, ruleText } from "./hover.ts";
import { type NamedObject, namesFor, objectNamed, valueIn } from "./names.ts";
import { type Analysis, type Findings, Session, type Settings } from "./session.ts";

/** Pause in typing after which the text is evaluated, in ms. */
const DEBOUNCE = 150;

/** Keys at the top level of a deployment, to ignore other files that an editor opens. */
const DEPLOYMENT =
  /^\s*\{?\s*["']?(?:platform|vm_manager|ca_certificates|dns_servers|ntp_servers|syslog_servers|domains|licences|expected_calls|system_locations|vantage_points|management_node|conferencing_nodes)["']?\s*:/m;

/** Serves the Language Server Protocol on standard input and output until the client ends it. */
export async function serve({ stdin, stdout, pluginWatch }: CliContext): Promise<ExitCode> {
  return new Promise((resolveTo) => {
    const editors = new Map<string, Editor>();
    let isOver = false;
    const end = (code: ExitCode): void => {
      isOver = true;
      for (const editor of editors.values()) editor.close();
      resolveTo(code);
      // The client may leave it open, which would keep the process running.
      stdin.destroy();
    };
    // Standard output is reserved for the protocol; nothing else in the program writes to it.
    const output = new Writable({
      write(chunk: Buffer, _encoding, done) {
        stdout.writeDocument([chunk.toString("utf8")]).then(() => done(), done);
      },
    });
    const exit = {
      shutdownReceived: false,
      initialize: () => undefined,
      exit: (code: number) => end(code === 0 ? 0 : 1),
    };
    const connection = createConnection(
      (logger) => createProtocolConnection(new StreamMessageReader(stdin), new StreamMessageWriter(output), logger),
      exit,
    );
    const documents = new TextDocuments(TextDocument);
    let settings: Settings = { inventories: null, config: undefined };

    connection.onInitialize(({ initializationOptions }) => {
      settings = settingsOf(initializationOptions);
      return {
        serverInfo: { name: "infinity-preflight", version },
        capabilities: {
          textDocumentSync: TextDocumentSyncKind.Incremental,
          hoverProvider: true,
          definitionProvider: true,
          completionProvider: { triggerCharacters: [" ", "/", '"'] },
          codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.SourceFixAll] },
        },
      };
    });

    const editorOf = (document: TextDocument): Editor | null => {
      const { uri } = document;
      if (!uri.startsWith("file:") || !DEPLOYMENT.test(document.getText())) return editors.get(uri) ?? null;
      let editor = editors.get(uri);
      if (editor === undefined) {
        editor = new Editor(new Session(fileURLToPath(uri), settings, pluginWatch));
        editors.set(uri, editor);
      }
      return editor;
    };

    const publish = async (uri: string): Promise<void> => {
      const document = documents.get(uri);
      const editor = document === undefined ? null : editorOf(document);
      if (document === undefined || editor === null) return;
      const findings = await editor.findings(document);
      // The document was closed or edited in the meantime.
      if (isOver || documents.get(uri)?.version !== document.version) return;
      const diagnostics = [...diagnosticsOf(findings, editor.session.name, editor.session.folder)];
      await connection.sendDiagnostics({ uri, version: document.version, diagnostics });
    };
    const publishSoon = (uri: string): void => {
      const editor = editors.get(uri);
      if (editor === undefined) publish(uri).catch(report);
      else {
        editor.debounce(() => {
          publish(uri).catch(report);
        });
      }
    };
    const log = connection.console;
    const report = (error: unknown): void => {
      if (!isOver) log.error(error instanceof Error ? error.message : String(error));
    };

    documents.onDidChangeContent(({ document }) => publishSoon(document.uri));
    documents.onDidSave(() => {
      // Saving an inventory or config changes the findings of every deployment.
      for (const editor of editors.values()) editor.forget();
      for (const { uri } of documents.all()) publishSoon(uri);
    });
    documents.onDidClose(({ document: { uri } }) => {
      editors.get(uri)?.close();
      editors.delete(uri);
      connection.sendDiagnostics({ uri, diagnostics: [] }).catch(report);
    });

    /** Answers from the analysis of the document; `none` if it is not a deployment or could not be read yet. */
    const answer = async <T>(
      uri: string,
      none: T,
      look: (analysis: Analysis, document: TextDocument, editor: Editor) => T | Promise<T>,
    ): Promise<T> => {
      const document = documents.get(uri);
      const editor = document === undefined ? null : editorOf(document);
      if (document === undefined || editor === null) return none;
      const { analysis } = await editor.findings(document);
      return analysis === null ? none : look(analysis, document, editor);
    };

    connection.onHover(({ textDocument: { uri }, position }) =>
      answer<Hover | null>(uri, null, (analysis, document, { session }) =>
        hoverAt(analysis, document, position, session.name),
      ),
    );
    connection.onCompletion(({ textDocument: { uri }, position }) =>
      answer<CompletionItem[]>(uri, [], (analysis, document) => completionsAt(analysis, document, position)),
    );
    connection.onDefinition(({ textDocument: { uri }, position }) =>
      answer<Location[]>(uri, [], (analysis, document, { session }) =>
        definitionsAt(analysis, document, position).flatMap((object) => locationOf(object, session.folder)),
      ),
    );
    connection.onCodeAction(({ textDocument: { uri }, range, context }) =>
      answer<CodeAction[]>(uri, [], (analysis, document, { session }) =>
        // Positions in a text that has been edited since would be wrong.
        analysis.text === document.getText() ? actionsFor(analysis, document, range, context.only, session.name) : [],
      ),
    );
    documents.listen(connection);
    connection.listen();
    // A client that has gone away has ended the session, too.
    stdin.once("end", () => end(exit.shutdownReceived ? 0 : 1));
  });
}

/** An open deployment: evaluated once for each of its versions. */
class Editor {
  #version: number | null = null;
  #findings: Promise<Findings> | null = null;
  #timer: NodeJS.Timeout | null = null;

  constructor(readonly session: Session) {}

  findings(document: TextDocument): Promise<Findings> {
    if (this.#findings === null || this.#version !== document.version) {
      this.#version = document.version;
      const text = document.getText();
      // Sequentially, so that the last readable text is the latest.
      const before = this.#findings ?? Promise.resolve(null);
      this.#findings = before.then(
        () => this.session.evaluate(text),
        () => this.session.evaluate(text),
      );
    }
    return this.#findings;
  }

  forget(): void {
    this.#version = null;
  }

  debounce(work: () => void): void {
    this.close();
    this.#timer = setTimeout(work, DEBOUNCE);
  }

  close(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
  }
}

function settingsOf(given: unknown): Settings {
  const options = typeof given === "object" && given !== null ? given : {};
  const inventories = "inventories" in options && Array.isArray(options.inventories) ? options.inventories : null;
  const config = "config" in options ? options.config : undefined;
  return {
    inventories: inventories?.filter((path): path is string => typeof path === "string") ?? null,
    config: typeof config === "string" || config === false ? config : undefined,
  };
}

async function hoverAt(
  analysis: Analysis,
  document: TextDocument,
  position: Position,
  name: string,
): Promise<Hover | null> {
  const text = document.getText();
  const offset = document.offsetAt(position);
  const word = /[\w-]+\/[\w-]+/g;
  const line = text.slice(text.lastIndexOf("\n", offset - 1) + 1).split(/\r?\n/, 1)[0] ?? "";
  const named = [...line.matchAll(word)].find(
    ({ 0: id, index }) =>
      line.includes("preflight-") && position.character >= index && position.character <= index + id.length,
  );
  const rule = named === undefined ? null : ruleText(named[0], analysis);
  if (rule !== null) return { contents: { kind: "markdown", value: rule } };
  const value = valueAt(text, offset);
  if (value === null) return null;
  const failed =
    analysis.text === text
      ? shownFindings(analysis, name)
          .filter(({ range }) => contains(range, position))
          .map(({ check, finding }) => ({ check, message: finding.message }))
      : [];
  const shown = new Set(failed.map(({ check }) => check));
  const readers = (await analysis.readers()).get(pathText(value.path)) ?? [];
  const parts = [
    effectiveText(value.path, analysis),
    failed.length === 0 ? null : failuresText(failed, analysis),
    readersText(
      readers.filter((check) => ![...shown].some(({ rule }) => rule === check.rule)),
      analysis,
    ),
  ];
  const contents = parts.filter((part) => part !== null).join("\n\n---\n\n");
  if (contents === "") return null;
  const range = { start: document.positionAt(value.start), end: document.positionAt(value.end) };
  return { contents: { kind: "markdown", value: contents }, range };
}

function completionsAt(analysis: Analysis, document: TextDocument, position: Position): CompletionItem[] {
  const offset = document.offsetAt(position);
  const found = typedAt(document.getText(), offset);
  if (found === null) return [];
  const items =
    found.key === "#"
      ? [...rules, ...analysis.report.rules].map(({ id, title }) => ({ name: id, kind: title }))
      : namesFor(found.key, analysis);
  const range = { start: document.positionAt(offset - found.typed.length), end: position };
  const seen = new Set<string>();
  return items.flatMap(({ name, kind }) => {
    if (seen.has(name) || !name.toLowerCase().startsWith(found.typed.toLowerCase())) return [];
    seen.add(name);
    return [{ label: name, kind: CompletionItemKind.Value, detail: kind, textEdit: { range, newText: name } }];
  });
}

/** The definition of the name in a value; for the name of a node, its location and its host. */
function definitionsAt(analysis: Analysis, document: TextDocument, position: Position): readonly NamedObject[] {
  const value = valueAt(document.getText(), document.offsetAt(position));
  const deployment = analysis.documents.find(({ kind }) => kind === "deployment")?.value;
  if (value === null) return [];
  const { path } = value;
  const named = (at: typeof path): readonly NamedObject[] => {
    const key = at.findLast((step) => typeof step === "string") ?? "";
    const name = valueIn(deployment, at);
    return typeof name === "string" ? [objectNamed(key, name, analysis)].filter((object) => object !== null) : [];
  };
  const isNode =
    path.at(-1) === "name" && /^(?:management_node|conferencing_nodes)$/.test(String(path[0])) && path.length <= 3;
  if (!isNode) return named(path);
  const node = path.slice(0, -1);
  return [["system_location"], ["vm", "host"], ["vm", "cluster"]].flatMap((steps) => named([...node, ...steps]));
}

function locationOf({ document, path }: NamedObject, folder: string): Location[] {
  const location = document.locate(path);
  return isTextLocation(location)
    ? [{ uri: pathToFileURL(resolve(folder, location.path)).href, range: rangeOf(location) }]
    : [];
}

function actionsFor(
  analysis: Analysis,
  document: TextDocument,
  range: Range,
  only: readonly string[] | undefined,
  name: string,
): CodeAction[] {
  const isWanted = (kind: string) =>
    only === undefined || only.some((wanted) => kind === wanted || kind.startsWith(`${wanted}.`));
  const fixes = shownFindings(analysis, name).flatMap(({ finding, range: at }) => {
    const edit = finding.fix?.edit;
    return edit == null || edit.location.path !== name ? [] : [{ finding, at, edit }];
  });
  const actionOf = (title: string, kind: string, edits: readonly TextEdit[]): CodeAction => ({
    ...{ title, kind },
    edit: { changes: { [document.uri]: [...edits] } },
  });
  const quick = fixes
    .filter(({ at }) => contains(at, range.start) || contains(at, range.end) || contains(range, at.start))
    .map(({ finding, edit }) => ({
      ...actionOf(finding.fix?.description ?? "", CodeActionKind.QuickFix, [
        { range: rangeOf(edit.location), newText: edit.text },
      ]),
      isPreferred: true,
    }));
  const apart = fixes.filter(({ edit }, index) => !fixes.slice(0, index).some((other) => overlaps(other.edit, edit)));
  const all = apart.map(({ edit }) => ({ range: rangeOf(edit.location), newText: edit.text }));
  return [
    ...(isWanted(CodeActionKind.QuickFix) ? quick : []),
    ...(all.length > 0 && isWanted(CodeActionKind.SourceFixAll)
      ? [actionOf("Apply all automatic fixes", CodeActionKind.SourceFixAll, all)]
      : []),
  ];
}

function contains({ start, end }: Range, { line, character }: Position): boolean {
  const isAfter = line > start.line || (line === start.line && character >= start.character);
  return isAfter && (line < end.line || (line === end.line && character <= end.character));
}
