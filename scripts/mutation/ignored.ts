/** Parts of a rule file that Stryker does not mutate, because no table test of the rule can or should notice. */
import { declareValuePlugin, PluginKind } from "@stryker-mutator/api/plugin";

/** What other tests cover, by the name of the property of a rule. */
const IGNORED: Readonly<Record<string, string>> = {
  mutations: "edits for tests, which test/mutations applies",
  live: "compared with the generated list of rules",
  options: "compared with the generated schema of configs",
  title: "compared with the generated list of rules",
  since: "text of the rule's page",
  source: "text of the rule's page",
};

/** The parts of Babel's node path that are used here. */
interface SyntaxPath {
  readonly node: {
    readonly type: string;
    readonly key?: { readonly type: string; readonly name?: string };
    readonly id?: { readonly name?: string } | null;
  };
  readonly parentPath?: {
    readonly parent?: { readonly type: string; readonly callee?: { readonly name?: string } };
  } | null;
  readonly scope?: {
    readonly getBinding: (name: string) => { readonly referencePaths: readonly SyntaxPath[] } | undefined;
  };
  readonly findParent?: (test: (parent: SyntaxPath) => boolean) => SyntaxPath | null;
}

const ignorer = {
  shouldIgnore(path: object): string | undefined {
    const given = path as SyntaxPath;
    return reasonOf(given) ?? (isForMutations(given) ? IGNORED["mutations"] : undefined);
  },
};

function reasonOf({ node, parentPath }: SyntaxPath): string | undefined {
  const call = parentPath?.parent;
  if (node.type !== "ObjectProperty" || call?.type !== "CallExpression" || call.callee?.name !== "defineRule")
    return undefined;
  return IGNORED[node.key?.name ?? ""];
}

/** Whether it declares a function or value that only the rule's `mutations` use. */
function isForMutations({ node, scope }: SyntaxPath): boolean {
  if (node.type !== "FunctionDeclaration" && node.type !== "VariableDeclarator") return false;
  const uses = scope?.getBinding(node.id?.name ?? "")?.referencePaths ?? [];
  const isInside = (use: SyntaxPath): boolean =>
    use.findParent?.((parent) => reasonOf(parent) === IGNORED["mutations"]) != null;
  return uses.length > 0 && uses.every(isInside);
}

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "declarations-of-rules", ignorer)];
