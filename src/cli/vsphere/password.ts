import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import type { Readable } from "node:stream";
import type { ReadStream } from "node:tty";
import { PreflightError, PreflightErrors } from "../../values/preflight-error.ts";
import { escapeForMessage } from "../../values/text/quoted.ts";
import { readReason } from "../system-reason.ts";
import type { CliContext } from "../cli-context.ts";

/** Longer than any password. */
const LONGEST = 4096;

export interface PasswordSource {
  /** A file that contains only the password, `-` for standard input; it takes precedence over `given`. */
  readonly file: string | undefined;
  /** From the environment or a URL. */
  readonly given: string | null;
  readonly username: string;
  readonly server: string;
}

/** The password of an account: from a file, as given, or entered on a terminal. Throws PreflightErrors. */
export async function passwordOf(source: PasswordSource, context: CliContext): Promise<string> {
  const { file, given } = source;
  if (file !== undefined) return fromFile(file, context);
  if (given !== null) return given;
  const { stdin, stderr } = context;
  if (!isTerminal(stdin) || !stderr.isTerminal) {
    throw failure("No password is set.", "set GOVC_PASSWORD, or add --password-file FILE; - is standard input");
  }
  return ask(stdin, source, context);
}

async function fromFile(file: string, { cwd, stdin }: CliContext): Promise<string> {
  const what = file === "-" ? "Standard input" : `The password file ${file}`;
  let content;
  try {
    content = file === "-" ? await upTo(stdin, LONGEST) : readFileSync(resolve(cwd, file), "utf8");
  } catch (error) {
    throw failure(`${what} cannot be read: ${readReason(error)}.`, null);
  }
  // Editors and `echo` end a file with a line break.
  const password = content.replace(/^\uFEFF/, "").replace(/\r?\n$/, "");
  if (password === "") throw failure(`${what} is empty.`, "it must contain only the password");
  if (password.length > LONGEST) throw failure(`${what} is too long to be a password.`, "check the file name");
  if (/[\r\n]/.test(password)) throw failure(`${what} has several lines.`, "it must contain only the password");
  return password;
}

/** Reads slightly more than `length`, regardless of how much there is. */
async function upTo(stream: Readable, length: number): Promise<string> {
  let text = "";
  stream.setEncoding("utf8");
  for await (const chunk of stream as AsyncIterable<string>) {
    text += chunk;
    if (text.length > length + 2) break;
  }
  return text;
}

function isTerminal(stream: Readable): stream is ReadStream {
  return "isTTY" in stream && stream.isTTY === true && "setRawMode" in stream;
}

/** Reads a line without echoing it. Ctrl-C ends the run as everywhere else. */
async function ask(stdin: ReadStream, { username, server }: PasswordSource, { stderr }: CliContext): Promise<string> {
  await stderr.write([`Password of ${escapeForMessage(username)} at ${server}: `]);
  stdin.setRawMode(true);
  try {
    const typed = await line(stdin);
    if (typed === null) throw failure("No password was typed.", null);
    if (typed === "") throw failure("The password is empty.", "type the password, then Enter");
    return typed;
  } finally {
    stdin.setRawMode(false);
    stdin.pause();
    await stderr.write(["\n"]);
  }
}

/** The text typed up to Enter; null for Ctrl-C, or Ctrl-D on an empty line. */
function line(stdin: ReadStream): Promise<string | null> {
  return new Promise((resolve) => {
    let typed: readonly string[] = [];
    const end = (result: string | null): void => {
      stdin.off("data", onData).off("end", onEnd);
      resolve(result);
    };
    const onEnd = (): void => end(null);
    const onData = (chunk: Buffer | string): void => {
      for (const character of chunk.toString()) {
        if (character === "\r" || character === "\n") {
          end(typed.join(""));
          return;
        }
        if (character === "\u0003" || (character === "\u0004" && typed.length === 0)) {
          end(null);
          return;
        }
        // Backspace deletes one character, Ctrl-U all.
        if (character === "\u007f" || character === "\b") typed = typed.slice(0, -1);
        else if (character === "\u0015") typed = [];
        else if (character >= " " && typed.length < LONGEST) typed = [...typed, character];
      }
    };
    stdin.setEncoding("utf8").on("data", onData).once("end", onEnd).resume();
  });
}

function failure(message: string, hint: string | null): PreflightErrors {
  return new PreflightErrors([new PreflightError("no-password", message, null, hint)]);
}
