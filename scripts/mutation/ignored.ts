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
  readonly node: { readonly type: string; readonly key?: { readonly type: string; readonly name?: string } };
  readonly parentPath?: {
    readonly parent?: { readonly type: string; readonly callee?: { readonly name?: string } };
  } | null;
}

const ignorer = {
  shouldIgnore(path: object): string | undefined {
    const { node, parentPath } = path as SyntaxPath;
    const call = parentPath?.parent;
    if (node.type !== "ObjectProperty" || call?.type !== "CallExpression" || call.callee?.name !== "defineRule")
      return undefined;
    return IGNORED[node.key?.name ?? ""];
  },
};

export const strykerPlugins = [declareValuePlugin(PluginKind.Ignore, "declarations-of-rules", ignorer)];
