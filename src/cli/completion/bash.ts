import { type CompletedCommand, type CompletedOption, joined, needsValue, type Offer, typedNames } from "./words.ts";

/**
 * A completion script for bash 3.2 and later. Where it offers nothing, readline completes files (`-o default`), which
 * is right for every other position, and quotes them as needed.
 */
export function bashCompletion(commands: readonly CompletedCommand[]): string {
  return `# Completion of preflight for bash: source <(preflight completion bash)
_preflight() {
  local current=\${COMP_WORDS[COMP_CWORD]} previous=\${COMP_WORDS[COMP_CWORD-1]} command=\${COMP_WORDS[1]}
  local option="" words="" i
  # bash splits --format=sarif into three words.
  if [ "$current" = "=" ]; then
    option=$previous current=""
  elif [ "$previous" = "=" ]; then
    option=\${COMP_WORDS[COMP_CWORD-2]}
  else
    option=$previous
  fi
  # A quote that is not closed yet belongs to readline.
  current=\${current#[\\"\\']}
  [ "$COMP_CWORD" -gt 1 ] || command=""
  case $command in
    ${commands.map(({ name }) => name).join(" | ")}) ;;
    *) command=check ;;
  esac
  for ((i = 1; i < COMP_CWORD; i++)); do
    [ "\${COMP_WORDS[i]}" != -- ] || return
  done

  case "$command $option" in
${commands.flatMap(valueCases).join("\n")}
    *)
      case $current in
        -*)
          case $command in
${commands.map(optionNames).join("\n")}
          esac
          ;;
        *)
          [ "$COMP_CWORD" -ne 1 ] || words="${joined(commands.map(({ name }) => name))}"
${commands.flatMap(argumentWords).join("\n")}
          ;;
      esac
      ;;
  esac
  # Line by line: words with a star are no patterns here.
  COMPREPLY=()
  while IFS= read -r i; do COMPREPLY+=("$i"); done < <(compgen -W "$words" -- "$current")
}
complete -o bashdefault -o default -F _preflight preflight
`;
}

/** The values offered after an option that takes one. */
function valueCases({ name, options }: CompletedCommand): readonly string[] {
  return options.filter(needsValue).map((option) => {
    const patterns = typedNames(option).map((typed) => `"${name} ${typed}"`);
    return `    ${patterns.join(" | ")}) words="${wordsOf(option.offer)}" ;;`;
  });
}

function wordsOf(offer: Offer): string {
  return typeof offer === "string" ? "" : joined(offer);
}

function optionNames({ name, options }: CompletedCommand): string {
  const typed = (option: CompletedOption) => typedNames(option);
  return `            ${name}) words="${joined(options.flatMap(typed))}" ;;`;
}

/** The words offered where no option's value is expected. */
function argumentWords({ name, actions, actionWithArgument, argument }: CompletedCommand): readonly string[] {
  const first = actions.length > 0 ? joined(actions) : wordsOf(argument);
  const lines = first === "" ? [] : [at(2, `"$command" = ${name}`, first)];
  if (actionWithArgument === null || typeof argument === "string") return lines;
  return [...lines, at(3, `"$command \${COMP_WORDS[2]}" = "${name} ${actionWithArgument}"`, joined(argument))];
}

function at(place: number, condition: string, words: string): string {
  return `          if [ "$COMP_CWORD" -eq ${place} ] && [ ${condition} ]; then words="${words}"; fi`;
}
