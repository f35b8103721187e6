import { quoted, word } from "../../values/text/quoted.ts";
import { MAX_ALIASED_VALUES, MAX_DEPTH } from "../source/limits.ts";
import { duplicateKey, type Problem } from "./problem.ts";
import type { Range } from "../secrets/secrets.ts";

/*
 * What is wrong with a YAML file that the parser accepts: one function per error.
 */

/**
 * `key:` and `-` without a value: "off" and "unknown" cannot be distinguished.
 *
 * @param takesNull whether null is a value there
 */
export function emptyValue(key: string | null, takesNull: boolean, at: Range): Problem {
  const [subject, object] = key === null ? ["An item of this list", "the item"] : [word(key), "the key"];
  const value = takesNull ? "Write null if it is off or not set" : "Give it a value";
  const hint = `${value}, or delete ${object}.`;
  return problem("empty-value", `${subject} has no value.`, at, hint);
}

export function emptyKey(at: Range): Problem {
  return problem("empty-key", "The key before this colon is missing.", at);
}

/** `~: a`, where `text` is how null is written. */
export function nullKey(text: string, at: Range): Problem {
  const hint = `Put it in quotes if the word is intended: ${quoted(text)}.`;
  return problem("null-key", `The key here is null (${text}); a key must be text.`, at, hint);
}

export function complexKey(at: Range): Problem {
  const hint = "If this is a template such as {{ name }}, fill it in first, or put it in quotes.";
  return problem("complex-key", "A list or a mapping cannot be a key.", at, hint);
}

export function secondDocument(at: Range): Problem {
  const hint = "Put each document into a separate file.";
  return problem("several-documents", "A second YAML document begins here; a file may contain only one.", at, hint);
}

export function badTag(tag: string, at: Range): Problem {
  const hint = "Remove the tag, or put the value in quotes if the ! is part of it.";
  return problem("bad-tag", `The tag ${quoted(tag)} is unknown, or does not match its value.`, at, hint);
}

export function unknownAlias(alias: string, at: Range): Problem {
  const hint = "Put the value in quotes if the * is part of it.";
  return problem("bad-alias", `The alias ${quoted(alias)} has no anchor above it.`, at, hint);
}

export function recursiveAlias(alias: string, at: Range): Problem {
  return problem("bad-alias", `The alias ${quoted(alias)} is inside its own anchor.`, at);
}

export function badMerge(at: Range): Problem {
  const hint = 'Write "<<" in quotes where it is an ordinary key.';
  return problem("bad-merge", "The merge key << requires a mapping or a list of mappings.", at, hint);
}

/** Two `<<` in one mapping. */
export function repeatedMerge(at: Range, first: Range): Problem {
  return { ...duplicateKey(quoted("<<"), at, first), hint: "Merge several mappings in one list: <<: [*a, *b]." };
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
