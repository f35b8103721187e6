/** Compares the result of a mutation run with the list of mutants that no test can kill. */

interface Position {
  readonly line: number;
  readonly column: number;
}

/** The parts of Stryker's JSON report that are used. */
export interface MutationReport {
  readonly files: Readonly<
    Record<
      string,
      {
        readonly source: string;
        readonly mutants: readonly {
          readonly status: string;
          readonly replacement?: string;
          readonly location: { readonly start: Position; readonly end: Position };
        }[];
      }
    >
  >;
}

/** A mutant that is equivalent to the code, or differs only where a test cannot observe it. */
export interface Equivalent {
  readonly file: string;
  /** The line in which the replaced code begins, with spaces collapsed: other lines may have the same code. */
  readonly line: string;
  /** The replaced code, with spaces and line breaks collapsed. */
  readonly code: string;
  /** The replacement, likewise. */
  readonly by: string;
  readonly reason: string;
}

export interface Summary {
  readonly lines: readonly string[];
  readonly isComplete: boolean;
}

/** The score of each file, survivors that are not listed, and list entries that no survivor matches. */
export function summarize({ files }: MutationReport, listed: readonly Equivalent[]): Summary {
  const unused = new Set(listed.filter(({ file }) => Object.hasOwn(files, file)));
  const lines: string[] = [];
  let isComplete = true;
  for (const [file, { source, mutants }] of Object.entries(files)) {
    const tried = mutants.filter(({ status }) => !/^(?:Ignored|CompileError|RuntimeError|Pending)$/.test(status));
    const alive = tried.filter(({ status }) => status === "Survived" || status === "NoCoverage");
    const unlisted = alive.filter(({ location, replacement }) => {
      const code = collapsed(textAt(source, location));
      const by = collapsed(replacement ?? "");
      const line = collapsed(source.split("\n")[location.start.line - 1] ?? "");
      const entries = listed.filter(
        (entry) => entry.file === file && entry.line === line && entry.code === code && entry.by === by,
      );
      for (const entry of entries) unused.delete(entry);
      return entries.length === 0;
    });
    const equivalent = alive.length - unlisted.length;
    const killed = tried.length - alive.length;
    const score = tried.length === equivalent ? 100 : (100 * killed) / (tried.length - equivalent);
    lines.push(`${file}: ${score.toFixed(1)} % (${killed} of ${tried.length} killed, ${equivalent} equivalent)`);
    for (const { location, replacement, status } of unlisted) {
      const { line, column } = location.start;
      const change = `${collapsed(textAt(source, location))}  =>  ${collapsed(replacement ?? "")}`;
      lines.push(`  ${file}:${line}:${column}: ${status === "NoCoverage" ? "not run" : "survived"}: ${change}`);
    }
    if (unlisted.length > 0) isComplete = false;
  }
  for (const { file, code, by } of unused) {
    lines.push(`  ${file}: listed, but killed or gone: ${code}  =>  ${by}`);
    isComplete = false;
  }
  return { lines, isComplete };
}

function textAt(source: string, { start, end }: { readonly start: Position; readonly end: Position }): string {
  const lines = source.split("\n");
  const offsetOf = ({ line, column }: Position): number =>
    lines.slice(0, line - 1).reduce((sum, text) => sum + text.length + 1, column - 1);
  return source.slice(offsetOf(start), offsetOf(end));
}

function collapsed(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
