import { dirname, isAbsolute, relative, resolve } from "node:path";
import type { Document } from "../../site/core/document.ts";
import type { TextLocation } from "../../values/location.ts";
import { PreflightError } from "../../values/preflight-error.ts";
import { quoted, escapeForMessage } from "../../values/text/quoted.ts";
import { isInRange, parseVersionRange } from "../../values/version-range.ts";
import type { ConfigFile, ConfigPart } from "./config-parts.ts";
import { firstErrors } from "../validation/first-errors.ts";
import { parseSource } from "../syntax/parse-source.ts";
import type { ParsedSource, ParseResult } from "../source/parsed-source.ts";
import { readSource } from "../source/read-source.ts";
import { type Boundary, UntrustedPath } from "../source/untrusted-path.ts";
import { fileInputs, merge, NO_INPUTS, onlyErrors, type Read, type RunInputs } from "../source/run-inputs.ts";
import { SIZE_HINTS } from "../source/size-hints.ts";
import { takesNull, validateDocument } from "../validation/validate-document.ts";
import { valueAt } from "../source/plain-data.ts";

// Loaded together: every module that is loaded separately splits shared code into more files.
export { configLayers, subjectFault } from "./config-layers.ts";

/** In practice, more is an error. */
const MOST_NESTED = 20;

/** A policy is written by hand. */
const MAX_BYTES = 1024 * 1024;

export interface ConfigContext {
  readonly cwd: string;
  /** Version of this program. */
  readonly version: string;
  /** Where the config and the files that it extends must be; null = anywhere. */
  readonly boundary: Boundary | null;
}

/** A config with everything that it extends. */
export interface Config {
  /** In the order in which they count, the named file last. Each is there once. */
  readonly parts: readonly ConfigPart[];
  /** The files among them. */
  readonly files: readonly ConfigFile[];
}

/** Reads a config file and, once each, those that it extends. Errors that a user can cause are returned. */
export async function readConfig(file: string, context: ConfigContext): Promise<Read<Config>> {
  const reader = new Reader(context);
  const parts = await reader.partsOf(file, null, []);
  const files = parts.flatMap((part) => (part.kind === "file" ? [part.config] : []));
  return {
    value: { parts, files },
    inputs: merge(...files.map((read) => reader.inputsOf(read)), reader.extendErrors()),
  };
}

/** A config file as a document of the run. */
export function documentOf({ path, sha256, source }: ConfigFile): Document | null {
  if (source === null || sha256 === null) return null;
  return {
    kind: "config",
    path,
    sha256,
    value: source.value,
    secrets: source.secrets,
    directives: source.directives,
    locate: (at) => source.locate(at),
    locateKey: (at) => source.locateKey(at),
  };
}

class Reader {
  readonly #context: ConfigContext;
  readonly #parts = new Map<string, readonly ConfigPart[]>();
  readonly #inputs = new Map<ConfigFile, RunInputs>();
  readonly #extendErrors: PreflightError[] = [];

  constructor(context: ConfigContext) {
    this.#context = context;
  }

  /** What was read for a file. */
  inputsOf(file: ConfigFile): RunInputs {
    return this.#inputs.get(file) ?? NO_INPUTS;
  }

  /** What is wrong with the names of extended files. */
  extendErrors(): RunInputs {
    return onlyErrors(this.#extendErrors);
  }

  /**
   * The parts that a file consists of. Of a part that is extended twice only the later one counts: it sets all that the
   * earlier one did.
   *
   * @param from where the file is named; null for the first one
   * @param above the files that lead here
   */
  async partsOf(file: string, from: TextLocation | null, above: readonly string[]): Promise<readonly ConfigPart[]> {
    const known = this.#parts.get(file);
    if (known !== undefined) return known;
    const config = await this.#read(file, from);
    const parts: ConfigPart[] = [];
    for (const { name, location } of extendsOf(config.source)) {
      parts.push(...(await this.#extended(name, location, [...above, file])));
    }
    const own: ConfigPart = { kind: "file", config };
    const all = lastOfEach([...parts, own]);
    this.#parts.set(file, all);
    return all;
  }

  async #extended(name: string, location: TextLocation, above: readonly string[]): Promise<readonly ConfigPart[]> {
    if (!isFileName(name)) return [{ kind: "preset", name, location }];
    const file = resolve(dirname(above.at(-1) ?? ""), name);
    const fault = above.includes(file)
      ? this.#cycle([...above.slice(above.indexOf(file)), file], location)
      : above.length > MOST_NESTED
        ? tooDeep(location)
        : this.#untrusted(name, dirname(above.at(-1) ?? ""), location).refusal();
    if (fault === null) return this.partsOf(file, location, above);
    this.#extendErrors.push(fault);
    return [];
  }

  async #read(file: string, from: TextLocation | null): Promise<ConfigFile> {
    const { cwd, version } = this.#context;
    const path = pathFrom(cwd, file);
    // Checked when another file extends it, and here for the one that was found.
    const source = this.#untrusted(file, cwd, from);
    const { sha256, text, errors } = await readSource(source, {
      cwd,
      displayName: path,
      maxBytes: MAX_BYTES,
      hint: SIZE_HINTS.config,
    });
    const read =
      text === null
        ? { source: null, text: "", errors: errors.map((error) => at(error, from)) }
        : await parsed(path, text, version);
    const config = { file, path, sha256, source: read.source };
    this.#inputs.set(
      config,
      fileInputs({ kind: "config", path, given: file, cwd, sha256, text: read.text, errors: read.errors }),
    );
    return config;
  }

