import { MAX_ALIASED_VALUES, MAX_DEPTH } from "./limits.ts";
import type { Problem } from "./problem.ts";
import { quote } from "./quote.ts";
import type { Range } from "./secrets.ts";

/*
 * What is wrong with a YAML file that the parser accepts: one function a mistake.
 */

/** `key:` and `-` with nothing behind them: nobody can tell whether "off" or "not known" is meant. */
export function emptyValue(key: string | null, at: Range): Problem {
  const [subject, object] = key === null ? ["An item of this list", "the item"] : [plainKey(key), "the key"];
  const hint = `Write null where it is known to be off or not set, or delete ${object}.`;
  return problem("empty-value", `${subject} has no value.`, at, hint);
}

export function emptyKey(at: Range): Problem {
  return problem("empty-key", "The key before this colon is missing.", at);
}

export function complexKey(at: Range): Problem {
  const hint = "If this is a template such as {{ name }}, fill it in first, or put it in quotes.";
  return problem("complex-key", "A list or a mapping cannot be a key.", at, hint);
}

export function secondDocument(at: Range): Problem {
  const hint = "Put each document into a file of its own.";
  return problem("several-documents", "A second YAML document begins here; a file holds one.", at, hint);
}

export function badTag(tag: string, at: Range): Problem {
  const hint = "Remove the tag, or put the value in quotes where the ! belongs to it.";
  return problem("bad-tag", `The tag ${quote(tag)} is not known, or does not fit its value.`, at, hint);
}

export function unknownAlias(alias: string, at: Range): Problem {
  const hint = "Put the value in quotes where the * belongs to it.";
  return problem("bad-alias", `The alias ${quote(alias)} has no anchor above it.`, at, hint);
}

export function recursiveAlias(alias: string, at: Range): Problem {
  return problem("bad-alias", `The alias ${quote(alias)} stands inside its own anchor.`, at);
}

export function badMerge(at: Range): Problem {
  const hint = 'Write "<<" in quotes where it is an ordinary key.';
  return problem("bad-merge", "The merge key << takes a mapping or a list of mappings.", at, hint);
}

export function tooManyAliases(at: Range): Problem {
  const limit = MAX_ALIASED_VALUES.toLocaleString("en");
  return problem("too-many-aliases", `The aliases of this file expand to more than ${limit} values.`, at);
}

export function tooDeep(at: Range): Problem {
  return problem("too-deep", `Values are nested more than ${MAX_DEPTH} levels deep here.`, at);
}

function problem(code: string, message: string, [start, end]: Range, hint: string | null = null): Problem {
  return { code, message, hint, start, end };
}

/** A key as a sentence shows it: bare when it is a simple word. */
function plainKey(key: string): string {
  return /^[\w.-]{1,60}$/.test(key) ? key : quote(key);
}
