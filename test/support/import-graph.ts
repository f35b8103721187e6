import { dirname, join } from "node:path/posix";
import { preProcessFile } from "typescript";

/** Source texts by their paths from the root of the repository. */
export type Sources = ReadonlyMap<string, string>;

export interface Import {
  readonly file: string;
  /** A file of the repository by its path, anything else as it is written. */
  readonly target: string;
}

/** For each folder of a layer, by its name: the folders and root modules of the layer that it may import. */
export type FolderTable = Readonly<Record<string, readonly string[]>>;

/** Everything that files import: statements, re-exports and `import()`, of types too; a sentence in a comment is none. */
export function importsOf(sources: Sources): readonly Import[] {
  return [...sources].flatMap(([file, text]) =>
    preProcessFile(text, true, true).importedFiles.map(({ fileName }) => ({
      file,
      target: fileName.startsWith(".") ? join(dirname(file), fileName) : fileName,
    })),
  );
}

/** The first of the layers that a file is in; "" when it is in none. */
export function layerOf(file: string, layers: readonly string[]): string {
  return layers.find((layer) => file.startsWith(`${layer}/`)) ?? "";
}

/** Imports from one layer into another that the table does not list. */
export function importsAgainstLayers(
  imports: readonly Import[],
  table: Readonly<Record<string, readonly string[]>>,
): readonly Import[] {
  const layers = Object.keys(table);
  const roots = new Set(layers.map((layer) => layer.split("/")[0] ?? ""));
  return imports.filter(({ file, target }) => {
    if (!roots.has(target.split("/")[0] ?? "")) return false;
    const layer = layerOf(file, layers);
    return ![layer, ...(table[layer] ?? [])].includes(layerOf(target, layers));
  });
}

/** Imports between the folders of a layer that its table does not list. A folder that is not in the table may import none. */
export function importsAgainstFolders(
  imports: readonly Import[],
  layer: string,
  table: FolderTable,
): readonly Import[] {
  return imports.filter(({ file, target }) => {
    const [from, to] = [partOf(file, layer), partOf(target, layer)];
    // A module at the root of the layer composes what is in the folders; cycles are found by themselves.
    if (from === null || to === null || from === to || from.endsWith(".ts")) return false;
    return !(table[from] ?? []).includes(to);
  });
}

/** What a table allows and no import needs, as `from > to`. */
export function unusedEntries(imports: readonly Import[], layer: string, table: FolderTable): readonly string[] {
  const used = new Set(imports.map(({ file, target }) => `${partOf(file, layer)} > ${partOf(target, layer)}`));
  return Object.entries(table).flatMap(([from, allowed]) =>
    allowed.map((to) => `${from} > ${to}`).filter((arrow) => !used.has(arrow)),
  );
}

/** The folder inside a layer that a file is in, or the file's own name at its root; null for a file of another layer. */
function partOf(file: string, layer: string): string | null {
  return file.startsWith(`${layer}/`) ? (file.slice(layer.length + 1).split("/")[0] ?? null) : null;
}

/** Files that import themselves through others. */
export function fileCycles(imports: readonly Import[]): readonly (readonly string[])[] {
  return cycles(imports.map(({ file, target }) => [file, target]));
}

/** Folders of a layer, and modules at its root, that import each other through others. */
export function folderCycles(imports: readonly Import[], layer: string): readonly (readonly string[])[] {
  return cycles(
    imports.flatMap(({ file, target }) => {
      const [from, to] = [partOf(file, layer), partOf(target, layer)];
      return from === null || to === null || from === to ? [] : [[from, to] as const];
    }),
  );
}

/** The groups of nodes that reach each other (strongly connected components, by Tarjan's algorithm). */
function cycles(arrows: readonly (readonly [from: string, to: string])[]): readonly (readonly string[])[] {
  const targets = new Map<string, string[]>();
  for (const [from, to] of arrows) targets.set(from, [...(targets.get(from) ?? []), to]);
  const order = new Map<string, number>();
  const lowest = new Map<string, number>();
  const path: string[] = [];
  const found: string[][] = [];
  const visit = (node: string): number => {
    const position = order.size;
    order.set(node, position);
    path.push(node);
    let low = position;
    for (const target of targets.get(node) ?? []) {
      if (!order.has(target)) low = Math.min(low, visit(target));
      else if (path.includes(target)) low = Math.min(low, order.get(target) ?? position);
    }
    lowest.set(node, low);
    if (low === position) {
      const group = path.splice(path.indexOf(node));
      if (group.length > 1 || (targets.get(node) ?? []).includes(node)) found.push(group.sort());
    }
    return low;
  };
  for (const node of targets.keys()) if (!order.has(node)) visit(node);
  return found;
}

/** Folders with more than `most` entries. */
export function crowdedFolders(files: readonly string[], most: number): readonly string[] {
  const entries = new Map<string, Set<string>>();
  for (const file of files) {
    const steps = file.split("/");
    for (const [index, step] of steps.entries()) {
      if (index === 0) continue;
      const folder = steps.slice(0, index).join("/");
      const names = entries.get(folder) ?? new Set<string>();
      entries.set(folder, names.add(step));
    }
  }
  return [...entries].flatMap(([folder, names]) => (names.size > most ? [`${folder}: ${names.size}`] : []));
}

/** Rule helpers that fewer than two rules or helpers import. */
export function lonelyHelpers(imports: readonly Import[], helpers: readonly string[]): readonly string[] {
  return helpers.filter(
    (helper) => new Set(imports.filter(({ target }) => target === helper).map(({ file }) => file)).size < 2,
  );
}

/** What rules and their helpers import beside the layers below them: other parts of the engine, other rules, packages. */
export function importsAgainstRules(imports: readonly Import[], ruleApi: readonly string[]): readonly Import[] {
  return imports.filter(
    ({ file, target }) =>
      file.startsWith("rules/") &&
      !file.endsWith("index.generated.ts") &&
      ((target.startsWith("src/engine/") && !ruleApi.includes(target)) ||
        (target.startsWith("rules/") && !target.startsWith("rules/shared/")) ||
        !/^(src|rules)\//.test(target)),
  );
}

/** Imports of a module by files outside the folders that may. */
export function importsOutside(
  imports: readonly Import[],
  module: string,
  folders: readonly string[],
): readonly Import[] {
  return imports.filter(
    ({ file, target }) => target === module && !folders.some((folder) => file.startsWith(`${folder}/`)),
  );
}

/** Files whose code (comments and texts left out) uses the clock, a timer, the process or the console. */
export function impureFiles(sources: Sources): readonly string[] {
  return [...sources].flatMap(([file, text]) => {
    const code = text.replaceAll(/\/\*[\s\S]*?\*\/|\/\/.*$|`[^`]*`|"[^"\n]*"/gm, "");
    return /\b(process|console)\.|\bDate\.now\(|\bnew Date\(\)|\bsetTimeout\(|\bfetch\(/.test(code) ? [file] : [];
  });
}