  #cycle(files: readonly string[], location: TextLocation): PreflightError {
    const way = files.map((file) => escapeForMessage(pathFrom(this.#context.cwd, file))).join(" → ");
    return new PreflightError("extends-cycle", `This config extends itself: ${way}.`, location, "Remove one of them.");
  }

  /** A config that was found may come from the change under review: it must not cause other files to be read. */
  #untrusted(written: string, folder: string, location: TextLocation | null): UntrustedPath {
    return new UntrustedPath({ written, folder, boundary: this.#context.boundary, location });
  }
}

async function parsed(path: string, content: string, version: string): Promise<ParseResult> {
  const { source, text, errors } = await parseSource(content, path, {
    takesNull: (at) => takesNull("config", at),
    hint: SIZE_HINTS.config,
  });
  if (source === null) return { text, source, errors: firstErrors(path, errors) };
  const fault = versionFault(source, version);
  // A file for another version may have keys that this version does not know.
  if (fault?.code === "required-version") return { text, source: null, errors: [fault] };
  const invalid = validateDocument("config", source);
  const all = [...errors, ...invalid.errors, ...(fault === null ? [] : [fault])];
  return { text, source, errors: firstErrors(path, all, invalid.omitted) };
}

function versionFault(source: ParsedSource, version: string): PreflightError | null {
  const wanted = valueAt(source.value, ["required_version"]);
  if (typeof wanted !== "string") return null;
  const location = source.locate(["required_version"]);
  const range = parseVersionRange(wanted);
  if (range === null) {
    const message = `required_version must be a range of versions, not ${quoted(wanted)}.`;
    return new PreflightError("not-allowed-value", message, location, 'Write ">=0.1.0 <2", or one version.');
  }
  if (isInRange(version, range)) return null;
  const message = `This config is for infinity-preflight ${escapeForMessage(wanted)}, and this is ${version}.`;
  const hint = "Install such a version, or change required_version.";
  return new PreflightError("required-version", message, location, hint);
}

/** The value of `extends`: one name or a list. */
function extendsOf(source: ParsedSource | null): readonly { readonly name: string; readonly location: TextLocation }[] {
  const value = valueAt(source?.value, ["extends"]);
  if (source === null) return [];
  if (!Array.isArray(value)) {
    return typeof value === "string" ? [{ name: value, location: source.locate(["extends"]) }] : [];
  }
  return value.flatMap((name: unknown, index) =>
    typeof name === "string" ? [{ name, location: source.locate(["extends", index]) }] : [],
  );
}

/** `strict` is a preset, `./strict.yaml` a file. */
function isFileName(name: string): boolean {
  return /\.(?:ya?ml|json)$/i.test(name);
}

function lastOfEach(parts: readonly ConfigPart[]): readonly ConfigPart[] {
  const key = (part: ConfigPart) => (part.kind === "file" ? part.config : part.name);
  const last = new Map(parts.map((part, index) => [key(part), index]));
  return parts.filter((part, index) => last.get(key(part)) === index);
}

/** A file of the policy that cannot be read is an error at the location that refers to it. */
function at(error: PreflightError, location: TextLocation | null): PreflightError {
  return location === null || error.location !== null
    ? error
    : new PreflightError(
        error.code,
        error.message,
        location,
        "Paths under extends are relative to the file that contains them.",
      );
}

function tooDeep(location: TextLocation): PreflightError {
  const message = `Configs extend each other more than ${MOST_NESTED} files deep.`;
  return new PreflightError("extends-depth", message, location, "Extend fewer.");
}

/** From the working directory, so that it can be opened from there. */
function pathFrom(cwd: string, file: string): string {
  const path = relative(cwd, file);
  return path === "" || isAbsolute(path) ? file : path;
}
