import { writeSync } from "node:fs";

/** Exit codes that a run sets itself: those of docs/verdicts-and-gate.md, and 130 after a second Ctrl-C. */
export type EndOfRun = 0 | 1 | 2 | 130;

/** The state of a run from which the guard explains its end. */
export interface RunState {
  /** Whether code of plugins was loaded. */
  hasPlugins: boolean;
  /** The plugin code that is running, as a noun phrase; null while the program's own code runs. */
  pluginCode: string | null;
}

/**
 * Runs the program so that the process ends with the program's exit code, or with 2 and one sentence on stderr:
 * whatever is thrown, and even if the process ends early. It is in the file that Node starts with and imports no module
 * of the program, so that it is active before anything else is loaded.
 *
 * @param atEnd work to do after a complete run, when its exit code is set; must not throw
 */
export function guardProcess(
  node: NodeJS.Process,
  program: (state: RunState) => Promise<EndOfRun>,
  atEnd: () => void,
): void {
  const state: RunState = { hasPlugins: false, pluginCode: null };
  let code: EndOfRun | null = null;
  let isExplained = false;
  const fail = (thrown: unknown): void => {
    // The first failure is the cause; later failures are not printed.
    if (!isExplained) explain(node, sentenceFor(thrown, node, state), thrown);
    isExplained = true;
    code = 2;
    node.exit();
  };
  const explainEarlyEnd = (): void => {
    if (code === null && !isExplained) explain(node, endedEarly(state));
    isExplained ||= code === null;
  };
  lockExit(node, () => {
    explainEarlyEnd();
    return code ?? 2;
  });
  node.on("uncaughtException", fail).on("unhandledRejection", fail);
  node.on("exit", () => {
    explainEarlyEnd();
    // Set here rather than earlier: a plugin may have set another one, or have called `process.exit`.
    node.exitCode = code ?? 2;
    if (code !== null && !isExplained) atEnd();
  });
  try {
    // Everything below needs it, and Node throws wherever it is first read.
    node.cwd();
  } catch (thrown) {
    fail(thrown);
    return;
  }
  // Not awaited by the entry: Node would report an await that never settles with a message of its own.
  program(state).then((end) => {
    code ??= end;
  }, fail);
}

/** What `process.exit` calls at last. It is not documented, but Node keeps it for programs that wrap it. */
interface ReallyExit {
  reallyExit(code?: number): never;
}

/**
 * Lets the process end with no other code than this: a plugin may call `process.reallyExit` itself, or have removed the
 * listeners of `exit`, or have added one that sets another code.
 */
function lockExit(node: NodeJS.Process, codeAtEnd: () => number): void {
  const exit = (node as NodeJS.Process & ReallyExit).reallyExit.bind(node);
  const value = () => exit(codeAtEnd());
  Object.defineProperty(node, "reallyExit", { value, writable: false, configurable: false });
}

function endedEarly({ pluginCode, hasPlugins }: RunState): string {
  if (pluginCode !== null) return `${pluginCode} ended the process; remove process.exit from it`;
  return hasPlugins
    ? "a plugin ended the process before the run was complete; remove process.exit from it"
    : "the process ended before the run was complete; run it again, and report this if it happens again";
}

/** What happened, and what to do about it. */
function sentenceFor(thrown: unknown, node: NodeJS.Process, { hasPlugins }: RunState): string {
  const { code, syscall, name, message } = traitsOf(thrown);
  if (code === "EMFILE") return "too many open files (EMFILE); raise the limit, for example with ulimit -n 1024";
  if (code === "ENFILE") return "this machine has no free file descriptors (ENFILE); close programs or raise its limit";
  if (syscall === "uv_cwd") {
    return code === "ENOENT"
      ? "the working directory no longer exists; change to another one and run preflight again"
      : `the working directory cannot be read (${code}); change to another one and run preflight again`;
  }
  if (code === "ERR_MODULE_NOT_FOUND" || name === "SyntaxError") {
    return `the installation is damaged (${message}); install infinity-preflight again`;
  }
  if (syscall !== "") return `the operating system refused an operation (${message}); fix that and run preflight again`;
  const versions = `Node ${node.version}, ${node.platform}`;
  if (hasPlugins) {
    return `an error outside of all checks (${name}: ${message}); check the plugins, with PREFLIGHT_DEBUG=1 for the stack trace`;
  }
  const remedy = "install infinity-preflight again, or report this with the output under PREFLIGHT_DEBUG=1";
  return `internal error (${name}: ${message}; ${versions}); ${remedy}`;
}

function traitsOf(thrown: unknown): Readonly<Record<"code" | "syscall" | "name" | "message", string>> {
  const of = (trait: string): string => {
    try {
      const value = (Object(thrown) as Readonly<Record<string, unknown>>)[trait];
      return typeof value === "string" ? oneLine(value) : "";
    } catch {
      // A getter of an object that a plugin has thrown.
      return "";
    }
  };
  const thing = thrown instanceof Error ? "" : `a thrown ${typeof thrown}`;
  return { code: of("code"), syscall: of("syscall"), name: of("name") || "Error", message: of("message") || thing };
}

const LONGEST_MESSAGE = 300;

/** The first line, safe for terminals and CI systems. */
function oneLine(text: string): string {
  const [line = ""] = text.trim().split(/[\r\n]/);
  return harmless(line.slice(0, LONGEST_MESSAGE)).replace(/[.\s]+$/, "");
}

/** Same as in the writer of all other text, without importing it. */
function harmless(line: string): string {
  return line
    .replace(/\p{C}/gu, "?")
    .replaceAll("##", "# #")
    .replace(/^(\s*)::/, "$1: :");
}

/** Written synchronously: no work may be pending when the process ends, and no descriptor is needed. */
function explain({ env }: NodeJS.Process, sentence: string, thrown?: unknown): void {
  const isWanted = env["PREFLIGHT_DEBUG"] === "1" && thrown instanceof Error;
  const stack = isWanted ? `${(thrown.stack ?? "").split("\n").map(harmless).join("\n")}\n` : "";
  try {
    writeSync(2, `preflight: no verdict: ${sentence}.\n${stack}`);
  } catch {
    // stderr is closed or full; the exit code remains.
  }
}
