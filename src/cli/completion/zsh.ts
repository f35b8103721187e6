import { type CompletedCommand, type CompletedOption, joined, needsValue, type Offer } from "./words.ts";

/** A completion script for zsh: as the file `_preflight` in a folder of `fpath`, or sourced. */
export function zshCompletion(commands: readonly CompletedCommand[]): string {
  return `#compdef preflight
# Completion of preflight for zsh: preflight completion zsh > "\${fpath[1]}/_preflight"
_preflight() {
  local command=check
  local -a commands
  commands=(
${commands.map(({ name, describe }) => `    ${quoted(`${name}:${describe}`)}`).join("\n")}
  )
  case \${words[2]} in
    ${commands.map(({ name }) => name).join(" | ")})
      if (( CURRENT > 2 )); then
        command=\${words[2]}
        # From here on the command is the first word.
        shift words
        (( CURRENT-- ))
      fi
      ;;
  esac
  case $command in
${commands.map(ofCommand).join("\n")}
  esac
}
_preflight_first() {
  _alternative 'commands:command:{ _describe -t commands command commands }' 'files:deployment:_files'
}
if [ "\${funcstack[1]}" = _preflight ]; then
  _preflight "$@"
else
  compdef _preflight preflight
fi
`;
}

function ofCommand(command: CompletedCommand): string {
  const specs = [...command.options.map(ofOption), ...ofArgument(command)];
  return `    ${command.name})\n      _arguments -S ${specs.map((spec) => `\\\n        ${spec}`).join(" ")}\n      ;;`;
}

/** `(-o --output)*{-o,--output=}[…]:FILE:_files` for a repeatable option. */
function ofOption(option: CompletedOption): string {
  const { name, short, kind, value = "", describe, offer } = option;
  const text = `[${describe.replaceAll(/[[\]\\]/g, "\\$&")}]`;
  const after = needsValue(option) ? `:${value.replaceAll(/[:\\]/g, "\\$&")}:${actionOf(offer)}` : "";
  const isOptional = kind === "optional";
  const long = `--${name}${needsValue(option) ? "=" : isOptional ? "=-" : ""}`;
  const rest = isOptional ? `${text}::${value.replaceAll(/[[\]]/g, "")}: ` : `${text}${after}`;
  return short === undefined ? quoted(`*${long}${rest}`) : `'*'{-${short},${long}}${quoted(rest)}`;
}

function ofArgument({ name, actions, actionWithArgument, argument }: CompletedCommand): readonly string[] {
  if (name === "check") return [quoted("1:deployment:_preflight_first"), quoted("*: :_files")];
  if (actions.length === 0) return argument === "nothing" ? [] : [quoted(`1:argument:${actionOf(argument)}`)];
  const first = quoted(`1:action:(${joined(actions)})`);
  if (argument === "nothing") return [first];
  // The quotes end here, so that the word is evaluated when the line is completed.
  const isTaken = `[[ \${words[2]} = ${actionWithArgument ?? ""} ]]`;
  const offered = typeof argument === "string" ? "_files" : `compadd -- ${joined(argument).replaceAll("*", "\\*")}`;
  return [first, quoted(`*:argument:{ ${isTaken} && ${offered} }`)];
}

function actionOf(offer: Offer): string {
  if (offer === "files") return "_files";
  return offer === "nothing" ? " " : `(${joined(offer).replaceAll("*", "\\*")})`;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "'\\''")}'`;
}
