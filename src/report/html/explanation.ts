import type { Check, CheckReads, ReadValue, RuleDescription } from "../../schema/report.generated.ts";
import { counted, locationText, phrase, subjectName } from "../text/wording.ts";
import { breakable, code, markup, type Markup, prose } from "./markup.ts";
import { foldout } from "./page.ts";

/** Number of checks shown with the values that they read; preflight why and the JSON report have the others. */
const CHECKS = 5;
/** Number of values shown per check, those that the rule itself read first. */
const VALUES = 10;

/**
 * The values that some checks of a rule read, collapsed; nothing if the report does not have them.
 *
 * @param checks the first of `count`
 */
export function readsFold(
  checks: readonly Pick<Check, "subject" | "explanation">[],
  {
    of = null,
    rule,
    count = checks.length,
  }: { readonly of?: Markup | null; readonly rule: RuleDescription | undefined; readonly count?: number },
): Markup {
  const shown = checks.slice(0, CHECKS).flatMap((check) => {
    const { explanation } = check;
    return explanation === undefined ? [] : [{ check, explanation }];
  });
  const [first, ...others] = shown;
  if (first === undefined) return markup``;
  const left = count - CHECKS;
  const quote = rule?.quote;
  return foldout(
    of === null ? "What was read" : markup`What was read: ${of}`,
    markup`${
      quote === undefined
        ? null
        : markup`<p class="source">${prose(quote)}</p>
`
    }${
      others.length === 0
        ? readsList(first.explanation)
        : shown.map(({ check, explanation }) => foldout(subjectName(check.subject), readsList(explanation)))
    }${
      left <= 0
        ? null
        : markup`<p>${counted(left, "more check")}: <code>preflight why</code> explains each.</p>
`
    }`,
  );
}

function readsList({ values, has_more_values, facts, options, certificates, reads_time }: CheckReads): Markup {
  const items = [
    ...values.slice(0, VALUES).map(valueText),
    ...(has_more_values || values.length > VALUES ? [markup`more values, which <code>preflight why</code> lists`] : []),
    ...facts.map(
      ({ table, key, value, source, confirmed }) =>
        markup`${prose(phrase(table))}: ${breakable(key)} = ${code(value === "null" ? "no row" : value)} <span class="meta">${prose(source)}${confirmed ? null : ", not confirmed"}</span>`,
    ),
    ...options.map(
      ({ name, value, default: standard }) =>
        markup`option ${code(name)} = ${code(value)}${value === standard ? null : markup` <span class="meta">default ${code(standard)}</span>`}`,
    ),
    ...certificates.map((file) => markup`certificate file ${code(file)}`),
    ...(reads_time ? [markup`the time of evaluation`] : []),
  ];
  return markup`<ul class="reads">
${items.map(
  (item) => markup`<li>${item}</li>
`,
)}</ul>
`;
}

function valueText({ file, location, path, value }: ReadValue): Markup {
  const is = value === null ? markup`${code(path)} is not set` : markup`${code(path)} = ${code(value)}`;
  return markup`${is} <span class="meta">${breakable(location === null ? file : locationText(location))}</span>`;
}
